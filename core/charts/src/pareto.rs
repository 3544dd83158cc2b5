//! Which few keys hold most of the failing runs: bars in descending order, so that long
//! failure codes can be read, and the cumulative share down to each row.

use plotters::style::text_anchor::HPos;

use crate::axis::Span;
use crate::ink::{Ink, Palette};
use crate::markup::Markup;
use crate::pen::{Pen, TEXT_SIZE};
use crate::rows::{MOST_ROWS, Name, ROW_HEIGHT, label_room};
use crate::sheet::Sheet;
use crate::text;

/// One row of the ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The code, step or component.
    pub key: String,
    /// Failing runs under it.
    pub runs: u64,
    /// Distinct units that failed under it, where that is known; they do not add up across
    /// rows.
    pub units: Option<u64>,
    /// Its runs as a fraction of all failing runs.
    pub share: f64,
    /// Runs of this row and those above it as a fraction of all failing runs; none where a
    /// run may stand in several rows.
    pub cumulative: Option<f64>,
    /// What is shown on hovering, in a sentence that begins with the key.
    pub title: String,
    /// Where the row leads.
    pub href: Option<String>,
    /// Whether the row stands back: its bar is hollow.
    pub muted: bool,
}

/// The words of the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words<'a> {
    /// Of the axis, which is in percent of all failing runs.
    pub axis: &'a str,
    /// What one key is called, as "code".
    pub key: &'a str,
    /// What several are called, as "codes".
    pub keys: &'a str,
}

const TOP: i32 = 4;
const AXIS_HEIGHT: i32 = 44;
const BAR_HEIGHT: i32 = 14;
/// Between the ranking and what is not part of it.
const APART: i32 = 8;
/// From this width on there is room for units beside runs.
const ROOM_FOR_UNITS: u32 = 520;
/// Pixels that six labels of the axis need.
const ROOMY: i32 = 5 * 64;
/// Pixels that three of them need.
const CRAMPED: i32 = 2 * 58;

/// Draws the rows in their order, `width` pixels wide (240 to 4000) and as high as the rows
/// need. Bars are as long as their shares and end in the number of runs. Where every row has
/// its cumulative share the axis goes to 100 % and a line with dots joins them: bars and
/// line are read off the same axis, and the first dot is the first bar's end.
///
/// Beyond `most` rows (1 to 500) the rest is one more, "other (12 codes)", hollow, apart and
/// without a dot. Its runs are the sum of its rows' if those can be added up, which is
/// where they have cumulative shares; else it has its name alone. Shares that are not
/// fractions are left out. Without rows there is the axis.
#[must_use]
pub fn render(rows: &[Row], most: usize, words: Words<'_>, width: u32, palette: Palette) -> Markup {
    let (ranked, rest) = rows.split_at(rows.len().min(most.clamp(1, MOST_ROWS)));
    let adds_up = rows.iter().all(|row| row.cumulative.is_some_and(is_fraction));
    let other = Other::of(rest, words, adds_up);
    let width = width.clamp(240, 4000);
    let other_top = TOP + ranked.len() as i32 * ROW_HEIGHT + APART;
    let bottom = if other.is_some() { other_top + ROW_HEIGHT } else { other_top - APART };
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
        _ => Span::from_nought(shares.filter(|it| is_fraction(*it)).fold(0.0, f64::max)),
    };
    let x = |share: f64| span.pixel(share, left, right);

    let mut content = String::new();
    let mut pen = Pen::new(&mut content, size, palette);
    for (tick, label) in span.ticks(right - left >= ROOMY) {
        pen.line(&[(x(tick), 0), (x(tick), bottom)], Ink::Grid, 1);
        // Very narrow, the middle says nothing that the ends do not.
        if right - left >= CRAMPED || tick == span.from() || tick == span.to() {
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
        pen.line(&[(0, other_top - APART / 2), (right, other_top - APART / 2)], Ink::Grid, 1);
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

/// The rows that are not drawn.
struct Other {
    label: String,
    runs: Option<u64>,
    share: Option<f64>,
}

impl Other {
    fn of(rest: &[Row], words: Words<'_>, adds_up: bool) -> Option<Self> {
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
    let Some(units) = row.units.filter(|_| width >= ROOM_FOR_UNITS) else { return runs };
    let word = if units == 1 { "unit" } else { "units" };
    format!("{runs} on {} {word}", text::count(units))
}

fn is_fraction(share: f64) -> bool {
    // Sums of shares may be above one by their rounding.
    (0.0..=1.0 + 1e-9).contains(&share)
}

fn row_top(place: usize) -> i32 {
    TOP + place as i32 * ROW_HEIGHT
}

/// Where the text of a row begins: at `at`, or behind the line where the two would meet.
/// Letters are about half a row high, and the line is half-way to the next dot at the row's
/// edge: so far as it gets within the letters is a quarter of the way.
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
