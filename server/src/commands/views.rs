//! Saved views of a tenant.

use app::explore::State as Slice;
use serde_json::json;
use store::views::Saved;
use store::{Principal, Store, TenantTx};
use uuid::Uuid;

use super::{CommandResult, missing};
use crate::clock;
use crate::problem::EN;

/// Views that a tenant has at most.
const MOST: u16 = 100;

/// Saves a slice under a name, unless the name is taken.
///
/// # Errors
/// When the database refuses.
pub async fn save(
    store: &Store,
    caller: &Principal,
    name: &str,
    slice: &Slice,
) -> CommandResult<Saved> {
    let now = clock::now();
    let mut tx = TenantTx::begin(store, caller).await?;
    let saved = tx.save_view(name, &slice.query(), MOST, now).await?;
    if matches!(saved, Saved::Done) {
        tx.audit(now, "save a view", &json!({ "name": name })).await?;
    }
    tx.commit().await?;
    Ok(saved)
}

/// Removes a view.
///
/// # Errors
/// When there is no such view, or the database refuses.
pub async fn remove(store: &Store, caller: &Principal, id: Uuid) -> CommandResult<()> {
    let mut tx = TenantTx::begin(store, caller).await?;
    let Some(name) = tx.remove_view(id).await? else { return missing(EN.detail_not_found()) };
    tx.audit(clock::now(), "remove a view", &json!({ "name": name })).await?;
    tx.commit().await?;
    Ok(())
}
