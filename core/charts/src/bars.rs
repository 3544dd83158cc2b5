//! Horizontal bar chart of counts, or of fractions whose size matters rather than their
//! differences.

use plotters::style::text_anchor::HPos;

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
    /// A count or a fraction, at least zero.
    pub value: f64,
    /// The formatted value, with its unit.
    pub text: String,
    /// The tooltip, a sentence that begins with the label.
    pub title: String,
    /// The link of the row.
    pub href: Option<String>,
}

const AXIS_HEIGHT: i32 = 28;
const BAR_HEIGHT: i32 = 14;

/// Draws the first 500 rows from top to bottom, `width` pixels wide (240 to 4000) and as high as
/// the rows need. Bars begin at zero and the longest fills the width; each is followed by its text.
///
/// A value that is negative or not finite has its text and no bar; if the largest is zero, no row
/// has a bar. Without rows only the axis is drawn.
#[must_use]
pub fn render(rows: &[Row], axis_title: &str, width: u32, palette: Palette) -> Markup {
    let rows = rows.get(..MAX_ROWS).unwrap_or(rows);
    let width = width.clamp(240, 4000);
    let bottom = rows.len() as i32 * ROW_HEIGHT + 4;
    let size = (width, (bottom + AXIS_HEIGHT) as u32);

    let left = label_room(rows.iter().map(|row| row.label.as_str()), width);
    // The caller formats the values: at least half of the remaining width is for the bars.
    let most_text = f64::from(width as i32 - left) / 2.0;
    let texts: Vec<_> = rows.iter().map(|row| text::fit(&row.text, TEXT_SIZE, most_text)).collect();
    let text_room = texts.iter().map(|it| text::width(it, TEXT_SIZE)).fold(0.0, f64::max) as i32;
    let room = f64::from(width as i32 - left - text_room - 10);
    let largest = rows.iter().map(|row| row.value).filter(|it| it.is_finite()).fold(0.0, f64::max);

    let mut content = String::new();
    let mut pen = Pen::new(&mut content, size, palette);
    for (place, (row, text)) in rows.iter().zip(&texts).enumerate() {
        let middle = place as i32 * ROW_HEIGHT + 2 + ROW_HEIGHT / 2;
        let drawn = row.value.is_finite() && row.value > 0.0;
        // A nonzero value has a visible bar.
        let length = if drawn { (row.value / largest * room).round().max(1.0) as i32 } else { 0 };
        if length > 0 {
            let top = middle - BAR_HEIGHT / 2;
            pen.bar((left, top), (left + length, top + BAR_HEIGHT), Ink::Bar);
        }
        pen.text(text, (left + length + 6, middle), HPos::Left, Ink::Label);
    }
    pen.line(&[(left, 0), (left, bottom)], Ink::Axis, 1);
    let title = text::fit(axis_title, TEXT_SIZE, f64::from(width) - 4.0);
    // Left-aligned with the bars if it fits.
    let over = text::width(&title, TEXT_SIZE) as i32 + 2 - (width as i32 - left);
    pen.text(&title, (left - over.max(0), bottom + 14), HPos::Left, Ink::Label);

    for (place, row) in rows.iter().enumerate() {
        let Row { label, title, href, .. } = row;
        let name = Name { label, title, href: href.as_deref() };
        let top = place as i32 * ROW_HEIGHT + 2;
        name.write(&mut content, (width, top, ROW_HEIGHT), left, palette);
    }
    let focusable = palette == Palette::Page && rows.iter().any(|row| row.href.is_some());
    Sheet { size, palette, label: axis_title, focusable }.around(&content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(label: &str, value: f64) -> Row {
        let text = format!("{value}");
        Row { label: label.into(), value, text, title: format!("{label}: {value}"), href: None }
    }

    /// Widths of the bars.
    fn bars(svg: &str) -> Vec<i32> {
        let bars = svg.lines().filter(|line| line.contains("ink-bar"));
        bars.map(|bar| {
            bar.split("width=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
        })
        .collect()
    }

    #[test]
    fn lengths_are_proportional_to_the_values_from_zero() {
        let rows = [row("ST-1", 200.0), row("ST-2", 100.0), row("ST-3", 0.001), row("ST-4", 0.0)];
        let svg = render(&rows, "Failing runs", 640, Palette::Page);
        let lengths = bars(&svg);
        assert_eq!(lengths.len(), 3);
        assert!((lengths[0] - 2 * lengths[1]).abs() <= 1, "{lengths:?}");
        assert_eq!(lengths[2], 1);
        assert!(svg.contains(">200</text>") && svg.contains(">0</text>"));
        assert!(svg.contains("Failing runs"));
    }

    #[test]
    fn a_row_with_an_address_is_a_link() {
        let mut rows = [row("ST <1>", 2.0), row("ST-2", 1.0)];
        let none = render(&rows, "Runs", 640, Palette::Page);
        assert!(none.contains("role=\"img\"") && !none.contains("<a "));
        rows[0].href = Some("/stations/ST%201?a=1&b=2".into());
        let svg = render(&rows, "Runs", 640, Palette::Page);
        assert!(
            svg.contains(
                "<a href=\"/stations/ST%201?a=1&amp;b=2\" aria-label=\"ST &lt;1&gt;: 2\">"
            )
        );
        assert!(svg.contains("role=\"group\"") && svg.matches("ink-link").count() == 1);
        let file = render(&rows, "Runs", 640, Palette::Fixed);
        assert!(!file.contains("href") && !file.contains("class=") && file.contains("#ffffff"));
    }

    #[test]
    fn invalid_lengths_have_no_bar() {
        let values = [f64::NAN, f64::INFINITY, -3.0, 0.0];
        let rows = values.map(|value| row("x", value));
        let svg = render(&rows, "Runs", 640, Palette::Page);
        assert!(bars(&svg).is_empty());
        assert!(!svg.contains("width=\"NaN") && !svg.contains("x=\"inf"));
        assert!(bars(&render(&[], "Runs", 640, Palette::Page)).is_empty());
    }

    #[test]
    fn all_equal_and_one_alone_fill_the_width() {
        assert_eq!(bars(&render(&[row("x", 3.0)], "Runs", 640, Palette::Page)).len(), 1);
        let equal = bars(&render(&[row("x", 3.0), row("y", 3.0)], "Runs", 640, Palette::Page));
        assert!(equal[0] == equal[1] && equal[0] > 500, "{equal:?}");
    }

    #[test]
    fn long_names_and_values_leave_half_of_a_narrow_chart() {
        let mut long = row("ASSY-04-NODE-BURN-IN-STATION-17-LEFT-HAND", 7.0);
        long.text = "7 of 1 234 567 units that were tested in the week".into();
        let svg = render(&[long], "Share of all units of the week that failed", 240, Palette::Page);
        assert!(svg.contains('…') && bars(&svg)[0] > 50, "{svg}");
    }

    #[test]
    fn a_thousand_rows_are_the_first_five_hundred() {
        let rows: Vec<_> = (0..1000).map(|i| row("x", f64::from(i))).collect();
        let svg = render(&rows, "Runs", 100_000, Palette::Page);
        assert_eq!(bars(&svg).len(), 499);
        assert!(svg.contains("width=\"4000\" height=\"14032\""));
    }
}
