//! The period of a slice, in days of the site.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use super::{Expected, Invalid};
use crate::ui::query::pairs;

/// Days of the longest period that is counted from today.
pub const MOST_DAYS: u16 = 400;
/// Days of the period unless the address says another.
const DAYS: u16 = 28;

/// The period of an analysis, in days of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// The last so many days, today among them.
    Last(u16),
    /// A period of the calendar.
    Named(Named),
    /// From one day to another, both included.
    Between(NaiveDate, NaiveDate),
    /// Everything that was ever sent.
    Everything,
}

/// A period of the calendar, as of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// From Monday on.
    ThisWeek,
    /// The seven days before.
    LastWeek,
    /// From the first of the month on.
    ThisMonth,
    /// The month before.
    LastMonth,
    /// From the first day of the quarter on.
    ThisQuarter,
    /// The quarter before.
    LastQuarter,
}

impl Default for Period {
    fn default() -> Self {
        Self::Last(DAYS)
    }
}

impl Named {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::ThisWeek,
        Self::LastWeek,
        Self::ThisMonth,
        Self::LastMonth,
        Self::ThisQuarter,
        Self::LastQuarter,
    ];

    /// Its name in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ThisWeek => "this-week",
            Self::LastWeek => "last-week",
            Self::ThisMonth => "this-month",
            Self::LastMonth => "last-month",
            Self::ThisQuarter => "this-quarter",
            Self::LastQuarter => "last-quarter",
        }
    }

    /// Its first day and the day after its last.
    fn window(self, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let monday =
            today.checked_sub_days(Days::new(today.weekday().num_days_from_monday().into()))?;
        let month = today.with_day(1)?;
        let quarter = month.checked_sub_months(Months::new(month.month0() % 3))?;
        let week = Days::new(7);
        match self {
            Self::ThisWeek => Some((monday, monday.checked_add_days(week)?)),
            Self::LastWeek => Some((monday.checked_sub_days(week)?, monday)),
            Self::ThisMonth => Some((month, month.checked_add_months(Months::new(1))?)),
            Self::LastMonth => Some((month.checked_sub_months(Months::new(1))?, month)),
            Self::ThisQuarter => Some((quarter, quarter.checked_add_months(Months::new(3))?)),
            Self::LastQuarter => Some((quarter.checked_sub_months(Months::new(3))?, quarter)),
        }
    }
}

impl Period {
    /// The period that a query string names; 28 days where it names none. Dates go first.
    pub(super) fn parse(query: &str) -> Result<Self, Invalid> {
        let invalid = |parameter, expected| Invalid { parameter, expected };
        let (mut days, mut named, mut from, mut to) = (None, None, None, None);
        for (name, value) in pairs(query).filter(|(_, value)| !value.is_empty()) {
            match name.as_str() {
                "days" => days = Some(value),
                "period" => named = Some(value),
                "from" => from = Some(value),
                "to" => to = Some(value),
                _ => {}
            }
        }
        let date = |parameter: &'static str, text: Option<String>| {
            let parse = |text: String| NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
            match text.map(parse) {
                Some(None) => Err(invalid(parameter, Expected::Date)),
                date => Ok(date.flatten()),
            }
        };
        match (date("from", from)?, date("to", to)?) {
            (Some(from), Some(to)) if from <= to => return Ok(Self::Between(from, to)),
            (Some(_), Some(_)) => return Err(invalid("to", Expected::LaterDate)),
            (Some(_), None) => return Err(invalid("to", Expected::Date)),
            (None, Some(_)) => return Err(invalid("from", Expected::Date)),
            (None, None) => {}
        }
        if let Some(word) = named {
            let found = Named::ALL.into_iter().find(|it| it.as_str() == word);
            let words = "this-week, last-week, this-month, last-month, this-quarter, last-quarter";
            return found.map(Self::Named).ok_or(invalid("period", Expected::OneOf(words)));
        }
        match days.as_deref() {
            None => Ok(Self::default()),
            Some("all") => Ok(Self::Everything),
            Some(text) => {
                let days = text.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days));
                days.map(Self::Last).ok_or(invalid("days", Expected::Days))
            }
        }
    }

    pub(super) fn pairs(self) -> Vec<(String, String)> {
        let pair = |name: &str, value: String| (name.to_owned(), value);
        match self {
            Self::Last(DAYS) => Vec::new(),
            Self::Last(days) => vec![pair("days", days.to_string())],
            Self::Everything => vec![pair("days", "all".to_owned())],
            Self::Named(named) => vec![pair("period", named.as_str().to_owned())],
            Self::Between(from, to) => {
                vec![pair("from", from.to_string()), pair("to", to.to_string())]
            }
        }
    }

    /// Its first day and the day after its last, which may be to come; none for everything.
    #[must_use]
    pub fn window(self, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        match self {
            Self::Last(days) => {
                let before = Days::new(u64::from(days.max(1)) - 1);
                Some((today.checked_sub_days(before)?, today.succ_opt()?))
            }
            Self::Named(named) => named.window(today),
            Self::Between(from, to) => Some((from, to.succ_opt()?)),
            Self::Everything => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn periods_of_the_calendar_are_those_of_today() {
        // A Sunday: the week began on Monday the 23rd.
        for (named, from, after) in [
            (Named::ThisWeek, "2026-11-23", "2026-11-30"),
            (Named::LastWeek, "2026-11-16", "2026-11-23"),
            (Named::ThisMonth, "2026-11-01", "2026-12-01"),
            (Named::LastMonth, "2026-10-01", "2026-11-01"),
            (Named::ThisQuarter, "2026-10-01", "2027-01-01"),
            (Named::LastQuarter, "2026-07-01", "2026-10-01"),
        ] {
            let window = Period::Named(named).window(day("2026-11-29"));
            assert_eq!(window, Some((day(from), day(after))), "{named:?}");
        }
        // The month before January is of the year before, and February has 28 days.
        let january = Period::Named(Named::LastMonth).window(day("2026-01-31"));
        assert_eq!(january, Some((day("2025-12-01"), day("2026-01-01"))));
        let march = Period::Named(Named::LastMonth).window(day("2026-03-31"));
        assert_eq!(march, Some((day("2026-02-01"), day("2026-03-01"))));
    }

    #[test]
    fn days_and_dates_include_their_ends() {
        let today = day("2026-03-10");
        assert_eq!(Period::Last(1).window(today), Some((today, day("2026-03-11"))));
        assert_eq!(Period::Last(7).window(today), Some((day("2026-03-04"), day("2026-03-11"))));
        let between = Period::Between(day("2026-03-01"), day("2026-03-01"));
        assert_eq!(between.window(today), Some((day("2026-03-01"), day("2026-03-02"))));
        assert_eq!(Period::Everything.window(today), None);
        // The end of time has no day after it.
        assert_eq!(Period::Between(NaiveDate::MAX, NaiveDate::MAX).window(today), None);
    }
}
