//! `/api/v1/units/{serial}/kind`: what a unit is for, whatever its data say.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use domain::UnitKind;
use serde::Deserialize;
use serde_json::{Value, json};
use store::TenantTx;

use super::{body, moment, reason};
use crate::auth::Caller;
use crate::problem::{ApiResult, Cause, Problem};
use crate::state::AppState;

/// What a unit is to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    kind: String,
    reason: Option<String>,
}

/// `PUT /api/v1/units/{serial}/kind` `{"kind": "golden", "reason": "…"}`.
///
/// # Errors
/// 404 when there is no such unit, 400 for a kind that is none or without a reason.
pub async fn set_kind(
    State(state): State<AppState>,
    Caller(caller): Caller,
    serial: Result<Path<String>, PathRejection>,
    choice: Result<Json<Choice>, JsonRejection>,
) -> ApiResult<Json<Value>> {
    let Path(serial) = serial.map_err(|_| Problem::not_found())?;
    let Choice { kind, reason: why } = body(choice)?;
    let kind: UnitKind = kind.parse().map_err(|error: domain::UnknownWord| {
        Problem::bad_request(vec![Cause { parameter: "kind".into(), why: error.to_string() }])
    })?;
    let why = reason(why.as_deref())?;
    let serial = serial.trim();
    if serial.contains('\0') {
        return Err(Problem::not_found());
    }
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    if !tx.set_unit_kind(serial, kind).await? {
        return Err(Problem::not_found());
    }
    let detail = json!({ "unit": serial, "kind": kind, "reason": why });
    tx.audit(moment().now, "set the kind of a unit", &detail).await?;
    tx.commit().await?;
    Ok(Json(json!({ "serial": serial, "kind": kind })))
}
