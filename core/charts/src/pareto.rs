//! Pareto chart: bars of failing runs in descending order, horizontal because failure codes are
//! long, with the cumulative share.

use plotters::style::text_anchor::HPos;

use crate::axis::Span;
use crate::ink::{Ink, Palette};
use crate::markup::Markup;
use crate::pen::{Pen, TEXT_SIZE};
use crate::rows::{MAX_ROWS, Name, ROW_HEIGHT, label_room};
use crate::sheet::Sheet;
use crate::text;

/// One row of the ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The code, step or component.
    pub key: String,
    /// Failing runs under it.
    pub runs: u64,
    /// Distinct units that failed under it, if known; they do not add up across rows.
    pub units: Option<u64>,
    /// Its runs as a fraction of all failing runs.
    pub share: f64,
    /// Runs of this row and those above it as a fraction of all failing runs; `None` if a run may
    /// be in several rows.
    pub cumulative: Option<f64>,
    /// The tooltip, a sentence that begins with the key.
    pub title: String,
    /// The link of the row.
    pub href: Option<String>,
    /// Whether the row is muted: its bar is hollow.
    pub muted: bool,
}

/// The texts of the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words<'a> {
    /// The title of the axis, which is in percent of all failing runs.
    pub axis: &'a str,
    /// The noun for one key: "code".
    pub key: &'a str,
    /// The plural: "codes".
    pub keys: &'a str,
}

const TOP: i32 = 4;
const AXIS_HEIGHT: i32 = 44;
const BAR_HEIGHT: i32 = 14;
/// The space between the ranking and the row of the others.
const OTHER_ROW_GAP: i32 = 8;
/// The minimum width for units beside runs.
const MIN_WIDTH_WITH_UNITS: u32 = 520;
/// Pixels that six labels of the axis need.
const FULL_LABELS_WIDTH: i32 = 5 * 64;
/// Pixels that three of them need.
const THREE_LABELS_WIDTH: i32 = 2 * 58;

/// Draws the rows in their order, `width` pixels wide (240 to 4000) and as high as the rows need.
/// Bars are as long as their shares, followed by the number of runs. If every row has its
/// cumulative share, the axis goes to 100 % and a line with dots joins them: bars and line share
/// the axis, and the first dot is at the end of the first bar.
///
/// Rows beyond `most` (1 to 500) are combined into one, "other (12 codes)", which is hollow, set
/// apart and without a dot. If the rows have cumulative shares, its runs are the sum of theirs;
/// otherwise it has only its name. Shares that are not fractions are omitted. Without rows only the
/// axis is drawn.
#[must_use]
pub fn render(rows: &[Row], most: usize, words: Words<'_>, width: u32, palette: Palette) -> Markup {
    let (ranked, rest) = rows.split_at(rows.len().min(most.clamp(1, MAX_ROWS)));
    let adds_up = rows.iter().all(|row| row.cumulative.is_some_and(is_fraction));
    let other = Other::new(rest, words, adds_up);
    let width = width.clamp(240, 4000);
    let other_top = TOP + ranked.len() as i32 * ROW_HEIGHT + OTHER_ROW_GAP;
    let bottom = if other.is_some() { other_top + ROW_HEIGHT } else { other_top - OTHER_ROW_GAP };
    let size = (width, (bottom + AXIS_HEIGHT) as u32);

    let counts: Vec<_> = ranked.iter().map(|row| counts(row, width)).collect();
    let other_count = other.iter().filter_map(|it| it.runs).map(text::count);
    let count_widths = counts.iter().cloned().chain(other_count);
    let count_room = count_widths.map(|it| text::width(&it, TEXT_SIZE)).fold(0.0, f64::max) as i32;
    let labels = ranked.iter().map(|row| row.key.as_str());
    let left = label_room(labels.chain(other.iter().map(|it| it.label.as_str())), width);
    let right = (width as i32 - count_room - 14).max(left + 40);
    let shares = ranked.iter().map(|row| row.share).chain(other.iter().filter_map(|it| it.share));
    let span = match rows {
        [] => Span::WHOLE,
        _ if adds_up => Span::WHOLE,
        _ => Span::from_zero(shares.filter(|it| is_fraction(*it)).fold(0.0, f64::max)),
    };
    let x = |share: f64| span.pixel(share, left, right);

    let mut content = String::new();
    let mut pen = Pen::new(&mut content, size, palette);
    for (tick, label) in span.ticks(right - left >= FULL_LABELS_WIDTH) {
        pen.line(&[(x(tick), 0), (x(tick), bottom)], Ink::Grid, 1);
        // If space is very short, only the ends have labels.
        if right - left >= THREE_LABELS_WIDTH || tick == span.from() || tick == span.to() {
            pen.text(&label, (x(tick), bottom + 14), HPos::Center, Ink::Label);
        }
    }
    let middle = (left + right) / 2;
    let (title, middle) = text::centred(words.axis, TEXT_SIZE, middle, width as i32);
    pen.text(&title, (middle, bottom + 34), HPos::Center, Ink::Label);

    let dots: Vec<_> = ranked.iter().map_while(|row| row.cumulative.filter(|_| adds_up)).collect();
    for (place, (row, count)) in ranked.iter().zip(&counts).enumerate() {
        let y = row_top(place) + ROW_HEIGHT / 2;
        let end = if is_fraction(row.share) { x(row.share) } else { left };
        let (from, to) = ((left, y - BAR_HEIGHT / 2), (end, y + BAR_HEIGHT / 2));
        match row.muted {
            true => pen.frame(from, to, Ink::Muted),
            false => pen.bar(from, to, Ink::Bar),
        }
        let text_width = text::width(count, TEXT_SIZE) as i32;
        let at = clear_of_line(end + 6, text_width, place, &dots, x);
        pen.text(count, (at, y), HPos::Left, Ink::Label);
    }
    if let Some(other) = &other {
        let y = other_top + ROW_HEIGHT / 2;
        pen.line(
            &[(0, other_top - OTHER_ROW_GAP / 2), (right, other_top - OTHER_ROW_GAP / 2)],
            Ink::Grid,
            1,
        );
        if let (Some(share), Some(runs)) = (other.share, other.runs) {
            let (top, foot) = (y - BAR_HEIGHT / 2, y + BAR_HEIGHT / 2);
            pen.frame((left, top), (x(share), foot), Ink::Muted);
            pen.text(&text::count(runs), (x(share) + 6, y), HPos::Left, Ink::Label);
        }
    }
    pen.line(&[(left, 0), (left, bottom)], Ink::Axis, 1);
    let line: Vec<_> = dots
        .iter()
        .enumerate()
        .map(|(place, share)| (x(*share), row_top(place) + ROW_HEIGHT / 2))
        .collect();
    if line.len() > 1 {
        pen.line(&line, Ink::Cumulative, 2);
    }
    line.iter().for_each(|dot| pen.dot(*dot, 4, Ink::Cumulative));

    for (place, row) in ranked.iter().enumerate() {
        let name = Name { label: &row.key, title: &row.title, href: row.href.as_deref() };
        name.write(&mut content, (width, row_top(place), ROW_HEIGHT), left, palette);
    }
    if let Some(other) = &other {
        let name = Name { label: &other.label, title: &other.title(), href: None };
        name.write(&mut content, (width, other_top, ROW_HEIGHT), left, palette);
    }
    let focusable = palette == Palette::Page && ranked.iter().any(|row| row.href.is_some());
    Sheet { size, palette, label: words.axis, focusable }.around(&content)
}

/// The rows that are combined.
struct Other {
    label: String,
    runs: Option<u64>,
    share: Option<f64>,
}

impl Other {
    fn new(rest: &[Row], words: Words<'_>, adds_up: bool) -> Option<Self> {
        let keys = if rest.len() == 1 { words.key } else { words.keys };
        let label = format!("other ({} {keys})", text::count(rest.len() as u64));
        let sum = || rest.iter().try_fold(0_u64, |sum, row| sum.checked_add(row.runs));
        let share = || Some(rest.iter().map(|row| row.share).sum()).filter(|it| is_fraction(*it));
        let (runs, share) = if adds_up { (sum(), share()) } else { (None, None) };
        (!rest.is_empty()).then_some(Self { label, runs, share })
    }

    fn title(&self) -> String {
        match self.runs {
            Some(runs) => format!("{}: {} runs", self.label, text::count(runs)),
            None => self.label.clone(),
        }
    }
}

fn counts(row: &Row, width: u32) -> String {
    let runs = text::count(row.runs);
    let Some(units) = row.units.filter(|_| width >= MIN_WIDTH_WITH_UNITS) else { return runs };
    let word = if units == 1 { "unit" } else { "units" };
    format!("{runs} on {} {word}", text::count(units))
}

fn is_fraction(share: f64) -> bool {
    // A sum of shares may exceed one by rounding.
    (0.0..=1.0 + 1e-9).contains(&share)
}

fn row_top(place: usize) -> i32 {
    TOP + place as i32 * ROW_HEIGHT
}

/// The start of a row's text: `at`, or to the right of the cumulative line where the two would
/// overlap. Letters are about half a row high, and the line is half-way to the next dot at the
/// row's edge: within the letters it covers a quarter of the way.
fn clear_of_line(
    at: i32,
    text_width: i32,
    place: usize,
    dots: &[f64],
    x: impl Fn(f64) -> i32,
) -> i32 {
    let Some(here) = dots.get(place).map(|share| x(*share)) else { return at };
    let dot = |place: Option<usize>| place.and_then(|place| dots.get(place)).map(|it| x(*it));
    let before = dot(place.checked_sub(1)).map_or(here, |before| here - (here - before) / 4);
    let after = dot(place.checked_add(1)).map_or(here, |after| here + (after - here) / 4);
    if at + text_width + 8 <= before { at } else { after + 10 }
}

#[cfg(test)]
mod tests;
