//! Voiding runs, and restoring them.

use domain::RunId;
use serde_json::json;
use store::{Principal, Store, TenantTx};

use super::{CommandResult, missing, moment};
use crate::problem::EN;

/// Excludes a run, of a unit where one is named, from every figure.
///
/// # Errors
/// When there is no such run, or the database refuses.
pub async fn void(
    store: &Store,
    caller: &Principal,
    run: RunId,
    serial: Option<&str>,
    reason: &str,
) -> CommandResult<()> {
    let detail = json!({ "run": run, "reason": reason });
    set_void(store, caller, (run, serial), Some(reason), ("void a run", &detail)).await
}

/// Counts a voided run again, of a unit where one is named; a reason is optional.
///
/// # Errors
/// When there is no such run, or the database refuses.
pub async fn restore(
    store: &Store,
    caller: &Principal,
    run: RunId,
    serial: Option<&str>,
    reason: Option<&str>,
) -> CommandResult<()> {
    let detail = json!({ "run": run, "reason": reason });
    let action = "take back the voiding of a run";
    set_void(store, caller, (run, serial), None, (action, &detail)).await
}

async fn set_void(
    store: &Store,
    caller: &Principal,
    (run, serial): (RunId, Option<&str>),
    reason: Option<&str>,
    (action, detail): (&str, &serde_json::Value),
) -> CommandResult<()> {
    let moment = moment();
    let mut tx = TenantTx::begin(store, caller).await?;
    if !tx.set_void(run, serial, reason, moment).await? {
        return missing(EN.detail_not_found());
    }
    tx.audit(moment.now, action, detail).await?;
    tx.commit().await?;
    Ok(())
}
