//! The state of the page, which is its address.

use crate::backend::{ChartChoice, ParameterQuery, RuleChoice, RunChoice, Slice};
use crate::ui::number;
use crate::ui::query::measured_parameter;
use crate::views::measurements::slice::with_pairs;

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
    let (slice, rest) = Slice::parse(query);
    let mut parsed = ParameterQuery {
        parameter,
        slice,
        runs: RunChoice::default(),
        chart: ChartChoice::default(),
        rules: RuleChoice::default(),
        has_phases: true,
        subgroup: 1,
        low: None,
        high: None,
    };
    for (name, value) in rest {
        match name.as_str() {
            "runs" => parsed.runs = RunChoice::parse(&value),
            "chart" => parsed.chart = ChartChoice::parse(&value),
            "rules" => parsed.rules = RuleChoice::parse(&value),
            "phases" => parsed.has_phases = value != "none",
            "subgroup" => {
                let size = value.parse().ok().filter(|size| SUBGROUPS.contains(size));
                parsed.subgroup = size.unwrap_or(1);
            }
            "low" => parsed.low = number::parsed(&value),
            "high" => parsed.high = number::parsed(&value),
            _ => {}
        }
    }
    if parsed.low.zip(parsed.high).is_some_and(|(low, high)| low >= high) {
        (parsed.low, parsed.high) = (None, None);
    }
    parsed
}

/// The page of a parameter over the runs of a slice.
pub(crate) fn address(name: &str, slice: &Slice) -> String {
    with_pairs(&measured_parameter(name), &slice.pairs())
}

/// The address of the page in a state.
pub(super) fn href(query: &ParameterQuery) -> String {
    with_pairs(&measured_parameter(&query.parameter), &state_pairs(query))
}

/// The query of the page in a state, with its question mark.
pub(super) fn query_string(query: &ParameterQuery) -> String {
    with_pairs("", &state_pairs(query))
}

fn state_pairs(query: &ParameterQuery) -> Vec<(String, String)> {
    let mut pairs = query.slice.pairs();
    let mut add = |name: &str, value: &str| pairs.push((name.to_owned(), value.to_owned()));
    if query.runs != RunChoice::default() {
        add("runs", query.runs.as_str());
    }
    if query.chart != ChartChoice::default() {
        add("chart", query.chart.as_str());
    }
    if query.rules != RuleChoice::default() {
        add("rules", query.rules.as_str());
    }
    if !query.has_phases {
        add("phases", "none");
    }
    if query.subgroup != 1 {
        add("subgroup", &query.subgroup.to_string());
    }
    for (name, limit) in [("low", query.low), ("high", query.high)] {
        if let Some(limit) = limit {
            add(name, &limit.to_string());
        }
    }
    pairs
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
