//! Listens to notifications of the database for all streams of this process.

use std::convert::Infallible;
use std::time::Duration;

use anyhow::{Context, Result};
use store::AuthTx;
use store::data_version::Notification;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::resources::streams::end_invalid;
use crate::state::AppState;

/// Backoff before reconnecting: initial and maximum.
const MIN_BACKOFF: Duration = Duration::from_millis(250);
const MAX_BACKOFF: Duration = Duration::from_secs(4);
/// Interval at which data versions are polled, in case a notification was lost.
const POLL_INTERVAL: Duration = Duration::from_secs(2);
/// An idle connection is pinged after this time.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(20);
/// Timeout of the ping.
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// Wakes the streams when data change and ends them when credentials end, until `shutdown` is
/// true.
pub async fn listen(state: AppState, mut shutdown: watch::Receiver<bool>) {
    tokio::select! {
        _ = shutdown.wait_for(|shutdown| *shutdown) => {}
        () = listen_with_backoff(&state) => {}
    }
}

async fn listen_with_backoff(state: &AppState) {
    let mut backoff = MIN_BACKOFF;
    loop {
        let Err(error) = listen_once(state, &mut backoff).await;
        tracing::warn!(error = format!("{error:#}"), "not listening for changes: again soon");
        tokio::time::sleep(backoff).await;
        backoff = MAX_BACKOFF.min(2 * backoff);
    }
}

/// Listens until the connection fails.
async fn listen_once(state: &AppState, backoff: &mut Duration) -> Result<Infallible> {
    let mut changes = timeout(KEEPALIVE_TIMEOUT, state.store().changes()).await??;
    end_invalid(state.store(), state.streams(), &state.streams().credentials()).await?;
    *backoff = MIN_BACKOFF;
    let mut polls = interval(POLL_INTERVAL);
    polls.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last_received = Instant::now();
    loop {
        tokio::select! {
            change = changes.next() => {
                last_received = Instant::now();
                match change? {
                    Notification::Data(change) => state.streams().publish(change),
                    Notification::Credential(change) => state.streams().end(change),
                }
            }
            _ = polls.tick() => {
                poll_versions(state).await?;
                if last_received.elapsed() > KEEPALIVE_IDLE {
                    let pong = timeout(KEEPALIVE_TIMEOUT, changes.ping()).await;
                    pong.context("the connection is silent")??;
                    last_received = Instant::now();
                }
            }
        }
    }
}

/// Polls the data versions and publishes those whose notification was lost.
async fn poll_versions(state: &AppState) -> Result<()> {
    let tenants = state.streams().subscribed_tenants();
    if tenants.is_empty() {
        return Ok(());
    }
    let mut tx = AuthTx::begin_authentication(state.store()).await?;
    for change in tx.data_versions(&tenants).await? {
        state.streams().publish(change);
    }
    Ok(())
}
