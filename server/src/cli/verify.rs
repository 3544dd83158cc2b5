//! `firstpass verify`: compares the stored figures with the runs.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use store::tenants::Tenant;
use store::{AdminTx, Principal, Store};

use super::Usage;
use crate::clock;
use crate::problem::EN;
use crate::recount::{DifferenceAction, recount};

/// Options of `verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyOptions {
    /// Only this partner; default is all
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
    /// Fix what is wrong
    #[arg(long, alias = "mend")]
    fix: bool,
}

/// Prints one line per partner; exit code 1 if something is wrong and is not fixed.
pub(super) async fn verify(store: &Store, options: &VerifyOptions) -> Result<ExitCode> {
    let mut has_differences = false;
    let action = if options.fix { DifferenceAction::Fix } else { DifferenceAction::Report };
    for tenant in selected_tenants(store, options.tenant.as_deref()).await? {
        let recount = recount(store, &tenant, action).await?;
        println!(
            "{}\t{} units\t{} runs, {} episodes and {} cells {}",
            tenant.slug,
            recount.units,
            recount.runs_wrong,
            recount.episodes_wrong,
            recount.cells_wrong,
            if options.fix { "fixed" } else { "wrong" },
        );
        has_differences |= !recount.is_clean();
    }
    Ok(if has_differences && !options.fix { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn selected_tenants(store: &Store, slug: Option<&str>) -> Result<Vec<Tenant>> {
    let mut tx = AdminTx::begin(store, &Principal::console(None), "verify", clock::now()).await?;
    let mut tenants = tx.tenants().await?;
    tx.commit().await?;
    if let Some(slug) = slug {
        tenants.retain(|tenant| tenant.slug == slug);
        if tenants.is_empty() {
            bail!(Usage(EN.command_no_tenant(slug)));
        }
    }
    Ok(tenants)
}
