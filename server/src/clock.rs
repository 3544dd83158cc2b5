//! The clock: only this module reads it; other code takes the time as an argument.

use domain::Timestamp;

/// The time now, UTC.
#[must_use]
#[allow(clippy::disallowed_methods)] // the only use
pub fn now() -> Timestamp {
    // A clock before 1970 or after 9999 is wrong; clamps it.
    Timestamp::try_from(chrono::Utc::now()).unwrap_or(Timestamp::MIN)
}
