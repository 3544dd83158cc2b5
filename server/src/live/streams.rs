//! The streams that are open: whose they are, and what wakes them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::TenantId;
use store::watermark::Change;
use store::{Actor, Principal};
use tokio::sync::watch;
use uuid::Uuid;

use crate::state::AppState;

/// The streams of this process.
#[derive(Debug, Default)]
pub struct Streams {
    /// The latest mark that was heard of each tenant that somebody follows.
    marks: Mutex<HashMap<TenantId, watch::Sender<i64>>>,
    /// How many each session or token has open.
    open: Mutex<HashMap<Uuid, usize>>,
}

impl Streams {
    /// What wakes whoever follows the tenant.
    pub(super) fn follow(&self, tenant: TenantId) -> watch::Receiver<i64> {
        lock(&self.marks).entry(tenant).or_default().subscribe()
    }

    pub(super) fn tell(&self, Change { tenant, mark }: Change) {
        if let Some(heard) = lock(&self.marks).get(&tenant) {
            heard.send_replace(mark);
        }
    }

    /// The tenants that somebody follows; the others are forgotten.
    pub(super) fn followed(&self) -> Vec<TenantId> {
        let mut marks = lock(&self.marks);
        marks.retain(|_, heard| heard.receiver_count() > 0);
        marks.keys().copied().collect()
    }
}

/// A place among the streams, until it is dropped.
pub(super) struct Place {
    state: AppState,
    holder: Uuid,
}

impl Place {
    /// None where the session or token, or all together, have as many as they may.
    pub(super) fn take(state: &AppState, caller: &Principal) -> Option<Self> {
        let holder = match caller.actor() {
            Actor::User { session, .. } => *session,
            Actor::Token { id, .. } => *id,
            Actor::Console => Uuid::nil(),
        };
        let mut open = lock(&state.streams().open);
        let all: usize = open.values().sum();
        let own = open.get(&holder).copied().unwrap_or_default();
        let limits = state.limits();
        if all >= limits.live_streams || own >= limits.live_streams_of_one {
            return None;
        }
        open.insert(holder, own + 1);
        metrics::gauge!("live_streams").set((all + 1) as f64);
        Some(Self { state: state.clone(), holder })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = lock(&self.state.streams().open);
        if let Some(own) = open.get_mut(&self.holder) {
            *own -= 1;
        }
        open.retain(|_, own| *own > 0);
        metrics::gauge!("live_streams").set(open.values().sum::<usize>() as f64);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
