//! Brush selection: a range along an axis of equal steps.

use std::fmt::Write as _;
use std::ops::Range;

use crate::ink::{Ink, Palette};
use crate::pen::Pen;
use crate::target::Target;

/// The selection of a chart, and the links of its marks.
#[derive(Clone, Copy)]
pub struct Brush<'a> {
    /// The first and the last selected mark; `None`: no selection, and no mark is muted.
    pub selected: Option<(usize, usize)>,
    /// The tooltip and the link of a range of marks: a target has a minimum width, so it may cover
    /// several marks.
    pub link: &'a dyn Fn(usize, usize) -> (String, Option<String>),
}

/// The minimum width of a target in pixels, also at the ends of the axis.
const MIN_TARGET_WIDTH: i32 = 32;
/// The height in pixels of the handles at the ends of a range.
const HANDLE_HEIGHT: i32 = 24;

impl Brush<'_> {
    /// Whether a mark is outside the selection.
    pub(crate) fn mutes(&self, mark: usize) -> bool {
        self.selected.is_some_and(|(first, last)| mark < first || last < mark)
    }
}

/// The geometry of the marks of a chart.
pub(crate) struct Field<'a> {
    pub(crate) count: usize,
    /// The left edge of the first mark's target and the right edge of the last one's, in pixels.
    pub(crate) ends: (i32, i32),
    /// The top and the bottom, in pixels.
    pub(crate) rows: (i32, i32),
    /// The center of a mark.
    pub(crate) middle: &'a dyn Fn(usize) -> i32,
    /// The left edge of a mark's target.
    pub(crate) edge: &'a dyn Fn(usize) -> i32,
}

impl Field<'_> {
    /// Draws the selected range, if any.
    pub(crate) fn draw(&self, pen: &mut Pen<'_>, brush: &Brush<'_>) {
        let Some((from, to)) = self.range(brush) else { return };
        let (top, bottom) = self.rows;
        pen.frame((from, top), (to, bottom), Ink::Axis);
        let middle = (top + bottom) / 2;
        for x in [from, to] {
            pen.line(
                &[(x, middle - HANDLE_HEIGHT / 2), (x, middle + HANDLE_HEIGHT / 2)],
                Ink::Figure,
                5,
            );
        }
    }

    /// Writes the targets, and the geometry that the drag handler needs: the centers of the first
    /// and the last mark, the number of marks, and the ends of the range.
    pub(crate) fn write(&self, out: &mut String, brush: &Brush<'_>, palette: Palette) {
        let (top, bottom) = self.rows;
        for Range { start, end } in self.targets() {
            let (from, to) = ((self.edge)(start), (self.edge)(end));
            let (title, href) = (brush.link)(start, end - 1);
            let area = (from, top, to - from, bottom - top);
            Target { area, title: &title, href: href.as_deref(), focus: false }
                .write(out, palette, "");
        }
        if palette == Palette::Fixed || self.count == 0 {
            return;
        }
        let (first, last) = ((self.middle)(0), (self.middle)(self.count - 1));
        let (from, to) = self.range(brush).unwrap_or((-1, -1));
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "<g class=\"brush\" data-first=\"{first}\" data-last=\"{last}\" data-count=\"{}\" data-from=\"{from}\" data-to=\"{to}\"></g>",
            self.count
        );
    }

    fn range(&self, brush: &Brush<'_>) -> Option<(i32, i32)> {
        let (first, last) = brush.selected.filter(|(_, last)| *last < self.count)?;
        Some(((self.edge)(first), (self.edge)(last + 1)))
    }

    /// The marks of each target.
    fn targets(&self) -> impl Iterator<Item = Range<usize>> {
        let room = (self.ends.1 - self.ends.0).max(0) / MIN_TARGET_WIDTH;
        let count = self.count;
        let targets = count.min(room.max(1) as usize);
        (0..targets).map(move |at| at * count / targets..(at + 1) * count / targets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(count: usize, width: i32, selected: Option<(usize, usize)>) -> String {
        let each = f64::from(width) / count.max(1) as f64;
        let edge = |mark: usize| (mark as f64 * each) as i32;
        let middle = |mark: usize| (edge(mark) + edge(mark + 1)) / 2;
        let field = Field { count, ends: (0, width), rows: (0, 90), middle: &middle, edge: &edge };
        let link =
            |from: usize, to: usize| (format!("{from} to {to}"), Some(format!("?{from}-{to}")));
        let mut out = String::new();
        field.write(&mut out, &Brush { selected, link: &link }, Palette::Page);
        out
    }

    #[test]
    fn every_mark_is_in_one_target_and_none_is_narrower_than_a_finger() {
        for count in [1, 2, 7, 28, 90, 400] {
            let written = written(count, 280, None);
            let ends: Vec<(usize, usize)> = written
                .lines()
                .filter_map(|line| {
                    line.split("href=\"?").nth(1)?.split('"').next()?.split_once('-')
                })
                .map(|(from, to)| (from.parse().unwrap(), to.parse().unwrap()))
                .collect();
            assert_eq!((ends[0].0, ends[ends.len() - 1].1), (0, count - 1));
            assert!(ends.windows(2).all(|two| two[0].1 + 1 == two[1].0), "{ends:?}");
            for line in written.lines().filter(|line| line.contains("hit")) {
                let width = line.split("width=\"").nth(1).unwrap().split('"').next().unwrap();
                assert!(width.parse::<i32>().unwrap() >= 24, "{count} marks: {line}");
            }
        }
    }

    #[test]
    fn a_range_beyond_the_marks_is_none_and_no_marks_have_no_field() {
        assert!(written(3, 280, Some((1, 9))).contains("data-from=\"-1\""));
        assert!(written(3, 280, Some((1, 1))).contains("data-from=\"93\" data-to=\"186\""));
        assert_eq!(written(0, 280, None), "");
    }
}
