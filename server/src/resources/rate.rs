//! How often a credential may ask: a number of requests at once, and so many more a second.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::TenantId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use store::{Actor, Principal};
use uuid::Uuid;

/// After so many requests those who rest are forgotten, which bounds the memory by them and
/// by the credentials that are in use.
const FORGET_EVERY: u64 = 4096;

/// A token or a person, in the tenant that they act for.
type Credential = (Option<TenantId>, Uuid);

/// What every credential has used up.
#[derive(Debug)]
pub struct Rate {
    buckets: DefaultKeyedRateLimiter<Credential>,
    clock: DefaultClock,
    asked: AtomicU64,
}

impl Rate {
    /// `burst` requests at once, and `per_second` more every second.
    #[must_use]
    pub fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        let quota = Quota::per_second(per_second).allow_burst(burst);
        Self {
            buckets: RateLimiter::keyed(quota),
            clock: DefaultClock::default(),
            asked: AtomicU64::new(0),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// How long to wait, where it is one too many; it does not count then.
    pub fn ask(&self, caller: &Principal) -> Result<(), Duration> {
        let actor = match caller.actor() {
            Actor::User { id, .. } | Actor::Token { id, .. } => *id,
            Actor::Console => return Ok(()),
        };
        self.count((caller.tenant(), actor))
    }

    fn count(&self, credential: Credential) -> Result<(), Duration> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
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
    fn those_who_rest_are_forgotten() {
        let quick = NonZeroU32::new(1_000_000).unwrap();
        let rate = Rate::new(quick, NonZeroU32::MIN);
        for number in 0..10 * u128::from(FORGET_EVERY) {
            rate.count((None, Uuid::from_u128(number))).unwrap();
        }
        assert!(rate.buckets.len() as u64 <= FORGET_EVERY + 10, "{}", rate.buckets.len());
    }
}
