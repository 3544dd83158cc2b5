//! Where an axis of time has its ticks, and what they say.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Timelike as _};

/// A tick of the axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tick {
    /// Microseconds since 1970, UTC.
    pub(crate) micros: i64,
    /// The hour and minute, the day or the month.
    pub(crate) near: String,
    /// What that is part of: the date, or the year; none where `near` says all.
    pub(crate) far: String,
}

/// From one tick to the next. Days are counted within their month, as dates are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Minutes(i64),
    Days(u32),
    Months(u32),
}

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// Every step divides the next larger unit, so that ticks fall on round times. The last day
/// of a long month is left out where the first of the next would crowd it.
const STEPS: [Step; 17] = [
    Step::Minutes(1),
    Step::Minutes(5),
    Step::Minutes(15),
    Step::Minutes(30),
    Step::Minutes(60),
    Step::Minutes(180),
    Step::Minutes(360),
    Step::Minutes(720),
    Step::Days(1),
    Step::Days(5),
    Step::Days(10),
    Step::Months(1),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(60),
    Step::Months(1200),
];

impl Step {
    /// Microseconds from one tick to the next at least.
    fn least(self) -> i64 {
        match self {
            Self::Minutes(minutes) => minutes * MINUTE,
            Self::Days(days) => i64::from(days) * DAY,
            Self::Months(months) => i64::from(months) * 28 * DAY,
        }
    }

    /// The tick at or before a time, without its zone.
    fn at_or_before(self, time: NaiveDateTime) -> Option<NaiveDateTime> {
        let date = time.date();
        match self {
            Self::Minutes(step) => {
                let minute = i64::from(time.num_seconds_from_midnight()) / 60 / step * step;
                midnight(date).checked_add_signed(TimeDelta::minutes(minute))
            }
            Self::Days(step) => {
                let day = (date.day0() / step * step).min(last_day0(step));
                date.with_day0(day).map(midnight)
            }
            Self::Months(step) => {
                let step = step as i32;
                let months = (date.year() * 12 + date.month0() as i32).div_euclid(step) * step;
                let month = months.rem_euclid(12).unsigned_abs() + 1;
                NaiveDate::from_ymd_opt(months.div_euclid(12), month, 1).map(midnight)
            }
        }
    }

    fn label(self, time: NaiveDateTime) -> (String, String) {
        let (year, month, day) = (time.year(), time.month(), time.day());
        match self {
            Self::Minutes(_) => (
                format!("{:02}:{:02}", time.hour(), time.minute()),
                format!("{year:04}-{month:02}-{day:02}"),
            ),
            Self::Days(_) => (format!("{month:02}-{day:02}"), format!("{year:04}")),
            Self::Months(step) if step < 12 => (format!("{year:04}-{month:02}"), String::new()),
            Self::Months(_) => (format!("{year:04}"), String::new()),
        }
    }
}

/// The last day, from nought, that a step of so many days begins at.
fn last_day0(step: u32) -> u32 {
    if step == 1 { 30 } else { 30 / step * step - step }
}

fn midnight(date: NaiveDate) -> NaiveDateTime {
    date.and_time(chrono::NaiveTime::MIN)
}

/// The round times from `from` to `to` (microseconds since 1970), with the smallest step of
/// which there are no more than `most` (at least 2). Times are said in a zone so many minutes
/// east of UTC; `far` is said at the first tick and wherever it changes.
///
/// A change of the offset in between is not known here. Without a tick in between, or
/// outside the years of chrono, there is none.
pub(crate) fn ticks(from: i64, to: i64, offset_minutes: i32, most: usize) -> Vec<Tick> {
    let offset = i64::from(offset_minutes) * MINUTE;
    let most = most.max(2) as i64;
    let fits = |step: &Step| to.saturating_sub(from) / step.least() < most;
    let Some(step) = STEPS.into_iter().find(fits) else { return Vec::new() };
    let local = |micros: i64| Some(DateTime::from_timestamp_micros(micros)?.naive_utc());

    let mut ticks: Vec<Tick> = Vec::new();
    let mut said = String::new();
    let mut next = local(from.saturating_add(offset)).and_then(|time| step.at_or_before(time));
    while let Some(time) = next {
        let micros = time.and_utc().timestamp_micros() - offset;
        if micros > to || ticks.len() > 2 * most as usize {
            break;
        }
        if micros >= from {
            let (near, far) = step.label(time);
            let changed = far != said;
            said.clone_from(&far);
            ticks.push(Tick { micros, near, far: if changed { far } else { String::new() } });
        }
        next = following(step, time);
    }
    ticks
}

/// The tick after that at `time`.
fn following(step: Step, time: NaiveDateTime) -> Option<NaiveDateTime> {
    let beyond = match step {
        Step::Minutes(_) => TimeDelta::microseconds(step.least()),
        Step::Days(days) if time.day0() >= last_day0(days) => TimeDelta::days(15),
        Step::Days(days) => TimeDelta::days(i64::from(days)),
        Step::Months(months) => TimeDelta::days(i64::from(months) * 31),
    };
    let then = time.checked_add_signed(beyond)?;
    match step {
        Step::Days(_) if then.month() != time.month() => then.date().with_day0(0).map(midnight),
        _ => step.at_or_before(then),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(text: &str) -> i64 {
        text.parse::<DateTime<chrono::Utc>>().unwrap().timestamp_micros()
    }

    fn near(from: &str, to: &str, offset: i32, most: usize) -> Vec<String> {
        let ticks = ticks(micros(from), micros(to), offset, most);
        ticks.into_iter().map(|tick| format!("{} {}", tick.near, tick.far)).collect()
    }

    #[test]
    fn a_night_shift_is_read_in_its_own_zone() {
        let read = near("2026-02-28T13:10:00Z", "2026-02-28T22:20:00Z", 480, 4);
        assert_eq!(read, ["00:00 2026-03-01", "03:00 ", "06:00 "]);
        let read = near("2026-02-28T13:10:00Z", "2026-02-28T22:20:00Z", -210, 4);
        assert_eq!(read, ["12:00 2026-02-28", "15:00 ", "18:00 "]);
    }

    #[test]
    fn days_begin_anew_with_each_month() {
        let read = near("2026-01-28T00:00:00Z", "2026-03-12T00:00:00Z", 0, 8);
        assert_eq!(read, ["02-01 2026", "02-11 ", "02-21 ", "03-01 ", "03-11 "]);
        let read = near("2024-02-27T12:00:00Z", "2024-03-02T12:00:00Z", 0, 8);
        assert_eq!(read, ["02-28 2024", "02-29 ", "03-01 ", "03-02 "]);
        let read = near("2025-12-24T00:00:00Z", "2026-01-12T00:00:00Z", 0, 6);
        assert_eq!(read, ["12-26 2025", "01-01 2026", "01-06 ", "01-11 "]);
    }

    #[test]
    fn long_histories_have_months_and_years() {
        let read = near("2025-11-05T00:00:00Z", "2026-03-20T00:00:00Z", 0, 6);
        assert_eq!(read, ["2025-12 ", "2026-01 ", "2026-02 ", "2026-03 "]);
        let read = near("2019-11-05T00:00:00Z", "2026-03-20T00:00:00Z", 0, 8);
        assert_eq!(read, ["2020 ", "2021 ", "2022 ", "2023 ", "2024 ", "2025 ", "2026 "]);
    }

    #[test]
    fn ticks_are_in_order_within_the_ends_and_few() {
        let from = micros("2026-01-29T23:59:30.5Z");
        for most in [0, 2, 5, 12] {
            let mut length = 1;
            while length < 7000 * 365 * DAY {
                for offset in [0, 480, -570, 840] {
                    let ticks = ticks(from, from + length, offset, most);
                    let times: Vec<_> = ticks.iter().map(|tick| tick.micros).collect();
                    assert!(times.iter().all(|at| (from..=from + length).contains(at)));
                    assert!(times.windows(2).all(|two| two[0] < two[1]), "{ticks:?}");
                    assert!(times.len() <= most.max(2) + 1, "{most}: {ticks:?}");
                }
                length = length * 5 / 3 + 1;
            }
        }
    }

    #[test]
    fn no_time_is_too_far() {
        assert!(ticks(i64::MIN, i64::MAX, 840, 8).is_empty());
        assert!(ticks(i64::MAX, i64::MIN, 0, 8).is_empty());
        assert!(ticks(5, 5, 0, 8).is_empty());
    }
}
