//! Ticks and labels of a time axis.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Timelike as _};

use crate::clock::Clock;

/// A tick of the axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tick {
    /// Microseconds since 1970, UTC.
    pub(crate) micros: i64,
    /// The label: the hour and minute, the day or the month.
    pub(crate) near: String,
    /// The context of the label: the date, or the year; empty where `near` is complete.
    pub(crate) far: String,
}

/// The distance of two ticks. Days are counted within their month, as dates are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Minutes(i64),
    Days(u32),
    Months(u32),
}

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// Every step divides the next larger unit, so that ticks are at round times. The last day of a
/// long month is omitted if it is too close to the first of the next.
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
    /// The minimum distance of two ticks in microseconds.
    fn least(self) -> i64 {
        match self {
            Self::Minutes(minutes) => minutes * MINUTE,
            Self::Days(days) => i64::from(days) * DAY,
            Self::Months(months) => i64::from(months) * 28 * DAY,
        }
    }

    /// The tick at or before a local time.
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

/// The last day, counted from zero, on which a step of so many days begins.
fn last_day0(step: u32) -> u32 {
    if step == 1 { 30 } else { 30 / step * step - step }
}

fn midnight(date: NaiveDate) -> NaiveDateTime {
    date.and_time(chrono::NaiveTime::MIN)
}

/// Ticks at round local times of a site from `from` to `to` (microseconds since 1970), with the
/// smallest step that gives at most `most` ticks (at least 2). `far` is set at the first tick and
/// wherever it changes. An hour that occurs twice, because clocks are set back, is distinguished by
/// its UTC offset. A day whose midnight is skipped begins when the clocks are set forward.
///
/// Empty if no tick is in the range, or it is outside the years of chrono.
pub(crate) fn ticks(from: i64, to: i64, clock: &Clock, most: usize) -> Vec<Tick> {
    let most = most.max(2) as i64;
    let fits = |step: &Step| to.saturating_sub(from) / step.least() < most;
    let Some(step) = STEPS.into_iter().find(fits) else { return Vec::new() };
    let spans = clock.spans();

    let mut ticks: Vec<Tick> = Vec::new();
    let mut said = String::new();
    let mut latest: Option<NaiveDateTime> = None;
    for (place, span) in spans.iter().enumerate().filter(|(_, it)| it.from <= to && from < it.until)
    {
        let begins = span.from.max(from);
        let ends = to.min(span.until.saturating_sub(1));
        let mut next =
            local(begins.saturating_add(span.offset)).and_then(|time| step.at_or_before(time));
        while let Some(time) = next {
            next = following(step, time);
            let shown = time.and_utc().timestamp_micros();
            let mut micros = shown - span.offset;
            if micros > ends || ticks.len() > 2 * most as usize {
                break;
            }
            let neighbours = [place.checked_sub(1), Some(place + 1)];
            let mut neighbours = neighbours.into_iter().flatten().filter_map(|it| spans.get(it));
            if !matches!(step, Step::Minutes(_)) {
                let skipped = micros < span.from && !spans.iter().any(|it| it.shows(shown));
                if skipped {
                    micros = span.from;
                }
                if latest.is_some_and(|latest| time <= latest) {
                    continue;
                }
            }
            if micros < begins {
                continue;
            }
            latest = Some(time);
            let (mut near, far) = step.label(time);
            if matches!(step, Step::Minutes(_)) && neighbours.any(|it| it.shows(shown)) {
                near = format!("{near}\u{a0}{}", span.name());
            }
            let changed = far != said;
            said.clone_from(&far);
            ticks.push(Tick { micros, near, far: if changed { far } else { String::new() } });
        }
    }
    ticks
}

fn local(micros: i64) -> Option<NaiveDateTime> {
    Some(DateTime::from_timestamp_micros(micros)?.naive_utc())
}

/// The next tick after `time`.
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
        let ticks = ticks(micros(from), micros(to), &Clock::fixed(offset), most);
        ticks.into_iter().map(|tick| format!("{} {}", tick.near, tick.far)).collect()
    }

    #[test]
    fn ticks_of_a_night_shift_are_in_its_time_zone() {
        let read = near("2026-02-28T13:10:00Z", "2026-02-28T22:20:00Z", 480, 4);
        assert_eq!(read, ["00:00 2026-03-01", "03:00 ", "06:00 "]);
        let read = near("2026-02-28T13:10:00Z", "2026-02-28T22:20:00Z", -210, 4);
        assert_eq!(read, ["12:00 2026-02-28", "15:00 ", "18:00 "]);
    }

    #[test]
    fn days_restart_with_each_month() {
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
                    let ticks = ticks(from, from + length, &Clock::fixed(offset), most);
                    let times: Vec<_> = ticks.iter().map(|tick| tick.micros).collect();
                    assert!(times.iter().all(|at| (from..=from + length).contains(at)));
                    assert!(times.windows(2).all(|two| two[0] < two[1]), "{ticks:?}");
                    assert!(times.len() <= most.max(2) + 1, "{most}: {ticks:?}");
                }
                length = length * 5 / 3 + 1;
            }
        }
    }

    /// A time zone whose offset changes once, at a time.
    fn changing(before: i32, at: &str, after: i32) -> Clock {
        let at = domain::Timestamp::from_micros(micros(at)).unwrap();
        Clock::new([(domain::Timestamp::MIN, before), (at, after)])
    }

    fn read(from: &str, to: &str, clock: &Clock, most: usize) -> Vec<(String, i64)> {
        let ticks = ticks(micros(from), micros(to), clock, most);
        ticks.into_iter().map(|tick| (tick.near, tick.micros)).collect()
    }

    #[test]
    fn an_hour_that_occurs_twice_in_los_angeles_has_its_offset() {
        let clock = changing(-420, "2026-11-01T09:00:00Z", -480);
        let read = read("2026-11-01T07:00:00Z", "2026-11-01T11:00:00Z", &clock, 8);
        let hours = [
            ("00:00", "2026-11-01T07:00:00Z"),
            ("01:00\u{a0}−07", "2026-11-01T08:00:00Z"),
            ("01:00\u{a0}−08", "2026-11-01T09:00:00Z"),
            ("02:00", "2026-11-01T10:00:00Z"),
            ("03:00", "2026-11-01T11:00:00Z"),
        ];
        assert_eq!(read, hours.map(|(near, at)| (near.to_owned(), micros(at))));
    }

    #[test]
    fn days_in_berlin_begin_at_midnight_on_both_sides_of_a_change() {
        for (before, at, after, midnights) in [
            (120, "2026-10-25T01:00:00Z", 60, ["24T22", "25T23", "26T23"]),
            (60, "2026-10-25T01:00:00Z", 120, ["24T23", "25T22", "26T22"]),
        ] {
            let clock = changing(before, at, after);
            let read = read("2026-10-24T12:00:00Z", "2026-10-27T12:00:00Z", &clock, 6);
            let days = ["10-25", "10-26", "10-27"].into_iter().zip(midnights);
            let days: Vec<_> = days
                .map(|(day, at)| (day.to_owned(), micros(&format!("2026-10-{at}:00:00Z"))))
                .collect();
            assert_eq!(read, days);
        }
    }

    #[test]
    fn an_hour_that_is_skipped_has_no_tick_and_a_day_without_midnight_has_one() {
        let berlin = changing(60, "2026-03-29T01:00:00Z", 120);
        let hours = read("2026-03-29T00:00:00Z", "2026-03-29T03:00:00Z", &berlin, 8);
        let full = hours.into_iter().map(|(near, _)| near).filter(|near| near.ends_with(":00"));
        assert_eq!(full.collect::<Vec<_>>(), ["01:00", "03:00", "04:00", "05:00"]);
        // Beirut goes from 24:00 to 01:00.
        let beirut = changing(120, "2026-03-28T22:00:00Z", 180);
        let days = read("2026-03-27T12:00:00Z", "2026-03-30T12:00:00Z", &beirut, 6);
        let days: Vec<_> = days.iter().map(|(near, at)| (near.as_str(), *at)).collect();
        assert_eq!(
            days,
            [
                ("03-28", micros("2026-03-27T22:00:00Z")),
                ("03-29", micros("2026-03-28T22:00:00Z")),
                ("03-30", micros("2026-03-29T21:00:00Z")),
            ]
        );
        // Havana has midnight twice; the day begins at the first.
        let havana = changing(-240, "2026-11-01T05:00:00Z", -300);
        let days = read("2026-10-31T12:00:00Z", "2026-11-02T12:00:00Z", &havana, 3);
        assert_eq!(days[0], ("11-01".to_owned(), micros("2026-11-01T04:00:00Z")));
        assert_eq!(days.len(), 2);
    }

    #[test]
    fn extreme_times_do_not_overflow() {
        assert!(ticks(i64::MIN, i64::MAX, &Clock::fixed(840), 8).is_empty());
        assert!(ticks(i64::MAX, i64::MIN, &Clock::default(), 8).is_empty());
        assert!(ticks(5, 5, &Clock::default(), 8).is_empty());
    }
}
