//! The state of the page, serialized in its address.

use chrono::NaiveDate;
use domain::dimension::Dimension;
use domain::yields::Definition;

use crate::backend::{FailureKey, FailuresQuery, Period};
use crate::ui::query::{address, in_tenant, pairs};

/// Default period in days.
const DAYS: u16 = 28;
/// Maximum length in days of a period that ends today.
const MOST_DAYS: u16 = 400;

impl FailureKey {
    /// Its name in an address.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Step => "step",
            Self::Component => "component",
        }
    }
}

/// Parses the state from a query string. Invalid values are ignored.
#[must_use]
pub fn parse(query: &str) -> FailuresQuery {
    let mut parsed = FailuresQuery {
        period: Period::Last(DAYS),
        definition: Definition::default(),
        by: FailureKey::default(),
        filters: Vec::new(),
        code: None,
    };
    let (mut from, mut to) = (None, None);
    for (name, value) in pairs(query) {
        if value.is_empty() || value.contains('\0') {
            continue;
        }
        match name.as_str() {
            "days" if value == "all" => parsed.period = Period::Everything,
            "days" => {
                let days = value.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days));
                parsed.period = days.map_or(parsed.period, Period::Last);
            }
            "from" => from = NaiveDate::parse_from_str(&value, "%Y-%m-%d").ok(),
            "to" => to = NaiveDate::parse_from_str(&value, "%Y-%m-%d").ok(),
            "definition" => parsed.definition = value.parse().unwrap_or_default(),
            "by" => {
                let all = [FailureKey::Code, FailureKey::Step, FailureKey::Component];
                let by = all.into_iter().find(|by| by.as_str() == value);
                parsed.by = by.unwrap_or_default();
            }
            "code" => parsed.code = Some(value),
            name if Dimension::parse_filter(name).is_some() => {
                parsed.filters.push((name.to_owned(), value));
            }
            _ => {}
        }
    }
    if let (Some(from), Some(to)) = (from, to)
        && from <= to
    {
        parsed.period = Period::Between(from, to);
    }
    parsed
}

/// The address of the page in a state.
pub(super) fn href(query: &FailuresQuery) -> String {
    let (days, from, to) = match query.period {
        Period::Last(DAYS) => (None, None, None),
        Period::Last(days) => (Some(days.to_string()), None, None),
        Period::Everything => (Some("all".to_owned()), None, None),
        Period::Between(from, to) => (None, Some(from.to_string()), Some(to.to_string())),
    };
    let definition = (query.definition != Definition::default()).then(|| query.definition.as_str());
    let by = (query.by != FailureKey::default()).then(|| query.by.as_str());
    let mut pairs: Vec<(&str, Option<&str>)> = vec![
        ("days", days.as_deref()),
        ("from", from.as_deref()),
        ("to", to.as_deref()),
        ("definition", definition),
        ("by", by),
    ];
    pairs.extend(query.filters.iter().map(|(name, value)| (name.as_str(), Some(value.as_str()))));
    pairs.push(("code", query.code.as_deref()));
    address(&in_tenant("/failures"), &pairs)
}

/// The address of the page in a changed state.
pub(super) fn href_with(query: &FailuresQuery, change: impl FnOnce(&mut FailuresQuery)) -> String {
    let mut changed = query.clone();
    change(&mut changed);
    href(&changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_state_and_leaves_out_defaults() {
        assert_eq!(href(&parse("")), "/failures");
        for address in [
            "/failures?days=90&definition=report&by=step",
            "/failures?from=2026-03-01&to=2026-03-31&station=A%26B&station=C&code=x%3Dy",
            "/failures?days=all",
        ] {
            let (_, query) = address.split_once('?').unwrap();
            assert_eq!(href(&parse(query)), address);
        }
    }

    #[test]
    fn a_period_that_ends_before_it_begins_is_ignored() {
        assert_eq!(parse("from=2026-03-02&to=2026-03-01").period, Period::Last(28));
        assert_eq!(parse("days=0").period, Period::Last(28));
    }
}
