//! The state of the Overview page, parsed from its address.

use domain::yields::Definition;
use messages::Locale;

use crate::backend::OverviewQuery;
use crate::slice::Slice;
use crate::ui::name::isolated;
use crate::ui::query::{RequestAddress, in_tenant};
use crate::views::slice_bar::{self, Place};

/// The state of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewState {
    /// Period, definition and filters.
    pub(super) slice: Slice,
    pub(super) explain: Option<String>,
    /// Whether to explain the rolled throughput yield.
    pub(super) rolled: bool,
    interval: Option<String>,
    level: Option<String>,
}

/// What an address calls the explanation of rolled throughput yield.
const ROLLED: &str = "rolled";

impl OverviewState {
    /// The state that an address says; what is no state of the page is as if it were not there.
    #[must_use]
    pub fn of(query: &str) -> Self {
        let request = RequestAddress::new("/", query);
        let get = |name: &str| request.parameter(name);
        let text = |name: &str| get(name).filter(|text| !text.is_empty() && !text.contains('\0'));
        Self {
            slice: Slice::parse(query),
            explain: text("explain"),
            rolled: get("why").as_deref() == Some(ROLLED),
            interval: text("interval"),
            level: text("confidence"),
        }
    }

    /// Which runs are counted.
    pub(super) const fn definition(&self) -> Definition {
        self.slice.definition
    }

    /// What has to be counted for it.
    #[must_use]
    pub fn query(&self) -> OverviewQuery {
        OverviewQuery { slice: self.slice.clone(), explain: self.explain.clone() }
    }

    /// The page, as the bar of its slice leads to it.
    pub(super) fn place(&self) -> Place {
        Place { path: in_tenant("/"), rest: self.rest_pairs() }
    }

    /// The page with the explanation of an operation's figure.
    pub(super) fn explain_href(&self, operation: &str) -> String {
        let address = self.href(|state| {
            state.explain = Some(operation.to_owned());
            state.rolled = false;
        });
        format!("{address}#why")
    }

    /// The page Failures for the same slice, narrowed by these pairs of a dimension, or `code`,
    /// and its value.
    pub(super) fn failures_href(&self, narrowed: &[(&str, &str)]) -> String {
        let (code, filters): (Vec<_>, Vec<_>) =
            narrowed.iter().partition(|(name, _)| *name == "code");
        let slice =
            filters.iter().fold(self.slice.clone(), |it, (name, value)| it.narrowed(name, value));
        let code = code.first().map(|(_, code)| *code);
        slice.address(&in_tenant("/failures"), &[("code", code)])
    }

    /// The page with the explanation of rolled throughput yield.
    pub(super) fn explain_rolled_href(&self) -> String {
        let address = self.href(|state| {
            state.clear_explanation();
            state.rolled = true;
        });
        format!("{address}#why")
    }

    /// Explains nothing.
    pub(super) fn clear_explanation(&mut self) {
        self.explain = None;
        self.rolled = false;
    }

    /// What stands under each figure of the page.
    pub(super) fn note(&self, t: Locale, as_of: &str) -> String {
        let period = slice_bar::period(t, self.slice.period);
        let definition = self.definition().as_str();
        let filters = self.slice.filters.iter();
        let filters: Vec<_> =
            filters.map(|(name, value)| format!("{name} {}", isolated(value))).collect();
        match filters.is_empty() {
            true => t.overview_figure_note(definition, period, as_of),
            false => t.overview_figure_note_filters(definition, period, filters.join(", "), as_of),
        }
    }

    /// Folder and query string of the page's files.
    pub(super) fn files(&self) -> (String, String) {
        let address = self.href(|_| {});
        let query = address.find('?').and_then(|at| address.get(at..)).unwrap_or_default();
        (in_tenant("/overview"), query.to_owned())
    }

    /// The page in another state.
    pub(super) fn href(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = self.clone();
        change(&mut other);
        let rest = other.rest_pairs();
        let rest: Vec<_> = rest.iter().map(|(name, value)| (*name, value.as_deref())).collect();
        other.slice.address(&in_tenant("/"), &rest)
    }

    /// What stands in the address beside the choice of an interval.
    pub(super) fn query_without_interval(&self) -> String {
        let rest = self.explanation();
        let rest: Vec<_> = rest.iter().map(|(name, value)| (*name, value.as_deref())).collect();
        self.slice.address("", &rest).trim_start_matches('?').to_owned()
    }

    fn explanation(&self) -> Vec<(&'static str, Option<String>)> {
        let rolled = self.rolled.then(|| ROLLED.to_owned());
        vec![("explain", self.explain.clone()), ("why", rolled)]
    }

    /// What its address says beside the slice.
    fn rest_pairs(&self) -> Vec<(&'static str, Option<String>)> {
        let choice = [("interval", self.interval.clone()), ("confidence", self.level.clone())];
        self.explanation().into_iter().chain(choice).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slice::Period;

    #[test]
    fn the_address_is_the_state_and_leaves_out_what_is_usual() {
        let state = OverviewState::of("");
        assert_eq!(state.href(|_| {}), "/");
        let other = state.href(|state| {
            state.slice.period = Period::Everything;
            state.slice.definition = Definition::Report;
            state.slice.filter("product", "A&B".to_owned());
        });
        assert_eq!(other, "/?days=all&definition=report&product=A%26B");
        let failures = OverviewState::of("days=7&explain=L6").failures_href(&[("station", "A B")]);
        assert_eq!(failures, "/failures?days=7&station=A%20B");
    }
}
