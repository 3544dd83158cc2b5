//! `/livez`: this process answers. `/readyz`: it should be sent requests.

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

/// `GET /readyz`: 503 while this server is draining or alone has a fault: its disk is full,
/// its installation of PostgreSQL is broken, its schema is not the database's. A database
/// that is away is not this server's fault: it would be away for every other server too, so
/// it is answered with 200 and `"database": false`.
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

/// What answers everything but health while there are too many connections.
pub(crate) fn full(behind_proxy: bool) -> Router {
    Router::new()
        .fallback(|| async { Problem::busy() })
        .layer(from_fn_with_state(behind_proxy, observe))
}
