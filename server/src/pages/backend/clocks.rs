//! Local time of a site.

use app::backend::{At, Clock};
use chrono::{
    DateTime, DurationRound as _, LocalResult, NaiveDate, Offset as _, TimeDelta, TimeZone as _,
    Utc,
};
use chrono_tz::Tz;
use domain::Timestamp;
use store::tenants::Tenant;

/// The time zone of a partner's site.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clocks(Tz);

impl Clocks {
    /// The time zone of a tenant; UTC if it is no longer known.
    pub(super) fn of(tenant: &Tenant) -> Self {
        Self(tenant.timezone.parse().unwrap_or(Tz::UTC))
    }

    /// The name of the zone.
    pub(super) fn zone(self) -> String {
        self.0.name().to_owned()
    }

    /// Formats the local time.
    pub(super) fn at(self, moment: DateTime<Utc>) -> At {
        let shown = moment.with_timezone(&self.0);
        // An hour that occurs twice at the end of daylight saving is disambiguated by its zone.
        let format = match self.0.offset_from_local_datetime(&shown.naive_local()) {
            LocalResult::Ambiguous(..) => "%Y-%m-%d %H:%M\u{a0}%Z",
            _ => "%Y-%m-%d %H:%M",
        };
        let local = shown.format(format).to_string();
        At { moment: Timestamp::try_from(moment).unwrap_or(Timestamp::MIN), local }
    }

    /// The local day.
    pub(super) fn day(self, moment: DateTime<Utc>) -> NaiveDate {
        moment.with_timezone(&self.0).date_naive()
    }

    /// The offset from UTC in minutes.
    fn offset(self, moment: DateTime<Utc>) -> i32 {
        self.0.offset_from_utc_datetime(&moment.naive_utc()).fix().local_minus_utc() / 60
    }

    /// The UTC offsets between two times, each with the minute of its change (found by bisection).
    pub(super) fn between(self, from: DateTime<Utc>, to: DateTime<Utc>) -> Clock {
        let mut offsets = vec![(from, self.offset(from))];
        let mut day = from;
        while day < to {
            let next = day + TimeDelta::days(1);
            let (before, after) = (self.offset(day), self.offset(next));
            if before != after {
                let (mut same, mut changed) = (day, next);
                while changed - same > TimeDelta::minutes(1) {
                    let middle = same + (changed - same) / 2;
                    match self.offset(middle) == before {
                        true => same = middle,
                        false => changed = middle,
                    }
                }
                let since = changed.duration_trunc(TimeDelta::minutes(1)).unwrap_or(changed);
                offsets.push((since, after));
            }
            day = next;
        }
        let known = |(since, minutes)| Some((Timestamp::try_from(since).ok()?, minutes));
        Clock::new(offsets.into_iter().filter_map(known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_offsets_of_a_year_change_when_the_clocks_do() {
        let clocks = Clocks(Tz::America__Los_Angeles);
        let year = clocks.between(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
        let since = |text| Timestamp::try_from(at(text)).unwrap();
        assert_eq!(
            year,
            Clock::new([
                (since("2026-01-01T00:00:00Z"), -480),
                (since("2026-03-08T10:00:00Z"), -420),
                (since("2026-11-01T09:00:00Z"), -480),
            ])
        );
        let berlin = Clocks(Tz::Europe__Berlin);
        let night = berlin.between(at("2026-10-25T00:30:17Z"), at("2026-10-25T02:00:00Z"));
        assert_eq!(
            night,
            Clock::new([(since("2026-10-25T00:30:17Z"), 120), (since("2026-10-25T01:00:00Z"), 60)])
        );
    }

    #[test]
    fn an_ambiguous_hour_has_its_zone() {
        let shown = |zone, text| Clocks(zone).at(at(text)).local;
        let los_angeles = Tz::America__Los_Angeles;
        assert_eq!(shown(los_angeles, "2026-11-01T08:30:00Z"), "2026-11-01 01:30\u{a0}PDT");
        assert_eq!(shown(los_angeles, "2026-11-01T09:30:00Z"), "2026-11-01 01:30\u{a0}PST");
        assert_eq!(shown(los_angeles, "2026-11-01T10:30:00Z"), "2026-11-01 02:30");
        assert_eq!(shown(Tz::Europe__Berlin, "2026-10-25T00:30:00Z"), "2026-10-25 02:30\u{a0}CEST");
    }
}
