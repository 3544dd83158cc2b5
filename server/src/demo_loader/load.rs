//! Loads a partner's uploads through the ingest, as its stations do.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};
use demo::{LOT_RULES, Partner, Plan, Upload, Uploads};
use domain::TenantId;
use formats::lots::LotRule;
use serde_json::json;
use store::{Principal, TenantTx};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::ingest::{self, Delivery, Encoding};
use crate::state::AppState;
use crate::web::context::ClientGone;

/// The interval between lines of progress.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(2);

/// Uploads the plan's runs of the partner into `tenant`, and returns how many runs were
/// new. Idempotent.
///
/// # Errors
/// When the database refuses, or the ingest returns rejects or warnings.
pub async fn load(
    state: &AppState,
    tenant: TenantId,
    partner: &'static Partner,
    plan: Plan,
) -> Result<u64> {
    let principal = Principal::console(Some(tenant));
    set_lot_rules(state, &principal).await?;
    // Pipelining: the next upload is generated while one is written.
    let (sender, mut uploads) = mpsc::channel(1);
    let generator = spawn_blocking(move || {
        for upload in Uploads::new(partner, &plan) {
            if sender.blocking_send(upload).is_err() {
                break; // the loader has ended
            }
        }
    });
    let (mut reported, mut sent, mut new) = (Instant::now(), 0, 0);
    while let Some(Upload { format, params, bytes }) = uploads.recv().await {
        let delivery = Delivery {
            format: format.to_owned(),
            params,
            encoding: Encoding::Identity,
            bytes,
            replays: None,
        };
        let answer = ingest::take(state, &principal, delivery, &ClientGone::default())
            .await
            .map_err(|problem| anyhow!("the demo was refused: {problem:?}"))?;
        ensure!(
            answer.rejected_total + answer.warnings_total == 0,
            "the demo was not accepted as it is: {answer:?}"
        );
        sent += answer.accepted + answer.updated + answer.duplicates;
        new += answer.accepted;
        if reported.elapsed() >= PROGRESS_INTERVAL {
            eprintln!("  {}: {sent} runs so far", partner.name);
            reported = Instant::now();
        }
    }
    generator.await?;
    eprintln!("  {}: {sent} runs", partner.name);
    Ok(new)
}

/// Sets the rules by which the lots of the demo's parts are derived, if the tenant has none.
async fn set_lot_rules(state: &AppState, principal: &Principal) -> Result<()> {
    let mut tx = TenantTx::begin(state.store(), principal).await?;
    if tx.this_tenant().await?.lot_rules == json!([]) {
        let rule =
            |(part, pattern): (&str, &str)| LotRule { part: part.into(), pattern: pattern.into() };
        tx.set_lot_rules(&json!(LOT_RULES.map(rule))).await?;
        tx.commit().await?;
    }
    Ok(())
}
