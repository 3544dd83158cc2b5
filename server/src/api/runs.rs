//! `/api/v1/runs/{id}/void`: excludes a run from all figures, and includes it again.

use axum::extract::State;
use domain::RunId;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Reasoned, optional_reason, reason};
use crate::auth::Caller;
use crate::commands::runs;
use crate::problem::ApiResult;
use crate::state::AppState;
use crate::web::extract::{Body, Json, Path};

/// Whether a run is voided.
#[derive(Debug, Serialize, ToSchema)]
pub struct Voided {
    /// The run.
    #[schema(value_type = String, format = Uuid)]
    id: RunId,
    /// Whether it is excluded from every figure.
    voided: bool,
    /// Why.
    reason: Option<String>,
}

/// `PUT /api/v1/runs/{id}/void` `{"reason": "…"}`.
///
/// # Errors
/// 404 when there is no such run, 400 without a reason.
pub async fn void(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<RunId>,
    Json(why): Json<Reasoned>,
) -> ApiResult<Json<Voided>> {
    let why = reason(why.reason.as_deref())?;
    runs::void(state.store(), &caller, id, None, &why).await?;
    Ok(Json(Voided { id, voided: true, reason: Some(why) }))
}

/// `DELETE /api/v1/runs/{id}/void`, with a reason or without a body.
///
/// # Errors
/// 404 when there is no such run, 400 for an invalid body.
pub async fn unvoid(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<RunId>,
    Body(why): Body,
) -> ApiResult<Json<Voided>> {
    let why = optional_reason(&why)?;
    runs::restore(state.store(), &caller, id, None, why.as_deref()).await?;
    Ok(Json(Voided { id, voided: false, reason: None }))
}
