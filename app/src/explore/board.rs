//! What stands above the charts: how it is counted, what is looked at, and what passed.

use charts::{Markup, markup};
use domain::frame::Column;
use domain::yields::{Aborted, Definition};
use engine::difference::difference;
use engine::explore::Explorer;
use engine::proportion::Proportion;

use super::state::WORDS;
use super::{BINNED, Filters, State, selections};
use crate::ui::html::{button, segment};
use crate::ui::label;
use crate::ui::locale::use_locale;
use crate::ui::name::isolated;
use crate::ui::number::{self, attempts, drawn};
use crate::ui::query::address;
use crate::views::overview::{DAYS, DEFINITIONS};

/// The page as text: of charts that are in this very state.
#[derive(Clone, Copy)]
pub struct Board<'a> {
    /// The charts.
    pub explorer: &'a Explorer,
    /// What they show.
    pub state: &'a State,
    /// Whether a hand draws meanwhile, that can follow no link and ask no mark what it is.
    pub hand: bool,
}

impl<'a> Board<'a> {
    /// The page as it is read.
    #[must_use]
    pub const fn new(explorer: &'a Explorer, state: &'a State) -> Self {
        Self { explorer, state, hand: false }
    }
}

impl Board<'_> {
    /// Period, definition, aborted runs.
    #[must_use]
    pub fn choices(&self) -> Markup {
        let State { days, definition, .. } = *self.state;
        let aborted = self.state.basis().aborted();
        let t = use_locale();
        let names = DAYS.map(|of| label::period(t, of));
        let periods: Vec<_> = DAYS
            .into_iter()
            .zip(&names)
            .map(|(of, name)| {
                (of == days, self.state.with(|state| state.days = of), name.as_str(), "")
            })
            .collect();
        let definitions = DEFINITIONS.map(|of| {
            let (name, title) = (label::definition(t, of), label::definition_meaning(t, of));
            (of == definition, self.state.with(|state| state.definition = of), name, title)
        });
        let usual = Aborted::of(definition);
        let abortions = [
            (Aborted::Counted, "Aborted count", "Aborted runs are attempts that did not pass"),
            (Aborted::Excluded, "Aborted left out", "Aborted runs are no attempts"),
        ];
        let abortions = abortions.map(|(of, name, title)| {
            let told = Some(of).filter(|of| *of != usual);
            (of == aborted, self.state.with(|state| state.aborted = told), name, title)
        });
        [
            segment("Period", &periods),
            segment("Definition of the yield", &definitions),
            segment("Aborted runs", &abortions),
        ]
        .into_iter()
        .collect()
    }

    /// What is looked at; each part can be taken away.
    #[must_use]
    pub fn sentence(&self) -> Markup {
        let unlinked = match self.state.links_marks() {
            true => Markup::default(),
            false => markup!(
                "<p class=\"quiet-text\">So much is selected that charts and tables have no links until they are loaded.</p>"
            ),
        };
        let State { filters, than, .. } = self.state;
        let mut html = markup!("<p class=\"slice\">");
        let mut told = self.applied(filters);
        told.seconds = told.seconds.or(filters.seconds);
        told.values = told.values.or(filters.values);
        let parts = told.parts(self.state.measurement.as_deref());
        html.push(&Markup::text(if parts.is_empty() { "All runs" } else { "Runs" }));
        for (column, part) in parts {
            let rest = self.state.with(|state| state.filters.clear(column));
            let (class, left_out) = match self.answers(column) {
                true => ("chip", ""),
                false => ("chip idle", ", not applied"),
            };
            html.push(&markup!(
                " <span class=\"{}\">{}{} <a href=\"{}\" aria-label=\"Remove: {}\">×</a></span>",
                class,
                part,
                left_out,
                rest,
                part
            ));
        }
        html.push(&markup!(" {}</p><p class=\"slice-actions\">", self.state.period()));
        if !filters.is_empty() {
            let all = self.state.with(|state| state.filters = Filters::default());
            html.push(&button(&all, "Clear all"));
        }
        if than.as_ref() != Some(filters) {
            let kept = self.state.with(|state| state.than = Some(state.filters.clone()));
            html.push(&button(&kept, "Compare with this"));
        }
        if than.is_some() {
            let alone = self.state.with(|state| state.than = None);
            html.push(&button(&alone, "Stop comparing"));
        }
        let counted = self.explorer.header();
        let applied = State { filters: self.applied(filters), ..self.state.clone() };
        if counted.n > 0 {
            html.push(&button(&applied.units(false), "Show these units"));
        }
        if counted.n > counted.k {
            html.push(&button(&applied.units(true), "Units that did not pass"));
        }
        if let Some(why) = self.explanation() {
            html.push(&button(&why, "Why this figure?"));
        }
        html.push(&markup!("</p>"));
        html.push(&unlinked);
        html
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
        let mut plain = Filters::default();
        plain.toggle(Column::Operation, operation);
        if let Some(station) = station {
            plain.toggle(Column::Station, station);
        }
        if plain != *filters || aborted.is_some() || operation.is_empty() {
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

    /// What passed of it, and what was left out; side by side with what it is compared with.
    #[must_use]
    pub fn header(&self) -> Markup {
        let now = self.explorer.header();
        let (excluded, later) = self.explorer.left_out();
        let reason = |(reason, runs)| format!("{} {reason}", number::count(runs));
        let mut excluded: Vec<String> = excluded.into_iter().map(reason).collect();
        if later > 0 {
            excluded.push(format!("{} later", number::count(later)));
        }
        let excluded = if excluded.is_empty() { "nothing".to_owned() } else { excluded.join(", ") };
        let mut html = markup!(
            "<dl class=\"facts\"><div><dt>Yield, 95 % interval</dt><dd><span class=\"figure\" data-figure=\"yield\">{}</span><span class=\"quiet-text under\">{}</span></dd></div>",
            number::percent(now.fraction()),
            ends(now)
        );
        let (passed, all) = (number::count(now.k), attempts(self.state.definition, now.n));
        for (name, value) in [("Passed", passed), ("Counted", all), ("Runs left out", excluded)] {
            html.push(&markup!("<div><dt>{}</dt><dd>{}</dd></div>", name, value));
        }
        html.push(&markup!("</dl>"));
        let unknown = self.unknown();
        if !unknown.is_empty() {
            let named = unknown.join(" or ");
            html.push(&markup!("<p class=\"quiet-text\">None of these runs names {}.</p>", named));
        }
        for (column, what) in BINNED.into_iter().zip(["duration", "value"]) {
            let filters = [Some(&self.state.filters), self.state.than.as_ref()];
            let Some(why) = self.missing(column) else { continue };
            if filters.into_iter().flatten().any(|it| it.is_by(column)) {
                html.push(&markup!("<p>{}: the filter by {} is not applied.</p>", why, what));
            } else if self.is_unknown() {
                html.push(&markup!("<p class=\"quiet-text\">{}.</p>", why));
            }
        }
        if let Some(than) = &self.state.than {
            html.push(&self.comparison(now, than));
        }
        html
    }

    /// The figure in a sentence.
    #[must_use]
    pub fn result(&self) -> String {
        let now = self.explorer.header();
        let all = attempts(self.state.definition, now.n);
        format!("{}: {} of {all} passed", number::percent(now.fraction()), number::count(now.k))
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

    fn comparison(&self, now: Proportion, than: &Filters) -> Markup {
        let filters = &self.state.filters;
        let before = self.explorer.header_under(&selections(self.explorer, than));
        let mut html = markup!(
            "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Comparison\"><table class=\"comparison\"><thead><tr><th scope=\"col\">Compared</th><th scope=\"col\" class=\"num\">Yield, 95 % interval</th><th scope=\"col\" class=\"num\">Passed</th><th scope=\"col\" class=\"num\">Counted</th></tr></thead><tbody>"
        );
        for (of, it) in [(filters, now), (than, before)] {
            html.push(&markup!(
                "<tr><th scope=\"row\">{}</th><td class=\"num\"><strong>{}</strong><span class=\"quiet-text under\">{}</span></td><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>",
                self.applied(of).sentence(self.state.measurement.as_deref()),
                number::percent(it.fraction()),
                ends(it),
                number::count(it.k),
                number::count(it.n)
            ));
        }
        html.push(&markup!("</tbody></table></div>"));
        if filters == than {
            html.push(&markup!("<p>Now choose what to compare it with.</p>"));
            return html;
        }
        let Some(change) = difference(now, before, 0.95) else {
            html.push(&markup!("<p>There is no difference where nothing was counted.</p>"));
            return html;
        };
        let estimate = number::points(change.estimate);
        let both = self.counted_in_both(than);
        if both > 0 {
            let both = attempts(self.state.definition, both);
            html.push(&markup!("<p>Difference <strong data-figure=\"difference\">{}</strong>. Both share {}, so there is no interval for it.</p>", estimate, both));
            return html;
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
        html.push(&markup!("<p>Difference <strong data-figure=\"difference\">{}</strong>, 95 % interval {} to {} (Newcombe).{}</p>", estimate, low, high, caution));
        html
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

    /// How many runs there are, for the line that says how fast.
    #[must_use]
    pub fn runs(&self) -> String {
        number::of(self.explorer.frame().runs().into(), "run", "runs")
    }
}

fn ends(yielded: Proportion) -> String {
    drawn(yielded).map_or_else(
        || "nothing was counted".to_owned(),
        |it| format!("{} – {}", number::percent(Some(it.low)), number::percent(Some(it.high))),
    )
}
