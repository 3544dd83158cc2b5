//! Histogram: a bar for each bin, over an axis that labels the lower bin edges.

use plotters::style::text_anchor::HPos;

use crate::brush::{Brush, Field};
use crate::ink::{Ink, Palette};
use crate::markup::Markup;
use crate::pen::{Pen, TEXT_SIZE};
use crate::sheet::Sheet;
use crate::text;

/// One bin. All have the same width on the axis, including an unbounded one.
#[derive(Debug, Clone, PartialEq)]
pub struct Bin {
    /// The label of its lower edge.
    pub key: String,
    /// The number of values in it.
    pub n: u64,
}

/// The titles of the axes, with units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axes<'a> {
    /// The horizontal axis.
    pub across: &'a str,
    /// The vertical axis: what n counts.
    pub up: &'a str,
}

const TOP: i32 = 26;
const PLOT_HEIGHT: i32 = 150;
const BOTTOM: i32 = TOP + PLOT_HEIGHT;
const AXIS_HEIGHT: i32 = 44;
const HEIGHT: u32 = (BOTTOM + AXIS_HEIGHT) as u32;
/// The minimum space between two labels in pixels.
const MIN_LABEL_GAP: f64 = 14.0;
const MARGIN: i32 = 12;

/// Draws the bins, `width` pixels wide (240 to 4000), the fullest at full height; those outside the
/// selection are hollow. Without bins only the axes are drawn.
#[must_use]
pub fn render(
    bins: &[Bin],
    axes: Axes<'_>,
    brush: &Brush<'_>,
    width: u32,
    palette: Palette,
) -> Markup {
    let size = (width.clamp(240, 4000), HEIGHT);
    let most = bins.iter().map(|bin| bin.n).max().unwrap_or(0);
    let top_label = text::count(most);
    let left = text::width(&top_label, TEXT_SIZE) as i32 + 10;
    let right = size.0 as i32 - MARGIN;
    let count = bins.len().max(1);
    let edge = |bin: usize| left + ((right - left) as usize * bin.min(count) / count) as i32;
    let middle = |bin: usize| (edge(bin) + edge(bin + 1)) / 2;

    let mut content = String::new();
    let mut pen = Pen::new(&mut content, size, palette);
    for (y, label) in [(TOP, top_label.as_str()), (BOTTOM, "0")] {
        pen.line(&[(left, y), (right, y)], Ink::Grid, 1);
        if y == BOTTOM || most > 0 {
            pen.text(label, (left - 6, y), HPos::Right, Ink::Label);
        }
    }
    for (place, bin) in bins.iter().enumerate().filter(|(_, bin)| bin.n > 0) {
        let height = bin.n as f64 / most as f64 * f64::from(PLOT_HEIGHT);
        // A nonzero count has a visible bar.
        let y = BOTTOM - (height.round() as i32).max(1);
        let gap = i32::from(edge(place + 1) - edge(place) > 3);
        let (from, to) = ((edge(place) + gap, y), (edge(place + 1) - gap, BOTTOM));
        match brush.mutes(place) {
            true => pen.frame(from, to, Ink::Muted),
            false => pen.bar(from, to, Ink::Bar),
        }
    }
    pen.line(&[(left, BOTTOM), (right, BOTTOM)], Ink::Axis, 1);
    let mut free = f64::from(0);
    for (place, bin) in bins.iter().enumerate() {
        let (x, half) = (edge(place), text::width(&bin.key, TEXT_SIZE) / 2.0);
        let fits = f64::from(x) - half >= free && f64::from(x) + half <= f64::from(size.0);
        if fits {
            pen.line(&[(x, BOTTOM), (x, BOTTOM + 4)], Ink::Axis, 1);
            pen.text(&bin.key, (x, BOTTOM + 14), HPos::Center, Ink::Label);
            free = f64::from(x) + half + MIN_LABEL_GAP;
        }
    }
    let up = text::fit(axes.up, TEXT_SIZE, f64::from(size.0) - 4.0);
    pen.text(&up, (2, 8), HPos::Left, Ink::Label);
    let (across, at) = text::centred(axes.across, TEXT_SIZE, (left + right) / 2, size.0 as i32);
    pen.text(&across, (at, BOTTOM + 34), HPos::Center, Ink::Label);

    let field = Field {
        count: bins.len(),
        ends: (left, right),
        rows: (TOP, BOTTOM),
        middle: &middle,
        edge: &edge,
    };
    field.draw(&mut pen, brush);
    field.write(&mut content, brush, palette);
    let focusable = palette == Palette::Page && !bins.is_empty();
    Sheet { size, palette, label: axes.up, focusable }.around(&content)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AXES: Axes<'_> = Axes { across: "Minutes", up: "Runs" };

    fn draw(counts: &[u64], selected: Option<(usize, usize)>, palette: Palette) -> Markup {
        let bin = |(at, n): (usize, &u64)| Bin { key: format!("{}", at * 10), n: *n };
        let bins: Vec<_> = counts.iter().enumerate().map(bin).collect();
        let link = |from: usize, to: usize| (format!("{from} <{to}>"), Some("/x".to_owned()));
        render(&bins, AXES, &Brush { selected, link: &link }, 480, palette)
    }

    #[test]
    fn a_bar_is_as_high_as_its_count_and_nothing_has_none() {
        let svg = draw(&[200, 100, 0, 1], None, Palette::Page);
        let heights: Vec<i32> = svg
            .lines()
            .filter(|line| line.contains("ink-bar"))
            .map(|line| line.split("height=\"").nth(1).unwrap().split('"').next().unwrap())
            .map(|height| height.parse().unwrap())
            .collect();
        assert_eq!(heights, [150, 75, 1]);
    }

    #[test]
    fn unselected_bins_are_hollow() {
        let svg = draw(&[20, 10, 30], Some((1, 1)), Palette::Page);
        assert_eq!(svg.matches("ink-bar fill").count(), 1);
        assert_eq!(svg.matches("ink-muted stroke").count(), 2);
    }

    #[test]
    fn a_file_has_no_links_and_bins_may_be_absent() {
        let file = draw(&[1, 2], None, Palette::Fixed);
        assert!(!file.contains("href") && !file.contains("class="));
        assert!(draw(&[], Some((0, 0)), Palette::Page).contains("Minutes"));
    }
}
