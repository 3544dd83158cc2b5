//! `/api/v1/admin/tenants/{tenant}/audit`: the audit log of a tenant.

use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{Timestamp, Zone};
use serde::Serialize;
use store::TenantTx;
use store::audit::AuditLine;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{cut_page, invalid_cursor, limit, time};
use crate::auth::Caller;
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;
use crate::web::extract::{Json, Query};

/// A page of the audit log, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditPage {
    #[schema(value_type = Vec<Object>)]
    items: Vec<AuditLine>,
    next: Option<String>,
}

/// `GET …/audit?limit=&cursor=`: includes access of internal people.
///
/// # Errors
/// 400 for the query.
pub async fn list(
    State(state): State<AppState>,
    Caller(caller): Caller,
    query: Query,
) -> ApiResult<Json<AuditPage>> {
    let limit = limit(&query)?;
    let before = query.get("cursor")?.map(parse_cursor).transpose()?;
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    let mut items = tx.audit_lines(before, limit + 1).await?;
    let next = cut_page(&mut items, limit).and(items.last());
    let next = next.map(|last| format!("{}_{}", time(last.at), last.id));
    Ok(Json(AuditPage { items, next }))
}

/// Parses a keyset pagination cursor: time and id of the last line of the previous page.
fn parse_cursor(text: &str) -> ApiResult<(DateTime<Utc>, Uuid)> {
    let invalid = || Problem::invalid("cursor", invalid_cursor());
    let (at, id) = text.split_once('_').ok_or_else(invalid)?;
    match (Timestamp::parse(at), id.parse()) {
        (Ok((at, Zone::Stated)), Ok(id)) => Ok((at.into(), id)),
        _ => Err(invalid()),
    }
}
