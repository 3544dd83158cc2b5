//! Recounts a partner's runs: to verify the stored figures, and after an update of the
//! program that changes the counting rules.

use std::time::{Duration, Instant};

use domain::TenantId;
use store::recount::Recount;
use store::tenants::Tenant;
use store::{AdminTx, Principal, Store, TenantTx};

use crate::clock;
use crate::limits::FUTURE;

/// What to do with differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DifferenceAction {
    /// Only report them.
    Report,
    /// Fix them.
    Fix,
}

/// Recounts one partner's runs. The partner's uploads wait meanwhile.
///
/// # Errors
/// When the database refuses or is unreachable.
pub async fn recount(
    store: &Store,
    tenant: &Tenant,
    action: DifferenceAction,
) -> store::Result<Recount> {
    let principal = Principal::console(Some(TenantId::from(tenant.id)));
    let until = clock::now().saturating_add(FUTURE);
    let mut tx = TenantTx::begin(store, &principal).await?;
    let mut reported = Instant::now();
    let recount = tx
        .recount(until, |units| {
            if reported.elapsed() > Duration::from_secs(2) {
                eprintln!("  {}: {units} units …", tenant.slug);
                reported = Instant::now();
            }
        })
        .await?;
    if action == DifferenceAction::Fix {
        tx.commit().await?;
    }
    Ok(recount)
}

/// Recounts tenants whose figures an earlier version of the program counted by other
/// definitions.
///
/// # Errors
/// When the database refuses or is unreachable.
pub async fn recount_stale(store: &Store) -> store::Result<()> {
    let console = Principal::console(None);
    let mut tx = AdminTx::begin(store, &console, "look for stale figures", clock::now()).await?;
    let tenants = tx.tenants().await?;
    tx.commit().await?;
    for tenant in tenants.iter().filter(|tenant| tenant.stale) {
        eprintln!("counting the runs of {} anew …", tenant.name);
        let recount = recount(store, tenant, DifferenceAction::Fix).await?;
        tracing::info!(tenant = tenant.slug, ?recount, "counted anew");
    }
    Ok(())
}
