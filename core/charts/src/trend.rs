//! Trend chart: a line through the periods in order, a band for the intervals, and bars of the
//! counts below.

use plotters::style::text_anchor::HPos;

use crate::axis::Span;
use crate::brush::{Brush, Field};
use crate::columns::{self, Column};
pub use crate::figure::Figure;
use crate::ink::{Ink, Palette};
use crate::markup::Markup;
use crate::pen::{Pen, Pixel, TEXT_SIZE};
use crate::sheet::Sheet;
use crate::target::{Target, are_focusable};
use crate::text;

/// One period.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its label on the axis, such as 2026-03-01 or 2026-W09.
    pub key: String,
    /// The figure and the ends of its interval, as fractions; `None` if n = 0.
    pub figure: Option<Figure>,
    /// The count.
    pub n: u64,
    /// The tooltip, a sentence.
    pub title: String,
}

/// The titles of the axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axes<'a> {
    /// The horizontal axis: the periods.
    pub across: &'a str,
    /// The vertical axis: the figure.
    pub up: &'a str,
    /// The axis of the bars: what n counts.
    pub n: &'a str,
}

const TOP: i32 = 30;
const PLOT_HEIGHT: i32 = 190;
/// The space between the figures and the bars.
const BARS_GAP: i32 = 36;
const BARS_HEIGHT: i32 = 36;
const BOTTOM: i32 = TOP + PLOT_HEIGHT + BARS_GAP + BARS_HEIGHT;
const AXIS_HEIGHT: i32 = 44;
const HEIGHT: u32 = (BOTTOM + AXIS_HEIGHT) as u32;
/// The maximum width of a bar in pixels.
const WIDEST_BAR: i32 = 14;
/// Pixels from the ends of the axis to the first and the last point.
const INSET: i32 = 8;
/// The minimum space between two labels in pixels.
const MIN_LABEL_GAP: f64 = 14.0;
/// The minimum number of pixels per point for dots.
const MIN_PIXELS_PER_DOT: usize = 12;
/// The minimum number of pixels per point for a thick line, which would fill the gaps between
/// denser points.
const MIN_PIXELS_PER_THICK_POINT: usize = 3;
/// The minimum width of a target in pixels.
const TARGET_WIDTH: i32 = 4;

/// Draws the points at even distances, `width` pixels wide (240 to 4000), over an axis in percent
/// that contains every interval; below, a bar for each n, the largest at full height.
///
/// A point without a figure, or with one that is not a fraction within its interval, is a gap in
/// line and band. If points are closer than a pixel, each pixel column shows its minimum and
/// maximum figure and its widest interval; if they are closer than four pixels, a shared target has
/// the tooltip of the lowest. Without points only the axes are drawn.
#[must_use]
pub fn render(points: &[Point], axes: Axes<'_>, width: u32, palette: Palette) -> Markup {
    draw(points, axes, None, width, palette)
}

/// The same with a selected range of points: the others are muted, with hollow dots and bars.
/// Tooltips and links come from the brush instead of the points.
#[must_use]
pub fn brushed(
    points: &[Point],
    axes: Axes<'_>,
    brush: &Brush<'_>,
    width: u32,
    palette: Palette,
) -> Markup {
    draw(points, axes, Some(brush), width, palette)
}

fn draw(
    points: &[Point],
    axes: Axes<'_>,
    brush: Option<&Brush<'_>>,
    width: u32,
    palette: Palette,
) -> Markup {
    let mutes = |point: usize| brush.is_some_and(|brush| brush.mutes(point));
    let size = (width.clamp(240, 4000), HEIGHT);
    let figures: Vec<_> = points.iter().map(|point| point.figure).collect();
    let span = Span::enclosing(figures.iter().flatten().copied().filter(Figure::drawable));
    let ticks: Vec<_> = span.ticks(true).collect();
    let tick_room =
        ticks.iter().map(|(_, label)| text::width(label, TEXT_SIZE)).fold(0.0, f64::max);
    let left = tick_room as i32 + 10;
    let labels = Labels::new(points, left, size.0 as i32);
    let right = size.0 as i32 - ((labels.widest / 2.0) as i32 - INSET).max(8) - 2;
    let plot = Plot { left, right, span };

    let mut content = String::new();
    let mut pen = Pen::new(&mut content, size, palette);
    let segments = columns::segments(&figures, left + INSET, right - left - 2 * INSET);
    for segment in &segments {
        band(&mut pen, segment, &plot);
    }
    for (tick, label) in ticks {
        let y = plot.y(tick);
        pen.line(&[(left, y), (right, y)], Ink::Grid, 1);
        pen.text(&label, (left - 8, y), HPos::Right, Ink::Label);
    }
    let room = (right - left) as usize;
    let dots = room >= MIN_PIXELS_PER_DOT * points.len();
    let thickness = if room >= MIN_PIXELS_PER_THICK_POINT * points.len() { 2 } else { 1 };
    for segment in &segments {
        line(&mut pen, segment, &plot, dots, thickness);
    }
    if dots {
        dot_each(&mut pen, &figures, &plot, &mutes);
    }

    bars(&mut pen, points, &plot, axes.n, size.0, &mutes);
    let bottom = BOTTOM;
    for (place, label) in labels.drawn(&plot) {
        let x = plot.x(place, points.len());
        pen.line(&[(x, bottom), (x, bottom + 4)], Ink::Axis, 1);
        pen.text(&label, (x, bottom + 14), HPos::Center, Ink::Label);
    }
    pen.line(&[(left, bottom), (right, bottom)], Ink::Axis, 1);
    let width = size.0 as i32;
    let up = text::fit(axes.up, TEXT_SIZE, f64::from(width) - 4.0);
    pen.text(&up, (2, 10), HPos::Left, Ink::Label);
    let (across, middle) = text::centred(axes.across, TEXT_SIZE, (left + right) / 2, width);
    pen.text(&across, (middle, bottom + 34), HPos::Center, Ink::Label);

    let are_focusable = brush.is_some() || are_focusable(points.len());
    let focusable = palette == Palette::Page && !points.is_empty() && are_focusable;
    match brush {
        Some(brush) => {
            let field = Field {
                count: points.len(),
                ends: (left, right),
                rows: (TOP, BOTTOM),
                middle: &|point| plot.x(point, points.len()),
                edge: &|point| plot.edge(point, points.len()),
            };
            field.draw(&mut pen, brush);
            field.write(&mut content, brush, palette);
        }
        None => targets(&mut content, points, &plot, focusable, palette),
    }
    Sheet { size, palette, label: axes.up, focusable }.around(&content)
}

/// The geometry of the plot.
struct Plot {
    left: i32,
    right: i32,
    span: Span,
}

impl Plot {
    fn x(&self, point: usize, count: usize) -> i32 {
        let width = self.right - self.left - 2 * INSET;
        columns::place(point, count, self.left + INSET, width)
    }

    /// The boundary between the target of a point and that of the one before.
    fn edge(&self, point: usize, count: usize) -> i32 {
        match point {
            0 => self.left,
            point if point >= count => self.right,
            point => (self.x(point - 1, count) + self.x(point, count)) / 2,
        }
    }

    fn y(&self, fraction: f64) -> i32 {
        self.span.pixel(fraction, TOP + PLOT_HEIGHT, TOP)
    }
}

fn band(pen: &mut Pen<'_>, segment: &[Column], plot: &Plot) {
    // A point alone between gaps has no area: its interval is a line.
    if segment.len() == 1 {
        return;
    }
    let edge = |end: fn(&Column) -> f64| -> Vec<Pixel> {
        segment.iter().map(|column| (column.x, plot.y(end(column)))).collect()
    };
    let (low, high) = (edge(|column| column.low), edge(|column| column.high));
    let around: Vec<_> = high.iter().chain(low.iter().rev()).copied().collect();
    pen.area(&around, Ink::Band);
    pen.line(&high, Ink::Edge, 1);
    pen.line(&low, Ink::Edge, 1);
}

fn line(pen: &mut Pen<'_>, segment: &[Column], plot: &Plot, dots: bool, thickness: u32) {
    let at = |column: &Column| {
        let x = column.x;
        column.vertices().map(move |value| (x, plot.y(value)))
    };
    let points: Vec<_> = segment.iter().flat_map(at).collect();
    if let [Column { x, low, high, .. }] = segment {
        pen.line(&[(*x, plot.y(*low)), (*x, plot.y(*high))], Ink::Interval, 2);
    }
    if points.len() > 1 {
        pen.line(&points, Ink::Figure, thickness);
    }
    if !dots && segment.len() == 1 {
        points.iter().for_each(|point| pen.dot(*point, 3, Ink::Figure));
    }
}

/// A dot for each point; hollow if muted.
fn dot_each(
    pen: &mut Pen<'_>,
    figures: &[Option<Figure>],
    plot: &Plot,
    mutes: &dyn Fn(usize) -> bool,
) {
    for (point, figure) in figures.iter().enumerate() {
        let Some(figure) = figure.filter(Figure::drawable) else { continue };
        let at = (plot.x(point, figures.len()), plot.y(figure.value));
        match mutes(point) {
            true => pen.ring(at, 3, Ink::Muted),
            false => pen.dot(at, 4, Ink::Figure),
        }
    }
}

/// Bars of the counts below the points; points that share a pixel have the maximum of theirs.
fn bars(
    pen: &mut Pen<'_>,
    points: &[Point],
    plot: &Plot,
    name: &str,
    width: u32,
    mutes: &dyn Fn(usize) -> bool,
) {
    let most = points.iter().map(|point| point.n).max().unwrap_or(0);
    let name = match most {
        0 => name.to_owned(),
        most => format!("{name}, at most {}", text::count(most)),
    };
    let name = text::fit(&name, TEXT_SIZE, f64::from(width) - 4.0);
    pen.text(&name, (2, TOP + PLOT_HEIGHT + BARS_GAP / 2 + 6), HPos::Left, Ink::Label);
    let height = |n: u64| match n {
        0 => 0,
        // A nonzero count has a visible bar.
        n => ((n as f64 / most as f64 * f64::from(BARS_HEIGHT)).round() as i32).max(1),
    };
    let tops = points
        .iter()
        .enumerate()
        .map(|(place, point)| (plot.x(place, points.len()), BOTTOM - height(point.n)));
    let each = (plot.right - plot.left - 2 * INSET) / points.len().max(1) as i32;
    if each >= MIN_PIXELS_PER_THICK_POINT as i32 {
        let half = (each * 2 / 3).min(WIDEST_BAR) / 2;
        if !are_focusable(points.len()) {
            return skylines(pen, &tops.collect::<Vec<_>>(), half, mutes);
        }
        for (place, (x, top)) in tops.enumerate().filter(|(_, (_, top))| *top < BOTTOM) {
            let (from, to) = ((x - half, top), (x + half, BOTTOM));
            match mutes(place) {
                true => pen.frame(from, to, Ink::Muted),
                false => pen.bar(from, to, Ink::Bar),
            }
        }
        return;
    }
    // Too close for separate bars: one shape, of the maximum in each pixel column.
    let mut shape: Vec<Pixel> = vec![(plot.left + INSET, BOTTOM)];
    for (x, top) in tops {
        match shape.last_mut() {
            Some((at, highest)) if *at == x => *highest = top.min(*highest),
            _ => shape.push((x, top)),
        }
    }
    shape.push((plot.right - INSET, BOTTOM));
    pen.area(&shape, Ink::Bar);
}

/// Merges bars: adjacent bars that are muted alike are one outline along the axis. Few shapes keep
/// the repeated redraws during a drag fast.
fn skylines(pen: &mut Pen<'_>, tops: &[Pixel], half: i32, mutes: &dyn Fn(usize) -> bool) {
    let places: Vec<usize> = (0..tops.len()).collect();
    for alike in places.chunk_by(|one, next| mutes(*one) == mutes(*next)) {
        let outline: Vec<Pixel> = alike
            .iter()
            .filter_map(|place| tops.get(*place))
            .flat_map(|(x, top)| {
                let (from, to) = (x - half, x + half);
                [(from, BOTTOM), (from, *top), (to, *top), (to, BOTTOM)]
            })
            .collect();
        match alike.first().is_some_and(|first| mutes(*first)) {
            true => pen.line(&outline, Ink::Muted, 1),
            false => pen.area(&outline, Ink::Bar),
        }
    }
}

fn targets(out: &mut String, points: &[Point], plot: &Plot, focus: bool, palette: Palette) {
    let most = ((plot.right - plot.left) / TARGET_WIDTH).max(1) as usize;
    let together = points.len().div_ceil(most).max(1);
    let lowest = |point: &&Point| point.figure.filter(Figure::drawable).map_or(2.0, |it| it.value);
    for (place, points_here) in points.chunks(together).enumerate() {
        let edge = |place: usize| plot.edge(place * together, points.len());
        let (from, to) = (edge(place), edge(place + 1));
        let lowest_point =
            points_here.iter().min_by(|one, other| lowest(one).total_cmp(&lowest(other)));
        let title = lowest_point.map_or("", |point| point.title.as_str());
        let area = (from, TOP, to - from, BOTTOM - TOP);
        Target { area, title, href: None, focus }.write(out, palette, "");
    }
}

/// The labels of the points, truncated where the first and the last would not fit.
struct Labels {
    texts: Vec<String>,
    widest: f64,
}

impl Labels {
    fn new(points: &[Point], left: i32, width: i32) -> Self {
        // Half of the first label extends beyond the start of the axis, half of the last beyond its
        // end.
        let side_by_side = (f64::from(width - left - 2 * INSET) - MIN_LABEL_GAP) / 1.5;
        let most = side_by_side.min(f64::from(left + INSET) * 2.0);
        let cut = points.iter().map(|point| text::fit(&point.key, TEXT_SIZE, most));
        let texts: Vec<_> = cut.collect();
        let widest = texts.iter().map(|label| text::width(label, TEXT_SIZE)).fold(0.0, f64::max);
        Self { texts, widest }
    }

    /// The first, the last, and between them every second, third … so that labels do not overlap.
    fn drawn(self, plot: &Plot) -> impl Iterator<Item = (usize, String)> {
        let last = self.texts.len().saturating_sub(1);
        let width = f64::from(plot.right - plot.left - 2 * INSET);
        let each = (width / last.max(1) as f64).max(0.001);
        let step = ((self.widest + MIN_LABEL_GAP) / each).ceil().max(1.0) as usize;
        self.texts.into_iter().enumerate().filter(move |(place, _)| {
            *place == last || (place.is_multiple_of(step) && (*place == 0 || place + step <= last))
        })
    }
}

#[cfg(test)]
mod tests;
