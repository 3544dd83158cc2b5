//! The clock: read here and nowhere else, and handed on as an argument.

use domain::Timestamp;

/// The time now, UTC.
#[must_use]
#[allow(clippy::disallowed_methods)] // the one place
pub fn now() -> Timestamp {
    // A clock before 1970 or after 9999 is set wrong; the nearest time will do.
    Timestamp::try_from(chrono::Utc::now()).unwrap_or(Timestamp::MIN)
}
