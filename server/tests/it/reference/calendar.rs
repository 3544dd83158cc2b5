//! "The day is the site's day."

use chrono::{DateTime, Datelike, Duration, LocalResult, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;

/// The site's date at an instant.
pub fn day(zone: Tz, micros: i64) -> NaiveDate {
    DateTime::from_timestamp_micros(micros)
        .expect("an instant that chrono can hold")
        .with_timezone(&zone)
        .date_naive()
}

/// "a date meaning that site's midnight": the day's first instant. Where clocks skip midnight it is
/// the first instant after the gap, where they repeat it the earlier one.
pub fn midnight(zone: Tz, date: NaiveDate) -> i64 {
    let mut local = date.and_time(NaiveTime::MIN);
    loop {
        match zone.from_local_datetime(&local) {
            LocalResult::Single(instant) => return instant.timestamp_micros(),
            LocalResult::Ambiguous(earlier, _) => return earlier.timestamp_micros(),
            LocalResult::None => local += Duration::minutes(1),
        }
    }
}

/// `2026-03-01T08:00+08:00`: the hour on the site's clocks, with their offset.
pub fn hour_key(zone: Tz, micros: i64) -> String {
    let at = DateTime::from_timestamp_micros(micros).expect("an instant that chrono can hold");
    at.with_timezone(&zone).format("%Y-%m-%dT%H:00%:z").to_string()
}

/// `2026-03-01`
pub fn day_key(date: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// `2026-W09`: the ISO week, whose year may differ from the calendar's.
pub fn week_key(date: NaiveDate) -> String {
    format!("{:04}-W{:02}", date.iso_week().year(), date.iso_week().week())
}

/// `2026-03`
pub fn month_key(date: NaiveDate) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}
