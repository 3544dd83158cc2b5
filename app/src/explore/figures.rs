//! The charts: what is drawn, what is said of it, and the same as a table.

use charts::brush::Brush;
use charts::pareto::{self, Words};
use charts::trend::{self, Axes, Point};
use charts::{Markup, Palette, export, interval, markup};
use chrono::NaiveDate;
use domain::dimension::Field;
use domain::frame::Column;
use engine::proportion::Proportion;

use super::bins::choose;
use super::board::Board;
use super::state::{State, day};
use super::table::{files, table};
use super::{BINNED, tells};
use crate::ui::figure::{FILE_WIDTH, FileKind};
use crate::ui::html::link;
use crate::ui::name::{isolated, name};
use crate::ui::number::{self, attempts, drawn};
use crate::ui::sheet::{Cell, Sheet};

/// Rows that a chart has unless all are asked for.
const ROWS: usize = 24;
/// And then.
const ALL_ROWS: usize = 500;
/// Days that the chart of days draws at most: the newest.
const DAYS: usize = 1000;
/// Rows of its table at most: the newest.
const DAY_ROWS: usize = 400;

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
    /// Whether a chart can be drawn: of many runs at once not everything is known, and values
    /// only of a measurement that there is.
    #[must_use]
    pub fn answers(&self, column: Column) -> bool {
        tells(self.explorer.frame(), column)
    }

    /// The measurement's name.
    pub(super) fn measurement(&self) -> &str {
        self.state.measurement.as_deref().unwrap_or_default()
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
            Column::Measured => "What was measured?",
            _ => "How long does a run take?",
        }
    }

    /// The drawing of a chart, so many pixels wide; or why there is none.
    #[must_use]
    pub fn drawing(&self, column: Column, width: u32) -> Markup {
        if !self.answers(column) {
            return Markup::default();
        }
        let by = self.explorer.by(column);
        let all = sum(by.iter().copied());
        let nothing = match column {
            _ if all.n == 0 => "No run that counts passes these filters.",
            Column::Code if all.n == all.k => "Nothing failed.",
            Column::Measured if by.last().is_some_and(|unknown| unknown.n == all.n) => {
                "None of these runs has a value."
            }
            _ => return self.draw(column, width, Palette::Page),
        };
        markup!("<p class=\"chart-empty\">{}</p>", nothing)
    }

    fn draw(&self, column: Column, width: u32, palette: Palette) -> Markup {
        match column {
            Column::Day => self.draw_days(width, palette),
            Column::Duration | Column::Measured => self.draw_bins(column, width, palette),
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
                let applied = self.applied(&self.state.filters);
                let slice = applied.sentence(self.state.measurement.as_deref());
                let period = self.state.period();
                let note = format!("{slice} {period}; {} As of {as_of}.", self.basis(column));
                let drawing = self.draw(column, FILE_WIDTH, Palette::Fixed);
                export::file(&drawing, Self::title(column), &note).into_string()
            }
        })
    }

    /// What a chart counts, and where the rest of it is.
    #[must_use]
    pub fn note(&self, column: Column) -> Markup {
        if let Some(missing) = self.missing(column) {
            return Markup::text(&format!("{missing}."));
        }
        let mut note = Markup::text(&self.basis(column));
        if column == Column::Measured {
            let of = name(self.measurement());
            note = markup!("{}, by the last value of each run: {}", of, note);
        }
        if column != Column::Day && !BINNED.contains(&column) {
            let (rows, more) = self.named(column);
            let whole = self.state.whole == Some(column);
            let to = |whole| self.state.with(|state| state.whole = whole);
            if more > 0 && !whole {
                let text = markup!("and {} more", number::count(more as u64));
                let more = link(&to(Some(column)), &text);
                note.push(&markup!(" The first {}, {}.", rows.len(), more));
            } else if whole {
                if more > 0 {
                    let (rows, more) = (rows.len(), number::count(more as u64));
                    note.push(&markup!(" The first {}; {} more are not shown.", rows, more));
                }
                note.push(&markup!(" {}.", link(&to(None), &Markup::text("Show fewer"))));
            }
        }
        note
    }

    /// Why there is no chart of a column, without its full stop; none where there is one.
    pub(super) fn missing(&self, column: Column) -> Option<String> {
        let each = self.answers(Column::Duration);
        let why = match (column, &self.state.measurement) {
            _ if self.answers(column) => return None,
            (Column::Measured, None) if each => {
                "Choose one to see how its values are spread, and to filter by them".to_owned()
            }
            (Column::Measured, Some(name)) if each => {
                format!("Nothing that is called {} was measured", isolated(name))
            }
            (Column::Measured, _) => "Values are not known of so many runs at once".to_owned(),
            _ => "Durations are not known of so many runs at once".to_owned(),
        };
        Some(why)
    }

    /// Whether a measurement was asked for that there is not.
    pub(super) fn is_unknown(&self) -> bool {
        let all_else = self.answers(Column::Duration) && !self.answers(Column::Measured);
        all_else && self.state.measurement.is_some()
    }

    /// What a chart counts.
    fn basis(&self, column: Column) -> String {
        let all = self.explorer.by(column);
        let n = attempts(self.state.definition, all.iter().map(|it| it.n).sum());
        let filtered = match (
            self.applied(&self.state.filters).is_empty(),
            self.state.filters.is_by(column),
        ) {
            (true, _) => "",
            (false, true) => ", under all filters but its own",
            (false, false) => ", under all filters",
        };
        let mut basis = format!("{n}{filtered}. Definition {} v1.", self.state.definition.as_str());
        if column == Column::Code {
            let failed = all.iter().map(|it| it.n - it.k).sum();
            basis = format!("{} did not pass, of {basis}", number::count(failed));
        }
        if column == Column::Day && all.len() > DAYS {
            basis.push_str(&format!(
                " The newest {} of {} days are drawn.",
                number::count(DAYS as u64),
                number::count(all.len() as u64)
            ));
        }
        if BINNED.contains(&column)
            && let Some(unknown) = all.last().filter(|unknown| unknown.n > 0)
        {
            let lacking = if column == Column::Duration { "an end" } else { "a value" };
            basis.push_str(&format!(" {} without {lacking}.", number::count(unknown.n)));
        }
        basis
    }

    /// The figures of a chart, as a table and to take away.
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
                format!(
                    "The newest {DAY_ROWS} of {} days; the CSV has all.",
                    number::count(all as u64)
                )
            ),
        };
        let asked = self.state.query();
        let files = files(column.as_str(), &asked);
        [table(Self::title(column), &sheet, &links), left_out, files].into_iter().collect()
    }

    /// The rows of a chart, and where the first cell of each leads.
    fn sheet(&self, column: Column) -> (Sheet, Vec<Option<String>>) {
        let rows: Vec<(Cell, Option<String>, Proportion)> = match column {
            Column::Day => {
                let all = self.explorer.by(column);
                let of = |code: usize| all.get(code).copied().unwrap_or(NOTHING);
                let days = self.explorer.frame().days().enumerate();
                days.map(|(code, on)| (Cell::Text(day(on)), self.choosing_days(on, on), of(code)))
                    .collect()
            }
            Column::Duration | Column::Measured => {
                let all = self.explorer.by(column);
                let row = |bin: usize| {
                    let label = Cell::Text(self.bin(column, bin, bin));
                    (label, self.choosing_bins(column, bin, bin), all[bin])
                };
                (0..self.many_bins(column).min(all.len())).map(row).collect()
            }
            _ => {
                let row = |it: Named| {
                    let link = self.choosing(column, &it.name);
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

    /// The rows of a chart of names, those with most first; and how many it does not show. What
    /// is selected is always shown.
    fn named(&self, column: Column) -> (Vec<Named>, usize) {
        let texts = self.explorer.frame().texts(column);
        let all = self.explorer.by(column);
        let filtered = self.state.filters.is_by(column);
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
            let label = if name.is_empty() { format!("(no {column})") } else { isolated(&name) };
            rows.push(Named { name, label, yielded: all[code], selected: selected(code) });
        }
        (rows, more)
    }

    fn draw_names(&self, column: Column, width: u32, palette: Palette) -> Markup {
        let filtered = self.state.filters.is_by(column);
        let row = |it: Named| interval::Row {
            figure: drawn(it.yielded),
            title: self.says(&it.label, it.yielded, it.selected),
            href: self.choosing(column, &it.name),
            n: Some(it.yielded.n),
            muted: filtered && !it.selected,
            label: it.label,
        };
        let rows: Vec<_> = self.named(column).0.into_iter().map(row).collect();
        interval::render(&rows, "Yield with 95 % interval, and counted", width, palette)
    }

    fn draw_codes(&self, width: u32, palette: Palette) -> Markup {
        let filtered = self.state.filters.is_by(Column::Code);
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
                href: self.choosing(Column::Code, &it.name),
                muted: filtered && !it.selected,
            }
        };
        let rows: Vec<_> = self.named(Column::Code).0.into_iter().map(row).collect();
        let words = Words { axis: "Share of what did not pass", key: "code", keys: "codes" };
        pareto::render(&rows, ALL_ROWS, words, width, palette)
    }

    /// The newest days on which something ran, with their codes, and the days between them as
    /// long as all are no more than [`DAYS`]: a clock that was not set can put runs centuries
    /// apart. In ascending order.
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
                false => format!("{} to {}", day(from), day(to)),
            };
            let yielded = sum(days[first..=last].iter().filter_map(|(_, code)| of(*code)));
            let chosen = self.state.filters.day == Some((from, to));
            (self.says(&label, yielded, chosen), self.choosing_days(from, to))
        };
        let axes = Axes { across: "Day of the site", up: "Yield with 95 % interval", n: "Counted" };
        trend::brushed(&points, axes, &Brush { selected, link: &link }, width, palette)
    }

    /// What a mark says.
    pub(super) fn says(&self, label: &str, yielded: Proportion, selected: bool) -> String {
        if self.dragging {
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

    /// Where a mark leads; none where the state is too long to be repeated by every link.
    pub(super) fn leading(&self, change: impl FnOnce(&mut State)) -> Option<String> {
        if self.dragging {
            return Some(String::new());
        }
        self.state.links_marks().then(|| self.state.with(change))
    }

    fn choosing(&self, column: Column, name: &str) -> Option<String> {
        self.leading(|state| state.filters.toggle(column, name))
    }

    fn choosing_days(&self, from: NaiveDate, to: NaiveDate) -> Option<String> {
        let days = Some((from, to)).filter(|days| self.state.filters.day != Some(*days));
        self.leading(|state| state.filters.day = days)
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
            _ => choose(self.explorer, &mut state.filters, column, marks),
        }
        state
    }
}

pub(super) fn sum(parts: impl Iterator<Item = Proportion>) -> Proportion {
    parts.fold(NOTHING, |sum, it| Proportion { k: sum.k + it.k, n: sum.n + it.n })
}

/// The head of a column of these.
fn head(column: Column) -> &'static str {
    match column {
        Column::Day => "Day",
        Column::Measured => "Value",
        Column::Duration => "Duration",
        _ => column.as_str().parse::<Field>().map_or("", |field| field.entry().label),
    }
}
