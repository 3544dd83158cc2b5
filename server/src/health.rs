//! Health checks. `/livez`: this process responds. `/readyz`: it should receive requests.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use serde_json::json;
use store::Error;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::extract::Json;
use crate::observe;
use crate::problem::Problem;
use crate::state::AppState;

/// How long the findings are cached, so that many health checks cause one probe.
const CACHE_TTL: Duration = Duration::from_secs(1);
/// Timeout of a probe: a database that does not answer in this time is unavailable.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// The cached findings about readiness.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Option<(Instant, Findings)>>);

#[derive(Debug, Clone, Copy)]
struct Findings {
    database: bool,
    /// A fault of this server that other servers do not share.
    fault: Option<&'static str>,
}

/// `GET /livez`
pub async fn livez() -> &'static str {
    "ok"
}

/// `GET /readyz`: 503 while this server is draining or has a fault of its own: its disk is full,
/// its installation of PostgreSQL is broken, or its schema is not the database's. An unavailable
/// database is not this server's fault: it would be unavailable for every other server too, so
/// the response is 200 with `"database": false`.
pub async fn readyz(State(state): State<AppState>) -> Response {
    let Findings { database, fault } = state.readiness().findings(&state).await;
    let draining = state.is_draining();
    let status = match draining || fault.is_some() {
        true => StatusCode::SERVICE_UNAVAILABLE,
        false => StatusCode::OK,
    };
    let body = json!({ "database": database, "draining": draining, "fault": fault });
    (status, Json(body)).into_response()
}

impl Readiness {
    async fn findings(&self, state: &AppState) -> Findings {
        let mut latest = self.0.lock().await;
        if let Some((at, findings)) = *latest
            && at.elapsed() < CACHE_TTL
        {
            return findings;
        }
        // A task of its own: a timeout must not drop a transaction in the middle of a statement.
        let probing = tokio::spawn(probe(state.clone()));
        let findings = match timeout(PROBE_TIMEOUT, probing).await {
            Ok(Ok(findings)) => findings,
            Ok(Err(_)) | Err(_) => Findings { database: false, fault: None },
        };
        *latest = Some((Instant::now(), findings));
        findings
    }
}

/// Checks everything that an upload needs.
async fn probe(state: AppState) -> Findings {
    let found = |database, fault| Findings { database, fault };
    match state.store().probe().await {
        Ok(()) if state.disk().room().is_err() => found(true, Some("disk full")),
        Ok(()) => found(true, None),
        Err(Error::Unreachable(_) | Error::Exhausted(_)) => found(false, None),
        Err(Error::DiskFull) if state.disk().is_local() => found(true, Some("disk full")),
        Err(Error::Schema(why)) => {
            tracing::error!(why, "not ready: the schema is not this program's");
            found(true, Some("wrong schema version"))
        }
        Err(error) => {
            tracing::error!(%error, "not ready: the database refuses what an upload needs");
            let fault = state.disk().is_local().then_some("broken database installation");
            found(true, fault)
        }
    }
}

/// The router before the server is ready for the first time.
pub(crate) fn starting(behind_proxy: bool) -> Router {
    let not_ready = || async {
        let body = json!({ "database": false, "draining": false, "fault": "starting" });
        (StatusCode::SERVICE_UNAVAILABLE, Json(body))
    };
    Router::new()
        .route("/livez", get(livez))
        .route("/readyz", get(not_ready))
        .fallback(|| async { Problem::starting() })
        .layer(from_fn_with_state(behind_proxy, observe::observe))
}

/// The router for everything but health checks while there are too many connections.
pub(crate) fn full(behind_proxy: bool) -> Router {
    Router::new()
        .fallback(|| async { Problem::busy() })
        .layer(from_fn_with_state(behind_proxy, observe::observe))
}
