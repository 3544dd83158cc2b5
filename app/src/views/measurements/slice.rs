//! The runs that pages about measurements are of, as their addresses name them, and the bar
//! that chooses them.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::dimension::{Dimension, EXPLORE_COLUMNS};
use domain::yields::Definition;
use leptos::prelude::*;
use messages::Locale;

use crate::backend::{At, Period, Slice};
use crate::choices::{DAYS, DEFINITIONS};
use crate::ui::label;
use crate::ui::locale::use_locale;
use crate::ui::name::{Name, isolated};
use crate::ui::query::{address, in_tenant, pairs};

/// Days of the period unless the address names another.
const DEFAULT_DAYS: u16 = 28;
/// Days of the longest period that is counted from today.
const MOST_DAYS: u16 = 400;

impl Default for Slice {
    fn default() -> Self {
        Self {
            period: Period::Last(DEFAULT_DAYS),
            definition: Definition::default(),
            filters: Vec::new(),
        }
    }
}

/// Names and values of a query.
pub(crate) type Pairs = Vec<(String, String)>;

impl Slice {
    /// The slice that a query string names, and the pairs that name no part of it. What does
    /// not parse is ignored.
    #[must_use]
    pub fn parse(query: &str) -> (Self, Pairs) {
        let (mut slice, mut rest) = (Self::default(), Vec::new());
        let (mut from, mut to) = (None, None);
        for (name, value) in pairs(query) {
            if value.is_empty() || value.contains('\0') {
                continue;
            }
            match name.as_str() {
                "days" if value == "all" => slice.period = Period::Everything,
                "days" => {
                    let days = value.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days));
                    slice.period = days.map_or(slice.period, Period::Last);
                }
                "from" => from = NaiveDate::parse_from_str(&value, "%Y-%m-%d").ok(),
                "to" => to = NaiveDate::parse_from_str(&value, "%Y-%m-%d").ok(),
                "definition" => slice.definition = value.parse().unwrap_or_default(),
                name if Dimension::parse_filter(name).is_some() => {
                    slice.filters.push((name.to_owned(), value));
                }
                _ => rest.push((name, value)),
            }
        }
        if let (Some(from), Some(to)) = (from, to)
            && from <= to
        {
            slice.period = Period::Between(from, to);
        }
        (slice, rest)
    }

    /// The pairs that name it; defaults are left out.
    pub(crate) fn pairs(&self) -> Pairs {
        let mut pairs = Vec::new();
        let mut add = |name: &str, value: String| pairs.push((name.to_owned(), value));
        match self.period {
            Period::Last(DEFAULT_DAYS) => {}
            Period::Last(days) => add("days", days.to_string()),
            Period::Named(named) => add("period", named.as_str().to_owned()),
            Period::Everything => add("days", "all".to_owned()),
            Period::Between(from, to) => {
                add("from", from.to_string());
                add("to", to.to_string());
            }
        }
        if self.definition != Definition::default() {
            add("definition", self.definition.to_string());
        }
        pairs.extend(self.filters.iter().cloned());
        pairs
    }

    /// The query of Explore over the same runs, as far as Explore has such filters.
    fn explore_pairs(&self, measurement: &str) -> Pairs {
        let mut pairs = vec![("measurement".to_owned(), measurement.to_owned())];
        for (name, value) in self.pairs() {
            let is_explored = EXPLORE_COLUMNS.iter().any(|column| column.as_str() == name);
            if is_explored || ["days", "definition"].contains(&name.as_str()) {
                pairs.push((name, value));
            }
        }
        if let Period::Between(from, to) = self.period {
            pairs.push(("days".to_owned(), "all".to_owned()));
            pairs.push(("day".to_owned(), format!("{from}..{to}")));
        }
        pairs
    }

    /// Explore with the distribution of a parameter.
    pub(crate) fn explore(&self, measurement: &str) -> String {
        with_pairs(&in_tenant("/explore"), &self.explore_pairs(measurement))
    }

    /// The units with a value of a parameter in a range (`FROM..TO`), or with any.
    pub(crate) fn units(&self, measurement: &str, operation: &str, range: Option<&str>) -> String {
        let mut pairs = self.explore_pairs(measurement);
        if !pairs.iter().any(|(name, _)| name == "operation") {
            pairs.push(("operation".to_owned(), operation.to_owned()));
        }
        if let Some(range) = range {
            pairs.push(("value".to_owned(), range.to_owned()));
        }
        let query = with_pairs("", &pairs);
        address(&in_tenant("/units"), &[("slice", Some(query.trim_start_matches('?')))])
    }

    /// What is counted, and as of when.
    pub(crate) fn note(&self, t: Locale, window: Option<&(String, String)>, as_of: &At) -> String {
        let window = match window {
            Some((first, last)) => t.failure_window(first, last),
            None => t.period_all_lower().to_owned(),
        };
        t.failure_note(self.definition.as_str(), window, &as_of.local)
    }
}

/// An address with these pairs in its query.
pub(crate) fn with_pairs(path: &str, pairs: &[(String, String)]) -> String {
    let pairs: Vec<_> =
        pairs.iter().map(|(name, value)| (name.as_str(), Some(value.as_str()))).collect();
    address(path, &pairs)
}

/// The address of the page with another slice.
pub(crate) type Href = Arc<dyn Fn(&Slice) -> String + Send + Sync>;

/// Period, definition and filters, applied at once and kept in the address.
#[component]
pub fn SliceBar(
    /// The slice that is shown.
    slice: Slice,
    /// The days that are shown, with which the form for other days begins.
    window: Option<(String, String)>,
    /// The address of the page with another slice.
    href: Href,
    /// More choices.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let t = use_locale();
    let days: Vec<_> = DAYS
        .into_iter()
        .map(|days| {
            let period = days.map_or(Period::Everything, Period::Last);
            let current = (period == slice.period).then_some("true");
            let address = href(&Slice { period, ..slice.clone() });
            view! { <a href=address aria-current=current>{label::period(t, days)}</a> }
        })
        .collect();
    let definitions: Vec<_> = DEFINITIONS
        .into_iter()
        .map(|definition| {
            let current = (definition == slice.definition).then_some("true");
            let address = href(&Slice { definition, ..slice.clone() });
            let title = label::definition_meaning(t, definition);
            let name = label::definition(t, definition);
            view! { <a href=address title=title aria-current=current>{name}</a> }
        })
        .collect();
    let chips: Vec<_> = (0..slice.filters.len())
        .map(|position| {
            let mut without = slice.clone();
            let (dimension, value) = without.filters.remove(position);
            let title = t.failure_remove_filter(&dimension, isolated(&value));
            view! {
                <li><a class="chip" href=href(&without) title=title>
                    {dimension}" "<Name of=value/>" ×"
                </a></li>
            }
        })
        .collect();
    let chips = (!chips.is_empty())
        .then(|| view! { <ul class="chips" aria-label=t.failure_filters()>{chips}</ul> });
    let without_days = href(&Slice { period: Period::Last(DEFAULT_DAYS), ..slice });
    view! {
        <div class="choices-bar">
            <nav class="segment" aria-label=t.period_label()>{days}</nav>
            <nav class="segment" aria-label=t.definition_label()>{definitions}</nav>
            {children.map(|children| children())}
            <DaysForm address=without_days window/>
        </div>
        {chips}
    }
}

/// A form for the first and the last day, which keeps the rest of an address.
#[component]
fn DaysForm(address: String, window: Option<(String, String)>) -> impl IntoView {
    let t = use_locale();
    let (path, rest) = match address.split_once('?') {
        Some((path, rest)) => (path.to_owned(), rest.to_owned()),
        None => (address, String::new()),
    };
    let kept: Vec<_> = pairs(&rest)
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    let (from, to) = window.unzip();
    view! {
        <form class="inline" action=path>
            {kept}
            <label for="from">{t.slice_from()}</label>
            <input id="from" name="from" type="date" required value=from/>
            <label for="to">{t.slice_to()}</label>
            <input id="to" name="to" type="date" required value=to/>
            <button>{t.slice_apply()}</button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_is_named_by_its_pairs_and_keeps_the_others() {
        for query in [
            "",
            "?days=90&definition=report&station=A%26B",
            "?from=2026-03-01&to=2026-03-31&station=C",
        ] {
            let (slice, rest) = Slice::parse(query);
            assert_eq!(with_pairs("", &slice.pairs()), query);
            assert!(rest.is_empty());
        }
        let (slice, rest) = Slice::parse("?sort=name&from=2026-03-02&to=2026-03-01&days=0");
        assert_eq!(slice, Slice::default());
        assert_eq!(rest, [("sort".to_owned(), "name".to_owned())]);
    }

    #[test]
    fn explore_and_units_take_the_runs_over() {
        let (slice, _) = Slice::parse("?from=2026-03-01&to=2026-03-31&station=C");
        assert_eq!(
            slice.explore("a / b / c"),
            "/explore?measurement=a%20%2F%20b%20%2F%20c&station=C&days=all&day=2026-03-01..2026-03-31"
        );
        let units = Slice::default().units("m", "L6", Some("..3"));
        assert_eq!(units, "/units?slice=measurement%3Dm%26operation%3DL6%26value%3D..3");
    }
}
