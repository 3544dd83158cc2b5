//! HTTP/1.1 listener: connection limits, timeouts for requests and responses, and graceful
//! shutdown.

mod admission;
mod connection;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::Response;
use axum::serve::Listener;
use http::{HeaderValue, Request, header};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use self::admission::Admission;
use self::connection::{Busy, Connection, Exchange};
use crate::health;
use crate::state::Limits;
use crate::web::peer::PeerAddr;

/// Timeout of the TLS handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// Timeout of the request head on a connection that is only for health checks.
const HEALTH_HEAD_TIMEOUT: Duration = Duration::from_secs(2);
/// The paths that a full server still serves.
const HEALTH_PATHS: [&str; 2] = ["/livez", "/readyz"];

/// The router of requests, which can be set later: until then only the health checks, which
/// report that the server is not ready.
#[derive(Debug, Clone, Default)]
pub struct App {
    router: Arc<OnceLock<Router>>,
}

impl App {
    /// Sets the router.
    pub fn set(&self, router: Router) {
        // Ignored if it is already set.
        let _ = self.router.set(router);
    }

    fn current(&self, behind_proxy: bool) -> Router {
        self.router.get().cloned().unwrap_or_else(|| health::starting(behind_proxy))
    }
}

impl From<Router> for App {
    fn from(router: Router) -> Self {
        Self { router: Arc::new(OnceLock::from(router)) }
    }
}

/// Options of the listener.
#[derive(Clone, Default)]
pub struct Edge {
    /// Limits of connections and requests.
    pub limits: Limits,
    /// Set if this server terminates TLS.
    pub tls: Option<TlsAcceptor>,
}

impl std::fmt::Debug for Edge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edge").field("tls", &self.tls.is_some()).finish_non_exhaustive()
    }
}

/// Raises the soft limit of open files, and returns how many
/// connections fit if `reserved` files are for other uses.
#[must_use]
pub fn connections_within_open_files(reserved: u64) -> usize {
    const ENOUGH: u64 = 65_536;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = Rlimit { current: Some(maximum.unwrap_or(ENOUGH).min(ENOUGH)), maximum };
    let raised = current.is_some_and(|current| Some(current) < wanted.current)
        && setrlimit(Resource::Nofile, wanted).is_ok();
    let files = if raised { wanted.current } else { current };
    let room = files.unwrap_or(ENOUGH).saturating_sub(reserved).max(16);
    usize::try_from(room).unwrap_or(usize::MAX)
}

/// Serves until `shutdown` is true, then until the requests in progress have ended (graceful
/// shutdown).
pub async fn serve_http(
    mut listener: TcpListener,
    app: App,
    edge: Edge,
    mut shutdown: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    let admission = Admission::new(&edge.limits);
    loop {
        // `accept` logs failures and retries.
        let (stream, peer) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            _ = shutdown.wait_for(|shutdown| *shutdown) => break,
        };
        let permit = match admission.admit(peer.ip()) {
            Ok(permit) => permit,
            Err(refusal) => {
                let labels = [("reason", refusal.as_str())];
                metrics::counter!("connections_refused_total", &labels).increment(1);
                continue;
            }
        };
        // Responses are small or written in large chunks: Nagle's algorithm only adds latency.
        let _ = stream.set_nodelay(true);
        let head_time =
            if permit.health_only { HEALTH_HEAD_TIMEOUT } else { edge.limits.head_time };
        let connection = Connection::new(stream, permit, head_time, edge.limits.write_stall);
        tokio::spawn(serve_client(connection, peer, app.clone(), edge.clone(), graceful.watcher()));
    }
    drop(listener);
    graceful.shutdown().await;
}

async fn serve_client(
    connection: Connection,
    peer: SocketAddr,
    app: App,
    edge: Edge,
    watcher: Watcher,
) {
    let client = Client {
        app,
        peer,
        exchange: connection.exchange(),
        health_only: connection.is_for_health_only(),
        behind_proxy: edge.limits.behind_proxy,
    };
    let Some(tls) = edge.tls else {
        return client.serve(connection, &edge.limits, watcher).await;
    };
    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE_TIMEOUT, tls.accept(connection)).await {
        client.serve(stream, &edge.limits, watcher).await;
    }
}

/// The client of one connection.
#[derive(Debug, Clone)]
struct Client {
    app: App,
    peer: SocketAddr,
    exchange: Exchange,
    health_only: bool,
    behind_proxy: bool,
}

impl Client {
    async fn serve<S>(self, stream: S, limits: &Limits, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut http = http1::Builder::new();
        // This timeout includes the idle time between two requests; `Connection` has the
        // timeout of a head that has begun.
        http.timer(TokioTimer::new()).header_read_timeout(limits.keep_alive);
        let service = service_fn(move |request| self.clone().answer(request));
        let connection = http.serve_connection(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection broke off");
        }
    }

    async fn answer(self, mut request: Request<Incoming>) -> Result<Response, Infallible> {
        let busy = self.exchange.begin(!request.body().is_end_stream());
        request.extensions_mut().insert(PeerAddr(self.peer));
        let is_refused = self.health_only && !HEALTH_PATHS.contains(&request.uri().path());
        let router = match is_refused {
            true => health::full(self.behind_proxy),
            false => self.app.current(self.behind_proxy),
        };
        let Ok(mut response) = router.oneshot(request.map(Body::new)).await;
        if self.health_only {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Ok(response.map(|body| Body::new(TrackedBody { body, _busy: busy })))
    }
}

/// A response body; the exchange is busy until the body is sent or dropped.
struct TrackedBody {
    body: Body,
    _busy: Busy,
}

impl HttpBody for TrackedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
