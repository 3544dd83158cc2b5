//! `/livez`: this process answers. `/readyz`: it should be sent requests.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use crate::state::AppState;

/// `GET /livez`
pub async fn livez() -> &'static str {
    "ok"
}

/// `GET /readyz`: 503 while the database is away or the server is going down.
pub async fn readyz(State(state): State<AppState>) -> Response {
    let database = tokio::time::timeout(Duration::from_secs(2), state.store().ping()).await;
    let database = matches!(database, Ok(Ok(())));
    let draining = state.is_draining();
    let status =
        if database && !draining { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "database": database, "draining": draining }))).into_response()
}
