//! Listening to the database for every stream of this process.

use std::convert::Infallible;
use std::time::Duration;

use anyhow::{Context, Result};
use store::AuthTx;
use store::data_version::Notification;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::resources::streams::end_invalid;
use crate::state::AppState;

/// How long to wait before listening again, at first and at most.
const WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(4);
/// How often data versions are compared, in case that a notification was lost.
const COMPARISON: Duration = Duration::from_secs(2);
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
    end_invalid(state.store(), state.streams(), &state.streams().credentials()).await?;
    *wait = WAIT;
    let mut comparisons = interval(COMPARISON);
    comparisons.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    loop {
        tokio::select! {
            change = changes.next() => {
                heard = Instant::now();
                match change? {
                    Notification::Data(change) => state.streams().tell(change),
                    Notification::Credential(change) => state.streams().end(change),
                }
            }
            _ = comparisons.tick() => {
                compare_versions(state).await?;
                if heard.elapsed() > SILENCE {
                    timeout(PATIENCE, changes.ping()).await.context("the connection is silent")??;
                    heard = Instant::now();
                }
            }
        }
    }
}

/// Tells the streams of data versions that they have not heard of.
async fn compare_versions(state: &AppState) -> Result<()> {
    let followed = state.streams().followed();
    if followed.is_empty() {
        return Ok(());
    }
    let mut tx = AuthTx::begin_identifying(state.store()).await?;
    for change in tx.data_versions(&followed).await? {
        state.streams().tell(change);
    }
    Ok(())
}
