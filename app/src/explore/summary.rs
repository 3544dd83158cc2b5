//! The summary above the charts as data: the filters and the figures of the slice.

use domain::frame::Column;
use domain::yields::Definition;
use engine::difference::difference;
use engine::proportion::Proportion;
use messages::Part;

use super::figures::column_label;
use super::state::CATEGORICAL;
use super::{BINNED, Board, Filters, State, selections};
use crate::ui::label::{self, attempts};
use crate::ui::name::isolated;
use crate::ui::number::{self, drawn};
use crate::ui::query::address;

/// The filters with their links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slice {
    /// One for each filter, in the order of a sentence.
    pub chips: Vec<Chip>,
    /// The period in words.
    pub period: String,
    /// The yield of the slice in percent.
    pub yielded: String,
    /// How many attempts it counts.
    pub counted: String,
    /// Links about the slice as a whole.
    pub actions: Vec<Action>,
    /// Whether marks have links, also on the server.
    pub links_marks: bool,
}

/// A filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// Its column; there is one filter a column.
    pub column: Column,
    /// The filter in words.
    pub text: String,
    /// Whether it can be applied to these runs.
    pub is_applied: bool,
    /// The address of the page without it.
    pub remove: String,
}

/// A link that looks like a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it does.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
}

/// The figures of the slice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The yield in percent.
    pub yielded: String,
    /// Its interval, or why there is none.
    pub interval: String,
    /// How many attempts passed.
    pub passed: String,
    /// How many attempts were counted.
    pub counted: String,
    /// The runs that do not count, by reason.
    pub left_out: String,
    /// Filters that have no effect.
    pub notes: Vec<Note>,
    /// The same beside the slice that it is compared with.
    pub comparison: Option<Comparison>,
}

/// A sentence about the filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The sentence.
    pub text: String,
    /// Whether the figures are those that were requested all the same.
    pub is_quiet: bool,
}

/// Two slices side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// This slice and the baseline.
    pub rows: [ComparedSlice; 2],
    /// The difference of the yields with its interval, or why there is none. The view is the
    /// difference in points.
    pub difference: Vec<Part<String>>,
    /// Why the interval may not hold.
    pub caution: Option<&'static str>,
}

/// One of two slices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedSlice {
    /// Its filters in words.
    pub sentence: String,
    /// The yield in percent.
    pub yielded: String,
    /// Its interval.
    pub interval: String,
    /// How many passed.
    pub passed: String,
    /// How many were counted.
    pub counted: String,
}

impl Board<'_> {
    /// The slice; each filter can be removed.
    #[must_use]
    pub fn slice(&self) -> Slice {
        let filters = &self.state.filters;
        let mut shown = self.applied(filters);
        // Filters that are not applied are shown too.
        shown.seconds = shown.seconds.or(filters.seconds);
        shown.values = shown.values.or(filters.values);
        let chip = |(column, text)| Chip {
            column,
            text,
            is_applied: self.has_chart(column),
            remove: self.state.with(|state| state.filters.clear(column)),
        };
        let phrases = shown.phrases(self.t, self.state);
        let counted = self.explorer.header();
        Slice {
            chips: phrases.into_iter().map(chip).collect(),
            period: self.state.period(self.t),
            yielded: number::percent(counted.fraction()),
            counted: attempts(self.t, self.state.definition, counted.n),
            actions: self.actions(counted),
            links_marks: self.state.links_marks(),
        }
    }

    fn actions(&self, counted: Proportion) -> Vec<Action> {
        let State { filters, baseline, .. } = self.state;
        let t = self.t;
        let applied = State { filters: self.applied(filters), ..self.state.clone() };
        let clear = || self.state.with(|state| state.filters = Filters::default());
        let compare = || self.state.with(|state| state.baseline = Some(state.filters.clone()));
        let stop = || self.state.with(|state| state.baseline = None);
        let actions = [
            (t.explore_clear(), (!filters.is_empty()).then(clear)),
            (t.explore_compare(), (baseline.as_ref() != Some(filters)).then(compare)),
            (t.explore_stop_comparing(), baseline.is_some().then(stop)),
            (t.explore_units(), (counted.n > 0).then(|| applied.units(false))),
            (t.explore_units_failed(), (counted.n > counted.k).then(|| applied.units(true))),
            (t.explore_why(), self.explanation()),
        ];
        let action = |(label, href): (_, Option<String>)| Some(Action { label, href: href? });
        actions.into_iter().filter_map(action).collect()
    }

    /// The address of the explanation of the figure; none where Overview does not explain it.
    fn explanation(&self) -> Option<String> {
        let State { days, definition, aborted, filters, .. } = self.state;
        let [operation] = filters.names(Column::Operation) else { return None };
        let station = match filters.names(Column::Station) {
            [] => None,
            [station] => Some(station.as_str()).filter(|station| !station.is_empty()),
            _ => return None,
        };
        let mut explained = Filters::default();
        explained.toggle(Column::Operation, operation);
        if let Some(station) = station {
            explained.toggle(Column::Station, station);
        }
        if explained != *filters || aborted.is_some() || operation.is_empty() {
            return None;
        }
        let days = days.map_or_else(|| "all".to_owned(), |days| days.to_string());
        let pairs = [
            ("days", Some(days.as_str())),
            ("definition", Some(definition.as_str())),
            ("explain", Some(operation.as_str())),
            ("station", station),
        ];
        Some(format!("{}#why", address("/", &pairs)))
    }

    /// The figures of the slice, and those of the baseline.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let counted = self.explorer.header();
        let (excluded, later) = self.explorer.left_out();
        let t = self.t;
        let reason = |(reason, runs)| t.explore_left_out_reason(runs, label::reason(t, reason));
        let mut excluded: Vec<String> = excluded.into_iter().map(reason).collect();
        if later > 0 {
            excluded.push(t.explore_left_out_later(later));
        }
        let left_out = match excluded.is_empty() {
            true => t.explore_left_out_none().to_owned(),
            false => excluded.join(t.list_separator()),
        };
        let baseline = self.state.baseline.as_ref();
        Facts {
            yielded: number::percent(counted.fraction()),
            interval: self.interval(counted),
            passed: number::count(counted.k),
            counted: attempts(self.t, self.state.definition, counted.n),
            left_out,
            notes: self.notes(),
            comparison: baseline.map(|baseline| self.comparison(counted, baseline)),
        }
    }

    /// The yield in a sentence, for screen readers.
    #[must_use]
    pub fn result(&self) -> String {
        let counted = self.explorer.header();
        let all = attempts(self.t, self.state.definition, counted.n);
        self.t.explore_result(number::percent(counted.fraction()), counted.k, all)
    }

    fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        let unknown = self.unknown();
        if !unknown.is_empty() {
            let text = self.t.explore_unknown(unknown.join(self.t.list_separator()));
            notes.push(Note { text, is_quiet: true });
        }
        for column in BINNED {
            let filters = [Some(&self.state.filters), self.state.baseline.as_ref()];
            let Some(why) = self.missing(column) else { continue };
            if filters.into_iter().flatten().any(|it| it.is_by(column)) {
                let text = match column {
                    Column::Duration => self.t.explore_duration_ignored(why),
                    _ => self.t.explore_value_ignored(why),
                };
                notes.push(Note { text, is_quiet: false });
            } else if self.is_unknown() {
                notes.push(Note { text: why, is_quiet: true });
            }
        }
        notes
    }

    /// The names of filters that no run has.
    fn unknown(&self) -> Vec<String> {
        let mut unknown = Vec::new();
        for column in CATEGORICAL {
            let Some(texts) = self.explorer.frame().texts(column) else { continue };
            let names = self.state.filters.names(column).iter();
            let names = names.filter(|name| !name.is_empty() && texts.code(name).is_none());
            let label = column_label(self.t, column);
            unknown.extend(names.map(|name| self.t.explore_unknown_name(label, isolated(name))));
        }
        unknown
    }

    fn comparison(&self, now: Proportion, baseline: &Filters) -> Comparison {
        let filters = &self.state.filters;
        let before = self.explorer.header_under(&selections(self.explorer, baseline));
        let row = |filters: &Filters, it: Proportion| ComparedSlice {
            sentence: self.applied(filters).sentence(self.t, self.state),
            yielded: number::percent(it.fraction()),
            interval: self.interval(it),
            passed: number::count(it.k),
            counted: number::count(it.n),
        };
        let (difference, caution) = match filters == baseline {
            true => (vec![Part::Text(self.t.explore_choose_other().into())], None),
            false => self.difference(now, before, baseline),
        };
        Comparison { rows: [row(filters, now), row(baseline, before)], difference, caution }
    }

    fn difference(
        &self,
        now: Proportion,
        before: Proportion,
        baseline: &Filters,
    ) -> (Vec<Part<String>>, Option<&'static str>) {
        let t = self.t;
        let Some(change) = difference(now, before, 0.95) else {
            return (vec![Part::Text(t.explore_difference_none().into())], None);
        };
        let estimate = number::points(change.estimate);
        let both = self.counted_in_both(baseline);
        if both > 0 {
            let both = attempts(self.t, self.state.definition, both);
            return (t.explore_difference_shared(estimate, both), None);
        }
        let (low, high) = (number::points(change.low), number::points(change.high));
        let caution = match self.state.definition {
            _ if self.is_apart(baseline) => None,
            Definition::FirstRun => Some(t.explore_caution_first_run()),
            Definition::FirstAttemptOfDay => Some(t.explore_caution_first_attempt()),
            Definition::Report => Some(t.explore_caution_report()),
        };
        (t.explore_difference(estimate, low, high), caution)
    }

    fn interval(&self, yielded: Proportion) -> String {
        drawn(yielded).map_or_else(
            || self.t.explore_interval_none().to_owned(),
            |it| format!("{} – {}", number::percent(Some(it.low)), number::percent(Some(it.high))),
        )
    }

    /// How many are counted on both sides.
    fn counted_in_both(&self, baseline: &Filters) -> u64 {
        let mut both = selections(self.explorer, &self.state.filters);
        both.extend(selections(self.explorer, baseline));
        self.explorer.header_under(&both).n
    }

    /// Whether the samples are independent if they share no run: no unit is counted in both, since
    /// a unit has one first run in an operation.
    fn is_apart(&self, baseline: &Filters) -> bool {
        let operation = self.state.filters.names(Column::Operation);
        self.state.definition == Definition::FirstRun
            && operation.len() == 1
            && operation == baseline.names(Column::Operation)
    }
}
