//! `firstpass serve`: from nothing to ready, and down again without dropping a request.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::{DatabaseOptions, MetricsAddr, ServeOptions};
use crate::database::{self, Database};
use crate::postgres::{Durability, Postgres};
use crate::router::router;
use crate::state::{AppState, Limits};
use crate::{assets, demo, tls};

/// How long requests under way have to end.
const DRAIN: Duration = Duration::from_secs(25);

pub(super) async fn serve(
    database_options: &DatabaseOptions,
    options: &ServeOptions,
) -> Result<ExitCode> {
    options.check()?;
    // Bound first: a taken port should not cost the start of a database.
    let addr = options.addr();
    let listener =
        TcpListener::bind(addr).await.with_context(|| format!("cannot listen on --addr {addr}"))?;
    let addr = listener.local_addr()?; // port 0 has become one
    let metrics = serve_metrics(options.metrics_addr()).await?;

    let mut limits = store::system::Limits::default();
    limits.connections = options.connections.unwrap_or(limits.connections);
    let Database { store, embedded } = database::open(database_options, limits).await?;
    let embedded = embedded.map(Arc::new);
    if let Some(postgres) = &embedded {
        tracing::info!(socket = %postgres.socket().display(), "embedded PostgreSQL");
    }
    if !assets::are_here() {
        tracing::warn!("built without the browser's part: pages are plain HTML");
    }
    let state = AppState::new(store.clone(), Limits::default());
    let people = match options.empty {
        true => Vec::new(),
        false => demo::fill_if_empty(&state, &database_options.data()).await?,
    };

    let (stop, stopped) = watch::channel(false);
    let app = router(state.clone());
    let scheme = if options.tls_cert.is_some() { "https" } else { "http" };
    let server = match (&options.tls_cert, &options.tls_key) {
        (Some(cert), Some(key)) => {
            let listener = tls::listen(listener, cert, key)?;
            tokio::spawn(run(listener, app, stopped.clone()))
        }
        _ => tokio::spawn(run(listener, app, stopped.clone())),
    };
    if let Some(postgres) = &embedded {
        tokio::spawn(keep_alive(Arc::clone(postgres), stopped.clone()));
    }
    tokio::spawn(watch_pool(state.clone(), metrics, stopped));

    state.store().ping().await?;
    if addr.ip().is_loopback() {
        for person in &people {
            println!("demo {} {} {}", person.email, person.password, person.role);
        }
    }
    println!("ready {scheme}://{addr}");

    wait_for_signal().await;
    tracing::info!("draining");
    state.drain();
    let _ = stop.send(true);
    match tokio::time::timeout(DRAIN, server).await {
        Ok(served) => served??,
        Err(_) => tracing::warn!("some requests did not end in {} s", DRAIN.as_secs()),
    }
    store.close().await;
    // The last to hold it stops the embedded server.
    tokio::task::spawn_blocking(move || drop(embedded)).await?;
    Ok(ExitCode::SUCCESS)
}

async fn run<L>(listener: L, app: Router, mut stopped: watch::Receiver<bool>) -> Result<()>
where
    L: axum::serve::Listener,
    L::Addr: std::fmt::Debug,
{
    axum::serve(listener, app)
        .with_graceful_shutdown(async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        })
        .await?;
    Ok(())
}

/// Ctrl-C, or a polite request to end.
async fn wait_for_signal() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

/// Starts the embedded server again when something killed it.
async fn keep_alive(postgres: Arc<Postgres>, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
        }
        let postgres = Arc::clone(&postgres);
        match tokio::task::spawn_blocking(move || postgres.revive(Durability::Full)).await {
            Ok(Ok(false)) => {}
            Ok(Ok(true)) => tracing::warn!("PostgreSQL had gone away and was started again"),
            Ok(Err(error)) => tracing::error!(error = format!("{error:#}"), "PostgreSQL is away"),
            Err(_) => return,
        }
    }
}

async fn serve_metrics(addr: MetricsAddr) -> Result<Option<PrometheusHandle>> {
    let MetricsAddr::At(addr) = addr else { return Ok(None) };
    let handle = PrometheusBuilder::new()
        .set_buckets(&[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0])?
        .install_recorder()?;
    let listener = TcpListener::bind(addr)
        .await
        .with_context(|| format!("cannot listen on --metrics-addr {addr}"))?;
    let page = handle.clone();
    let app = Router::new().route(
        "/metrics",
        axum::routing::get(move || {
            let text = page.render();
            async move { text }
        }),
    );
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(Some(handle))
}

async fn watch_pool(
    state: AppState,
    metrics: Option<PrometheusHandle>,
    mut stopped: watch::Receiver<bool>,
) {
    loop {
        let (open, idle) = state.store().connections();
        metrics::gauge!("database_connections").set(open);
        metrics::gauge!("database_connections_idle").set(idle as f64);
        if let Some(metrics) = &metrics {
            metrics.run_upkeep();
        }
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
        }
    }
}
