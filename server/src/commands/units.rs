//! What a unit is for.

use domain::UnitKind;
use serde_json::json;
use store::{Principal, Store, TenantTx, codes};

use super::{CommandResult, missing, moment};
use crate::problem::EN;

/// Sets the type of a unit; returns it.
///
/// # Errors
/// When there is no such unit, or the database refuses.
pub async fn set_kind(
    store: &Store,
    caller: &Principal,
    serial: &str,
    kind: UnitKind,
    reason: &str,
) -> CommandResult<Option<UnitKind>> {
    decide(store, caller, serial, Some(kind), Some(reason)).await
}

/// Resets the type of a unit to the one that its data have; returns that.
///
/// # Errors
/// When there is no such unit, or the database refuses.
pub async fn unset_kind(
    store: &Store,
    caller: &Principal,
    serial: &str,
    reason: Option<&str>,
) -> CommandResult<Option<UnitKind>> {
    decide(store, caller, serial, None, reason).await
}

async fn decide(
    store: &Store,
    caller: &Principal,
    serial: &str,
    kind: Option<UnitKind>,
    reason: Option<&str>,
) -> CommandResult<Option<UnitKind>> {
    let moment = moment();
    let mut tx = TenantTx::begin(store, caller).await?;
    if !tx.set_unit_kind(serial, kind, reason.unwrap_or_default(), moment).await? {
        return missing(EN.detail_not_found());
    }
    let detail = json!({ "unit": serial, "kind": kind, "reason": reason });
    tx.audit(moment.now, "set the kind of a unit", &detail).await?;
    let Some(unit) = tx.unit(serial).await? else { return missing(EN.detail_not_found()) };
    tx.commit().await?;
    Ok(codes::unit_kind_of(unit.kind))
}
