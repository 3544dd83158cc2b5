//! Interval plot of proportions: a dot for each figure, a line for its interval.

use plotters::style::text_anchor::HPos;

use crate::axis::Span;
pub use crate::figure::Figure;
use crate::ink::{Ink, Palette};
use crate::markup::Markup;
use crate::pen::{Pen, TEXT_SIZE};
use crate::rows::{MAX_ROWS, Name, ROW_HEIGHT, label_room};
use crate::sheet::Sheet;
use crate::text;

/// One row of the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The label of the row.
    pub label: String,
    /// The figure and the ends of its interval, as fractions; `None` if n = 0.
    pub figure: Option<Figure>,
    /// The tooltip, a sentence.
    pub title: String,
    /// The link of the row.
    pub href: Option<String>,
    /// The count at the end of the row, if shown.
    pub n: Option<u64>,
    /// Whether the row is muted: its dot is hollow.
    pub muted: bool,
}

const TOP: i32 = 4;
const AXIS_HEIGHT: i32 = 44;
/// Pixels from the plot to the right edge, for half of the last label.
const MARGIN: i32 = 28;
/// Pixels that six labels of the axis need.
const FULL_LABELS_WIDTH: i32 = 5 * 64;

/// Draws the first 500 rows from top to bottom over an axis in percent, `width` pixels wide (240 to
/// 4000) and as high as the rows need. Figures outside 0 to 1, or not finite, are omitted.
#[must_use]
pub fn render(rows: &[Row], axis_title: &str, width: u32, palette: Palette) -> Markup {
    let rows = rows.get(..MAX_ROWS).unwrap_or(rows);
    let width = width.clamp(240, 4000);
    let bottom = TOP + rows.len() as i32 * ROW_HEIGHT;
    let size = (width, (bottom + AXIS_HEIGHT) as u32);
    let drawable = rows.iter().filter_map(|row| row.figure).filter(Figure::drawable);
    let span = Span::up_to_one(drawable.map(|figure| figure.low).fold(1.0, f64::min));
    let left = label_room(rows.iter().map(|row| row.label.as_str()), width);
    let counts = rows.iter().filter_map(|row| row.n).map(text::count);
    let count_room = counts.map(|it| text::width(&it, TEXT_SIZE)).fold(0.0, f64::max) as i32;
    let right = width as i32 - (count_room + 14).max(MARGIN);
    let x = |fraction: f64| span.pixel(fraction, left, right);

    let mut content = String::new();
    let mut pen = Pen::new(&mut content, size, palette);
    for (tick, label) in span.ticks(right - left >= FULL_LABELS_WIDTH) {
        pen.line(&[(x(tick), TOP), (x(tick), bottom)], Ink::Grid, 1);
        pen.text(&label, (x(tick), bottom + 14), HPos::Center, Ink::Label);
    }
    let (title, middle) = text::centred(axis_title, TEXT_SIZE, (left + right) / 2, width as i32);
    pen.text(&title, (middle, bottom + 34), HPos::Center, Ink::Label);
    for (place, row) in rows.iter().enumerate() {
        let y = TOP + place as i32 * ROW_HEIGHT + ROW_HEIGHT / 2;
        if let Some(Figure { value, low, high }) = row.figure.filter(Figure::drawable) {
            if row.muted {
                pen.line(&[(x(low), y), (x(high), y)], Ink::Muted, 1);
                pen.ring((x(value), y), 4, Ink::Muted);
            } else {
                pen.line(&[(x(low), y), (x(high), y)], Ink::Interval, 2);
                pen.dot((x(value), y), 5, Ink::Figure);
            }
        }
        if let Some(n) = row.n {
            pen.text(&text::count(n), (width as i32 - 2, y), HPos::Right, Ink::Label);
        }
    }
    for (place, row) in rows.iter().enumerate() {
        let Row { label, title, href, .. } = row;
        let name = Name { label, title, href: href.as_deref() };
        let top = TOP + place as i32 * ROW_HEIGHT;
        name.write(&mut content, (width, top, ROW_HEIGHT), left, palette);
    }
    let focusable = palette == Palette::Page && rows.iter().any(|row| row.href.is_some());
    Sheet { size, palette, label: axis_title, focusable }.around(&content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let row = |label: &str, figure| Row {
            label: label.into(),
            figure,
            title: format!("{label}: …"),
            href: None,
            n: None,
            muted: false,
        };
        vec![
            row("L6 board", Some(Figure { value: 0.98, low: 0.95, high: 0.99 })),
            row("L10 <burn-in>", Some(Figure { value: 0.91, low: 0.86, high: 0.95 })),
            row("L11 rack", None),
        ]
    }

    #[test]
    fn a_row_without_a_figure_has_a_label_and_no_dot() {
        let svg = render(&rows(), "First-pass yield", 640, Palette::Page);
        assert_eq!(svg.matches("<circle").count(), 2);
        assert!(svg.contains("L11 rack"));
        assert!(svg.contains("L10 &lt;burn-in&gt;") && !svg.contains("<burn-in>"));
    }

    #[test]
    fn a_page_has_classes_and_a_file_has_colours() {
        let page = render(&rows(), "First-pass yield", 640, Palette::Page);
        assert!(page.contains("ink-figure") && !page.contains('#'), "{page}");
        let file = render(&rows(), "First-pass yield", 640, Palette::Fixed);
        assert!(file.contains("#0b62a8") && !file.contains("class="));
    }

    #[test]
    fn a_muted_row_is_hollow_and_a_count_is_at_the_end() {
        let mut rows = rows();
        rows[0].muted = true;
        rows[1].n = Some(1204);
        let svg = render(&rows, "First-pass yield", 640, Palette::Page);
        assert_eq!(svg.matches("ink-figure fill").count(), 1);
        assert_eq!(svg.matches("ink-muted stroke").count(), 2);
        assert!(svg.contains(">1\u{202f}204</text>"));
    }

    #[test]
    fn invalid_figures_are_not_drawn() {
        let figure = Some(Figure { value: f64::NAN, low: -1.0, high: 7.0 });
        let svg = render(&[Row { figure, ..rows().remove(0) }], "", 1, Palette::Page);
        assert!(!svg.contains("NaN") && !svg.contains("<circle"));
    }
}
