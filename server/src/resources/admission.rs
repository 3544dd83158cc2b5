//! Admission control of reads: semaphores limit the concurrency per person, per tenant and in
//! total, so that a tenant with many requests delays only itself.
//!
//! A request acquires its permits in that order. A request that waits for the total limit
//! already holds a permit of its tenant, so the number of a tenant's requests in that queue is at
//! most its own concurrency limit, and the queue is first in, first out.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use store::{Actor, Principal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout_at;
use uuid::Uuid;

use crate::limits::Shares;
use crate::problem::{ApiResult, EN, Problem};
use crate::web::context::ClientGone;

/// Cost class of a route, set in the router's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// Reads no tenant data, or the handler has limits of its own (uploads, streams).
    Free,
    /// Reads a few rows.
    Light,
    /// Computes a figure over many runs, a list, or a page with these.
    Heavy,
}

impl Cost {
    const fn label(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Light => "light",
            Self::Heavy => "heavy",
        }
    }
}

/// The semaphores of all persons and tenants.
#[derive(Debug)]
pub struct Admission {
    shares: Shares,
    people: Keyed<Uuid, Semaphore>,
    light_of_tenants: Keyed<Uuid, Semaphore>,
    heavy_of_tenants: Keyed<Uuid, Semaphore>,
    waiting_of_tenants: Keyed<Uuid, Semaphore>,
    light: Arc<Semaphore>,
    heavy: Arc<Semaphore>,
    lookups: Semaphore,
}

/// Permit to answer a read; dropping it releases the semaphores.
#[derive(Debug)]
#[must_use]
pub struct Permit {
    _permits: [OwnedSemaphorePermit; 3],
}

impl Admission {
    /// Creates the semaphores with the limits of `shares`.
    #[must_use]
    pub fn new(shares: Shares) -> Self {
        Self {
            shares,
            people: Keyed::default(),
            light_of_tenants: Keyed::default(),
            heavy_of_tenants: Keyed::default(),
            waiting_of_tenants: Keyed::default(),
            light: Arc::new(Semaphore::new(shares.light)),
            heavy: Arc::new(Semaphore::new(shares.heavy)),
            lookups: Semaphore::new(shares.lookups),
        }
    }

    /// Waits for the permits of the caller's request; none for a free route.
    ///
    /// # Errors
    /// 429 if too many of the tenant's requests wait already, 503 if the request waited too
    /// long or its client disconnected.
    pub async fn admit(
        &self,
        caller: &Principal,
        cost: Cost,
        gone: &ClientGone,
    ) -> ApiResult<Option<Permit>> {
        let shares = &self.shares;
        let (all, of_tenants, of_tenant) = match cost {
            Cost::Free => return Ok(None),
            Cost::Light => (&self.light, &self.light_of_tenants, shares.light_of_tenant),
            Cost::Heavy => (&self.heavy, &self.heavy_of_tenants, shares.heavy_of_tenant),
        };
        let person = match caller.actor() {
            Actor::User { id, .. } | Actor::Token { id, .. } => *id,
            Actor::Console => Uuid::nil(),
        };
        let begun = Instant::now();
        let tenant = caller.tenant().map_or(person, Uuid::from);
        let own = of_tenants.get(tenant, || Semaphore::new(of_tenant));
        let waiting = self.waiting(tenant).try_acquire_owned().map_err(|_| {
            let why = EN.limit_waiting();
            refuse("waiting", cost, Problem::too_many(why, 2))
        })?;
        let person = self.people.get(person, || Semaphore::new(self.shares.reads_of_person));
        let acquire = async {
            // These semaphores are never closed.
            let person = person.acquire_owned().await.ok()?;
            let own = own.acquire_owned().await.ok()?;
            let all = Arc::clone(all).acquire_owned().await.ok()?;
            Some([person, own, all])
        };
        let permits = tokio::select! {
            permits = timeout_at((begun + self.shares.wait).into(), acquire) => permits,
            () = gone.wait() => return Err(refuse("gone", cost, Problem::busy())),
        };
        drop(waiting);
        metrics::histogram!("admission_wait_seconds", "cost" => cost.label())
            .record(begun.elapsed().as_secs_f64());
        match permits {
            Ok(Some(permits)) => Ok(Some(Permit { _permits: permits })),
            _ => Err(refuse("timeout", cost, Problem::busy())),
        }
    }

    /// Looks up a credential with limited concurrency: a flood of invalid credentials does not
    /// exhaust the connection pool. Fails early if the client disconnects while it waits.
    ///
    /// # Errors
    /// 503 for a client that disconnected, and those of `look_up`.
    pub async fn look_up<T>(
        &self,
        gone: &ClientGone,
        look_up: impl Future<Output = ApiResult<T>>,
    ) -> ApiResult<T> {
        let _permit = tokio::select! {
            permit = self.lookups.acquire() => permit,
            () = gone.wait() => return Err(Problem::busy()),
        };
        look_up.await
    }

    /// The semaphore that limits the waiting requests of a tenant.
    fn waiting(&self, tenant: Uuid) -> Arc<Semaphore> {
        let limit = self.shares.waiting_of_tenant;
        self.waiting_of_tenants.get(tenant, || Semaphore::new(limit))
    }
}

fn refuse(reason: &'static str, cost: Cost, problem: Problem) -> Problem {
    metrics::counter!("admission_refused_total", "reason" => reason, "cost" => cost.label())
        .increment(1);
    problem
}

/// One shared value per key, created lazily. Every user holds the `Arc` of a value, as
/// an owned semaphore permit does: a value that is in use is never evicted.
#[derive(Debug)]
pub(crate) struct Keyed<K, T>(Mutex<HashMap<K, Arc<T>>>);

impl<K, T> Default for Keyed<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, T> Keyed<K, T> {
    /// Number of keys at which unused values are evicted.
    const SWEEP_AT: usize = 1024;

    pub(crate) fn get(&self, key: K, new: impl FnOnce() -> T) -> Arc<T> {
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if values.len() >= Self::SWEEP_AT {
            values.retain(|_, value| Arc::strong_count(value) > 1);
        }
        Arc::clone(values.entry(key).or_insert_with(|| Arc::new(new())))
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use store::Principal;

    use super::*;

    fn caller(tenant: u128) -> Principal {
        Principal::console(Some(Uuid::from_u128(tenant).into()))
    }

    fn shares() -> Shares {
        Shares {
            reads_of_person: 100,
            heavy_of_tenant: 2,
            heavy: 3,
            waiting_of_tenant: 4,
            ..Shares::default()
        }
    }

    #[tokio::test]
    async fn a_tenant_waits_for_itself_and_is_refused_beyond_its_queue() {
        let (admission, connected) = (Admission::new(shares()), ClientGone::default());
        let (one, other) = (caller(1), caller(2));
        let first = admission.admit(&one, Cost::Heavy, &connected).await.unwrap();
        let _second = admission.admit(&one, Cost::Heavy, &connected).await.unwrap();
        let mut waiting: Vec<_> =
            (0..4).map(|_| Box::pin(admission.admit(&one, Cost::Heavy, &connected))).collect();
        for request in &mut waiting {
            assert!(request.as_mut().now_or_never().is_none());
        }
        let refused = admission.admit(&one, Cost::Heavy, &connected).await.unwrap_err();
        assert_eq!(refused.status().as_u16(), 429);
        let third = admission.admit(&other, Cost::Heavy, &connected).now_or_never();
        assert!(third.unwrap().unwrap().is_some(), "another tenant is answered meanwhile");
        drop(first);
        assert!(waiting.remove(0).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_client_that_disconnects_leaves_the_queue() {
        let admission = Admission::new(Shares { heavy_of_tenant: 1, ..shares() });
        let (one, connected, gone) = (caller(1), ClientGone::default(), ClientGone::default());
        let held = admission.admit(&one, Cost::Heavy, &connected).await.unwrap();
        let mut left = Box::pin(admission.admit(&one, Cost::Heavy, &gone));
        assert!(left.as_mut().now_or_never().is_none());
        gone.0.cancel();
        assert_eq!(left.await.unwrap_err().status().as_u16(), 503);
        assert_eq!(admission.waiting(Uuid::from_u128(1)).available_permits(), 4);
        drop(held);
    }

    #[tokio::test]
    async fn a_tenant_that_is_answered_is_not_forgotten_among_many_others() {
        let admission = Admission::new(Shares { heavy_of_tenant: 1, ..shares() });
        let (one, connected) = (caller(1), ClientGone::default());
        let _held = admission.admit(&one, Cost::Heavy, &connected).await.unwrap();
        for other in 0..2 * Keyed::<Uuid, Semaphore>::SWEEP_AT as u128 {
            drop(admission.admit(&caller(2 + other), Cost::Heavy, &connected).await.unwrap());
        }
        let second = admission.admit(&one, Cost::Heavy, &connected).now_or_never();
        assert!(second.is_none(), "it has its one answer already");
    }

    #[tokio::test]
    async fn a_wait_times_out() {
        let wait = std::time::Duration::from_millis(20);
        let admission = Admission::new(Shares { heavy_of_tenant: 1, wait, ..shares() });
        let (one, connected) = (caller(1), ClientGone::default());
        let _held = admission.admit(&one, Cost::Heavy, &connected).await.unwrap();
        let refused = admission.admit(&one, Cost::Heavy, &connected).await.unwrap_err();
        assert_eq!(refused.status().as_u16(), 503);
    }
}
