//! `POST /t/{tenant}/units/{serial}/…`: forms to void and restore runs and to set the kind of a
//! unit, with the functions of the API.

use app::routes::unit_runs_address;
use app::ui::notice::Notice;
use axum::extract::State;
use axum::response::Response;
use domain::{RunId, UnitKind};
use serde::Deserialize;
use store::units::RunCursor;

use super::redirect_with_notice;
use crate::web::serial::Serial;

use crate::auth::Caller;
use crate::auth::tenant::TenantBase;
use crate::commands::reason::{optional, reason};
use crate::commands::{runs, units};
use crate::problem::{ApiResult, Cause, Problem};
use crate::state::AppState;
use crate::web::extract::{Form, Path, Query};
use crate::web::paging::invalid_cursor;

/// The form with the reason for a decision.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonForm {
    reason: String,
}

/// The form with the kind of a unit; `data` resets it to the kind detected from the data.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindForm {
    kind: String,
    reason: String,
}

/// `POST /t/{tenant}/units/{serial}/runs/{id}/void`, with a reason.
///
/// # Errors
/// 404 when the unit has no such run, 400 without a reason.
pub async fn void(
    State(state): State<AppState>,
    Caller(caller): Caller,
    base: TenantBase,
    Serial(serial): Serial,
    Path((_, _, id)): Path<(String, String, RunId)>,
    query: Query,
    Form(ReasonForm { reason: why }): Form<ReasonForm>,
) -> ApiResult<Response> {
    runs::void(state.store(), &caller, id, Some(&serial), &reason(Some(&why))?).await?;
    Ok(redirect_with_notice(&run_address(&base, &serial, id, &query)?, Notice::RunVoided))
}

/// `POST /t/{tenant}/units/{serial}/runs/{id}/restore`, with an optional reason.
///
/// # Errors
/// 404 when the unit has no such run, 400 for a reason that is too long.
pub async fn restore(
    State(state): State<AppState>,
    Caller(caller): Caller,
    base: TenantBase,
    Serial(serial): Serial,
    Path((_, _, id)): Path<(String, String, RunId)>,
    query: Query,
    Form(ReasonForm { reason: why }): Form<ReasonForm>,
) -> ApiResult<Response> {
    let why = optional(&why)?;
    runs::restore(state.store(), &caller, id, Some(&serial), why.as_deref()).await?;
    Ok(redirect_with_notice(&run_address(&base, &serial, id, &query)?, Notice::RunRestored))
}

/// The address of the run on the page of the unit's runs that had the form, `?from=`.
fn run_address(base: &TenantBase, serial: &str, id: RunId, query: &Query) -> ApiResult<String> {
    let from: Option<RunCursor> = query.parse("from", invalid_cursor())?;
    let from = from.map(|cursor| cursor.to_string());
    let page = unit_runs_address(base.as_str(), serial, from.as_deref());
    Ok(format!("{page}#run-{id}"))
}

/// `POST /t/{tenant}/units/{serial}/kind`, with a reason unless it is reset to the data.
///
/// # Errors
/// 404 when there is no such unit, 400 for an unknown kind or without a reason.
pub async fn kind(
    State(state): State<AppState>,
    Caller(caller): Caller,
    base: TenantBase,
    Serial(serial): Serial,
    Form(KindForm { kind, reason: why }): Form<KindForm>,
) -> ApiResult<Response> {
    let notice = if kind == "data" {
        let why = optional(&why)?;
        units::unset_kind(state.store(), &caller, &serial, why.as_deref()).await?;
        Notice::KindLeft
    } else {
        let kind: UnitKind = kind.parse().map_err(|error: domain::UnknownWord| {
            let cause = Cause { parameter: "kind".into(), why: error.to_string() };
            Problem::bad_request(vec![cause])
        })?;
        units::set_kind(state.store(), &caller, &serial, kind, &reason(Some(&why))?).await?;
        Notice::KindSet
    };
    Ok(redirect_with_notice(&unit_runs_address(base.as_str(), &serial, None), notice))
}
