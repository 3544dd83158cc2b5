//! Listening to the database for every stream of this process.

use std::convert::Infallible;
use std::time::Duration;

use anyhow::{Context, Result};
use store::watermark::{Change, Changes, Notification};
use store::{Principal, TenantTx};
use tokio::sync::watch;
use tokio::time::timeout;

use super::streams::end_invalid;
use crate::state::AppState;

/// How long to wait before listening again, at first and at most.
const WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(4);
/// A connection that was silent for so long is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(20);
/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Wakes the streams when data change and ends them when credentials end, until `gone` is
/// true.
pub async fn listen(state: AppState, mut gone: watch::Receiver<bool>) {
    tokio::select! {
        _ = gone.wait_for(|gone| *gone) => {}
        () = keep_listening(&state) => {}
    }
}

async fn keep_listening(state: &AppState) {
    let mut wait = WAIT;
    loop {
        let Err(error) = follow(state, &mut wait).await;
        tracing::warn!(error = format!("{error:#}"), "not listening for changes: again soon");
        tokio::time::sleep(wait).await;
        wait = LONGEST_WAIT.min(2 * wait);
    }
}

/// Listens until the connection is lost.
async fn follow(state: &AppState, wait: &mut Duration) -> Result<Infallible> {
    let mut changes = timeout(PATIENCE, state.store().changes()).await??;
    catch_up(state).await?;
    *wait = WAIT;
    loop {
        match next(&mut changes).await? {
            Notification::Data(change) => state.streams().tell(change),
            Notification::Credential(change) => state.streams().end(change),
        }
    }
}

async fn next(changes: &mut Changes) -> Result<Notification> {
    loop {
        if let Ok(change) = timeout(SILENCE, changes.next()).await {
            return Ok(change?);
        }
        timeout(PATIENCE, changes.ping()).await.context("the connection is silent")??;
    }
}

/// Tells what changed while nobody listened, and ends the streams of credentials that ended.
async fn catch_up(state: &AppState) -> Result<()> {
    end_invalid(state, &state.streams().credentials()).await?;
    for tenant in state.streams().followed() {
        let console = Principal::console(Some(tenant));
        let mark = TenantTx::begin(state.store(), &console).await?.watermark().await?;
        state.streams().tell(Change { tenant, mark });
    }
    Ok(())
}
