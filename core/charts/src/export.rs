//! Chart export: a chart as a file of its own, with its heading and note.

use plotters::style::text_anchor::HPos;

use crate::ink::{Ink, Palette};
use crate::markup::Markup;
use crate::pen::{Pen, TEXT_SIZE};
use crate::sheet::Sheet;
use crate::text;

const LINE_HEIGHT: i32 = 18;
const MARGIN: i32 = 8;

/// Adds a heading above and a note (n, definition, as-of) below a drawing of one of this crate's
/// `render` functions in [`Palette::Fixed`]; both are wrapped to its width. An empty text takes no
/// space. Anything that is not such a drawing is returned unchanged.
#[must_use]
pub fn file(chart: &Markup, heading: &str, note: &str) -> Markup {
    let Some((width, height)) = size_of(chart) else { return chart.clone() };
    let lines = |words| text::wrap(words, TEXT_SIZE, f64::from(width - 2 * MARGIN));
    let (above, below) = (lines(heading), lines(note));
    let room = |lines: &[String]| match lines.len() as i32 {
        0 => 0,
        count => count * LINE_HEIGHT + 2 * MARGIN,
    };
    let (top, foot) = (room(&above), room(&below));
    let size = (width.unsigned_abs(), (top + height + foot).unsigned_abs());

    let mut content = format!("<g transform=\"translate(0 {top})\">\n{chart}\n</g>\n");
    let mut pen = Pen::new(&mut content, size, Palette::Fixed);
    for (lines, from) in [(&above, 0), (&below, top + height)] {
        for (place, line) in lines.iter().enumerate() {
            let middle = from + MARGIN + place as i32 * LINE_HEIGHT + LINE_HEIGHT / 2;
            pen.text(line, (MARGIN, middle), HPos::Left, Ink::Label);
        }
    }
    Sheet { size, palette: Palette::Fixed, label: heading, focusable: false }.around(&content)
}

/// The width and height attributes of a sheet.
fn size_of(chart: &str) -> Option<(i32, i32)> {
    let (_, rest) = chart.split_once("viewBox=\"0 0 ")?;
    let (width, height) = rest.split_once('"')?.0.split_once(' ')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spark;

    #[test]
    fn heading_and_note_are_above_and_below_the_chart() {
        let chart = spark::render(&[Some(0.5)], None, "", (400, 100), Palette::Fixed);
        let file = file(&chart, "Where do <units> fail?", "n = 1 204 units; first run");
        assert!(
            file.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 168\"")
        );
        assert!(file.contains("<rect width=\"400\" height=\"168\" fill=\"#ffffff\"/>"));
        assert!(file.contains("translate(0 34)") && file.contains("Where do &lt;units&gt; fail?"));
        assert!(file.contains("y=\"155.6\"") && !file.contains("class="), "{file}");
    }

    #[test]
    fn long_texts_wrap_and_empty_ones_take_no_space() {
        let chart = spark::render(&[], None, "", (240, 100), Palette::Fixed);
        assert!(file(&chart, "", "").contains("viewBox=\"0 0 240 100\""));
        let long = file(&chart, "", &"first-pass yield ".repeat(9));
        assert!(long.matches("<text").count() > 3);
        assert_eq!(file(&Markup::text("no drawing"), "a", "b"), "no drawing");
    }
}
