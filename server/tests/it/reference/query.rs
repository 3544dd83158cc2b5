//! A query, with the parameters of its query string.

use chrono::{DateTime, NaiveDate, SecondsFormat};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use super::calendar;
use super::facts::{Attribute, Run};

/// A query.
#[derive(Clone, Debug)]
pub struct Query {
    pub definition: Definition,
    pub group_by: Option<GroupBy>,
    /// The window is half-open; absent: unbounded.
    pub from: Option<Bound>,
    pub to: Option<Bound>,
    /// Values of one attribute are combined by OR, attributes by AND.
    pub filters: Vec<(Attribute, String)>,
    /// Absent: the default of the definition.
    pub aborted: Option<Aborted>,
    pub interval: Interval,
    /// Microseconds since 1970 in UTC; not a parameter, but a member of the answer.
    pub as_of: i64,
}

/// Version 1 of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definition {
    FirstRun,
    FirstAttemptOfDay,
    Report,
}

/// All three, in the contract's order.
pub const DEFINITIONS: [Definition; 3] =
    [Definition::FirstRun, Definition::FirstAttemptOfDay, Definition::Report];

/// The grouping of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    Attribute(Attribute),
    Hour,
    Day,
    Week,
    Month,
}

/// One end of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Microseconds since 1970 in UTC.
    Instant(i64),
    /// "a date meaning that site's midnight"
    Date(NaiveDate),
}

/// The treatment of aborted runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aborted {
    Counted,
    Excluded,
}

/// The method of the interval of a yield.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    Wilson,
    ClopperPearson,
    WilsonCc,
}

impl Query {
    /// Everything, ungrouped, under first-run.
    pub fn new(as_of: i64) -> Self {
        Self {
            definition: Definition::FirstRun,
            group_by: None,
            from: None,
            to: None,
            filters: Vec::new(),
            aborted: None,
            interval: Interval::Wilson,
            as_of,
        }
    }

    /// Whether the run starts in [from, to).
    pub fn in_window(&self, zone: Tz, run: &Run) -> bool {
        if self.before_window(zone, run) {
            return false;
        }
        match self.to {
            Some(to) => run.started_at < to.micros(zone),
            None => true,
        }
    }

    /// Whether the run starts before `from`.
    pub fn before_window(&self, zone: Tz, run: &Run) -> bool {
        match self.from {
            Some(from) => run.started_at < from.micros(zone),
            None => false,
        }
    }

    /// Whether the run "matches every filter"; an absent attribute matches no value.
    pub fn matches(&self, run: &Run) -> bool {
        for (attribute, _) in &self.filters {
            let mut met = false;
            for (other, value) in &self.filters {
                if other == attribute && run.attribute(*attribute) == Some(value) {
                    met = true;
                }
            }
            if !met {
                return false;
            }
        }
        true
    }

    /// A "run in the window that matches the filters".
    pub fn asks_for(&self, zone: Tz, run: &Run) -> bool {
        self.in_window(zone, run) && self.matches(run)
    }

    /// The key of the group of the run; null for an absent attribute, and without grouping.
    pub fn key(&self, zone: Tz, run: &Run) -> Option<String> {
        match self.group_by {
            None => None,
            Some(GroupBy::Attribute(attribute)) => run.attribute(attribute).map(str::to_owned),
            Some(GroupBy::Hour) => Some(calendar::hour_key(zone, run.started_at)),
            Some(GroupBy::Day) => Some(calendar::day_key(calendar::day(zone, run.started_at))),
            Some(GroupBy::Week) => Some(calendar::week_key(calendar::day(zone, run.started_at))),
            Some(GroupBy::Month) => Some(calendar::month_key(calendar::day(zone, run.started_at))),
        }
    }

    /// The parameters of the window and the filters: what `/api/v1/rty` takes.
    pub fn narrowing(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        for (name, bound) in [("from", self.from), ("to", self.to)] {
            if let Some(bound) = bound {
                pairs.push((name, bound.text()));
            }
        }
        for (attribute, value) in &self.filters {
            pairs.push((attribute.word(), value.clone()));
        }
        pairs
    }

    /// The parameters of `/api/v1/yield`, not yet percent-encoded.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("definition", self.definition.word().to_owned())];
        if let Some(group_by) = self.group_by {
            pairs.push(("group_by", group_by.word().to_owned()));
        }
        pairs.extend(self.narrowing());
        if let Some(aborted) = self.aborted {
            pairs.push(("aborted", aborted.word().to_owned()));
        }
        pairs.push(("interval", self.interval.word().to_owned()));
        pairs
    }

    /// The filters as an object of lists.
    pub fn filters_json(&self) -> Value {
        let mut filters = Map::new();
        for (attribute, value) in &self.filters {
            if let Some(values) =
                filters.entry(attribute.word()).or_insert_with(|| json!([])).as_array_mut()
            {
                values.push(json!(value));
            }
        }
        Value::Object(filters)
    }
}

/// A query string of these parameters, percent-encoded.
pub fn query_string(pairs: &[(&'static str, String)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                text.push(char::from(byte));
            } else {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    text
}

impl Definition {
    /// Its name in the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::FirstRun => "first-run",
            Self::FirstAttemptOfDay => "first-attempt-of-day",
            Self::Report => "report",
        }
    }
}

impl GroupBy {
    /// Its name in the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Attribute(attribute) => attribute.word(),
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

impl Attribute {
    /// Its name in the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Product => "product",
            Self::Revision => "revision",
            Self::Level => "level",
            Self::Station => "station",
            Self::Fixture => "fixture",
            Self::Operator => "operator",
            Self::Software => "software",
        }
    }
}

impl Aborted {
    /// Its name in the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Excluded => "excluded",
        }
    }
}

impl Interval {
    /// Its name in the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Wilson => "wilson",
            Self::ClopperPearson => "clopper-pearson",
            Self::WilsonCc => "wilson-cc",
        }
    }
}

impl Bound {
    /// The instant, in microseconds since 1970 in UTC.
    pub fn micros(self, zone: Tz) -> i64 {
        match self {
            Self::Instant(micros) => micros,
            Self::Date(date) => calendar::midnight(zone, date),
        }
    }

    /// The value in the query string.
    pub fn text(self) -> String {
        match self {
            Self::Instant(micros) => rfc3339(micros),
            Self::Date(date) => date.format("%Y-%m-%d").to_string(),
        }
    }
}

/// An instant in UTC with microseconds.
pub fn rfc3339(micros: i64) -> String {
    DateTime::from_timestamp_micros(micros)
        .expect("an instant that chrono can hold")
        .to_rfc3339_opts(SecondsFormat::Micros, true)
}
