//! Counting a partner's runs anew: to verify what is kept, and after an update of the
//! program that counts otherwise than the one before.

use std::time::{Duration, Instant};

use domain::TenantId;
use store::recount::Recount;
use store::tenants::Tenant;
use store::{AdminTx, Principal, Store, TenantTx};

use crate::clock;
use crate::limits::FUTURE;

/// What becomes of what was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// It is only told.
    Nothing,
    /// It is put right.
    Mended,
}

/// Counts one partner's runs anew. The partner's uploads wait meanwhile.
///
/// # Errors
/// When the database refuses or is out of reach.
pub async fn recount(store: &Store, tenant: &Tenant, keep: Keep) -> store::Result<Recount> {
    let principal = Principal::console(Some(TenantId::from(tenant.id)));
    let until = clock::now().saturating_add(FUTURE);
    let mut tx = TenantTx::begin(store, &principal).await?;
    let mut told = Instant::now();
    let recount = tx
        .recount(until, |units| {
            if told.elapsed() > Duration::from_secs(2) {
                eprintln!("  {}: {units} units …", tenant.slug);
                told = Instant::now();
            }
        })
        .await?;
    if keep == Keep::Mended {
        tx.commit().await?;
    }
    Ok(recount)
}

/// Counts anew what an earlier program left under other definitions.
///
/// # Errors
/// When the database refuses or is out of reach.
pub async fn recount_stale(store: &Store) -> store::Result<()> {
    let console = Principal::console(None);
    let mut tx = AdminTx::begin(store, &console, "look for stale figures", clock::now()).await?;
    let tenants = tx.tenants().await?;
    tx.commit().await?;
    for tenant in tenants.iter().filter(|tenant| tenant.stale) {
        eprintln!("counting the runs of {} anew …", tenant.name);
        let recount = recount(store, tenant, Keep::Mended).await?;
        tracing::info!(tenant = tenant.slug, ?recount, "counted anew");
    }
    Ok(())
}
