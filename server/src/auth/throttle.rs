//! Guessing passwords takes longer and longer, whether anybody has the address or not.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Timestamp;
use sha2::{Digest, Sha256};
use store::AuthTx;
use store::sessions::AddressHash;

use crate::problem::{ApiResult, Problem};

/// Failures that cost nothing.
const FREE: u32 = 5;
/// The wait after one more; it doubles with each further one.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(4);
/// The longest wait, after which failures are forgotten too.
const LONGEST: TimeDelta = TimeDelta::minutes(15);

/// Whether somebody may try a password of this address now.
///
/// # Errors
/// 429 with the seconds to wait.
pub(super) async fn admit(tx: &mut AuthTx, email: &str, now: Timestamp) -> ApiResult<()> {
    let Some((failures, last)) = tx.failed_log_ins(&hash(email), since(now)).await? else {
        return Ok(());
    };
    let left = last + wait(failures) - DateTime::<Utc>::from(now);
    if left <= TimeDelta::zero() {
        return Ok(());
    }
    let seconds = left.num_milliseconds().unsigned_abs().div_ceil(1000);
    Err(Problem::too_many(
        format!("Too many log-ins with this address failed. Try again in {seconds} s."),
        seconds,
    ))
}

/// Counts a failure.
pub(super) async fn count(tx: &mut AuthTx, email: &str, now: Timestamp) -> ApiResult<()> {
    Ok(tx.count_failed_log_in(&hash(email), now, since(now)).await?)
}

/// Forgets the failures of an address, after the right password.
pub(super) async fn forget(tx: &mut AuthTx, email: &str) -> ApiResult<()> {
    Ok(tx.forget_failed_log_ins(&hash(email)).await?)
}

fn hash(email: &str) -> AddressHash {
    Sha256::digest(email.to_lowercase().as_bytes()).into()
}

fn since(now: Timestamp) -> Timestamp {
    let span = LONGEST.to_std().unwrap_or(Duration::ZERO);
    let micros = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_micros(now.micros().saturating_sub(micros)).unwrap_or(Timestamp::MIN)
}

fn wait(failures: u32) -> TimeDelta {
    match failures.checked_sub(FREE) {
        None => TimeDelta::zero(),
        Some(beyond) => {
            FIRST_WAIT.checked_mul(1 << beyond.min(16)).map_or(LONGEST, |it| it.min(LONGEST))
        }
    }
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
    fn an_address_is_the_same_in_capitals() {
        assert_eq!(hash("A@b.example"), hash("a@B.example"));
        assert_ne!(hash("a@b.example"), hash("b@b.example"));
    }
}
