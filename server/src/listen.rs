//! HTTP/1.1 on a listener. Like `axum::serve`, and lets go of clients that do not get
//! their request out.

use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::Listener;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::sync::watch;
use tower::Layer;

use crate::peer::PeerAddr;

/// How long a client may take for the head of its request, and be silent between two.
const HEAD: Duration = Duration::from_secs(30);

/// Serves until `gone` is true, then until the requests under way have ended.
pub async fn serve_http<L: Listener<Addr = SocketAddr>>(
    mut listener: L,
    app: Router,
    mut gone: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    loop {
        // Accepting logs its own failures and tries again.
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = gone.wait_for(|gone| *gone) => break,
        };
        let service = TowerToHyperService::new(Extension(PeerAddr(peer)).layer(app.clone()));
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }
    drop(listener);
    graceful.shutdown().await;
}
