//! Rate limit per credential: a token bucket with a burst and a rate per second.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::TenantId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use store::{Actor, Principal};
use uuid::Uuid;

/// Number of requests after which full buckets are evicted: bounds the memory by this number
/// and the number of active credentials.
const SWEEP_INTERVAL: u64 = 4096;

/// A token or a person, in the tenant that they act for.
type Credential = (Option<TenantId>, Uuid);

/// The token buckets of all credentials.
#[derive(Debug)]
pub struct Rate {
    buckets: DefaultKeyedRateLimiter<Credential>,
    clock: DefaultClock,
    requests: AtomicU64,
}

impl Rate {
    /// Creates a limit of `per_second` requests with a burst of `burst`.
    #[must_use]
    pub fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        let quota = Quota::per_second(per_second).allow_burst(burst);
        Self {
            buckets: RateLimiter::keyed(quota),
            clock: DefaultClock::default(),
            requests: AtomicU64::new(0),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// How long to wait, if the limit is exceeded; the request is not counted.
    pub fn check(&self, caller: &Principal) -> Result<(), Duration> {
        let actor = match caller.actor() {
            Actor::User { id, .. } | Actor::Token { id, .. } => *id,
            Actor::Console => return Ok(()),
        };
        self.count((caller.tenant(), actor))
    }

    fn count(&self, credential: Credential) -> Result<(), Duration> {
        if self.requests.fetch_add(1, Ordering::Relaxed) % SWEEP_INTERVAL == SWEEP_INTERVAL - 1 {
            self.buckets.retain_recent();
            self.buckets.shrink_to_fit();
        }
        let answer = self.buckets.check_key(&credential);
        answer.map_err(|until| until.wait_time_from(self.clock.now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_a_wait_and_each_credential_by_itself() {
        let rate = Rate::new(NonZeroU32::MIN, NonZeroU32::new(2).unwrap());
        let (one, other) = ((None, Uuid::from_u128(1)), (None, Uuid::from_u128(2)));
        let begun = std::time::Instant::now();
        assert_eq!(rate.count(one), Ok(()));
        assert_eq!(rate.count(one), Ok(()));
        let wait = rate.count(one);
        let spent = begun.elapsed();
        assert!(spent.as_secs() > 0 || wait.unwrap_err() <= Duration::from_secs(1));
        assert_eq!(rate.count(other), Ok(()));
    }

    #[test]
    fn idle_credentials_are_evicted() {
        let quick = NonZeroU32::new(1_000_000).unwrap();
        let rate = Rate::new(quick, NonZeroU32::MIN);
        for number in 0..10 * u128::from(SWEEP_INTERVAL) {
            rate.count((None, Uuid::from_u128(number))).unwrap();
        }
        assert!(rate.buckets.len() as u64 <= SWEEP_INTERVAL + 10, "{}", rate.buckets.len());
    }
}
