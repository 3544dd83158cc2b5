//! Admits reads: so many at once for a person, a tenant and all together, so that a tenant
//! that asks without end waits for itself and nobody else.
//!
//! A request takes its permits in that order. Whoever waits for a permit of all together
//! holds one of its tenant already, so a tenant is in that queue at most as often as it may
//! be answered at once, and the queue is first in, first out.

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

/// What answering a route costs, as the router's table says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// Nothing of a tenant is read, or the handler has limits of its own (uploads, streams).
    Free,
    /// A few rows.
    Light,
    /// A figure over many runs, a list, or a page with these.
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

/// Who is admitted, and how many are.
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

/// Permission to answer a read, until it is dropped.
#[derive(Debug)]
#[must_use]
pub struct Permit {
    _permits: [OwnedSemaphorePermit; 3],
}

impl Admission {
    /// Admits as many as `shares` says.
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

    /// Waits until the caller's request may be answered; none where it is free.
    ///
    /// # Errors
    /// 429 where too many of the tenant's requests wait already, 503 where it waited too
    /// long or its client has hung up.
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
            refused("waiting", cost, Problem::too_many(why, 2))
        })?;
        let person = self.people.get(person, || Semaphore::new(self.shares.reads_of_person));
        let wait_in_turn = async {
            // None of these semaphores is ever closed.
            let person = person.acquire_owned().await.ok()?;
            let own = own.acquire_owned().await.ok()?;
            let all = Arc::clone(all).acquire_owned().await.ok()?;
            Some([person, own, all])
        };
        let permits = tokio::select! {
            permits = timeout_at((begun + self.shares.wait).into(), wait_in_turn) => permits,
            () = gone.wait() => return Err(refused("gone", cost, Problem::busy())),
        };
        drop(waiting);
        metrics::histogram!("admission_wait_seconds", "cost" => cost.label())
            .record(begun.elapsed().as_secs_f64());
        match permits {
            Ok(Some(permits)) => Ok(Some(Permit { _permits: permits })),
            _ => Err(refused("timeout", cost, Problem::busy())),
        }
    }

    /// Looks a credential up, a few at a time: a flood of made-up credentials leaves the
    /// other connections alone. Ends early, with an error, where the client has hung up
    /// before its turn.
    ///
    /// # Errors
    /// 503 for a client that has hung up, and those of `look_up`.
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

    /// The places of a tenant in which requests wait.
    fn waiting(&self, tenant: Uuid) -> Arc<Semaphore> {
        let places = self.shares.waiting_of_tenant;
        self.waiting_of_tenants.get(tenant, || Semaphore::new(places))
    }
}

fn refused(reason: &'static str, cost: Cost, problem: Problem) -> Problem {
    metrics::counter!("admission_refused_total", "reason" => reason, "cost" => cost.label())
        .increment(1);
    problem
}

/// One shared value a key, made when it is first needed. Who uses a value holds its `Arc`, as
/// an owned permit of a semaphore does: a value that is in use is never forgotten.
#[derive(Debug)]
pub(crate) struct Keyed<K, T>(Mutex<HashMap<K, Arc<T>>>);

impl<K, T> Default for Keyed<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, T> Keyed<K, T> {
    /// With so many keys, those that nobody uses are forgotten.
    const MANY: usize = 1024;

    pub(crate) fn get(&self, key: K, new: impl FnOnce() -> T) -> Arc<T> {
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if values.len() >= Self::MANY {
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
        let (admission, here) = (Admission::new(shares()), ClientGone::default());
        let (one, other) = (caller(1), caller(2));
        let first = admission.admit(&one, Cost::Heavy, &here).await.unwrap();
        let _second = admission.admit(&one, Cost::Heavy, &here).await.unwrap();
        let mut waiting: Vec<_> =
            (0..4).map(|_| Box::pin(admission.admit(&one, Cost::Heavy, &here))).collect();
        for request in &mut waiting {
            assert!(request.as_mut().now_or_never().is_none());
        }
        let refused = admission.admit(&one, Cost::Heavy, &here).await.unwrap_err();
        assert_eq!(refused.status().as_u16(), 429);
        let third = admission.admit(&other, Cost::Heavy, &here).now_or_never();
        assert!(third.unwrap().unwrap().is_some(), "another tenant is answered meanwhile");
        drop(first);
        assert!(waiting.remove(0).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_client_that_hangs_up_gives_its_place_in_the_queue_away() {
        let admission = Admission::new(Shares { heavy_of_tenant: 1, ..shares() });
        let (one, here, gone) = (caller(1), ClientGone::default(), ClientGone::default());
        let held = admission.admit(&one, Cost::Heavy, &here).await.unwrap();
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
        let (one, here) = (caller(1), ClientGone::default());
        let _held = admission.admit(&one, Cost::Heavy, &here).await.unwrap();
        for other in 0..2 * Keyed::<Uuid, Semaphore>::MANY as u128 {
            drop(admission.admit(&caller(2 + other), Cost::Heavy, &here).await.unwrap());
        }
        let second = admission.admit(&one, Cost::Heavy, &here).now_or_never();
        assert!(second.is_none(), "it has its one answer already");
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let wait = std::time::Duration::from_millis(20);
        let admission = Admission::new(Shares { heavy_of_tenant: 1, wait, ..shares() });
        let (one, here) = (caller(1), ClientGone::default());
        let _held = admission.admit(&one, Cost::Heavy, &here).await.unwrap();
        let refused = admission.admit(&one, Cost::Heavy, &here).await.unwrap_err();
        assert_eq!(refused.status().as_u16(), 503);
    }
}
