//! `/api/v1/units`: search for units, the history of a unit, and its type.

use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{Outcome, RunFlags, UnitKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::units::{RunCursor, UnitComponent, UnitLine, UnitRepair, UnitRun};
use store::{Principal, TenantTx, codes};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{cursor, cut_page, invalid_cursor, limit, optional_reason, reason};
use crate::auth::{Caller, Tenants};
use crate::commands::units;
use crate::problem::{ApiResult, Cause, Problem};
use crate::queries::schema;
use crate::queries::units::{flags, future};
use crate::state::AppState;
use crate::web::extract::{Body, Json, Query};
use crate::web::serial::Serial;

/// `GET /api/v1/units?q=&limit=&cursor=`: units by serial; `q` is any part of it, in any
/// case.
///
/// # Errors
/// 400 for the query.
pub async fn list(
    State(state): State<AppState>,
    tenants: Tenants,
    query: Query,
) -> ApiResult<Json<UnitPage>> {
    let part = query.get("q")?.unwrap_or_default().trim();
    let (limit, after) = (limit(&query)?, query.get("cursor")?);
    if part.contains('\0') || after.is_some_and(|serial| serial.contains('\0')) {
        // PostgreSQL text cannot contain NUL, so no serial matches.
        return Ok(Json(UnitPage { items: Vec::new(), next: None }));
    }
    if tenants.is_all {
        return list_of_all(&state, &tenants.callers, part, limit, after).await.map(Json);
    }
    let caller = tenants.callers.first().ok_or(store::Error::NoTenant)?;
    let mut tx = TenantTx::begin(state.store(), caller).await?;
    let search = store::units::Search { part, after, ..Default::default() };
    let mut units = tx.units(&search, limit + 1).await?;
    let next = cut_page(&mut units, limit).and(units.last());
    let next = next.map(|last| last.serial.clone());
    Ok(Json(UnitPage { items: units.into_iter().map(UnitItem::from).collect(), next }))
}

/// A page of the units of all tenants: those of one tenant after those of another, by short
/// name. A cursor is a tenant's short name and a serial number with a slash between.
async fn list_of_all(
    state: &AppState,
    callers: &[Principal],
    part: &str,
    limit: u16,
    cursor: Option<&str>,
) -> ApiResult<UnitPage> {
    let after = match cursor.map(|cursor| cursor.split_once('/')) {
        None => None,
        Some(Some(after)) => Some(after),
        Some(None) => return Err(Problem::invalid("cursor", invalid_cursor())),
    };
    let mut items: Vec<UnitItem> = Vec::new();
    let wanted = usize::from(limit) + 1;
    for caller in callers {
        let missing = u16::try_from(wanted.saturating_sub(items.len())).unwrap_or(limit);
        if missing == 0 {
            break;
        }
        let mut tx = TenantTx::begin(state.store(), caller).await?;
        let slug = tx.this_tenant().await?.slug;
        let after = match after {
            Some((first, _)) if slug.as_str() < first => continue,
            Some((first, serial)) => Some(serial).filter(|_| slug == first),
            None => None,
        };
        let search = store::units::Search { part, after, ..Default::default() };
        for unit in tx.units(&search, missing).await? {
            items.push(UnitItem { tenant: Some(slug.clone()), ..UnitItem::from(unit) });
        }
    }
    let next = cut_page(&mut items, limit).and(items.last());
    let next = next.map(|last| format!("{}/{}", last.tenant.as_deref().unwrap_or(""), last.serial));
    Ok(UnitPage { items, next })
}

/// Maximum number of parts and of repairs in a response.
const MAX_LISTED: u16 = 1000;

/// `GET /api/v1/units/{serial}?limit=&cursor=`: a page of the unit's runs, newest page first and
/// sorted by start within a page; the latest thousand of its parts and repairs.
///
/// # Errors
/// 404 when there is no such unit, 400 for the query.
pub async fn one(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Serial(serial): Serial,
    query: Query,
) -> ApiResult<Json<UnitAnswer>> {
    let (limit, from) = (limit(&query)?, cursor::<RunCursor>(&query)?);
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    let unit = tx.unit(&serial).await?.ok_or_else(Problem::not_found)?;
    let mut runs = tx.unit_runs(unit.id, from, limit + 1).await?;
    let next = cut_page(&mut runs, limit);
    let latest = match from {
        Some(_) => tx.unit_runs(unit.id, None, 1).await?.pop(),
        None => runs.first().cloned(),
    };
    let ahead = future();
    let counts = tx.unit_run_counts(unit.id, from).await?;
    let components = tx.unit_components(unit.id, MAX_LISTED).await?;
    let repairs = tx.unit_repairs(unit.id, (None, None), MAX_LISTED).await?;
    Ok(Json(UnitAnswer {
        serial: unit.serial,
        kind: kind(unit.kind),
        product: latest.as_ref().and_then(|run| run.product.clone()),
        revision: latest.and_then(|run| run.revision),
        runs: runs.into_iter().rev().map(|run| RunItem::new(run, ahead)).collect(),
        runs_total: counts.runs,
        next: next.map(|run| run.cursor().to_string()),
        components_total: components.first().map_or(0, |part| part.total),
        components: components.into_iter().map(ComponentItem::from).collect(),
        repairs_total: repairs.first().map_or(0, |repair| repair.total),
        repairs: repairs.into_iter().map(RepairItem::from).collect(),
    }))
}

fn kind(code: i16) -> Option<UnitKind> {
    codes::unit_kind_of(code)
}

/// A page of units.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitPage {
    items: Vec<UnitItem>,
    /// The cursor of the next page.
    next: Option<String>,
}

/// A unit in a list.
#[derive(Debug, Serialize, ToSchema)]
struct UnitItem {
    /// The tenant's short name; only with `tenant=*`.
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    serial: String,
    #[schema(schema_with = schema::unit_kind)]
    kind: Option<UnitKind>,
    product: Option<String>,
    revision: Option<String>,
    /// Number of runs.
    runs: i64,
    #[serde(serialize_with = "schema::optional_time")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_started_at: Option<DateTime<Utc>>,
}

impl From<UnitLine> for UnitItem {
    fn from(unit: UnitLine) -> Self {
        Self {
            tenant: None,
            serial: unit.serial,
            kind: kind(unit.kind),
            product: unit.product,
            revision: unit.revision,
            runs: unit.runs,
            last_started_at: unit.started_at,
        }
    }
}

/// A unit: a page of its runs, its components and its repairs.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitAnswer {
    serial: String,
    #[schema(schema_with = schema::unit_kind)]
    kind: Option<UnitKind>,
    product: Option<String>,
    revision: Option<String>,
    /// A page of its runs, sorted by start.
    runs: Vec<RunItem>,
    runs_total: i64,
    /// The cursor of the next page, which has earlier runs.
    next: Option<String>,
    /// The latest thousand.
    components: Vec<ComponentItem>,
    components_total: i64,
    /// The latest thousand.
    repairs: Vec<RepairItem>,
    repairs_total: i64,
}

/// A component that was seen in a unit.
#[derive(Debug, Serialize, ToSchema)]
struct ComponentItem {
    serial: Option<String>,
    part: Option<String>,
    slot: Option<String>,
    name: Option<String>,
    #[serde(serialize_with = "schema::time")]
    #[schema(value_type = String, format = DateTime)]
    first_seen: DateTime<Utc>,
    #[serde(serialize_with = "schema::time")]
    #[schema(value_type = String, format = DateTime)]
    last_seen: DateTime<Utc>,
}

impl From<UnitComponent> for ComponentItem {
    fn from(component: UnitComponent) -> Self {
        let UnitComponent { serial, part, slot, name, first_seen, last_seen, .. } = component;
        Self { serial, part, slot, name, first_seen, last_seen }
    }
}

/// A repair of a unit.
#[derive(Debug, Serialize, ToSchema)]
struct RepairItem {
    id: Uuid,
    #[serde(serialize_with = "schema::time")]
    #[schema(value_type = String, format = DateTime)]
    at: DateTime<Utc>,
    action: String,
    /// The run after which it was repaired.
    run: Option<Uuid>,
    defect: Option<String>,
    #[schema(value_type = Option<Object>)]
    component_out: Option<Value>,
    #[schema(value_type = Option<Object>)]
    component_in: Option<Value>,
    comment: Option<String>,
    receipt_id: Uuid,
}

impl From<UnitRepair> for RepairItem {
    fn from(repair: UnitRepair) -> Self {
        Self {
            id: repair.id,
            at: repair.at,
            action: repair.action,
            run: repair.run_id,
            defect: repair.defect,
            component_out: repair.component_out,
            component_in: repair.component_in,
            comment: repair.comment,
            receipt_id: repair.receipt_id,
        }
    }
}

/// A run of a unit.
#[derive(Debug, Serialize, ToSchema)]
struct RunItem {
    id: Uuid,
    operation: String,
    /// The number of the attempt in its operation, from 1; null if it is not an attempt.
    index: Option<i32>,
    #[serde(serialize_with = "schema::time")]
    #[schema(value_type = String, format = DateTime)]
    started_at: DateTime<Utc>,
    #[serde(serialize_with = "schema::optional_time")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<DateTime<Utc>>,
    #[schema(schema_with = schema::outcome)]
    outcome: Option<Outcome>,
    /// The code of its failure.
    code: Option<String>,
    station: Option<String>,
    product: Option<String>,
    revision: Option<String>,
    voided: bool,
    #[schema(schema_with = schema::flags)]
    flags: RunFlags,
    receipt_id: Uuid,
}

impl RunItem {
    fn new(run: UnitRun, ahead: DateTime<Utc>) -> Self {
        Self {
            flags: flags(&run, ahead),
            id: run.id,
            operation: run.operation,
            index: run.run_index,
            started_at: run.started_at,
            ended_at: run.ended_at,
            outcome: codes::outcome_of(run.outcome),
            code: run.code,
            station: run.station,
            product: run.product,
            revision: run.revision,
            voided: run.voided,
            receipt_id: run.receipt_id,
        }
    }
}

/// The kind of a unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct KindAnswer {
    serial: String,
    #[schema(schema_with = schema::unit_kind)]
    kind: Option<UnitKind>,
}

/// The new kind of a unit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    #[schema(schema_with = schema::chosen_unit_kind)]
    kind: String,
    /// The reason: 1 to 1000 characters.
    reason: Option<String>,
}

/// `PUT /api/v1/units/{serial}/kind` `{"kind": "golden", "reason": "…"}`.
///
/// # Errors
/// 404 when there is no such unit, 400 for an unknown kind or without a reason.
pub async fn set_kind(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Serial(serial): Serial,
    Json(choice): Json<Choice>,
) -> ApiResult<Json<KindAnswer>> {
    let Choice { kind, reason: why } = choice;
    let kind: UnitKind = kind.parse().map_err(|error: domain::UnknownWord| {
        Problem::bad_request(vec![Cause { parameter: "kind".into(), why: error.to_string() }])
    })?;
    let why = reason(why.as_deref())?;
    let kind = units::set_kind(state.store(), &caller, &serial, kind, &why).await?;
    Ok(Json(KindAnswer { serial, kind }))
}

/// `DELETE /api/v1/units/{serial}/kind`, with a reason or without a body: the kind is detected
/// from the data again.
///
/// # Errors
/// 404 when there is no such unit, 400 for an invalid body.
pub async fn unset_kind(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Serial(serial): Serial,
    Body(why): Body,
) -> ApiResult<Json<KindAnswer>> {
    let why = optional_reason(&why)?;
    let kind = units::unset_kind(state.store(), &caller, &serial, why.as_deref()).await?;
    Ok(Json(KindAnswer { serial, kind }))
}
