//! `/api/v1/units`: finding units, all that happened to one, and what it is for.

use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{Outcome, RunFlag, RunFlags, UnitKind};
use serde::Deserialize;
use serde_json::{Value, json};
use store::units::{RunCursor, UnitComponent, UnitLine, UnitRepair, UnitRun};
use store::{Principal, TenantTx, codes};

use super::serial::Serial;
use super::{cursor, cut_page, limit, moment, optional_reason, reason, time};
use crate::auth::Caller;
use crate::clock;
use crate::extract::{Body, Json, Query};
use crate::ingest::FUTURE;
use crate::problem::{ApiResult, Cause, Problem};
use crate::state::AppState;

/// `GET /api/v1/units?q=&limit=&cursor=`: units by serial; `q` is any part of it, in any
/// case.
///
/// # Errors
/// 400 for the query.
pub async fn list(
    State(state): State<AppState>,
    Caller(caller): Caller,
    query: Query,
) -> ApiResult<Json<Value>> {
    let part = query.get("q")?.unwrap_or_default().trim();
    let (limit, after) = (limit(&query)?, query.get("cursor")?);
    if part.contains('\0') || after.is_some_and(|serial| serial.contains('\0')) {
        // No serial has one, and the database knows no text that does.
        return Ok(Json(json!({ "items": [], "next": null })));
    }
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    let search = store::units::Search { part, after, ..Default::default() };
    let mut units = tx.units(&search, limit + 1).await?;
    let next = cut_page(&mut units, limit).and(units.last());
    Ok(Json(json!({
        "next": next.map(|last| &last.serial),
        "items": units.iter().map(line).collect::<Vec<_>>(),
    })))
}

/// Parts and repairs of a unit that an answer lists.
const LISTED: u16 = 1000;

/// `GET /api/v1/units/{serial}?limit=&cursor=`: the unit's runs page by page, the newest page
/// first and by start within a page; its parts and repairs, the latest thousand of each.
///
/// # Errors
/// 404 when there is no such unit, 400 for the query.
pub async fn one(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Serial(serial): Serial,
    query: Query,
) -> ApiResult<Json<Value>> {
    let (limit, from) = (limit(&query)?, cursor::<RunCursor>(&query)?);
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    let unit = tx.unit(&serial).await?.ok_or_else(Problem::not_found)?;
    let mut runs = tx.unit_runs(unit.id, from, limit + 1).await?;
    let next = cut_page(&mut runs, limit);
    let latest = match from {
        Some(_) => tx.unit_runs(unit.id, None, 1).await?.pop(),
        None => runs.first().cloned(),
    };
    let ahead = ahead();
    let counts = tx.unit_run_counts(unit.id, from).await?;
    let components = tx.unit_components(unit.id, LISTED).await?;
    let repairs = tx.unit_repairs(unit.id, (None, None), LISTED).await?;
    Ok(Json(json!({
        "serial": unit.serial,
        "kind": kind(unit.kind),
        "product": latest.as_ref().and_then(|run| run.product.as_deref()),
        "revision": latest.as_ref().and_then(|run| run.revision.as_deref()),
        "runs": runs.iter().rev().map(|it| run(it, ahead)).collect::<Vec<_>>(),
        "runs_total": counts.runs,
        "next": next.map(|run| run.cursor().to_string()),
        "components": components.iter().map(component).collect::<Vec<_>>(),
        "components_total": components.first().map_or(0, |part| part.total),
        "repairs": repairs.iter().map(repair).collect::<Vec<_>>(),
        "repairs_total": repairs.first().map_or(0, |repair| repair.total),
    })))
}

fn kind(code: i16) -> Option<UnitKind> {
    codes::unit_kind_of(code)
}

fn line(unit: &UnitLine) -> Value {
    json!({
        "serial": unit.serial,
        "kind": kind(unit.kind),
        "product": unit.product,
        "revision": unit.revision,
        "runs": unit.runs,
        "last_started_at": unit.started_at.map(time),
    })
}

fn component(part: &UnitComponent) -> Value {
    json!({
        "serial": part.serial,
        "part": part.part,
        "slot": part.slot,
        "name": part.name,
        "first_seen": time(part.first_seen),
        "last_seen": time(part.last_seen),
    })
}

fn repair(repair: &UnitRepair) -> Value {
    json!({
        "id": repair.id,
        "at": time(repair.at),
        "action": repair.action,
        "run": repair.run_id,
        "defect": repair.defect,
        "component_out": repair.component_out,
        "component_in": repair.component_in,
        "comment": repair.comment,
        "receipt_id": repair.receipt_id,
    })
}

fn run(run: &UnitRun, ahead: DateTime<Utc>) -> Value {
    let outcome: Option<Outcome> = codes::outcome_of(run.outcome);
    let flags = flags(run, ahead);
    json!({
        "id": run.id,
        "operation": run.operation,
        "index": run.run_index,
        "started_at": time(run.started_at),
        "ended_at": run.ended_at.map(time),
        "outcome": outcome,
        "code": run.code,
        "station": run.station,
        "product": run.product,
        "revision": run.revision,
        "voided": run.voided,
        "flags": flags,
        "receipt_id": run.receipt_id,
    })
}

/// What is odd about a run: what is kept, and whether it starts after `ahead`.
pub(crate) fn flags(run: &UnitRun, ahead: DateTime<Utc>) -> RunFlags {
    let mut flags = RunFlags::from_bits(u16::try_from(run.flags).unwrap_or_default());
    flags.set_to(RunFlag::Future, run.started_at > ahead);
    flags
}

/// From when on a run is from the future.
pub(crate) fn ahead() -> DateTime<Utc> {
    clock::now().saturating_add(FUTURE).into()
}

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
    Serial(serial): Serial,
    Json(choice): Json<Choice>,
) -> ApiResult<Json<Value>> {
    let Choice { kind, reason: why } = choice;
    let kind: UnitKind = kind.parse().map_err(|error: domain::UnknownWord| {
        Problem::bad_request(vec![Cause { parameter: "kind".into(), why: error.to_string() }])
    })?;
    let why = reason(why.as_deref())?;
    let kind = decide_kind(&state, &caller, &serial, Some(kind), Some(&why)).await?;
    Ok(Json(json!({ "serial": serial, "kind": kind })))
}

/// `DELETE /api/v1/units/{serial}/kind`, with a reason or without a body: the data decide
/// again.
///
/// # Errors
/// 404 when there is no such unit, 400 for a body that is none.
pub async fn unset_kind(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Serial(serial): Serial,
    Body(why): Body,
) -> ApiResult<Json<Value>> {
    let why = optional_reason(&why)?;
    let kind = decide_kind(&state, &caller, &serial, None, why.as_deref()).await?;
    Ok(Json(json!({ "serial": serial, "kind": kind })))
}

/// Says what a unit is for, or with none leaves that to the data; and writes that down.
/// What it is for then.
pub(crate) async fn decide_kind(
    state: &AppState,
    caller: &Principal,
    serial: &str,
    kind: Option<UnitKind>,
    why: Option<&str>,
) -> ApiResult<Option<UnitKind>> {
    let mut tx = TenantTx::begin(state.store(), caller).await?;
    let at = moment();
    if !tx.set_unit_kind(serial, kind, why.unwrap_or_default(), at).await? {
        return Err(Problem::not_found());
    }
    let detail = json!({ "unit": serial, "kind": kind, "reason": why });
    tx.audit(at.now, "set the kind of a unit", &detail).await?;
    let unit = tx.unit(serial).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    Ok(self::kind(unit.kind))
}
