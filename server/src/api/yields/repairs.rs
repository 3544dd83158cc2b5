//! `GET /api/v1/repairs`

use axum::extract::State;

use super::{Asked, wrong};
use crate::api::limit;
use crate::auth::Caller;
use crate::figures;
use crate::problem::{ApiResult, EN};
use crate::queries;
use crate::queries::repairs::RepairsAnswer;
use crate::state::AppState;
use crate::web::extract::{Json, Query};

/// `GET /api/v1/repairs`: what repairs of units that failed with `code=`, or in `parameter=`, led
/// to, by action and part. Without either, of all that failed.
///
/// # Errors
/// 400 for a parameter.
pub async fn repairs(
    State(state): State<AppState>,
    Caller(caller): Caller,
    query: Query,
) -> ApiResult<Json<RepairsAnswer>> {
    let asked = Asked::read(&query, &["parameter", "limit"])?;
    let limit = limit(&query)?;
    let (mut tx, as_of) = figures::begin(state.store(), &caller).await?;
    let measurement = match asked.own("parameter") {
        None => None,
        Some(name) => {
            let found = tx.measurement(name).await?;
            Some(found.ok_or_else(|| wrong("parameter", EN.cause_measurement()))?)
        }
    };
    let (rows, rows_total) =
        queries::repairs::repairs(&mut tx, &asked.question, measurement.as_ref(), as_of, limit)
            .await?;
    Ok(Json(RepairsAnswer {
        as_of,
        window: asked.window(),
        filters: asked.filters(),
        rows,
        rows_total,
    }))
}
