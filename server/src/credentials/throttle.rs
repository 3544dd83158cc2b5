//! Throttles password guesses: exponential backoff per address, and a token bucket per
//! source. An attempt is counted in the transaction that admits it, before its password is
//! verified, so that parallel attempts do not all pass; the right password refunds it.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Timestamp;
use sha2::{Digest, Sha256};
use store::AuthTx;
use store::logins::{AttemptKey, Attempts, DeviceHash};
use uuid::Uuid;

use crate::problem::{ApiResult, EN, Problem};

/// Failures without a wait.
const FREE_ATTEMPTS: u32 = 5;
/// The wait after the first further failure; it doubles with each one.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(4);
/// The longest wait; failures expire after it, too.
const MAX_WAIT: TimeDelta = TimeDelta::minutes(15);

/// Burst of failures per source, for any addresses: many people may share the address of a
/// factory.
const SOURCE_BURST: u32 = 20;
/// Refill interval of a source's token bucket.
const SOURCE_REFILL: TimeDelta = TimeDelta::seconds(20);

/// The counter of an attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject<'a> {
    /// The stored address of a person, or the typed address if it is unknown; and the source
    /// of the request. (The database matches more spellings of an address than Rust: for a known
    /// person the key is never derived from the typed text.)
    Address(&'a str, IpAddr),
    /// A known device of the person: has its own counter, so that guesses of others
    /// neither lock it out nor profit from it.
    Device(&'a DeviceHash),
    /// A signed-in person who confirms their password.
    Person(Uuid),
}

/// An attempt that was admitted and counted.
#[derive(Debug)]
pub(crate) struct Attempt {
    key: AttemptKey,
    source: Option<AttemptKey>,
    /// The failures of the subject, this one included.
    pub(crate) failures: u32,
}

impl Attempt {
    /// Counts an attempt and admits it; the transaction must be committed before the password
    /// is verified.
    ///
    /// # Errors
    /// 429 with the seconds to wait; the attempt is not counted.
    pub(crate) async fn admit(
        tx: &mut AuthTx,
        subject: Subject<'_>,
        now: Timestamp,
    ) -> ApiResult<Self> {
        let (key, source) = match subject {
            Subject::Address(email, source) => {
                (address_key(email), Some(key("source", source.to_string().as_bytes())))
            }
            Subject::Device(device) => (key("device", device), None),
            Subject::Person(id) => (key("person", id.as_bytes()), None),
        };
        let at = now.into();
        let of_subject = backoff(tx.lock_attempts(&key, now).await?, at).map_err(too_many)?;
        tx.set_attempts(&key, of_subject).await?;
        if let Some(source) = &source {
            let of_source = bucket(tx.lock_attempts(source, now).await?, at).map_err(too_many)?;
            tx.set_attempts(source, of_source).await?;
        }
        Ok(Self { key, source, failures: of_subject.failures })
    }

    /// Refunds the attempt: the password was right.
    pub(crate) async fn succeed(&self, tx: &mut AuthTx) -> ApiResult<()> {
        tx.reset_attempts(&self.key).await?;
        if let Some(source) = &self.source {
            tx.refund_attempt(source).await?;
        }
        Ok(())
    }
}

/// Counts a failed log-in with an unknown address; returns the recent number from all sources.
pub(crate) async fn count_unknown(tx: &mut AuthTx, now: Timestamp) -> ApiResult<u32> {
    let (key, at) = (key("unknown", &[]), now.into());
    let failures = recent(tx.lock_attempts(&key, now).await?, at).saturating_add(1);
    tx.set_attempts(&key, Attempts { failures, last_at: at }).await?;
    Ok(failures)
}

/// Deletes expired counters.
pub(crate) async fn expire(tx: &mut AuthTx, now: Timestamp) -> store::Result<()> {
    tx.expire_attempts(DateTime::<Utc>::from(now) - MAX_WAIT).await
}

/// The case-insensitive key of an address.
pub(crate) fn address_key(email: &str) -> AttemptKey {
    Sha256::digest(email.to_lowercase().as_bytes()).into()
}

/// The key of another kind of subject; the NUL separator cannot occur in an address.
fn key(kind: &str, subject: &[u8]) -> AttemptKey {
    Sha256::new().chain_update(kind).chain_update([0]).chain_update(subject).finalize().into()
}

fn too_many(wait: TimeDelta) -> Problem {
    let seconds = wait.num_milliseconds().unsigned_abs().div_ceil(1000);
    Problem::too_many(EN.limit_sign_in(seconds), seconds)
}

/// The failures that have not expired.
fn recent(so_far: Attempts, now: DateTime<Utc>) -> u32 {
    if so_far.last_at + MAX_WAIT <= now { 0 } else { so_far.failures }
}

/// Exponential backoff: returns the incremented counter, or how long to wait.
fn backoff(so_far: Attempts, now: DateTime<Utc>) -> Result<Attempts, TimeDelta> {
    let failures = recent(so_far, now);
    let wait = wait(failures);
    let left = so_far.last_at + wait - now;
    // Clock skew of concurrent attempts: one may read the clock before another and be counted
    // after it. Without a backoff that must not cause a wait.
    if wait > TimeDelta::zero() && left > TimeDelta::zero() {
        return Err(left);
    }
    Ok(Attempts { failures: failures.saturating_add(1), last_at: now.max(so_far.last_at) })
}

fn wait(failures: u32) -> TimeDelta {
    match failures.checked_sub(FREE_ATTEMPTS) {
        None => TimeDelta::zero(),
        Some(beyond) => {
            FIRST_WAIT.checked_mul(1 << beyond.min(16)).map_or(MAX_WAIT, |it| it.min(MAX_WAIT))
        }
    }
}

/// Token bucket: returns the incremented counter, or how long to wait. `last_at` is
/// the time of the last refill.
fn bucket(so_far: Attempts, now: DateTime<Utc>) -> Result<Attempts, TimeDelta> {
    let elapsed = (now - so_far.last_at).max(TimeDelta::zero());
    let refills = elapsed.num_milliseconds() / SOURCE_REFILL.num_milliseconds();
    let refills = u32::try_from(refills).unwrap_or(u32::MAX).min(so_far.failures);
    let failures = so_far.failures - refills;
    if failures >= SOURCE_BURST {
        return Err(SOURCE_REFILL - elapsed);
    }
    let last_at = match failures {
        0 => now,
        _ => so_far.last_at + SOURCE_REFILL * i32::try_from(refills).unwrap_or(i32::MAX),
    };
    Ok(Attempts { failures: failures + 1, last_at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_quarter_of_an_hour() {
        let seconds: Vec<i64> = [0, 4, 5, 6, 7, 30].map(|it| wait(it).num_seconds()).to_vec();
        assert_eq!(seconds, [0, 0, 4, 8, 16, 900]);
    }

    #[test]
    fn attempts_at_the_same_moment_do_not_wait_for_one_another() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        let counted = Attempts { failures: 1, last_at: now + TimeDelta::milliseconds(3) };
        let next = backoff(counted, now).unwrap();
        assert_eq!(next, Attempts { failures: 2, last_at: counted.last_at });
        let locked = Attempts { failures: FREE_ATTEMPTS, last_at: now };
        assert_eq!(backoff(locked, now), Err(TimeDelta::seconds(4)));
    }

    #[test]
    fn an_address_is_the_same_in_capitals() {
        assert_eq!(address_key("A@b.example"), address_key("a@B.example"));
        assert_ne!(address_key("a@b.example"), address_key("b@b.example"));
    }

    #[test]
    fn a_source_has_a_burst_and_then_one_attempt_a_refill() {
        let begun = DateTime::UNIX_EPOCH;
        let mut counter = Attempts { failures: 0, last_at: begun };
        for _ in 0..SOURCE_BURST {
            counter = bucket(counter, begun).unwrap();
        }
        assert_eq!(bucket(counter, begun), Err(SOURCE_REFILL));
        let mut admitted = 0;
        for second in 0..200 {
            if let Ok(next) = bucket(counter, begun + TimeDelta::seconds(second)) {
                counter = next;
                admitted += 1;
            }
        }
        assert_eq!(admitted, 9, "after 20, 40, … 180 seconds");
        let rested = begun + TimeDelta::hours(1);
        assert_eq!(bucket(counter, rested), Ok(Attempts { failures: 1, last_at: rested }));
    }
}
