//! `/api/v1/runs/{id}/void`: excludes a run from all figures, and includes it again.

use axum::extract::State;
use domain::RunId;
use serde::Serialize;
use serde_json::json;
use store::{Principal, TenantTx};
use utoipa::ToSchema;

use super::{Reasoned, moment, optional_reason, reason};
use crate::auth::Caller;
use crate::extract::{Body, Json, Path};
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;

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
    set_void(&state, &caller, (id, None), Some(&why), None).await?;
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
    set_void(&state, &caller, (id, None), None, why.as_deref()).await?;
    Ok(Json(Voided { id, voided: false, reason: None }))
}

/// Voids a run for the reason `void`, which excludes it from all figures; without that reason
/// includes it again, for the optional reason `unvoid`. If a serial is given, the run must be of
/// that unit. Writes the audit log.
pub(crate) async fn set_void(
    state: &AppState,
    caller: &Principal,
    (id, serial): (RunId, Option<&str>),
    void: Option<&str>,
    unvoid: Option<&str>,
) -> ApiResult<()> {
    let moment = moment();
    let mut tx = TenantTx::begin(state.store(), caller).await?;
    if !tx.set_void(id, serial, void, moment).await? {
        return Err(Problem::not_found());
    }
    let action = if void.is_some() { "void a run" } else { "take back the voiding of a run" };
    let detail = json!({ "run": id, "reason": void.or(unvoid) });
    tx.audit(moment.now, action, &detail).await?;
    tx.commit().await?;
    Ok(())
}
