//! Sparkline: the trend of a figure, at the size of a word.

use crate::columns;
use crate::figure::Figure;
use crate::ink::{Ink, Palette};
use crate::markup::Markup;
use crate::pen::Pen;
use crate::sheet::Sheet;

/// Width and height in pixels, for a row of a table.
pub const SIZE: (u32, u32) = (120, 28);

/// Space for half of the last point's dot.
const MARGIN: i32 = 4;
/// The minimum range of the vertical scale: variation of less than two percentage points looks
/// nearly level.
pub const MIN_RANGE: f64 = 0.02;

/// Draws fractions at even distances in `size` pixels (16 to 4000 each), scaled from the lowest at
/// the bottom to the highest at the top, or from the lower to the upper end of `scale` where several
/// are compared; a range of at least two percentage points. The last value
/// has a dot.
///
/// `None`, or a value outside 0 to 1, is a gap in the line. Without any value nothing is drawn.
/// `label` describes the line in words.
#[must_use]
pub fn render(
    fractions: &[Option<f64>],
    scale: Option<(f64, f64)>,
    label: &str,
    size: (u32, u32),
    palette: Palette,
) -> Markup {
    let size = (size.0.clamp(16, 4000), size.1.clamp(16, 4000));
    let (width, height) = (size.0 as i32, size.1 as i32);
    let exact = |value: &Option<f64>| value.map(|value| Figure { value, low: value, high: value });
    let figures: Vec<_> = fractions.iter().map(exact).collect();
    let drawable = || figures.iter().flatten().filter(|figure| figure.drawable());
    let (low, high) = scale.unwrap_or_else(|| {
        drawable().fold((1.0_f64, 0.0_f64), |(low, high), figure| {
            (low.min(figure.value), high.max(figure.value))
        })
    });
    let range = (high - low).max(MIN_RANGE);
    let middle = (low + high) / 2.0;
    let y = |value: f64| {
        let up = (value - middle) / range * f64::from(height - 2 * MARGIN);
        (f64::from(height) / 2.0 - up).round() as i32
    };

    // A thick line would fill the gaps between adjacent points.
    let thickness = if fractions.len() as i32 <= width / 3 { 2 } else { 1 };

    let mut content = String::new();
    let mut pen = Pen::new(&mut content, size, palette);
    let segments = columns::segments(&figures, MARGIN, width - 2 * MARGIN);
    for segment in &segments {
        let points: Vec<_> = segment
            .iter()
            .flat_map(|column| column.vertices().map(|value| (column.x, y(value))))
            .collect();
        match points.as_slice() {
            [alone] => pen.dot(*alone, 1, Ink::Figure),
            points => pen.line(points, Ink::Figure, thickness),
        }
    }
    let last = drawable().next_back().map(|figure| figure.value);
    if let (Some(column), Some(value)) = (segments.last().and_then(|it| it.last()), last) {
        pen.dot((column.x, y(value)), 3, Ink::Figure);
    }
    Sheet { size, palette, label, focusable: false }.around(&content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(fractions: &[Option<f64>]) -> Markup {
        render(fractions, None, "Yield of 12 weeks, last 97 %", SIZE, Palette::Page)
    }

    #[test]
    fn the_last_figure_has_the_dot() {
        let svg = draw(&[Some(0.9), Some(0.8), Some(1.0), None]);
        assert!(svg.contains("viewBox=\"0 0 120 28\" width=\"120\" height=\"28\""));
        assert!(svg.contains("role=\"img\" aria-label=\"Yield of 12 weeks, last 97 %\""));
        assert!(svg.contains("d=\"M4 14L41 24L78 4\""), "{svg}");
        assert!(svg.contains("cx=\"78\" cy=\"4\" r=\"3\""), "{svg}");
    }

    #[test]
    fn gaps_are_kept() {
        let svg = draw(&[Some(0.9), Some(0.8), None, Some(0.7), Some(f64::NAN), Some(0.8)]);
        assert_eq!(svg.matches("<path").count(), 1);
        assert_eq!(svg.matches("r=\"1\"").count(), 2);
        assert_eq!(svg.matches("r=\"3\"").count(), 1);
    }

    #[test]
    fn small_differences_are_not_magnified() {
        assert!(draw(&[Some(0.99); 3]).contains("M4 14L60 14L116 14"));
        let nearly = draw(&[Some(0.990), Some(0.992)]);
        assert!(nearly.contains("M4 15L116 13"), "{nearly}");
    }

    #[test]
    fn without_values_nothing_is_drawn() {
        for none in [&[][..], &[None, Some(f64::INFINITY), Some(1.5)]] {
            let svg = draw(none);
            assert!(!svg.contains("<path") && !svg.contains("<circle"), "{svg}");
        }
        let one = draw(&[Some(0.3)]);
        assert!(one.contains("cx=\"60\" cy=\"14\" r=\"3\""), "{one}");
    }

    #[test]
    fn a_thousand_figures_fit() {
        let many: Vec<_> = (0..1000).map(|i| Some(f64::from(i % 7) / 10.0)).collect();
        let svg = draw(&many);
        assert!(svg.len() < 3000, "{}", svg.len());
        assert!(render(&many, None, "", (0, 0), Palette::Fixed).contains("viewBox=\"0 0 16 16\""));
    }
}
