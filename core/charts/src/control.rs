//! A control chart: points in their order, a centre line and limits that step from phase to
//! phase, signals, and the specification limits through time.

use plotters::style::text_anchor::HPos;

use crate::ink::{Ink, Palette};
use crate::markup::Markup;
use crate::pen::{Pen, Pixel, TEXT_SIZE};
use crate::plane::{BELOW, Plane, TOP};
use crate::scale::Scale;
use crate::sheet::Sheet;
use crate::target::{Target, are_focusable};
use crate::text;

/// A point of the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its name on the axis.
    pub key: String,
    /// Its value.
    pub value: f64,
    /// Centre line, lower and upper control limit; none where there are too few points.
    pub limits: Option<(f64, f64, f64)>,
    /// Specification limits at that time.
    pub specification: (Option<f64>, Option<f64>),
    /// Whether it breaks a rule.
    pub is_signal: bool,
    /// What is shown on hovering, in a sentence.
    pub title: String,
}

/// Where a phase begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// Its first point.
    pub start: usize,
    /// What it begins with; empty: nothing is written.
    pub name: String,
}

/// Names of the axes.
#[derive(Debug, Clone, Copy)]
pub struct Axes<'a> {
    /// Across: the points.
    pub across: &'a str,
    /// Upwards: the values.
    pub up: &'a str,
}

const PLOT_HEIGHT: i32 = 260;
const HEIGHT: u32 = (TOP + PLOT_HEIGHT + BELOW) as u32;
const MARGIN: i32 = 14;
/// Pixels for each point from which on each has its dot.
const ROOM_FOR_DOTS: usize = 6;
/// Pixels across that a target has at least, where points are closer.
const TARGET_WIDTH: i32 = 4;

/// Draws the points at even distances, `width` pixels wide (240 to 4000). Specification limits
/// that are farther from the points than the points vary are not on the axis. Where points are
/// closer than pixels, each column of pixels shows its lowest and its highest value; every
/// signal is drawn.
#[must_use]
pub fn render(
    points: &[Point],
    phases: &[Phase],
    axes: Axes<'_>,
    width: u32,
    palette: Palette,
) -> Markup {
    let size = (width.clamp(240, 4000), HEIGHT);
    let plane = Plane::new(size.0, PLOT_HEIGHT, MARGIN, scale(points));
    let count = points.len();
    let x = |place: usize| plane.x(place, count);
    let mut content = String::new();
    let mut pen = Pen::new(&mut content, size, palette);
    plane.frame(&mut pen, axes.up, axes.across, size.0);

    let starts: Vec<usize> = phases.iter().map(|phase| phase.start).collect();
    let mut free = f64::from(plane.left);
    for phase in phases.iter().filter(|phase| phase.start > 0 && phase.start < count) {
        let at = (x(phase.start - 1) + x(phase.start)) / 2;
        pen.line(&[(at, TOP), (at, plane.bottom)], Ink::Axis, 1);
        let room = f64::from(plane.right) - f64::from(at) - 8.0;
        if f64::from(at) >= free && room > 60.0 {
            let name = text::fit(&phase.name, TEXT_SIZE, room.min(180.0));
            pen.text(&name, (at + 4, TOP + 8), HPos::Left, Ink::Label);
            free = f64::from(at) + text::width(&name, TEXT_SIZE) + 12.0;
        }
    }
    let ends = |place: usize| {
        let start = starts.contains(&place);
        let before = if start || place == 0 { x(place) } else { (x(place - 1) + x(place)) / 2 };
        let last = place + 1 >= count || starts.contains(&(place + 1));
        let after = if last { x(place) } else { (x(place) + x(place + 1)) / 2 };
        (before, after)
    };
    let is_on_axis = |value: f64| (plane.scale.from..=plane.scale.to).contains(&value);
    let mut steps = |of: &dyn Fn(&Point) -> Option<f64>, ink: Ink, thickness: u32| {
        let mut run: Vec<Pixel> = Vec::new();
        for (place, point) in points.iter().enumerate() {
            let value = of(point).filter(|value| is_on_axis(*value));
            if starts.contains(&place) || value.is_none() {
                flush(&mut pen, &mut run, ink, thickness);
            }
            if let Some(value) = value {
                let (from, to) = ends(place);
                let y = plane.y(value);
                // The middle of a straight stretch is left out.
                if let [.., (_, before), last] = run.as_mut_slice()
                    && *before == y
                    && last.1 == y
                {
                    last.0 = to;
                } else {
                    run.extend([(from, y), (to, y)]);
                }
            }
        }
        flush(&mut pen, &mut run, ink, thickness);
    };
    steps(&|point| point.specification.0, Ink::Bad, 1);
    steps(&|point| point.specification.1, Ink::Bad, 1);
    steps(&|point| point.limits.map(|limits| limits.0), Ink::Axis, 1);
    steps(&|point| point.limits.map(|limits| limits.1), Ink::Warn, 2);
    steps(&|point| point.limits.map(|limits| limits.2), Ink::Warn, 2);

    let room = (plane.right - plane.left) as usize;
    for (from, to) in phase_ranges(&starts, count) {
        let line = envelope(&points[from..to], |place| x(from + place), |value| plane.y(value));
        if line.len() > 1 {
            pen.line(&line, Ink::Figure, 1);
        }
    }
    for (place, point) in points.iter().enumerate() {
        let at = (x(place), plane.y(point.value));
        if point.is_signal {
            pen.dot(at, 4, Ink::Bad);
        } else if room >= ROOM_FOR_DOTS * count {
            pen.dot(at, 2, Ink::Figure);
        }
    }
    let labels = [0, count / 2, count.saturating_sub(1)];
    let mut labels: Vec<(i32, String)> = labels
        .into_iter()
        .filter_map(|place| Some((x(place), points.get(place)?.key.clone())))
        .collect();
    labels.dedup();
    plane.labels(&mut pen, &labels, size.0);

    let focusable = palette == Palette::Page && count > 0 && are_focusable(count);
    targets(&mut content, points, &plane, focusable, palette);
    Sheet { size, palette, label: axes.up, focusable }.around(&content)
}

/// Holds all points and control limits, and the specification limits that are near.
fn scale(points: &[Point]) -> Scale {
    let fold = |ends: Option<(f64, f64)>, value: f64| {
        let (low, high) = ends.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    };
    let own = points.iter().flat_map(|point| {
        let limits = point.limits.map(|(_, lower, upper)| [lower, upper]);
        std::iter::once(point.value).chain(limits.into_iter().flatten())
    });
    let (low, high) = own.filter(|it| it.is_finite()).fold(None, fold).unwrap_or((0.0, 1.0));
    let range = high - low;
    let near = |limit: &f64| *limit >= low - range && *limit <= high + range;
    let limits = points.iter().flat_map(|point| [point.specification.0, point.specification.1]);
    let ends = limits.flatten().filter(near).fold(Some((low, high)), fold);
    let (low, high) = ends.unwrap_or((low, high));
    Scale::around(low, high, 6)
}

fn flush(pen: &mut Pen<'_>, run: &mut Vec<Pixel>, ink: Ink, thickness: u32) {
    if run.len() > 1 {
        pen.line(run, ink, thickness);
    }
    run.clear();
}

/// First and end of each phase.
fn phase_ranges(starts: &[usize], count: usize) -> Vec<(usize, usize)> {
    let inner = starts.iter().copied().filter(|start| *start > 0 && *start < count);
    let begins: Vec<usize> = std::iter::once(0).chain(inner).collect();
    let ends = begins.iter().copied().skip(1).chain([count]);
    begins.iter().copied().zip(ends).collect()
}

/// The line through points, of which each column of pixels keeps the lowest and the highest.
fn envelope(points: &[Point], x: impl Fn(usize) -> i32, y: impl Fn(f64) -> i32) -> Vec<Pixel> {
    let mut line: Vec<Pixel> = Vec::new();
    let mut column: Option<(i32, i32, i32)> = None;
    let mut close = |column: Option<(i32, i32, i32)>| {
        if let Some((x, low, high)) = column {
            line.push((x, low));
            if high != low {
                line.push((x, high));
            }
        }
    };
    for (place, point) in points.iter().enumerate().filter(|(_, point)| point.value.is_finite()) {
        let (at, y) = (x(place), y(point.value));
        column = match column {
            Some((x, low, high)) if x == at => Some((x, low.min(y), high.max(y))),
            full => {
                close(full);
                Some((at, y, y))
            }
        };
    }
    close(column);
    line
}

fn targets(out: &mut String, points: &[Point], plane: &Plane, focus: bool, palette: Palette) {
    let most = ((plane.right - plane.left) / TARGET_WIDTH).max(1) as usize;
    let together = points.len().div_ceil(most).max(1);
    for (place, here) in points.chunks(together).enumerate() {
        let edge = |place: usize| match place * together {
            0 => plane.left,
            first if first >= points.len() => plane.right,
            first => (plane.x(first - 1, points.len()) + plane.x(first, points.len())) / 2,
        };
        let (from, to) = (edge(place), edge(place + 1));
        // Of points that are together a signal answers first, then the farthest from the centre.
        let distance = |point: &Point| {
            let centre = point.limits.map_or(0.0, |limits| limits.0);
            (point.is_signal, (point.value - centre).abs())
        };
        let order = |one: &&Point, other: &&Point| {
            let (one, other) = (distance(one), distance(other));
            one.0.cmp(&other.0).then(one.1.total_cmp(&other.1))
        };
        let title = here.iter().max_by(order).map_or("", |point| point.title.as_str());
        let area = (from, TOP, (to - from).max(1), plane.bottom - TOP);
        Target { area, title, href: None, focus }.write(out, palette, "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(place: usize, value: f64) -> Point {
        Point {
            key: format!("key {place}"),
            value,
            limits: Some((10.0, 7.0, 13.0)),
            specification: (None, Some(14.0)),
            is_signal: value > 13.0,
            title: format!("{value} <at {place}>"),
        }
    }

    fn draw(points: &[Point], phases: &[Phase]) -> Markup {
        render(points, phases, Axes { across: "Runs", up: "Volts" }, 600, Palette::Page)
    }

    #[test]
    fn signals_limits_and_phases_are_drawn() {
        let points: Vec<_> = [10.0, 9.0, 13.5, 10.0, 11.0]
            .into_iter()
            .enumerate()
            .map(|(i, v)| point(i, v))
            .collect();
        let phase = Phase { start: 3, name: "software 4.3".to_owned() };
        let svg = draw(&points, &[Phase { start: 0, name: String::new() }, phase]);
        assert_eq!(svg.matches("r=\"4\" class=\"ink-bad fill\"").count(), 1, "{svg}");
        assert_eq!(svg.matches("r=\"2\"").count(), 4);
        assert!(svg.contains(">software 4.3</text>"));
        // Two control limits in two phases.
        assert_eq!(svg.matches("class=\"ink-warn stroke\"").count(), 4, "{svg}");
        assert!(svg.contains("13.5 &lt;at 2&gt;"));
    }

    #[test]
    fn a_limit_that_steps_is_one_line_and_straight_stretches_have_no_points() {
        let mut points: Vec<_> = (0..100).map(|place| point(place, 10.0)).collect();
        for point in points.iter_mut().skip(50) {
            point.specification.1 = Some(12.5);
        }
        let svg = draw(&points, &[]);
        let limit = svg.lines().find(|line| line.contains("ink-bad stroke")).unwrap();
        assert_eq!(limit.matches(['M', 'L']).count(), 4, "{limit}");
    }

    #[test]
    fn ten_thousand_points_fit_and_none_are_no_fault() {
        let points: Vec<_> =
            (0..10_000).map(|place| point(place, (place % 5) as f64 + 8.0)).collect();
        let svg = draw(&points, &[]);
        assert!(svg.len() < 60_000, "{}", svg.len());
        assert!(draw(&[], &[]).contains("<svg"));
        let alone = Point { limits: None, value: f64::NAN, ..point(0, 1.0) };
        assert!(draw(&[alone], &[]).contains("<svg"));
    }
}
