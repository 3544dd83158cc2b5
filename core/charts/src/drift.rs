//! Means by day with a fitted line, and the limits that it approaches.

use crate::ink::{Ink, Palette};
use crate::markup::Markup;
use crate::pen::Pen;
use crate::plane::{BELOW, Plane, TOP};
use crate::scale::Scale;
use crate::sheet::Sheet;
use crate::target::{Target, are_focusable};

/// The mean of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Days from the first.
    pub day: f64,
    /// The day on the axis.
    pub key: String,
    /// The mean.
    pub mean: f64,
    /// What is shown on hovering, in a sentence.
    pub title: String,
}

/// The fitted line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// At day 0.
    pub intercept: f64,
    /// Change a day.
    pub slope: f64,
    /// The last day that it is drawn to.
    pub until: f64,
}

/// Names in the chart.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// Across: the days.
    pub across: &'a str,
    /// Upwards: the means.
    pub up: &'a str,
    /// The last day of the line, on the axis.
    pub until: &'a str,
}

const PLOT_HEIGHT: i32 = 200;
const HEIGHT: u32 = (TOP + PLOT_HEIGHT + BELOW) as u32;
const MARGIN: i32 = 14;

/// Draws the points by their days, `width` pixels wide (240 to 4000), the line, thin behind
/// the last point, and the limits that are not farther away than the points and the line vary.
#[must_use]
pub fn render(
    points: &[Point],
    line: Line,
    limits: &[f64],
    words: Words<'_>,
    width: u32,
    palette: Palette,
) -> Markup {
    let size = (width.clamp(240, 4000), HEIGHT);
    let value = |day: f64| line.intercept + line.slope * day;
    let last_day = points.last().map_or(0.0, |point| point.day);
    let until = line.until.max(last_day).max(1.0);
    let own = points.iter().map(|point| point.mean).chain([value(0.0), value(until)]);
    let ends = |ends: Option<(f64, f64)>, value: f64| {
        let (low, high) = ends.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    };
    let (low, high) = own.filter(|it| it.is_finite()).fold(None, ends).unwrap_or((0.0, 1.0));
    let range = high - low;
    let near = |limit: &&f64| **limit >= low - range && **limit <= high + range;
    let all = limits.iter().filter(near).copied().fold(Some((low, high)), ends);
    let (low, high) = all.unwrap_or((low, high));
    let plane = Plane::new(size.0, PLOT_HEIGHT, MARGIN, Scale::around(low, high, 5));
    let x = |day: f64| plane.along(day / until);

    let mut content = String::new();
    let mut pen = Pen::new(&mut content, size, palette);
    plane.frame(&mut pen, words.up, words.across, size.0);
    for limit in limits {
        plane.rule(&mut pen, *limit, Ink::Bad, 2);
    }
    let at = |day: f64| (x(day), plane.y(value(day)));
    pen.line(&[at(0.0), at(last_day)], Ink::Cumulative, 2);
    if until > last_day {
        pen.line(&[at(last_day), at(until)], Ink::Cumulative, 1);
    }
    for point in points {
        pen.dot((x(point.day), plane.y(point.mean)), 3, Ink::Figure);
    }
    let mut labels: Vec<(i32, String)> = Vec::new();
    let ends = [points.first(), points.last()];
    labels.extend(ends.into_iter().flatten().map(|point| (x(point.day), point.key.clone())));
    if until > last_day {
        labels.push((x(until), words.until.to_owned()));
    }
    labels.dedup();
    plane.labels(&mut pen, &labels, size.0);
    let focusable = palette == Palette::Page && !points.is_empty() && are_focusable(points.len());
    let edge = |place: usize| match (
        place.checked_sub(1).and_then(|it| points.get(it)),
        points.get(place),
    ) {
        (None, _) => plane.left,
        (Some(before), None) => x(before.day) + 6,
        (Some(before), Some(next)) => (x(before.day) + x(next.day)) / 2,
    };
    for (place, point) in points.iter().enumerate() {
        let (from, to) = (edge(place), edge(place + 1));
        let area = (from, TOP, (to - from).max(1), plane.bottom - TOP);
        let title = &point.title;
        Target { area, title, href: None, focus: focusable }.write(&mut content, palette, "");
    }
    Sheet { size, palette, label: words.up, focusable }.around(&content)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words<'_> = Words { across: "Days", up: "Means", until: "2026-05-01" };

    #[test]
    fn the_line_is_drawn_to_the_limit_that_it_meets() {
        let point = |day: u32| Point {
            day: f64::from(day),
            key: format!("2026-04-{day:02}"),
            mean: 10.0 + f64::from(day) / 10.0,
            title: format!("day <{day}>"),
        };
        let points: Vec<_> = (0..20).map(point).collect();
        let line = Line { intercept: 10.0, slope: 0.1, until: 30.0 };
        let svg = render(&points, line, &[13.0, 400.0], WORDS, 600, Palette::Page);
        assert_eq!(svg.matches("ink-cumulative stroke").count(), 2);
        assert_eq!(svg.matches("ink-bad stroke").count(), 1);
        assert!(svg.contains(">2026-05-01</text>") && svg.contains("day &lt;3&gt;"));
        assert!(render(&[], line, &[], WORDS, 600, Palette::Fixed).contains("<svg"));
    }
}
