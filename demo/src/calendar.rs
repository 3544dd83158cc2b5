//! The working days and shifts of a site, with their workload.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use domain::Timestamp;

/// The number of days of the demo; the last is the site's day of its end.
pub(crate) const DAYS: u32 = 90;

/// The shifts: letter, first hour, hours.
pub(crate) const SHIFTS: [(char, u32, u32); 3] = [('D', 6, 8), ('E', 14, 8), ('N', 22, 8)];

/// Weights of the workload.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hours {
    /// Monday to Sunday.
    pub(crate) week: [f64; 7],
    /// The shifts, in order.
    pub(crate) shifts: [f64; 3],
}

/// The days of a site.
#[derive(Debug)]
pub(crate) struct Calendar {
    zone: Tz,
    until: Timestamp,
    days: Vec<Day>,
    /// The workload of each hour of a day; the sum is 1.
    hours: [f64; 24],
}

#[derive(Debug)]
struct Day {
    midnight: Timestamp,
    /// Its fraction of the total workload.
    work: f64,
}

impl Calendar {
    pub(crate) fn new(zone: Tz, hours: &Hours, until: Timestamp) -> Self {
        let last = DateTime::<Utc>::from(until).with_timezone(&zone).date_naive();
        let mut days: Vec<Day> = (0..DAYS)
            .rev()
            .filter_map(|before| last.checked_sub_days(Days::new(before.into())))
            .filter_map(|date| {
                let midnight = zone.from_local_datetime(&date.and_time(NaiveTime::MIN));
                let midnight = midnight.earliest()?.with_timezone(&Utc);
                let weekday = chrono::Datelike::weekday(&date).num_days_from_monday();
                let work = hours.week[weekday as usize];
                Some(Day { midnight: Timestamp::try_from(midnight).ok()?, work })
            })
            .collect();
        let all: f64 = days.iter().map(|day| day.work).sum();
        days.iter_mut().for_each(|day| day.work /= all);
        let mut of_hours = [0.0; 24];
        let of_day: f64 = hours.shifts.iter().sum();
        for ((_, first, length), work) in SHIFTS.iter().zip(hours.shifts) {
            for hour in *first..first + length {
                of_hours[hour as usize % 24] = work / of_day / f64::from(*length);
            }
        }
        Self { zone, until, days, hours: of_hours }
    }

    /// The time at which this fraction of the total workload has begun.
    pub(crate) fn when(&self, share: f64) -> Timestamp {
        let (day, rest) = place(self.days.iter().map(|day| day.work), share);
        let (hour, rest) = place(self.hours.into_iter(), rest);
        self.at(day, Duration::from_secs(hour as u64 * 3600 + (rest * 3600.0) as u64))
    }

    /// The time on a day, by the duration since midnight.
    pub(crate) fn at(&self, day: usize, since_midnight: Duration) -> Timestamp {
        let day = day.min(self.days.len().saturating_sub(1));
        self.days.get(day).map_or(self.until, |day| day.midnight.saturating_add(since_midnight))
    }

    /// The same time, or the first shift of the next working day.
    pub(crate) fn open(&self, at: Timestamp) -> Timestamp {
        let day = self.day(at) as usize;
        match self.days.iter().skip(day).position(|day| day.work > 0.0) {
            Some(0) => at,
            Some(closed) => {
                let into_day = Duration::from_micros(
                    (at.micros() - self.days[day].midnight.micros()).unsigned_abs(),
                );
                // Work that is due on a day off is spread over the morning.
                self.at(day + closed, Duration::from_secs(6 * 3600) + into_day / 8)
            }
            None => self.until.saturating_add(Duration::from_secs(1)),
        }
    }

    /// The indices of the working days.
    pub(crate) fn working_days(&self) -> impl Iterator<Item = usize> {
        self.days.iter().enumerate().filter(|(_, day)| day.work > 0.0).map(|(number, _)| number)
    }

    /// The index of the day of a time, from 0.
    pub(crate) fn day(&self, at: Timestamp) -> u32 {
        let after = self.days.partition_point(|day| day.midnight <= at);
        u32::try_from(after.saturating_sub(1)).unwrap_or(DAYS)
    }

    /// The index of the shift of a time.
    pub(crate) fn shift(&self, at: Timestamp) -> usize {
        let hour = self.local(at).hour();
        let is_in = |(_, first, length): &(char, u32, u32)| (hour + 24 - first) % 24 < *length;
        SHIFTS.iter().position(is_in).unwrap_or_default()
    }

    /// The site time.
    pub(crate) fn local(&self, at: Timestamp) -> DateTime<Tz> {
        DateTime::<Utc>::from(at).with_timezone(&self.zone)
    }

    /// The end of the demo.
    pub(crate) fn until(&self) -> Timestamp {
        self.until
    }
}

/// The part that contains a fraction of the sum, and the position in it, from 0 to 1.
fn place(parts: impl Iterator<Item = f64>, share: f64) -> (usize, f64) {
    let (mut left, mut last) = (share, (0, 0.0));
    for (number, part) in parts.enumerate() {
        if part > 0.0 {
            if left < part {
                return (number, left / part);
            }
            last = (number, 1.0);
            left -= part;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        let hours = Hours { week: [1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.0], shifts: [5.0, 4.0, 1.0] };
        // A Wednesday, 05:30 in site time.
        let (until, _) = Timestamp::parse("2026-04-01T00:00:00Z").unwrap();
        Calendar::new(chrono_tz::Asia::Kolkata, &hours, until)
    }

    #[test]
    fn days_are_the_sites() {
        let calendar = calendar();
        let midnight = calendar.at(89, Duration::ZERO);
        assert_eq!(midnight.to_string(), "2026-03-31T18:30:00.000000Z");
        assert_eq!((calendar.day(midnight), calendar.day(calendar.until())), (89, 89));
        assert_eq!(calendar.local(calendar.until()).to_rfc3339(), "2026-04-01T05:30:00+05:30");
    }

    #[test]
    fn work_begins_on_working_days() {
        let calendar = calendar();
        let begun: Vec<_> = (0..10_000).map(|n| calendar.when(f64::from(n) / 10_000.0)).collect();
        assert!(begun.is_sorted());
        let count = |of: &dyn Fn(DateTime<Tz>) -> bool| {
            begun.iter().filter(|at| of(calendar.local(**at))).count()
        };
        let weekday = |at: DateTime<Tz>| chrono::Datelike::weekday(&at).num_days_from_monday();
        assert_eq!(count(&|at| weekday(at) == 6), 0);
        assert!(count(&|at| (6..14).contains(&at.hour())).abs_diff(5000) < 5);
        let share = count(&|at| weekday(at) == 5) as f64 / count(&|at| weekday(at) == 4) as f64;
        assert!((share - 0.5).abs() < 0.01, "{share}");
    }

    #[test]
    fn a_day_off_delays_work_to_the_next_day() {
        let calendar = calendar();
        let (sunday, _) = Timestamp::parse("2026-03-29T12:00:00+05:30").unwrap();
        assert_eq!(calendar.local(calendar.open(sunday)).to_rfc3339(), "2026-03-30T07:30:00+05:30");
        let monday = calendar.open(sunday);
        assert_eq!(calendar.open(monday), monday);
    }
}
