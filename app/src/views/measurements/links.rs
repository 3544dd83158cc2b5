//! Where pages about measurements lead: Explore and Units over the same runs.

use messages::Locale;

use crate::backend::At;
use crate::slice::Slice;
use crate::ui::query::{address, in_tenant};
use crate::views::slice_bar;

/// Explore with the distribution of a parameter. `window` holds the first and the last day of the
/// period.
pub(crate) fn explore(
    slice: &Slice,
    window: Option<&(String, String)>,
    measurement: &str,
) -> String {
    let page = slice_bar::explore(slice, window, &[]);
    address(&page, &[("measurement", Some(measurement))])
}

/// The units with a value of a parameter, which is measured in `operation`.
pub(crate) fn units(
    slice: &Slice,
    window: Option<&(String, String)>,
    measurement: &str,
    operation: &str,
) -> String {
    let page = slice_bar::explore(slice, window, &[("operation", operation)]);
    let state = address(&page, &[("measurement", Some(measurement))]);
    let query = state.split_once('?').map(|(_, query)| query);
    address(&in_tenant("/units"), &[("slice", query)])
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
        let slice = Slice::parse("period=last-quarter&station=C");
        let window = ("2026-03-01".to_owned(), "2026-03-31".to_owned());
        assert_eq!(
            explore(&slice, Some(&window), "a / b"),
            "/explore?days=all&day=2026-03-01..2026-03-31&station=C&measurement=a%20%2F%20b"
        );
        let units = units(&Slice::default(), None, "m", "L6");
        assert_eq!(units, "/units?slice=operation%3DL6%26measurement%3Dm");
    }
}
