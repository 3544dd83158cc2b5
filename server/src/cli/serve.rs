//! `firstpass serve`: starts the server; graceful shutdown drains the requests in progress.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use demo::Plan;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{STOPPED, ShutdownSignals};
use crate::config::{DatabaseOptions, MetricsAddr, ServeOptions};
use crate::database::{self, Database};
use crate::demo_loader::{self, Filled};
use crate::jobs::{self, Runner, RunnerOptions};
use crate::listen::{App, Edge, connections_within_open_files, serve_http};
use crate::postgres::{Durability, Postgres};
use crate::recount::recount_stale;
use crate::resources::disk::Disk;
use crate::router::router;
use crate::state::AppState;
use crate::{assets, clock, live, tls, work, zones};

/// Grace period between failing `/readyz` and closing the listener: load balancers notice that
/// this server shuts down, and new connections are still accepted.
const READINESS_GRACE: Duration = Duration::from_secs(5);
/// File descriptors that are reserved: for metrics, health, logs, the database's
/// processes and the runtime.
const RESERVED_FILES: u64 = 128;
/// Timeout of the drain: how long requests in progress may take.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(25);

pub(super) async fn serve(
    database: &DatabaseOptions,
    options: &ServeOptions,
    mut stop: ShutdownSignals,
) -> Result<ExitCode> {
    let served = tokio::select! {
        served = start(database, options) => served?,
        // Drops the partial start, with the embedded server.
        () = stop.recv() => return Ok(STOPPED),
    };
    let RunningServer { state, embedded, server, jobs, shutdown, work } = served;
    stop.recv().await;
    tracing::info!("draining");
    state.drain();
    tokio::select! {
        () = tokio::time::sleep(READINESS_GRACE) => {}
        // A second signal skips the grace period.
        () = stop.recv() => {}
    }
    let _ = shutdown.send(true);
    match tokio::time::timeout(DRAIN_TIMEOUT, server).await {
        Ok(ended) => ended?,
        Err(_) => tracing::warn!("some requests did not end in {} s", DRAIN_TIMEOUT.as_secs()),
    }
    // Running jobs had the same timeout; the others were released.
    jobs.await?;
    // Aborts handlers whose clients have disconnected.
    work.shutdown_background();
    state.store().close().await;
    // Dropping the last reference stops the embedded server.
    tokio::task::spawn_blocking(move || drop(embedded)).await?;
    Ok(ExitCode::SUCCESS)
}

/// A started server.
struct RunningServer {
    state: AppState,
    embedded: Option<Arc<Postgres>>,
    server: JoinHandle<()>,
    /// Ends when the server drains.
    jobs: JoinHandle<()>,
    /// Becomes true at shutdown.
    shutdown: watch::Sender<bool>,
    /// The runtime of handlers.
    work: Runtime,
}

async fn start(database: &DatabaseOptions, options: &ServeOptions) -> Result<RunningServer> {
    options.check()?;
    // Bind first: fail fast if the port is taken, before a database starts.
    let addr = options.addr();
    let listener =
        TcpListener::bind(addr).await.with_context(|| format!("cannot listen on --addr {addr}"))?;
    let addr = listener.local_addr()?; // resolves port 0
    let metrics = serve_metrics(options.metrics_addr()).await?;
    let tls = match (&options.tls_cert, &options.tls_key) {
        (Some(cert), Some(key)) => Some(tls::acceptor(cert, key)?),
        _ => None,
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    let mut limits = options.limits.limits();
    let mut of_store = store::system::Limits::default();
    of_store.connections = options.connections.unwrap_or(of_store.connections);
    let reserved = RESERVED_FILES + u64::from(of_store.connections);
    limits.connections = limits.connections.min(connections_within_open_files(reserved));
    limits.behind_proxy = options.behind_proxy;
    if options.behind_proxy {
        // The proxy is the peer of every connection.
        limits.connections_of_peer = usize::MAX;
    }
    // Serves `/readyz` as not ready while the rest starts.
    let (shutdown, shutdown_rx) = watch::channel(false);
    let app = App::default();
    let edge = Edge { limits, tls };
    let server = tokio::spawn(serve_http(listener, app.clone(), edge, shutdown_rx.clone()));

    let Database { store, embedded } = database::open(database, of_store).await?;
    let embedded = embedded.map(Arc::new);
    if let Some(postgres) = &embedded {
        tracing::info!(socket = %postgres.socket().display(), "embedded PostgreSQL");
    }
    recount_stale(&store).await?;
    for problem in zones::problems(&store).await? {
        // Does not affect the other partners.
        tracing::error!("{problem}");
    }
    if !assets::are_available() {
        tracing::warn!("built without the browser's part: pages are plain HTML");
    }
    let disk = match &embedded {
        Some(postgres) => Disk::new(postgres.folders(), limits.reserve_bytes),
        None => Disk::external(),
    };
    let state = AppState::with_disk(disk, store, limits);
    let work = work::runtime().context("cannot start the threads for work")?;
    state.set_runtime(work.handle().clone());
    let people = match options.empty {
        true => Vec::new(),
        false => {
            let runs = options.demo_runs.unwrap_or(Plan::RUNS);
            let plan = Plan { runs, seed: Plan::SEED, until: clock::now() };
            match demo_loader::fill(&state, &database.data(), plan).await? {
                Filled::Demo(_, people) => people,
                Filled::Others => Vec::new(),
            }
        }
    };

    if let Some(postgres) = &embedded {
        tokio::spawn(supervise_postgres(state.clone(), Arc::clone(postgres), shutdown_rx.clone()));
    }
    let runner = Runner::new(state.clone(), jobs::KINDS, RunnerOptions::default());
    let jobs = tokio::spawn(runner.run(state.draining()));
    tokio::spawn(live::listen(state.clone(), shutdown_rx.clone()));
    tokio::spawn(export_gauges(state.clone(), metrics, shutdown_rx));

    state.store().ping().await?;
    app.set(router(state.clone()));
    if addr.ip().is_loopback() {
        for person in &people {
            println!("demo {} {} {}", person.email, person.password, person.role);
        }
    }
    println!("ready {scheme}://{addr}");
    Ok(RunningServer { state, embedded, server, jobs, shutdown, work })
}

/// Restarts the embedded server when it died. Inspecting its processes is expensive, so it
/// only does so if the database does not answer.
async fn supervise_postgres(
    state: AppState,
    postgres: Arc<Postgres>,
    mut shutdown_rx: watch::Receiver<bool>,
) {
    loop {
        tokio::select! {
            _ = shutdown_rx.wait_for(|shutdown_rx| *shutdown_rx) => return,
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
        }
        let answers = tokio::time::timeout(Duration::from_secs(2), state.store().ping()).await;
        if matches!(answers, Ok(Ok(()))) {
            continue;
        }
        let postgres = Arc::clone(&postgres);
        match tokio::task::spawn_blocking(move || postgres.restart_if_stopped(Durability::Full))
            .await
        {
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

async fn export_gauges(
    state: AppState,
    metrics: Option<PrometheusHandle>,
    mut stopped: watch::Receiver<bool>,
) {
    loop {
        let (open, idle) = state.store().connections();
        metrics::gauge!("database_connections").set(open);
        metrics::gauge!("database_connections_idle").set(idle as f64);
        if let Some(free) = state.disk().free() {
            metrics::gauge!("database_disk_free_bytes").set(free as f64);
        }
        if let Some(metrics) = &metrics {
            metrics.run_upkeep();
        }
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
        }
    }
}
