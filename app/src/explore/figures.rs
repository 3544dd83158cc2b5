//! The charts, their notes and their tables.

use charts::brush::Brush;
use charts::pareto::{self, Words};
use charts::trend::{self, Axes, Point};
use charts::{Markup, Palette, export, interval, markup};
use chrono::NaiveDate;
use domain::frame::Column;
use engine::proportion::Proportion;
use messages::{Locale, Part};

use super::bins::select_bins;
use super::board::Board;
use super::sentence::no_name;
use super::state::{CATEGORICAL, State, day};
use super::table::{files, table};
use super::{BINNED, has_column};
use crate::ui::figure::{FILE_WIDTH, FileKind};
use crate::ui::html::link;
use crate::ui::label::attempts;
use crate::ui::name::{isolated, name};
use crate::ui::number::{self, drawn};
use crate::ui::sheet::{Cell, Sheet};

/// Rows of a chart by default.
const ROWS: usize = 24;
/// Rows of an expanded chart at most.
const ALL_ROWS: usize = 500;
/// Days of the chart by day at most: the newest.
const DAYS: usize = 1000;
/// Days of its table at most: the newest.
const DAY_ROWS: usize = 400;

const NOTHING: Proportion = Proportion { k: 0, n: 0 };

/// A row of a chart of names.
struct Named {
    /// The name in filters; empty for runs without one.
    name: String,
    label: String,
    yielded: Proportion,
    selected: bool,
}

impl Board<'_> {
    /// Whether there is a chart of a column: cells have no durations, and there are values only of
    /// an attribute that is chosen, and of a measurement that exists.
    #[must_use]
    pub fn has_chart(&self, column: Column) -> bool {
        let is_chosen = column != Column::Attribute || self.state.attribute.is_some();
        is_chosen && has_column(self.explorer.frame(), column)
    }

    /// The measurement's name.
    pub(super) fn measurement(&self) -> &str {
        self.state.measurement.as_deref().unwrap_or_default()
    }

    /// The title of a chart.
    #[must_use]
    pub fn title(&self, column: Column) -> &'static str {
        let t = self.t;
        match column {
            Column::Day => t.explore_by_day(),
            Column::Operation => t.explore_by_operation(),
            Column::Station => t.explore_by_station(),
            Column::Product => t.explore_by_product(),
            Column::Fixture => t.explore_by_fixture(),
            Column::Software => t.explore_by_software(),
            Column::Code => t.explore_by_code(),
            Column::Attribute => t.explore_by_attribute(),
            Column::Measured => t.explore_by_value(),
            _ => t.explore_by_duration(),
        }
    }

    /// The drawing of a chart, `width` pixels wide, or a paragraph why there is none.
    #[must_use]
    pub fn drawing(&self, column: Column, width: u32) -> Markup {
        if !self.has_chart(column) {
            return Markup::default();
        }
        let by = self.explorer.by(column);
        let all = sum(by.iter().copied());
        let unfiltered = sum(self.explorer.unfiltered(column).into_iter());
        let has_rows = CATEGORICAL.contains(&column) && weight(column, unfiltered) > 0;
        let t = self.t;
        let empty = match column {
            // The rows keep their places, also where the filters leave them nothing.
            _ if has_rows => return self.draw(column, width, Palette::Page),
            _ if all.n == 0 => t.explore_empty(),
            Column::Code if all.n == all.k => t.explore_empty_code(),
            Column::Measured if by.last().is_some_and(|unknown| unknown.n == all.n) => {
                t.explore_empty_value()
            }
            _ => return self.draw(column, width, Palette::Page),
        };
        markup!("<p class=\"chart-empty\">{}</p>", empty)
    }

    fn draw(&self, column: Column, width: u32, palette: Palette) -> Markup {
        match column {
            Column::Day => self.draw_days(width, palette),
            Column::Duration | Column::Measured => self.draw_bins(column, width, palette),
            Column::Code => self.draw_codes(width, palette),
            _ => self.draw_names(column, width, palette),
        }
    }

    /// The chart as a file; none where there is no chart.
    #[must_use]
    pub fn file(&self, column: Column, kind: FileKind, as_of: &str) -> Option<String> {
        self.has_chart(column).then(|| match kind {
            FileKind::Csv => self.sheet(column).0.csv(),
            FileKind::Svg => {
                let applied = self.applied(&self.state.filters);
                let slice = applied.sentence(self.t, self.state);
                let period = self.state.period(self.t);
                let note = self.t.explore_file_note(slice, period, self.basis(column), as_of);
                let drawing = self.draw(column, FILE_WIDTH, Palette::Fixed);
                export::file(&drawing, self.title(column), &note).into_string()
            }
        })
    }

    /// What a chart counts, and the link to rows that are not shown.
    #[must_use]
    pub fn note(&self, column: Column) -> Markup {
        if let Some(missing) = self.missing(column) {
            return Markup::text(&missing);
        }
        let t = self.t;
        let mut note = Markup::text(&self.basis(column));
        if column == Column::Measured {
            note = sentence(t.explore_basis_value(name(self.measurement()), note));
        }
        if let (Column::Attribute, Some(attribute)) = (column, &self.state.attribute) {
            note = sentence(t.explore_basis_attribute(name(attribute.as_str()), note));
        }
        if column != Column::Day && !BINNED.contains(&column) {
            let (rows, more) = self.named(column);
            let expanded = self.state.expanded == Some(column);
            let to = |expanded| self.state.with(|state| state.expanded = expanded);
            if more > 0 && !expanded {
                let text = Markup::text(&t.explore_rows_more(more as u64));
                let more = link(&to(Some(column)), &text);
                note.push(&Markup::text(" "));
                note.push(&sentence(t.explore_rows(rows.len() as u64, more)));
            } else if expanded {
                if more > 0 {
                    let cut = t.explore_rows_cut(rows.len() as u64, more as u64);
                    note.push(&markup!(" {}", cut));
                }
                note.push(&markup!(" {}", link(&to(None), &Markup::text(t.explore_fewer()))));
            }
        }
        note
    }

    /// Why there is no chart of a column, in a sentence; none where there is one.
    pub(super) fn missing(&self, column: Column) -> Option<String> {
        let t = self.t;
        let are_rows_runs = self.has_chart(Column::Duration);
        let why = match (column, &self.state.measurement) {
            _ if self.has_chart(column) => return None,
            (Column::Attribute, _) => t.explore_choose_attribute().to_owned(),
            (Column::Measured, None) if are_rows_runs => t.explore_choose_measurement().to_owned(),
            (Column::Measured, Some(name)) if are_rows_runs => {
                t.explore_no_measurement(isolated(name))
            }
            (Column::Measured, _) => t.explore_cells_value().to_owned(),
            _ => t.explore_cells_duration().to_owned(),
        };
        Some(why)
    }

    /// Whether the chosen measurement does not exist.
    pub(super) fn is_unknown(&self) -> bool {
        let has_others = self.has_chart(Column::Duration) && !self.has_chart(Column::Measured);
        has_others && self.state.measurement.is_some()
    }

    /// What a chart counts, in sentences.
    fn basis(&self, column: Column) -> String {
        let all = self.explorer.by(column);
        let (t, definition) = (self.t, self.state.definition);
        let counted = attempts(t, definition, all.iter().map(|it| it.n).sum());
        let mut basis = match (
            self.applied(&self.state.filters).is_empty(),
            self.state.filters.is_by(column),
        ) {
            (true, _) => t.explore_basis(counted, definition),
            (false, true) => t.explore_basis_own(counted, definition),
            (false, false) => t.explore_basis_filtered(counted, definition),
        };
        if column == Column::Code {
            let failed = all.iter().map(|it| it.n - it.k).sum();
            basis = t.explore_basis_code(failed, basis);
        }
        if column == Column::Day && all.len() > DAYS {
            basis = t.join_sentences(basis, t.explore_days_drawn(DAYS as u64, all.len() as u64));
        }
        if BINNED.contains(&column)
            && let Some(unknown) = all.last().filter(|unknown| unknown.n > 0)
        {
            let without = match column {
                Column::Duration => t.explore_without_end(unknown.n),
                _ => t.explore_without_value(unknown.n),
            };
            basis = t.join_sentences(basis, without);
        }
        basis
    }

    /// The table of a chart, and links to its files.
    #[must_use]
    pub fn table(&self, column: Column) -> Markup {
        let (mut sheet, mut links) = self.sheet(column);
        let all = sheet.rows.len();
        let older = if column == Column::Day { all.saturating_sub(DAY_ROWS) } else { 0 };
        sheet.rows.drain(..older);
        links.drain(..older);
        let left_out = match older {
            0 => Markup::default(),
            _ => markup!(
                "<p class=\"quiet-text\">{}</p>",
                self.t.explore_days_listed(DAY_ROWS as u64, all as u64)
            ),
        };
        let files = files(self.t, column.as_str(), &self.state.query());
        [table(self.title(column), &sheet, &links), left_out, files].into_iter().collect()
    }

    /// The rows of a chart, and the link of each.
    fn sheet(&self, column: Column) -> (Sheet, Vec<Option<String>>) {
        let rows: Vec<(Cell, Option<String>, Proportion)> = match column {
            Column::Day => {
                let all = self.explorer.by(column);
                let of = |code: usize| all.get(code).copied().unwrap_or(NOTHING);
                let days = self.explorer.frame().days().enumerate();
                days.map(|(code, on)| {
                    (Cell::Text(day(on)), self.toggle_days_href(on, on), of(code))
                })
                .collect()
            }
            Column::Duration | Column::Measured => {
                let all = self.explorer.by(column);
                let row = |bin: usize| {
                    let label = Cell::Text(self.bins_label(column, bin, bin));
                    (label, self.toggle_bins_href(column, bin, bin), all[bin])
                };
                (0..self.bin_count(column).min(all.len())).map(row).collect()
            }
            _ => {
                let row = |it: Named| {
                    let link = self.toggle_href(column, &it.name);
                    let label = match it.name.is_empty() {
                        true => Cell::Text(it.label),
                        false => Cell::Name(it.name),
                    };
                    (label, link, it.yielded)
                };
                self.named(column).0.into_iter().map(row).collect()
            }
        };
        let is_code = column == Column::Code;
        let failed: u64 = self.explorer.by(column).iter().map(|it| it.n - it.k).sum();
        let cells = |label: Cell, it: Proportion| {
            if is_code {
                let failing = Proportion { k: it.n - it.k, n: failed };
                let share = Cell::Fraction(failing.fraction());
                return vec![label, Cell::Count(failing.k), share];
            }
            let ends = drawn(it);
            vec![
                label,
                Cell::Fraction(it.fraction()),
                Cell::Fraction(ends.map(|it| it.low)),
                Cell::Fraction(ends.map(|it| it.high)),
                Cell::Count(it.k),
                Cell::Count(it.n),
            ]
        };
        let (rows, links) =
            rows.into_iter().map(|(label, link, it)| (cells(label, it), link)).unzip();
        let t = self.t;
        let (head, name) = (column_label(t, column), column.as_str());
        let (heads, names) = match is_code {
            true => (
                vec![head, t.column_failed(), t.column_share_of_failed()],
                vec![name, "not_passed", "share"],
            ),
            false => (
                vec![
                    head,
                    t.column_yield(),
                    t.column_low(),
                    t.column_high(),
                    t.column_passed(),
                    t.column_counted(),
                ],
                vec![name, "yield", "low", "high", "passed", "n"],
            ),
        };
        (Sheet { heads, names, rows }, links)
    }

    /// The rows of a chart of names and how many are not shown. The rows and their order depend on
    /// the runs alone, not on the filters, so that nothing moves under the pointer: the largest
    /// first, without filters. Selected rows are always shown.
    fn named(&self, column: Column) -> (Vec<Named>, usize) {
        let texts = self.explorer.frame().texts(column);
        let all = self.explorer.by(column);
        let filtered = self.state.filters.is_by(column);
        let selected = |code: usize| filtered && self.explorer.is_selected(column, code);
        let mut order: Vec<(u64, u32)> = (0..)
            .zip(&self.explorer.unfiltered(column))
            .filter(|(code, it)| weight(column, **it) > 0 || selected(*code as usize))
            .map(|(code, it)| (u64::MAX - weight(column, *it), code))
            .collect();
        order.sort_unstable();
        let most = if self.state.expanded == Some(column) { ALL_ROWS } else { ROWS };
        let mut more = 0;
        let mut rows = Vec::new();
        for (index, (_, code)) in order.into_iter().enumerate() {
            let code = code as usize;
            if index >= most && !selected(code) {
                more += 1;
                continue;
            }
            let name = texts.and_then(|texts| texts.get(code)).unwrap_or_default().to_owned();
            let label = match name.is_empty() {
                true => self.t.explore_none(no_name(self.t, column)),
                false => isolated(&name),
            };
            rows.push(Named { name, label, yielded: all[code], selected: selected(code) });
        }
        (rows, more)
    }

    fn draw_names(&self, column: Column, width: u32, palette: Palette) -> Markup {
        let filtered = self.state.filters.is_by(column);
        let row = |it: Named| interval::Row {
            figure: drawn(it.yielded),
            title: self.tooltip(&it.label, it.yielded, it.selected),
            href: self.toggle_href(column, &it.name),
            n: Some(it.yielded.n),
            muted: filtered && !it.selected,
            label: it.label,
        };
        let rows: Vec<_> = self.named(column).0.into_iter().map(row).collect();
        interval::render(&rows, self.t.explore_axis_yield_counted(), width, palette)
    }

    fn draw_codes(&self, width: u32, palette: Palette) -> Markup {
        let filtered = self.state.filters.is_by(Column::Code);
        let failed: u64 = self.explorer.by(Column::Code).iter().map(|it| it.n - it.k).sum();
        let share = |part: u64| Proportion { k: part, n: failed }.fraction();
        let t = self.t;
        let mut above = 0;
        let row = |it: Named| {
            let runs = it.yielded.n - it.yielded.k;
            above += runs;
            let share_of = share(runs);
            let failed = attempts(t, self.state.definition, runs);
            let tooltip = t.explore_mark_code(&it.label, failed, number::percent(share_of));
            pareto::Row {
                title: if it.selected { t.explore_mark_selected(tooltip) } else { tooltip },
                key: it.label,
                runs,
                units: None,
                share: share_of.unwrap_or_default(),
                // Without failures there are no shares.
                cumulative: share(above).or(Some(0.0)),
                href: self.toggle_href(Column::Code, &it.name),
                muted: filtered && !it.selected,
            }
        };
        let rows: Vec<_> = self.named(Column::Code).0.into_iter().map(row).collect();
        let words =
            Words { axis: t.explore_axis_failed(), key: t.explore_code(), keys: t.explore_codes() };
        pareto::render(&rows, ALL_ROWS, words, width, palette)
    }

    /// The newest days with runs, with their codes, and the days between them, [`DAYS`] at most: a
    /// clock that was not set can put runs centuries apart. In ascending order.
    fn days(&self) -> Vec<(NaiveDate, Option<usize>)> {
        let all: Vec<NaiveDate> = self.explorer.frame().days().collect();
        let newest = all.iter().copied().enumerate().rev().take(DAYS);
        let mut room = DAYS.saturating_sub(all.len());
        let mut days: Vec<(NaiveDate, Option<usize>)> = Vec::new();
        for (code, on) in newest {
            if let Some((next, _)) = days.last().copied() {
                let between = next.signed_duration_since(on).num_days() - 1;
                if let Ok(between) = usize::try_from(between)
                    && between <= room
                {
                    room -= between;
                    let gap = on.iter_days().skip(1).take(between).collect::<Vec<_>>();
                    days.extend(gap.into_iter().rev().map(|it| (it, None)));
                }
            }
            days.push((on, Some(code)));
        }
        days.reverse();
        days
    }

    fn draw_days(&self, width: u32, palette: Palette) -> Markup {
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
                false => self.t.range_between(day(from), day(to)),
            };
            let yielded = sum(days[first..=last].iter().filter_map(|(_, code)| of(*code)));
            let selected = self.state.filters.day == Some((from, to));
            (self.tooltip(&label, yielded, selected), self.toggle_days_href(from, to))
        };
        let t = self.t;
        let axes = Axes {
            across: t.explore_axis_day(),
            up: t.explore_axis_yield(),
            n: t.column_counted(),
        };
        trend::brushed(&points, axes, &Brush { selected, link: &link }, width, palette)
    }

    /// The tooltip of a mark; empty during a drag.
    pub(super) fn tooltip(&self, label: &str, yielded: Proportion, selected: bool) -> String {
        if self.dragging {
            return String::new();
        }
        let t = self.t;
        let tooltip = match yielded.n {
            0 => t.explore_mark_empty(label),
            n => t.explore_mark(
                label,
                yielded.k,
                attempts(t, self.state.definition, n),
                number::percent(yielded.fraction()),
            ),
        };
        if selected { t.explore_mark_selected(tooltip) } else { tooltip }
    }

    /// The address of the page after a change, for the link of a mark; none where the state is too
    /// long for every link to repeat it.
    pub(super) fn href_with(&self, change: impl FnOnce(&mut State)) -> Option<String> {
        if self.dragging {
            return Some(String::new());
        }
        self.state.links_marks().then(|| self.state.with(change))
    }

    fn toggle_href(&self, column: Column, name: &str) -> Option<String> {
        self.href_with(|state| state.filters.toggle(column, name))
    }

    fn toggle_days_href(&self, from: NaiveDate, to: NaiveDate) -> Option<String> {
        let days = Some((from, to)).filter(|days| self.state.filters.day != Some(*days));
        self.href_with(|state| state.filters.day = days)
    }

    /// The state in which the marks from one to another of a chart are selected, or none are.
    #[must_use]
    pub fn brushed(&self, column: Column, marks: Option<(usize, usize)>) -> State {
        let mut state = self.state.clone();
        match column {
            Column::Day => {
                let days = self.days();
                let on = |mark: usize| days.get(mark).map(|(on, _)| *on);
                state.filters.day = marks.and_then(|(first, last)| on(first).zip(on(last)));
            }
            _ => select_bins(self.explorer, &mut state.filters, column, marks),
        }
        state
    }
}

/// What the rows of a chart of names are sorted by: counted runs, or failed ones of codes.
fn weight(column: Column, it: Proportion) -> u64 {
    if column == Column::Code { it.n - it.k } else { it.n }
}

pub(super) fn sum(parts: impl Iterator<Item = Proportion>) -> Proportion {
    parts.fold(NOTHING, |sum, it| Proportion { k: sum.k + it.k, n: sum.n + it.n })
}

/// The name of a column.
pub(super) fn column_label(t: Locale, column: Column) -> &'static str {
    match column {
        Column::Day => t.column_day(),
        Column::Measured => t.column_value(),
        Column::Duration => t.column_duration(),
        Column::Operation => t.column_operation(),
        Column::Station => t.column_station(),
        Column::Product => t.column_product(),
        Column::Fixture => t.column_fixture(),
        Column::Software => t.column_software(),
        Column::Attribute => t.column_attribute(),
        _ => t.column_code(),
    }
}

/// A sentence that holds markup.
fn sentence(parts: Vec<Part<Markup>>) -> Markup {
    let markup = |part| match part {
        Part::Text(text) => Markup::text(&text),
        Part::View(markup) => markup,
    };
    parts.into_iter().map(markup).collect()
}
