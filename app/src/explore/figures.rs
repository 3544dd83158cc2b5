//! The charts: what is drawn, what is said of it, and the same as a table.

use charts::brush::Brush;
use charts::histogram::{self, Bin};
use charts::pareto::{self, Words};
use charts::trend::{self, Axes, Point};
use charts::{Palette, export, interval};
use chrono::NaiveDate;
use domain::frame::Column;
use engine::proportion::Proportion;

use super::board::Board;
use super::sentence::span;
use super::state::{Filters, State, day};
use super::table::{files, table};
use super::{bins, seconds, tells};
use crate::ui::figure::{FILE_WIDTH, FileKind};
use crate::ui::html::link;
use crate::ui::number::{self, attempts, drawn};
use crate::ui::sheet::{Cell, Sheet};

/// Rows that a chart has unless all are asked for.
const ROWS: usize = 24;
/// And then.
const ALL_ROWS: usize = 500;
/// Days that are shown one by one though nothing ran on them.
const DAYS: i64 = 1000;

const NOTHING: Proportion = Proportion { k: 0, n: 0 };

/// A row of a chart of names.
struct Named {
    /// As filters have it.
    name: String,
    label: String,
    yielded: Proportion,
    selected: bool,
}

impl Board<'_> {
    /// Whether a chart can be drawn: of many runs at once not everything is known.
    #[must_use]
    pub fn answers(&self, column: Column) -> bool {
        tells(self.explorer.frame(), column)
    }

    /// Filters as they are applied: durations by whole bins, or not at all where they are not
    /// known of these runs.
    pub(super) fn applied(&self, filters: &Filters) -> Filters {
        let bins = self.answers(Column::Duration).then(|| bins(self.explorer, filters)).flatten();
        let mut applied = filters.clone();
        applied.seconds = bins.and_then(|(first, last)| seconds(self.explorer, first, last));
        applied
    }

    /// The question that a chart answers.
    #[must_use]
    pub fn title(column: Column) -> &'static str {
        match column {
            Column::Day => "How does it go from day to day?",
            Column::Operation => "In which operation?",
            Column::Station => "At which station?",
            Column::Product => "Which product?",
            Column::Fixture => "On which fixture?",
            Column::Software => "With which software?",
            Column::Code => "What fails most?",
            _ => "How long does a run take?",
        }
    }

    /// The drawing of a chart, so many pixels wide; or why there is none.
    #[must_use]
    pub fn drawing(&self, column: Column, width: u32) -> String {
        if !self.answers(column) {
            return String::new();
        }
        let all = sum(self.explorer.by(column).into_iter());
        let nothing = match column {
            _ if all.n == 0 => "No run that counts passes these filters.",
            Column::Code if all.n == all.k => "Nothing failed.",
            _ => return self.draw(column, width, Palette::Page),
        };
        format!("<p class=\"chart-empty\">{nothing}</p>")
    }

    fn draw(&self, column: Column, width: u32, palette: Palette) -> String {
        match column {
            Column::Day => self.draw_days(width, palette),
            Column::Duration => self.draw_durations(width, palette),
            Column::Code => self.draw_codes(width, palette),
            _ => self.draw_names(column, width, palette),
        }
    }

    /// The chart as a file; none of what is not known.
    #[must_use]
    pub fn file(&self, column: Column, kind: FileKind, as_of: &str) -> Option<String> {
        self.answers(column).then(|| match kind {
            FileKind::Csv => self.sheet(column).0.csv(),
            FileKind::Svg => {
                let slice = format!(
                    "{} {}",
                    self.applied(&self.state.filters).sentence(),
                    self.state.period()
                );
                let note = format!("{slice}; {} As of {as_of}.", self.basis(column));
                let drawing = self.draw(column, FILE_WIDTH, Palette::Fixed);
                export::file(&drawing, Self::title(column), &note)
            }
        })
    }

    /// What a chart counts, and where the rest of it is.
    #[must_use]
    pub fn note(&self, column: Column) -> String {
        if !self.answers(column) {
            return "Durations are not known of so many runs at once.".to_owned();
        }
        let mut note = self.basis(column);
        if !matches!(column, Column::Day | Column::Duration) {
            let (rows, more) = self.named(column);
            let whole = self.state.whole == Some(column);
            let to = |whole| self.state.with(|state| state.whole = whole);
            if more > 0 && !whole {
                let text = format!("and {} more", number::count(more as u64));
                note.push_str(&format!(
                    " The first {}, {}.",
                    rows.len(),
                    link(&to(Some(column)), &text)
                ));
            } else if whole {
                if more > 0 {
                    let (rows, more) = (rows.len(), number::count(more as u64));
                    note.push_str(&format!(" The first {rows}; {more} more are not shown."));
                }
                note.push_str(&format!(" {}.", link(&to(None), "Show fewer")));
            }
        }
        note
    }

    /// What a chart counts.
    fn basis(&self, column: Column) -> String {
        let all = self.explorer.by(column);
        let n = attempts(self.state.definition, all.iter().map(|it| it.n).sum());
        let filtered =
            match (self.applied(&self.state.filters).is_empty(), self.is_filtered(column)) {
                (true, _) => "",
                (false, true) => ", under all filters but its own",
                (false, false) => ", under all filters",
            };
        let mut basis = format!("{n}{filtered}. Definition {} v1.", self.state.definition.as_str());
        if column == Column::Code {
            let failed = all.iter().map(|it| it.n - it.k).sum();
            basis = format!("{} did not pass, of {basis}", number::count(failed));
        }
        if column == Column::Duration
            && let Some(unknown) = all.last().filter(|unknown| unknown.n > 0)
        {
            basis.push_str(&format!(" {} without an end.", number::count(unknown.n)));
        }
        basis
    }

    /// The figures of a chart, as a table and to take away.
    #[must_use]
    pub fn table(&self, column: Column) -> String {
        let (sheet, links) = self.sheet(column);
        let asked = self.state.query();
        table(Self::title(column), &sheet, &links) + &files(column.as_str(), &asked)
    }

    /// The rows of a chart, and where the first cell of each leads.
    fn sheet(&self, column: Column) -> (Sheet, Vec<String>) {
        let rows: Vec<(String, String, Proportion)> = match column {
            Column::Day => {
                let all = self.explorer.by(column);
                let of = |code: usize| all.get(code).copied().unwrap_or(NOTHING);
                self.days()
                    .into_iter()
                    .filter_map(|(on, code)| Some((day(on), self.choosing_days(on, on), of(code?))))
                    .collect()
            }
            Column::Duration => {
                let all = self.explorer.by(column);
                let row = |bin: usize| (self.bin(bin, bin), self.choosing_bins(bin, bin), all[bin]);
                (0..self.explorer.durations().len().min(all.len())).map(row).collect()
            }
            _ => {
                let row = |it: Named| (it.label, self.choosing(column, &it.name), it.yielded);
                self.named(column).0.into_iter().map(row).collect()
            }
        };
        let is_code = column == Column::Code;
        let failed: u64 = self.explorer.by(column).iter().map(|it| it.n - it.k).sum();
        let cells = |label: String, it: Proportion| {
            if is_code {
                let failing = Proportion { k: it.n - it.k, n: failed };
                let share = Cell::Fraction(failing.fraction());
                return vec![Cell::Text(label), Cell::Count(failing.k), share];
            }
            let ends = drawn(it);
            vec![
                Cell::Text(label),
                Cell::Fraction(it.fraction()),
                Cell::Fraction(ends.map(|it| it.low)),
                Cell::Fraction(ends.map(|it| it.high)),
                Cell::Count(it.k),
                Cell::Count(it.n),
            ]
        };
        let (rows, links) =
            rows.into_iter().map(|(label, link, it)| (cells(label, it), link)).unzip();
        let (head, name) = (head(column), column.as_str());
        let (heads, names) = match is_code {
            true => {
                (vec![head, "Did not pass", "Share of these"], vec![name, "not_passed", "share"])
            }
            false => (
                vec![head, "Yield", "Low", "High", "Passed", "Counted"],
                vec![name, "yield", "low", "high", "passed", "n"],
            ),
        };
        (Sheet { heads, names, rows }, links)
    }

    /// Whether a filter by the column's own values is on.
    fn is_filtered(&self, column: Column) -> bool {
        let filters = &self.state.filters;
        match column {
            Column::Day => filters.day.is_some(),
            Column::Duration => filters.seconds.is_some(),
            _ => !filters.names(column).is_empty(),
        }
    }

    /// The rows of a chart of names, those with most first; and how many it does not show. What
    /// is selected is always shown.
    fn named(&self, column: Column) -> (Vec<Named>, usize) {
        let texts = self.explorer.frame().texts(column);
        let all = self.explorer.by(column);
        let filtered = self.is_filtered(column);
        let selected = |code: usize| filtered && self.explorer.is_selected(column, code);
        let worth = |it: &Proportion| if column == Column::Code { it.n - it.k } else { it.n };
        let mut order: Vec<(u64, u32)> = (0..)
            .zip(&all)
            .filter(|(code, it)| worth(it) > 0 || selected(*code as usize))
            .map(|(code, it)| (u64::MAX - worth(it), code))
            .collect();
        order.sort_unstable();
        let most = if self.state.whole == Some(column) { ALL_ROWS } else { ROWS };
        let mut more = 0;
        let mut rows = Vec::new();
        for (place, (_, code)) in order.into_iter().enumerate() {
            let code = code as usize;
            if place >= most && !selected(code) {
                more += 1;
                continue;
            }
            let name = texts.and_then(|texts| texts.get(code)).unwrap_or_default().to_owned();
            let label = if name.is_empty() { format!("(no {column})") } else { name.clone() };
            rows.push(Named { name, label, yielded: all[code], selected: selected(code) });
        }
        (rows, more)
    }

    fn draw_names(&self, column: Column, width: u32, palette: Palette) -> String {
        let filtered = self.is_filtered(column);
        let row = |it: Named| interval::Row {
            figure: drawn(it.yielded),
            title: self.says(&it.label, it.yielded, it.selected),
            href: Some(self.choosing(column, &it.name)),
            n: Some(it.yielded.n),
            muted: filtered && !it.selected,
            label: it.label,
        };
        let rows: Vec<_> = self.named(column).0.into_iter().map(row).collect();
        interval::render(&rows, "Yield with 95 % interval, and counted", width, palette)
    }

    fn draw_codes(&self, width: u32, palette: Palette) -> String {
        let filtered = self.is_filtered(Column::Code);
        let failed: u64 = self.explorer.by(Column::Code).iter().map(|it| it.n - it.k).sum();
        let share = |part: u64| Proportion { k: part, n: failed }.fraction();
        let mut above = 0;
        let row = |it: Named| {
            let runs = it.yielded.n - it.yielded.k;
            above += runs;
            let share_of = share(runs);
            let of = number::percent(share_of);
            let failed = attempts(self.state.definition, runs);
            let chosen = if it.selected { ", selected" } else { "" };
            pareto::Row {
                title: format!("{}: {failed}, {of} of all that did not pass{chosen}", it.label),
                key: it.label,
                runs,
                units: None,
                share: share_of.unwrap_or_default(),
                cumulative: share(above),
                href: Some(self.choosing(Column::Code, &it.name)),
                muted: filtered && !it.selected,
            }
        };
        let rows: Vec<_> = self.named(Column::Code).0.into_iter().map(row).collect();
        let words = Words { axis: "Share of what did not pass", key: "code", keys: "codes" };
        pareto::render(&rows, ALL_ROWS, words, width, palette)
    }

    /// Every day from the first to the last on which something ran, and its code.
    fn days(&self) -> Vec<(NaiveDate, Option<usize>)> {
        let mut days: Vec<(NaiveDate, Option<usize>)> = Vec::new();
        for (code, on) in self.explorer.frame().days().enumerate() {
            if let Some((last, _)) = days.last().copied()
                && on.signed_duration_since(last).num_days() < DAYS
            {
                let gap = last.iter_days().skip(1).take_while(|it| *it < on);
                days.extend(gap.map(|it| (it, None)));
            }
            days.push((on, Some(code)));
        }
        days
    }

    fn draw_days(&self, width: u32, palette: Palette) -> String {
        let all = self.explorer.by(Column::Day);
        let days = self.days();
        let of = |code: Option<usize>| code.and_then(|code| all.get(code)).copied();
        let points: Vec<_> = days
            .iter()
            .map(|(on, code)| {
                let yielded = of(*code).unwrap_or(NOTHING);
                Point { key: day(*on), figure: drawn(yielded), n: yielded.n, title: String::new() }
            })
            .collect();
        let selected = self.state.filters.day.and_then(|(from, to)| {
            let first = days.iter().position(|(on, _)| from <= *on)?;
            let last = days.iter().rposition(|(on, _)| *on <= to)?;
            (first <= last).then_some((first, last))
        });
        let link = |first: usize, last: usize| {
            let (from, to) = (days[first].0, days[last].0);
            let label = match from == to {
                true => day(from),
                false => format!("{} to {}", day(from), day(to)),
            };
            let yielded = sum(days[first..=last].iter().filter_map(|(_, code)| of(*code)));
            let chosen = self.state.filters.day == Some((from, to));
            (self.says(&label, yielded, chosen), self.choosing_days(from, to))
        };
        let axes = Axes { across: "Day of the site", up: "Yield with 95 % interval", n: "Counted" };
        trend::brushed(&points, axes, &Brush { selected, link: &link }, width, palette)
    }

    fn draw_durations(&self, width: u32, palette: Palette) -> String {
        let edges = self.explorer.durations();
        let all = self.explorer.by(Column::Duration);
        let step = edges.get(1).copied().unwrap_or(60);
        let (unit, across) = match step {
            it if it.is_multiple_of(3600) => (3600, "Duration of the run, hours"),
            it if it.is_multiple_of(60) => (60, "Duration of the run, minutes"),
            _ => (1, "Duration of the run, seconds"),
        };
        let bins_drawn: Vec<_> = edges
            .iter()
            .zip(&all)
            .map(|(edge, it)| Bin { key: (edge / unit).to_string(), n: it.n })
            .collect();
        let selected = bins(self.explorer, &self.state.filters);
        let link = |first: usize, last: usize| {
            let yielded = sum(all[first..=last].iter().copied());
            let says = self.says(&self.bin(first, last), yielded, selected == Some((first, last)));
            (says, self.choosing_bins(first, last))
        };
        let axes = histogram::Axes { across, up: "Counted" };
        let brush = Brush { selected, link: &link };
        histogram::render(&bins_drawn, axes, &brush, width, palette)
    }

    /// The durations in some bins.
    fn bin(&self, first: usize, last: usize) -> String {
        match seconds(self.explorer, first, last) {
            Some((from, Some(to))) => format!("{} to {}", span(from), span(to)),
            Some((from, None)) => format!("{} or longer", span(from)),
            None => String::new(),
        }
    }

    /// What a mark says.
    fn says(&self, label: &str, yielded: Proportion, selected: bool) -> String {
        if self.hand {
            return String::new();
        }
        let chosen = if selected { ", selected" } else { "" };
        match yielded.n {
            0 => format!("{label}: nothing was counted{chosen}"),
            n => format!(
                "{label}: {} of {} passed, {}{chosen}",
                number::count(yielded.k),
                attempts(self.state.definition, n),
                number::percent(yielded.fraction())
            ),
        }
    }

    /// Where a mark leads.
    fn leading(&self, change: impl FnOnce(&mut State)) -> String {
        if self.hand { String::new() } else { self.state.with(change) }
    }

    fn choosing(&self, column: Column, name: &str) -> String {
        self.leading(|state| state.filters.toggle(column, name))
    }

    fn choosing_days(&self, from: NaiveDate, to: NaiveDate) -> String {
        let days = Some((from, to)).filter(|days| self.state.filters.day != Some(*days));
        self.leading(|state| state.filters.day = days)
    }

    fn choosing_bins(&self, first: usize, last: usize) -> String {
        let chosen = bins(self.explorer, &self.state.filters) == Some((first, last));
        let range = seconds(self.explorer, first, last).filter(|_| !chosen);
        self.leading(|state| state.filters.seconds = range)
    }

    /// The state with the marks from one to another of a brush selected; none: with none.
    #[must_use]
    pub fn brushed(&self, column: Column, marks: Option<(usize, usize)>) -> State {
        let mut state = self.state.clone();
        match column {
            Column::Day => {
                let days = self.days();
                let on = |place: usize| days.get(place).map(|(on, _)| *on);
                state.filters.day = marks.and_then(|(first, last)| on(first).zip(on(last)));
            }
            _ => {
                let range = |(first, last)| seconds(self.explorer, first, last);
                state.filters.seconds = marks.and_then(range);
            }
        }
        state
    }
}

fn sum(parts: impl Iterator<Item = Proportion>) -> Proportion {
    parts.fold(NOTHING, |sum, it| Proportion { k: sum.k + it.k, n: sum.n + it.n })
}

/// The head of a column of these.
fn head(column: Column) -> &'static str {
    match column {
        Column::Day => "Day",
        Column::Operation => "Operation",
        Column::Station => "Station",
        Column::Product => "Product",
        Column::Fixture => "Fixture",
        Column::Software => "Software",
        Column::Code => "Code",
        _ => "Duration",
    }
}
