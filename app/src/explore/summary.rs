//! What stands above the charts as data: the slice that is looked at and its figures.

use domain::frame::Column;
use domain::yields::Definition;
use engine::difference::difference;
use engine::proportion::Proportion;

use super::state::WORDS;
use super::{BINNED, Board, Filters, State, selections};
use crate::ui::name::isolated;
use crate::ui::number::{self, attempts, drawn};
use crate::ui::query::address;

/// The filters, and where their links lead.
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
    /// The difference of the yields in points, where there is one.
    pub difference: Option<String>,
    /// What follows the difference, or why there is none.
    pub text: String,
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
    /// What is looked at; each filter can be removed.
    #[must_use]
    pub fn slice(&self) -> Slice {
        let filters = &self.state.filters;
        let mut shown = self.applied(filters);
        shown.seconds = shown.seconds.or(filters.seconds);
        shown.values = shown.values.or(filters.values);
        let chip = |(column, text)| Chip {
            column,
            text,
            is_applied: self.answers(column),
            remove: self.state.with(|state| state.filters.clear(column)),
        };
        let counted = self.explorer.header();
        Slice {
            chips: shown.parts(self.state.measurement.as_deref()).into_iter().map(chip).collect(),
            period: self.state.period(),
            yielded: number::percent(counted.fraction()),
            counted: attempts(self.state.definition, counted.n),
            actions: self.actions(counted),
            links_marks: self.state.links_marks(),
        }
    }

    fn actions(&self, counted: Proportion) -> Vec<Action> {
        let State { filters, than, .. } = self.state;
        let applied = State { filters: self.applied(filters), ..self.state.clone() };
        let clear = || self.state.with(|state| state.filters = Filters::default());
        let compare = || self.state.with(|state| state.than = Some(state.filters.clone()));
        let stop = || self.state.with(|state| state.than = None);
        let actions = [
            ("Clear all", (!filters.is_empty()).then(clear)),
            ("Compare with this", (than.as_ref() != Some(filters)).then(compare)),
            ("Stop comparing", than.is_some().then(stop)),
            ("Show these units", (counted.n > 0).then(|| applied.units(false))),
            ("Units that did not pass", (counted.n > counted.k).then(|| applied.units(true))),
            ("Why this figure?", self.explanation()),
        ];
        let action = |(label, href): (_, Option<String>)| Some(Action { label, href: href? });
        actions.into_iter().filter_map(action).collect()
    }

    /// The explanation of the figure, where it is one that the overview explains.
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

    /// The figures of the slice; side by side with those of the baseline.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let counted = self.explorer.header();
        let (excluded, later) = self.explorer.left_out();
        let reason = |(reason, runs)| format!("{} {reason}", number::count(runs));
        let mut excluded: Vec<String> = excluded.into_iter().map(reason).collect();
        if later > 0 {
            excluded.push(format!("{} later", number::count(later)));
        }
        let left_out = if excluded.is_empty() { "nothing".to_owned() } else { excluded.join(", ") };
        Facts {
            yielded: number::percent(counted.fraction()),
            interval: interval(counted),
            passed: number::count(counted.k),
            counted: attempts(self.state.definition, counted.n),
            left_out,
            notes: self.notes(),
            comparison: self.state.than.as_ref().map(|than| self.comparison(counted, than)),
        }
    }

    /// The figure in a sentence.
    #[must_use]
    pub fn result(&self) -> String {
        let counted = self.explorer.header();
        let all = attempts(self.state.definition, counted.n);
        let passed = number::count(counted.k);
        format!("{}: {passed} of {all} passed", number::percent(counted.fraction()))
    }

    fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        let unknown = self.unknown();
        if !unknown.is_empty() {
            let text = format!("None of these runs names {}.", unknown.join(" or "));
            notes.push(Note { text, is_quiet: true });
        }
        for (column, what) in BINNED.into_iter().zip(["duration", "value"]) {
            let filters = [Some(&self.state.filters), self.state.than.as_ref()];
            let Some(why) = self.missing(column) else { continue };
            if filters.into_iter().flatten().any(|it| it.is_by(column)) {
                let text = format!("{why}: the filter by {what} is not applied.");
                notes.push(Note { text, is_quiet: false });
            } else if self.is_unknown() {
                notes.push(Note { text: format!("{why}."), is_quiet: true });
            }
        }
        notes
    }

    /// The names of filters that no run has.
    fn unknown(&self) -> Vec<String> {
        let mut unknown = Vec::new();
        for column in WORDS {
            let Some(texts) = self.explorer.frame().texts(column) else { continue };
            let names = self.state.filters.names(column).iter();
            let names = names.filter(|name| !name.is_empty() && texts.code(name).is_none());
            unknown.extend(names.map(|name| format!("{column} {}", isolated(name))));
        }
        unknown
    }

    fn comparison(&self, now: Proportion, than: &Filters) -> Comparison {
        let filters = &self.state.filters;
        let before = self.explorer.header_under(&selections(self.explorer, than));
        let row = |filters: &Filters, it: Proportion| ComparedSlice {
            sentence: self.applied(filters).sentence(self.state.measurement.as_deref()),
            yielded: number::percent(it.fraction()),
            interval: interval(it),
            passed: number::count(it.k),
            counted: number::count(it.n),
        };
        let (difference, text) = match filters == than {
            true => (None, "Now choose what to compare it with.".to_owned()),
            false => self.difference(now, before, than),
        };
        Comparison { rows: [row(filters, now), row(than, before)], difference, text }
    }

    fn difference(
        &self,
        now: Proportion,
        before: Proportion,
        than: &Filters,
    ) -> (Option<String>, String) {
        let Some(change) = difference(now, before, 0.95) else {
            return (None, "There is no difference where nothing was counted.".to_owned());
        };
        let estimate = Some(number::points(change.estimate));
        let both = self.counted_in_both(than);
        if both > 0 {
            let both = attempts(self.state.definition, both);
            return (estimate, format!(". Both share {both}, so there is no interval for it."));
        }
        let (low, high) = (number::points(change.low), number::points(change.high));
        let caution = match self.state.definition {
            _ if self.is_apart(than) => "",
            Definition::FirstRun => {
                " A unit may count in both, in another operation: as far as it does, the interval does not hold."
            }
            Definition::FirstAttemptOfDay => {
                " A unit may count in both, on another day or in another operation: as far as it does, the interval does not hold."
            }
            Definition::Report => {
                " A unit may count in both, in another run: as far as it does, the interval does not hold."
            }
        };
        (estimate, format!(", 95 % interval {low} to {high} (Newcombe).{caution}"))
    }

    /// How many are counted on both sides.
    fn counted_in_both(&self, than: &Filters) -> u64 {
        let mut both = selections(self.explorer, &self.state.filters);
        both.extend(selections(self.explorer, than));
        self.explorer.header_under(&both).n
    }

    /// Whether no unit can be counted on both sides, where no run is: a unit has one first run
    /// in an operation.
    fn is_apart(&self, than: &Filters) -> bool {
        let operation = self.state.filters.names(Column::Operation);
        self.state.definition == Definition::FirstRun
            && operation.len() == 1
            && operation == than.names(Column::Operation)
    }
}

fn interval(yielded: Proportion) -> String {
    drawn(yielded).map_or_else(
        || "nothing was counted".to_owned(),
        |it| format!("{} – {}", number::percent(Some(it.low)), number::percent(Some(it.high))),
    )
}
