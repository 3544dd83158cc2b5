//! The state of the page, which is its address.

use crate::backend::{ChartChoice, ParameterQuery, RuleChoice, RunChoice};
use crate::slice::Slice;
use crate::ui::number;
use crate::ui::query::{RequestAddress, measured_parameter};
use crate::views::slice_bar::Place;

/// Sizes of subgroups that are offered; the first is the default.
pub(super) const SUBGROUPS: [u16; 2] = [1, 5];

/// Choices with their names in addresses of pages and of the API; the first is the default.
macro_rules! choices {
    ($($choice:ident { $($variant:ident = $name:literal),* })*) => {
        $(impl $choice {
            /// All of them, as they are offered.
            pub(super) const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name in addresses of pages and of the API.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),*
                }
            }

            fn parse(text: &str) -> Self {
                let found = Self::ALL.iter().copied().find(|choice| choice.as_str() == text);
                found.unwrap_or_default()
            }
        })*
    };
}

choices! {
    RunChoice { First = "first", Last = "last", All = "all" }
    ChartChoice { Auto = "auto", Ewma = "ewma", Cusum = "cusum" }
    RuleChoice { WesternElectric = "western-electric", Nelson = "nelson", Limits = "1" }
}

/// The state that a parameter and a query string name. What does not parse is ignored.
#[must_use]
pub fn parse(parameter: String, query: &str) -> ParameterQuery {
    let request = RequestAddress::new("", query);
    let text = |name| request.parameter(name).unwrap_or_default();
    let subgroup = text("subgroup").parse().ok().filter(|size| SUBGROUPS.contains(size));
    let limits = (number::parsed(&text("low")), number::parsed(&text("high")));
    let (low, high) = match limits {
        (Some(low), Some(high)) if low >= high => (None, None),
        limits => limits,
    };
    ParameterQuery {
        parameter,
        slice: Slice::parse(query),
        runs: RunChoice::parse(&text("runs")),
        chart: ChartChoice::parse(&text("chart")),
        rules: RuleChoice::parse(&text("rules")),
        has_phases: text("phases") != "none",
        subgroup: subgroup.unwrap_or(1),
        low,
        high,
    }
}

/// The page of a parameter over the runs of a slice.
pub(crate) fn address(name: &str, slice: &Slice) -> String {
    slice.address(&measured_parameter(name), &[])
}

/// What the address says beside the slice.
fn rest(query: &ParameterQuery) -> Vec<(&'static str, Option<String>)> {
    let named = |is_default: bool, name: &str| (!is_default).then(|| name.to_owned());
    vec![
        ("runs", named(query.runs == RunChoice::default(), query.runs.as_str())),
        ("chart", named(query.chart == ChartChoice::default(), query.chart.as_str())),
        ("rules", named(query.rules == RuleChoice::default(), query.rules.as_str())),
        ("phases", named(query.has_phases, "none")),
        ("subgroup", named(query.subgroup == 1, &query.subgroup.to_string())),
        ("low", query.low.map(|limit| limit.to_string())),
        ("high", query.high.map(|limit| limit.to_string())),
    ]
}

/// The page, as the bar of its slice leads to it.
pub(super) fn place(query: &ParameterQuery) -> Place {
    Place { path: measured_parameter(&query.parameter), rest: rest(query) }
}

/// The address of the page in a state.
pub(super) fn href(query: &ParameterQuery) -> String {
    place(query).with(&query.slice)
}

/// The query of the page in a state, with its question mark.
pub(super) fn query_string(query: &ParameterQuery) -> String {
    Place { path: String::new(), rest: rest(query) }.with(&query.slice)
}

/// The address of the page with one thing changed.
pub(super) fn href_with(
    query: &ParameterQuery,
    change: impl FnOnce(&mut ParameterQuery),
) -> String {
    let mut changed = query.clone();
    change(&mut changed);
    href(&changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_state_and_leaves_out_defaults() {
        for query in [
            "",
            "?days=90&station=A%26B&runs=last&chart=ewma&rules=nelson&phases=none&subgroup=5",
            "?from=2026-03-01&to=2026-03-31&low=-1.5&high=3",
        ] {
            assert_eq!(query_string(&parse("a / b / c".to_owned(), query)), query);
        }
        let parsed = parse("a / b / c [V]".to_owned(), "runs=best&subgroup=7&low=3&high=1");
        assert_eq!(href(&parsed), "/measurements/a%20%2F%20b%20%2F%20c%20%5BV%5D");
    }
}
