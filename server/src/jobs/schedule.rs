//! Computes the occurrences of cron schedules.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::Cron;

use crate::problem::EN;

/// The next time after `now` at which a cron pattern of five fields matches the local time of an
/// IANA time zone. A fixed time that daylight saving skips in spring runs right after the gap; one
/// that occurs twice in autumn runs once (as with Vixie cron).
///
/// # Errors
/// A sentence if the pattern or the zone is invalid, or there is no next time.
pub(super) fn next_occurrence(
    cron: &str,
    timezone: &str,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, String> {
    let zone = Tz::from_str(timezone).map_err(|_| EN.job_zone(timezone))?;
    let pattern = Cron::from_str(cron).map_err(|error| format!("{cron}: {error}"))?;
    let next = pattern.find_next_occurrence(&now.with_timezone(&zone), false);
    Ok(next.map_err(|error| format!("{cron}: {error}"))?.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(cron: &str, zone: &str, now: &str) -> String {
        next_occurrence(cron, zone, now.parse().unwrap()).unwrap().to_rfc3339()
    }

    // Expected times by `TZ=… date -d`, from the tz database.
    #[test]
    fn a_schedule_follows_the_clocks_of_its_zone() {
        let day = |now| next("30 2 * * *", "Europe/Berlin", now);
        assert_eq!(day("2026-01-10T12:00:00Z"), "2026-01-11T01:30:00+00:00");
        assert_eq!(day("2026-07-10T12:00:00Z"), "2026-07-11T00:30:00+00:00");
        // 02:30 does not exist on 29 March: the clocks jump from 02:00 to 03:00.
        assert_eq!(day("2026-03-28T12:00:00Z"), "2026-03-29T01:00:00+00:00");
        // 02:30 occurs twice on 25 October, at 00:30 and 01:30 UTC: it runs once.
        assert_eq!(day("2026-10-24T12:00:00Z"), "2026-10-25T00:30:00+00:00");
        assert_eq!(day("2026-10-25T00:30:00Z"), "2026-10-26T01:30:00+00:00");
        assert_eq!(
            next("0 8 * * 1", "Asia/Taipei", "2026-03-01T23:59:59Z"),
            "2026-03-02T00:00:00+00:00"
        );
    }

    #[test]
    fn the_next_time_is_after_now() {
        assert_eq!(next("7 * * * *", "UTC", "2026-03-01T10:07:00Z"), "2026-03-01T11:07:00+00:00");
    }

    #[test]
    fn an_invalid_schedule_has_no_next_time() {
        let now = "2026-03-01T00:00:00Z".parse().unwrap();
        for (cron, zone) in [("x", "UTC"), ("0 0 30 2 *", "UTC"), ("0 0 * * *", "Mars/Olympus")] {
            assert!(next_occurrence(cron, zone, now).is_err(), "{cron} {zone}");
        }
    }
}
