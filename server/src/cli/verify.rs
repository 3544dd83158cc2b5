//! `firstpass verify`: are the kept figures what the runs say?

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use store::tenants::Tenant;
use store::{AdminTx, Principal, Store};

use super::Usage;
use crate::clock;
use crate::problem::EN;
use crate::recount::{Keep, recount};

/// What is to be verified.
#[derive(Debug, Args)]
pub(super) struct VerifyOptions {
    /// One partner alone; else all
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
    /// Put right what is wrong
    #[arg(long)]
    mend: bool,
}

/// One line a partner; 1 where something is wrong and stays so.
pub(super) async fn verify(store: &Store, options: &VerifyOptions) -> Result<ExitCode> {
    let mut wrong = false;
    let keep = if options.mend { Keep::Mended } else { Keep::Nothing };
    for tenant in chosen(store, options.tenant.as_deref()).await? {
        let recount = recount(store, &tenant, keep).await?;
        println!(
            "{}\t{} units\t{} runs, {} episodes and {} cells {}",
            tenant.slug,
            recount.units,
            recount.runs_wrong,
            recount.episodes_wrong,
            recount.cells_wrong,
            if options.mend { "mended" } else { "wrong" },
        );
        wrong |= !recount.is_clean();
    }
    Ok(if wrong && !options.mend { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn chosen(store: &Store, slug: Option<&str>) -> Result<Vec<Tenant>> {
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
