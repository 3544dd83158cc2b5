//! Timeline of a unit: a lane for each operation, with its runs by time.
//!
//! Shape and colour both encode the kind of a mark: a circle passed, a cross failed, a diamond has
//! no result (error or timeout), a vertical bar was aborted, a ring was skipped; a triangle is a
//! repair.

use domain::{Outcome, Timestamp};
use plotters::style::text_anchor::HPos;

use crate::clock::Clock;
use crate::ink::{Ink, Palette};
use crate::markup::Markup;
use crate::pen::{Pen, Pixel, TEXT_SIZE};
use crate::rows::label_room;
use crate::sheet::Sheet;
use crate::target::{Target, are_focusable};
use crate::text;
use crate::time;

/// One lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// The operation, or another common property of its marks, such as repairs.
    pub label: String,
    /// The events of the lane, in any order.
    pub marks: Vec<Mark>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The time.
    pub at: Timestamp,
    /// The kind.
    pub kind: Kind,
    /// The tooltip, a sentence.
    pub title: String,
    /// The link.
    pub href: Option<String>,
}

/// The kind of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A run, with its outcome.
    Run(Outcome),
    /// A repair.
    Repair,
}

const TOP: i32 = 4;
const LANE_HEIGHT: i32 = 32;
const AXIS_HEIGHT: i32 = 60;
/// The maximum number of lanes that are drawn.
const MAX_LANES: usize = 200;
/// Marks of one lane closer than this many pixels are combined, as their shapes would overlap.
const CLUSTER_WIDTH: i32 = 3;
/// The width of a target in pixels, unless its neighbours are closer.
const TARGET_WIDTH: i32 = 24;
/// The minimum distance of two ticks in pixels.
const MIN_TICK_DISTANCE: i32 = 60;
/// The minimum time range: two runs within a minute do not look far apart.
const MIN_RANGE_MICROS: i64 = 10 * 60 * 1_000_000;
/// The maximum number of titles in one target.
const MAX_TITLES: usize = 4;

/// Draws the first 200 lanes from top to bottom over the time from the first mark to the last,
/// `width` pixels wide (240 to 4000) and as high as the lanes need. The axis is in site time;
/// `axis_title` should name the time zone.
///
/// Marks of a lane within three pixels are combined: each kind is drawn once, failures above the
/// others; one target names the first four and has the first link. Without marks the lanes are
/// drawn without ticks.
#[must_use]
pub fn render(
    lanes: &[Lane],
    clock: &Clock,
    axis_title: &str,
    width: u32,
    palette: Palette,
) -> Markup {
    let lanes = lanes.get(..MAX_LANES).unwrap_or(lanes);
    let width = width.clamp(240, 4000);
    let bottom = TOP + lanes.len() as i32 * LANE_HEIGHT;
    let size = (width, (bottom + AXIS_HEIGHT) as u32);
    let left = label_room(lanes.iter().map(|lane| lane.label.as_str()), width).max(44);
    let right = width as i32 - 4;
    let times = Times::new(lanes, left + 10, right - 10);

    let mut content = String::new();
    let mut pen = Pen::new(&mut content, size, palette);
    if let Some(times) = &times {
        axis(&mut pen, times, bottom, clock, right);
    }
    let middle = (left + right) / 2;
    let (title, middle) = text::centred(axis_title, TEXT_SIZE, middle, width as i32);
    pen.text(&title, (middle, bottom + 50), HPos::Center, Ink::Label);

    let mut clusters: Vec<Cluster<'_>> = Vec::new();
    for (lane, y) in lanes.iter().zip((TOP + LANE_HEIGHT / 2..).step_by(LANE_HEIGHT as usize)) {
        pen.line(&[(left, y), (right, y)], Ink::Grid, 1);
        let label = text::fit(&lane.label, TEXT_SIZE, f64::from(left) - 12.0);
        pen.text(&label, (left - 10, y), HPos::Right, Ink::Label);
        clusters.extend(times.iter().flat_map(|times| cluster_marks(lane, y, times)));
    }
    pen.line(&[(left, bottom), (right, bottom)], Ink::Axis, 1);
    for kind in KINDS {
        for cluster in clusters.iter().filter(|cluster| cluster.has(kind)) {
            shape(&mut pen, cluster.at, kind);
        }
    }

    let focus = palette == Palette::Page && are_focusable(clusters.len());
    for (number, cluster) in clusters.iter().enumerate() {
        let beside = |other: Option<usize>| other.and_then(|other| clusters.get(other));
        cluster.target(
            &mut content,
            beside(number.checked_sub(1)),
            beside(number.checked_add(1)),
            focus,
            palette,
        );
    }
    let links = clusters.iter().any(|cluster| cluster.href().is_some());
    let focusable = palette == Palette::Page && !clusters.is_empty() && (focus || links);
    Sheet { size, palette, label: axis_title, focusable }.around(&content)
}

/// The symbol of a kind alone, 16 pixels square, for a legend.
#[must_use]
pub fn symbol(kind: Kind, palette: Palette) -> Markup {
    let mut content = String::new();
    shape(&mut Pen::new(&mut content, (16, 16), palette), (8, 8), kind);
    Markup::trusted(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\">\n{content}</svg>"
    ))
}

/// The scale from time to pixels.
struct Times {
    from: i64,
    to: i64,
    left: i32,
    right: i32,
}

impl Times {
    /// The scale of all marks; `None` without marks.
    fn new(lanes: &[Lane], left: i32, right: i32) -> Option<Self> {
        let times = || lanes.iter().flat_map(|lane| &lane.marks).map(|mark| mark.at.micros());
        let (from, to) = (times().min()?, times().max()?);
        let short = (MIN_RANGE_MICROS - (to - from)).max(0) / 2;
        Some(Self { from: from - short, to: to + short, left, right })
    }

    fn x(&self, micros: i64) -> i32 {
        let along = (micros - self.from) as f64 / (self.to - self.from) as f64;
        self.left + (along * f64::from(self.right - self.left)).round() as i32
    }
}

fn axis(pen: &mut Pen<'_>, times: &Times, bottom: i32, clock: &Clock, end: i32) {
    let most = (times.right - times.left) / MIN_TICK_DISTANCE;
    let ticks = time::ticks(times.from, times.to, clock, most.max(3) as usize);
    // The right end of the text so far, in each of the two lines.
    let mut used = [i32::MIN; 2];
    for tick in ticks {
        let x = times.x(tick.micros);
        pen.line(&[(x, 0), (x, bottom + 4)], Ink::Grid, 1);
        for (line, label) in [&tick.near, &tick.far].into_iter().enumerate() {
            let half = text::width(label, TEXT_SIZE) as i32 / 2 + 1;
            let at = x.min(end - half);
            let free = at.saturating_sub(half) > used[line].saturating_add(4);
            if !label.is_empty() && free {
                let y = bottom + 14 + 16 * line as i32;
                pen.text(label, (at, y), HPos::Center, Ink::Label);
                used[line] = at + half;
            }
        }
    }
}

/// Marks of one lane that are too close to be drawn separately.
struct Cluster<'a> {
    at: Pixel,
    marks: Vec<&'a Mark>,
}

fn cluster_marks<'a>(lane: &'a Lane, y: i32, times: &Times) -> Vec<Cluster<'a>> {
    let mut marks: Vec<_> = lane.marks.iter().collect();
    marks.sort_by_key(|mark| mark.at);
    let mut clusters: Vec<Cluster<'_>> = Vec::new();
    for mark in marks {
        let x = times.x(mark.at.micros());
        match clusters.last_mut() {
            Some(cluster) if x - cluster.at.0 < CLUSTER_WIDTH => cluster.marks.push(mark),
            _ => clusters.push(Cluster { at: (x, y), marks: vec![mark] }),
        }
    }
    clusters
}

/// The drawing order: the kinds on top are last.
const KINDS: [Kind; 7] = [
    Kind::Run(Outcome::Skip),
    Kind::Run(Outcome::Pass),
    Kind::Repair,
    Kind::Run(Outcome::Aborted),
    Kind::Run(Outcome::Error),
    Kind::Run(Outcome::Timeout),
    Kind::Run(Outcome::Fail),
];

impl Cluster<'_> {
    fn has(&self, kind: Kind) -> bool {
        self.marks.iter().any(|mark| mark.kind == kind)
    }

    fn href(&self) -> Option<&str> {
        self.marks.iter().find_map(|mark| mark.href.as_deref())
    }

    fn title(&self) -> String {
        let titles: Vec<_> =
            self.marks.iter().take(MAX_TITLES).map(|mark| mark.title.as_str()).collect();
        let more = match self.marks.len().saturating_sub(MAX_TITLES) {
            0 => String::new(),
            more => format!(" · + {more}"),
        };
        titles.join(" · ") + &more
    }

    /// Extends at most half-way to the neighbours in the lane.
    fn target(
        &self,
        out: &mut String,
        before: Option<&Cluster<'_>>,
        after: Option<&Cluster<'_>>,
        focus: bool,
        palette: Palette,
    ) {
        let (x, y) = self.at;
        let half_way = |other: Option<&Cluster<'_>>| {
            other.filter(|other| other.at.1 == y).map(|other| (x + other.at.0).div_euclid(2))
        };
        let from = half_way(before).map_or(x - TARGET_WIDTH / 2, |it| it.max(x - TARGET_WIDTH / 2));
        let to = half_way(after).map_or(x + TARGET_WIDTH / 2, |it| it.min(x + TARGET_WIDTH / 2));
        let area = (from, y - LANE_HEIGHT / 2, to - from, LANE_HEIGHT);
        Target { area, title: &self.title(), href: self.href(), focus }.write(out, palette, "");
    }
}

/// Draws the symbol of a kind, ten to twelve pixels in size.
fn shape(pen: &mut Pen<'_>, (x, y): Pixel, kind: Kind) {
    match kind {
        Kind::Run(Outcome::Pass) => pen.dot((x, y), 5, Ink::Good),
        Kind::Run(Outcome::Fail) => {
            pen.line(&[(x - 5, y - 5), (x + 5, y + 5)], Ink::Bad, 3);
            pen.line(&[(x - 5, y + 5), (x + 5, y - 5)], Ink::Bad, 3);
        }
        Kind::Run(Outcome::Error | Outcome::Timeout) => {
            pen.area(&[(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)], Ink::Warn);
        }
        Kind::Run(Outcome::Aborted) => pen.bar((x - 2, y - 7), (x + 2, y + 7), Ink::Muted),
        Kind::Run(Outcome::Skip) => pen.ring((x, y), 5, Ink::Muted),
        Kind::Repair => pen.area(&[(x, y - 7), (x + 7, y + 6), (x - 7, y + 6)], Ink::Figure),
    }
}

#[cfg(test)]
mod tests;
