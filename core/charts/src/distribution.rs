//! How numbers are distributed: bins over an axis of numbers, a density curve, and the
//! specification limits.

use plotters::style::text_anchor::HPos;

use crate::ink::{Ink, Palette};
use crate::markup::Markup;
use crate::pen::{Pen, TEXT_SIZE};
use crate::plane::{BELOW, TOP};
use crate::scale::Scale;
use crate::sheet::Sheet;
use crate::target::Target;
use crate::text;

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Distribution<'a> {
    /// Ascending; one more than counts.
    pub edges: &'a [f64],
    /// Values of each bin.
    pub counts: &'a [u64],
    /// (x, density a unit of x).
    pub density: &'a [(f64, f64)],
    /// Lower specification limit.
    pub low: Option<f64>,
    /// Upper specification limit.
    pub high: Option<f64>,
    /// Part-average limits.
    pub part_average: Option<(f64, f64)>,
    /// Whether bins are equally wide in the logarithm.
    pub is_log: bool,
}

/// Names in the chart.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// Across: the parameter with its unit.
    pub across: &'a str,
    /// Upwards: what is counted.
    pub up: &'a str,
    /// The lower specification limit, short.
    pub low: &'a str,
    /// The upper specification limit, short.
    pub high: &'a str,
}

const PLOT_HEIGHT: i32 = 200;
/// Room above the plot for the names of the limits.
const HEAD: i32 = 20;
const PLOT_TOP: i32 = TOP + HEAD;
const BOTTOM: i32 = PLOT_TOP + PLOT_HEIGHT;
/// Pixels down of a distribution.
pub const HEIGHT: u32 = (BOTTOM + BELOW) as u32;
const MARGIN: i32 = 12;
/// A limit farther from the values than so many times their range is not on the axis.
const FAR: f64 = 4.0;

/// Where numbers are across the chart.
#[derive(Debug, Clone)]
pub struct Across {
    left: i32,
    right: i32,
    scale: Scale,
    /// The edges of bins that are equally wide; none on a linear axis.
    edges: Option<Vec<f64>>,
}

impl Across {
    /// The axis of a distribution in a chart so many pixels wide (240 to 4000). Limits that are
    /// dragged do not change it: it is made from those that the data have.
    #[must_use]
    pub fn new(distribution: &Distribution<'_>, width: u32) -> Self {
        let width = width.clamp(240, 4000) as i32;
        let most = distribution.counts.iter().max().copied().unwrap_or(0);
        let left = text::width(&text::count(most), TEXT_SIZE) as i32 + 12;
        let first = distribution.edges.first().copied().unwrap_or(0.0);
        let last = distribution.edges.last().copied().unwrap_or(1.0);
        let reach = (last - first).max(first.abs() * 1e-3) * FAR;
        let near = |limit: &f64| *limit >= first - reach && *limit <= last + reach;
        let limits = [distribution.low, distribution.high];
        let limits = limits.into_iter().flatten().filter(near);
        let (low, high) = limits.fold((first, last), |(low, high), x| (low.min(x), high.max(x)));
        let right = width - MARGIN;
        let most_ticks = ((right - left) / 90).max(2) as usize;
        let edges = distribution.is_log.then(|| distribution.edges.to_vec());
        Self { left, right, scale: Scale::around(low, high, most_ticks), edges }
    }

    /// The pixel of a number; beyond an end that end.
    #[must_use]
    pub fn pixel(&self, number: f64) -> i32 {
        let Some(edges) = &self.edges else {
            return self.scale.pixel(number, self.left, self.right);
        };
        let bins = edges.len().saturating_sub(1).max(1);
        let next = edges.partition_point(|edge| *edge <= number).clamp(1, bins);
        let ends = edges.get(next - 1).zip(edges.get(next));
        let within = ends.map_or(0.0, |(from, to)| {
            if to > from { ((number - from) / (to - from)).clamp(0.0, 1.0) } else { 0.0 }
        });
        let along = ((next - 1) as f64 + within) / bins as f64;
        self.left + (along * f64::from(self.right - self.left)).round() as i32
    }

    /// The number at a pixel of the chart.
    #[must_use]
    pub fn number(&self, pixel: f64) -> f64 {
        let Some(edges) = &self.edges else {
            return self.scale.number(pixel, self.left, self.right);
        };
        let bins = edges.len().saturating_sub(1).max(1);
        let along = (pixel - f64::from(self.left)) / f64::from(self.right - self.left).max(1.0);
        let place = (along * bins as f64).clamp(0.0, bins as f64);
        let bin = (place as usize).min(bins - 1);
        match edges.get(bin).zip(edges.get(bin + 1)) {
            Some((from, to)) => from + (place - bin as f64) * (to - from),
            None => 0.0,
        }
    }

    /// The numbers at the two ends of the axis.
    #[must_use]
    pub fn ends(&self) -> (f64, f64) {
        (self.number(f64::from(self.left)), self.number(f64::from(self.right)))
    }

    fn ticks(&self) -> Vec<(i32, String)> {
        match &self.edges {
            None => self
                .scale
                .ticks()
                .into_iter()
                .map(|(tick, label)| (self.scale.pixel(tick, self.left, self.right), label))
                .collect(),
            // Powers of ten between the first and the last edge.
            Some(edges) => {
                let (first, last) = (edges.first(), edges.last());
                let Some((first, last)) = first.zip(last) else { return Vec::new() };
                let up = (0..=300).map(|exponent| (exponent, format!("1e{exponent}")));
                let down = (1..=300).map(|exponent| (-exponent, format!("1e-{exponent}")));
                let mut powers: Vec<(f64, String)> = down
                    .chain(up)
                    .filter_map(|(_, text)| Some((text.parse().ok()?, text)))
                    .filter(|(power, _)| power >= first && power <= last)
                    .collect();
                powers.sort_by(|one, other| one.0.total_cmp(&other.0));
                powers.into_iter().map(|(power, label)| (self.pixel(power), label)).collect()
            }
        }
    }
}

/// Draws the bins, the density at the same scale, limits as lines, and part-average limits as
/// thin lines. What is outside the limits is coloured.
#[must_use]
pub fn render(
    distribution: &Distribution<'_>,
    across: &Across,
    words: Words<'_>,
    title: &dyn Fn(f64, f64, u64) -> String,
    width: u32,
    palette: Palette,
) -> Markup {
    let size = (width.clamp(240, 4000), HEIGHT);
    let Distribution { edges, counts, density, low, high, part_average, .. } = *distribution;
    let most = counts.iter().max().copied().unwrap_or(0);
    let (left, right) = (across.left, across.right);
    let mut content = String::new();
    let mut pen = Pen::new(&mut content, size, palette);
    for (y, label) in [(PLOT_TOP, text::count(most)), (BOTTOM, "0".to_owned())] {
        pen.line(&[(left, y), (right, y)], Ink::Grid, 1);
        if y == BOTTOM || most > 0 {
            pen.text(&label, (left - 6, y), HPos::Right, Ink::Label);
        }
    }
    let height =
        |n: f64| BOTTOM - ((n / most.max(1) as f64) * f64::from(PLOT_HEIGHT)).round() as i32;
    let ends = || edges.iter().zip(edges.iter().skip(1));
    for ((from, to), n) in ends().zip(counts).filter(|(_, n)| **n > 0) {
        let (x0, x1) = (across.pixel(*from), across.pixel(*to));
        let gap = i32::from(x1 - x0 > 3);
        let top = height(*n as f64).min(BOTTOM - 1);
        let is_outside =
            low.is_some_and(|low| *to <= low) || high.is_some_and(|high| *from >= high);
        let ink = if is_outside { Ink::Bad } else { Ink::Bar };
        pen.bar((x0 + gap, top), ((x1 - gap).max(x0 + 1), BOTTOM), ink);
    }
    // The density times n times the bin's width is what a bin there would count.
    let n: u64 = counts.iter().sum();
    let bin_width = |x: f64| {
        let place = edges.partition_point(|edge| *edge <= x).clamp(1, counts.len().max(1));
        edges.get(place - 1).zip(edges.get(place)).map_or(0.0, |(from, to)| to - from)
    };
    let curve: Vec<_> = density
        .iter()
        .map(|(x, y)| (across.pixel(*x), height(y * n as f64 * bin_width(*x)).max(PLOT_TOP)))
        .collect();
    if curve.len() > 1 {
        pen.line(&curve, Ink::Cumulative, 2);
    }
    pen.line(&[(left, BOTTOM), (right, BOTTOM)], Ink::Axis, 1);
    let mut free = 0.0;
    for (x, label) in across.ticks() {
        let half = text::width(&label, TEXT_SIZE) / 2.0;
        let fits = f64::from(x) - half >= free && f64::from(x) + half <= f64::from(size.0);
        if fits {
            pen.line(&[(x, BOTTOM), (x, BOTTOM + 4)], Ink::Axis, 1);
            pen.text(&label, (x, BOTTOM + 14), HPos::Center, Ink::Label);
            free = f64::from(x) + half + 14.0;
        }
    }
    for limit in part_average.into_iter().flat_map(|(low, high)| [low, high]) {
        let (from, to) = across.ends();
        if (from..=to).contains(&limit) {
            let x = across.pixel(limit);
            pen.line(&[(x, PLOT_TOP), (x, BOTTOM)], Ink::Muted, 1);
        }
    }
    for (limit, name, side) in [(low, words.low, HPos::Right), (high, words.high, HPos::Left)] {
        let Some(limit) = limit else { continue };
        let x = across.pixel(limit);
        pen.line(&[(x, PLOT_TOP - 6), (x, BOTTOM)], Ink::Bad, 2);
        let room = text::width(name, TEXT_SIZE) as i32;
        let (at, side) = match side {
            HPos::Right if x - room - 6 < 0 => (x + 5, HPos::Left),
            HPos::Left if x + room + 6 > size.0 as i32 => (x - 5, HPos::Right),
            HPos::Right => (x - 5, HPos::Right),
            side => (x + 5, side),
        };
        pen.text(name, (at, PLOT_TOP - 9), side, Ink::Label);
    }
    let up = text::fit(words.up, TEXT_SIZE, f64::from(size.0) - 4.0);
    pen.text(&up, (2, 10), HPos::Left, Ink::Label);
    let (name, at) = text::centred(words.across, TEXT_SIZE, (left + right) / 2, size.0 as i32);
    pen.text(&name, (at, BOTTOM + 36), HPos::Center, Ink::Label);
    for ((from, to), n) in ends().zip(counts) {
        let (x0, x1) = (across.pixel(*from), across.pixel(*to));
        let area = (x0, PLOT_TOP, (x1 - x0).max(1), PLOT_HEIGHT);
        let title = title(*from, *to, *n);
        Target { area, title: &title, href: None, focus: false }.write(&mut content, palette, "");
    }
    Sheet { size, palette, label: words.up, focusable: false }.around(&content)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words<'_> =
        Words { across: "Temperature [°C]", up: "Runs", low: "LSL 1", high: "USL 9" };

    fn example<'a>(edges: &'a [f64], counts: &'a [u64], is_log: bool) -> Distribution<'a> {
        let density = &[];
        let (low, high) = (Some(1.0), Some(9.0));
        Distribution { edges, counts, density, low, high, part_average: None, is_log }
    }

    fn draw(distribution: &Distribution<'_>) -> Markup {
        let across = Across::new(distribution, 480);
        let title = |from: f64, to: f64, n: u64| format!("{from} <{to}> {n}");
        render(distribution, &across, WORDS, &title, 480, Palette::Page)
    }

    #[test]
    fn what_is_outside_the_limits_stands_out_and_limits_are_on_the_axis() {
        let svg = draw(&example(&[0.0, 1.0, 5.0, 9.0, 10.0], &[3, 100, 50, 1], false));
        assert_eq!(svg.matches("ink-bad fill").count(), 2);
        assert_eq!(svg.matches("ink-bar fill").count(), 2);
        assert!(svg.contains(">LSL 1</text>") && svg.contains(">USL 9</text>"));
        assert!(svg.contains("0 &lt;1&gt; 3"));
    }

    #[test]
    fn pixels_and_numbers_are_each_other_s_inverse() {
        let edges = [1.0, 10.0, 100.0, 1000.0, 10_000.0];
        for is_log in [false, true] {
            let across = Across::new(&example(&edges, &[1, 2, 3, 4], is_log), 800);
            for number in [1.5, 50.0, 700.0, 9_000.0] {
                let back = across.number(f64::from(across.pixel(number)));
                let (from, to) = across.ends();
                assert!((back - number).abs() < (to - from) / 300.0, "{number} {back} {is_log}");
            }
        }
    }

    #[test]
    fn one_value_and_no_value_are_no_fault() {
        assert!(draw(&example(&[5.0, 5.0], &[4], false)).contains("<svg"));
        assert!(draw(&example(&[], &[], false)).contains("<svg"));
        assert!(draw(&example(&[], &[], true)).contains("<svg"));
    }
}
