//! Time zones of tenants. The program checks names against its own list; PostgreSQL computes
//! with the list of its host. If that list lacks a zone, every upload of its tenants fails.

use store::{AdminTx, Principal, Store};

use crate::clock;

/// Error message: why a time zone cannot be used, and what to do.
#[must_use]
pub fn unknown_zone_message(zone: &str) -> String {
    format!(
        "PostgreSQL does not know the time zone {zone}: install the time zone data on its host (on Debian tzdata-legacy has the older names) or use another name of the zone"
    )
}

/// Returns an error message for each tenant whose time zone PostgreSQL does not know.
///
/// # Errors
/// When the database refuses or is unreachable.
pub async fn problems(store: &Store) -> store::Result<Vec<String>> {
    let console = Principal::console(None);
    let mut tx = AdminTx::begin(store, &console, "check time zones", clock::now()).await?;
    let missing_zones = tx.zones_missing().await?;
    tx.commit().await?;
    Ok(missing_zones
        .into_iter()
        .map(|(slug, zone)| {
            format!("uploads of tenant {slug} fail: {}", unknown_zone_message(&zone))
        })
        .collect())
}
