//! Proportions side by side: a dot for each figure, a line for its interval.

use std::fmt::Write as _;

use plotters::chart::ChartBuilder;
use plotters::drawing::IntoDrawingArea;
use plotters::element::{Circle, PathElement, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, TextStyle};

use crate::axis::Span;
pub use crate::figure::Figure;
use crate::ink::{Ink, Palette};
use crate::pen::TEXT_SIZE;
use crate::sheet::Sheet;
use crate::svg::{Svg, escape};
use crate::text;

/// One row of the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What the figure is of.
    pub label: String,
    /// The figure and the ends of its interval, as fractions; none where n = 0.
    pub figure: Option<Figure>,
    /// What is shown on hovering, in a sentence.
    pub title: String,
}

const ROW_HEIGHT: u32 = 34;
const AXIS_HEIGHT: u32 = 44;
/// Pixels that six labels of the axis need.
const ROOMY: i32 = 5 * 64;

/// Draws the rows from top to bottom over an axis in percent, `width` pixels wide (240 to
/// 4000) and as high as the rows need. Figures outside 0 to 1, or not finite, are left out.
#[must_use]
pub fn render(rows: &[Row], axis_title: &str, width: u32, palette: Palette) -> String {
    let width = width.clamp(240, 4000);
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX).min(500);
    let height = count * ROW_HEIGHT + AXIS_HEIGHT;
    let mut body = String::new();
    let mut hits = String::new();
    // The backend cannot fail, and sizes are bounded above: there is nothing to report.
    let _ = draw(&mut body, &mut hits, rows, axis_title, (width, height), palette);
    body.push_str(&hits);
    Sheet { size: (width, height), palette, label: axis_title, focusable: false }.around(&body)
}

fn draw(
    body: &mut String,
    hits: &mut String,
    rows: &[Row],
    axis_title: &str,
    (width, height): (u32, u32),
    palette: Palette,
) -> Result<(), Box<dyn std::error::Error>> {
    let count = (height - AXIS_HEIGHT) / ROW_HEIGHT;
    let drawable = rows.iter().filter_map(|row| row.figure).filter(Figure::drawable);
    let span = Span::up_to_one(drawable.map(|figure| figure.low).fold(1.0, f64::min));
    let widest = rows.iter().map(|row| text::width(&row.label, TEXT_SIZE)).fold(0.0, f64::max);
    let label_room = (widest + 16.0).min(f64::from(width) * 0.4);

    {
        let root = Svg::new(body, (width, height), palette).into_drawing_area();
        let mut chart = ChartBuilder::on(&root)
            .margin_right(28)
            .margin_top(4)
            .y_label_area_size(label_room as u32)
            .x_label_area_size(AXIS_HEIGHT - 4)
            .build_cartesian_2d(span.from()..span.to(), f64::from(count)..0.0)?;

        let style = |ink: Ink, h: HPos| -> TextStyle<'static> {
            let font = ("sans-serif", TEXT_SIZE).into_font();
            font.color(&ink.color()).pos(Pos::new(h, VPos::Center))
        };
        let area = chart.plotting_area().strip_coord_spec();
        let (left, right) =
            (area.get_base_pixel().0, area.get_base_pixel().0 + area.dim_in_pixel().0 as i32);
        let bottom = area.get_base_pixel().1 + area.dim_in_pixel().1 as i32;
        for (tick, label) in span.ticks(right - left >= ROOMY) {
            let line = PathElement::new(
                vec![(tick, 0.0), (tick, f64::from(count))],
                Ink::Grid.color().stroke_width(1),
            );
            chart.draw_series([line])?;
            let x = chart.backend_coord(&(tick, 0.0)).0;
            root.draw(&Text::new(label, (x, bottom + 14), style(Ink::Label, HPos::Center)))?;
        }
        let middle = (left + right) / 2;
        let (title, middle) = text::centred(axis_title, TEXT_SIZE, middle, width as i32);
        let title = Text::new(title, (middle, bottom + 32), style(Ink::Label, HPos::Center));
        root.draw(&title)?;

        for (place, row) in rows.iter().take(count as usize).enumerate() {
            let y = place as f64 + 0.5;
            let pixel = chart.backend_coord(&(1.0, y)).1;
            let label = text::fit(&row.label, TEXT_SIZE, label_room - 12.0);
            root.draw(&Text::new(label, (left - 10, pixel), style(Ink::Label, HPos::Right)))?;
            if let Some(Figure { value, low, high }) = row.figure.filter(Figure::drawable) {
                let line = PathElement::new(
                    vec![(low, y), (high, y)],
                    Ink::Interval.color().stroke_width(2),
                );
                chart.draw_series([line])?;
                let dot = Circle::new((value, y), 5, Ink::Figure.color().filled());
                chart.draw_series([dot])?;
            }
            let top = pixel - ROW_HEIGHT as i32 / 2;
            let _ = writeln!(
                hits,
                "<rect x=\"0\" y=\"{top}\" width=\"{width}\" height=\"{ROW_HEIGHT}\" fill=\"transparent\"><title>{}</title></rect>",
                escape(&row.title)
            );
        }
        root.present()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let row =
            |label: &str, figure| Row {
                label: label.into(), figure, title: format!("{label}: …")
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
    fn numbers_that_are_none_are_not_drawn() {
        let figure = Some(Figure { value: f64::NAN, low: -1.0, high: 7.0 });
        let svg = render(
            &[Row { label: "x".into(), figure, title: String::new() }],
            "",
            1,
            Palette::Page,
        );
        assert!(!svg.contains("NaN") && !svg.contains("<circle"));
    }
}
