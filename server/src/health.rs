//! Health checks. `/livez`: this process responds. `/readyz`: it should receive requests.

use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use serde_json::json;

use crate::problem::Problem;
use crate::resources::readiness::Findings;
use crate::state::AppState;
use crate::web::extract::Json;
use crate::web::observe::observe;

/// `GET /livez`
pub async fn livez() -> &'static str {
    "ok"
}

/// `GET /readyz`: 503 while this server is draining or has a fault of its own: its disk is full,
/// its installation of PostgreSQL is broken, or its schema is not the database's. An unavailable
/// database is not this server's fault: it would be unavailable for every other server too, so
/// the response is 200 with `"database": false`.
pub async fn readyz(State(state): State<AppState>) -> Response {
    let Findings { database, fault } = state.findings().await;
    let draining = state.is_draining();
    let status = match draining || fault.is_some() {
        true => StatusCode::SERVICE_UNAVAILABLE,
        false => StatusCode::OK,
    };
    let body = json!({ "database": database, "draining": draining, "fault": fault });
    (status, Json(body)).into_response()
}

/// What answers before the server is ready for the first time.
pub(crate) fn starting(behind_proxy: bool) -> Router {
    let not_ready = || async {
        let body = json!({ "database": false, "draining": false, "fault": "starting" });
        (StatusCode::SERVICE_UNAVAILABLE, Json(body))
    };
    Router::new()
        .route("/livez", get(livez))
        .route("/readyz", get(not_ready))
        .fallback(|| async { Problem::starting() })
        .layer(from_fn_with_state(behind_proxy, observe))
}

/// The router for everything but health checks while there are too many connections.
pub(crate) fn full(behind_proxy: bool) -> Router {
    Router::new()
        .fallback(|| async { Problem::busy() })
        .layer(from_fn_with_state(behind_proxy, observe))
}
