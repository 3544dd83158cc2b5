//! Where pages about measurements lead: Explore and Units over the same runs.

use domain::dimension::EXPLORE_COLUMNS;
use messages::Locale;

use crate::backend::At;
use crate::slice::{Period, Slice};
use crate::ui::query::{address, in_tenant, with_pairs};

/// The query of Explore over the same runs, as far as Explore has such filters.
fn explore_pairs(slice: &Slice, measurement: &str) -> Vec<(String, String)> {
    let mut pairs = vec![("measurement".to_owned(), measurement.to_owned())];
    for (name, value) in slice.pairs() {
        let is_explored = EXPLORE_COLUMNS.iter().any(|column| column.as_str() == name);
        if is_explored || ["days", "definition"].contains(&name.as_str()) {
            pairs.push((name, value));
        }
    }
    if let Period::Between(from, to) = slice.period {
        pairs.push(("days".to_owned(), "all".to_owned()));
        pairs.push(("day".to_owned(), format!("{from}..{to}")));
    }
    pairs
}

/// Explore with the distribution of a parameter.
pub(crate) fn explore(slice: &Slice, measurement: &str) -> String {
    with_pairs(&in_tenant("/explore"), &explore_pairs(slice, measurement))
}

/// The units with a value of a parameter.
pub(crate) fn units(slice: &Slice, measurement: &str, operation: &str) -> String {
    let mut pairs = explore_pairs(slice, measurement);
    if !pairs.iter().any(|(name, _)| name == "operation") {
        pairs.push(("operation".to_owned(), operation.to_owned()));
    }
    let query = with_pairs("", &pairs);
    address(&in_tenant("/units"), &[("slice", Some(query.trim_start_matches('?')))])
}

/// What is counted, and as of when.
pub(crate) fn note(
    t: Locale,
    slice: &Slice,
    window: Option<&(String, String)>,
    as_of: &At,
) -> String {
    let window = match window {
        Some((first, last)) => t.failure_window(first, last),
        None => t.period_all_lower().to_owned(),
    };
    t.failure_note(slice.definition.as_str(), window, &as_of.local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explore_and_units_take_the_runs_over() {
        let slice = Slice::parse("from=2026-03-01&to=2026-03-31&station=C");
        assert_eq!(
            explore(&slice, "a / b / c"),
            "/explore?measurement=a%20%2F%20b%20%2F%20c&station=C&days=all&day=2026-03-01..2026-03-31"
        );
        let units = units(&Slice::default(), "m", "L6");
        assert_eq!(units, "/units?slice=measurement%3Dm%26operation%3DL6");
    }
}
