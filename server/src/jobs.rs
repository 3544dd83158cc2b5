//! What a server does by itself from time to time.

use std::time::Duration;

use tokio::sync::watch;

use crate::state::AppState;

/// How often months are looked after. They are made two months ahead.
const MONTHS: Duration = Duration::from_secs(3600);

/// Gives the months tables of their own, now and every hour, until `gone` is true.
/// Several servers may do so at once.
pub async fn keep_months(state: AppState, mut gone: watch::Receiver<bool>) {
    loop {
        match state.store().keep_months().await {
            Ok(0) => {}
            Ok(made) => tracing::info!(made, "tables for months"),
            // What falls into no month is kept all the same.
            Err(error) => tracing::warn!(%error, "the months were not looked after"),
        }
        tokio::select! {
            _ = gone.wait_for(|gone| *gone) => return,
            () = tokio::time::sleep(MONTHS) => {}
        }
    }
}
