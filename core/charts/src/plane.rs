//! The frame of charts whose vertical axis is of numbers: grid, ticks and the names of axes.

use plotters::style::text_anchor::HPos;

use crate::ink::Ink;
use crate::pen::{Pen, TEXT_SIZE};
use crate::scale::Scale;
use crate::text;

/// Pixels from the top to the plot: room for the name of the vertical axis.
pub(crate) const TOP: i32 = 30;
/// Pixels below the plot: ticks and the name of the horizontal axis.
pub(crate) const BELOW: i32 = 48;
/// Pixels from the ends of the horizontal axis to the first and the last point.
const INSET: i32 = 8;
/// Pixels between two labels at least.
const APART: f64 = 14.0;

/// Where things are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plane {
    pub(crate) left: i32,
    pub(crate) right: i32,
    pub(crate) bottom: i32,
    pub(crate) scale: Scale,
}

impl Plane {
    /// A plot so many pixels high in a chart so many pixels wide, with `right` pixels beside it.
    pub(crate) fn new(width: u32, height: i32, right: i32, scale: Scale) -> Self {
        let labels = scale.ticks().into_iter().map(|(_, label)| text::width(&label, TEXT_SIZE));
        let left = labels.fold(0.0, f64::max) as i32 + 12;
        Self { left, right: width as i32 - right, bottom: TOP + height, scale }
    }

    /// The pixel of a number.
    pub(crate) fn y(&self, number: f64) -> i32 {
        self.scale.pixel(number, self.bottom, TOP)
    }

    /// The pixel of the `place`-th of `count` points.
    pub(crate) fn x(&self, place: usize, count: usize) -> i32 {
        let width = self.right - self.left - 2 * INSET;
        crate::columns::place(place, count, self.left + INSET, width)
    }

    /// The pixel of a fraction of the horizontal axis.
    pub(crate) fn along(&self, fraction: f64) -> i32 {
        let width = f64::from(self.right - self.left - 2 * INSET);
        self.left + INSET + (fraction.clamp(0.0, 1.0) * width).round() as i32
    }

    /// Draws grid lines with their labels, the axis, and the names of both.
    pub(crate) fn frame(&self, pen: &mut Pen<'_>, up: &str, across: &str, width: u32) {
        for (tick, label) in self.scale.ticks() {
            let y = self.y(tick);
            pen.line(&[(self.left, y), (self.right, y)], Ink::Grid, 1);
            pen.text(&label, (self.left - 8, y), HPos::Right, Ink::Label);
        }
        pen.line(&[(self.left, self.bottom), (self.right, self.bottom)], Ink::Axis, 1);
        let up = text::fit(up, TEXT_SIZE, f64::from(width) - 4.0);
        pen.text(&up, (2, 10), HPos::Left, Ink::Label);
        let middle = (self.left + self.right) / 2;
        let (across, at) = text::centred(across, TEXT_SIZE, middle, width as i32);
        pen.text(&across, (at, self.bottom + 36), HPos::Center, Ink::Label);
    }

    /// Labels below the axis: those that have room, the first before the others.
    pub(crate) fn labels(&self, pen: &mut Pen<'_>, labels: &[(i32, String)], width: u32) {
        let mut free = 0.0;
        for (x, label) in labels {
            let half = text::width(label, TEXT_SIZE) / 2.0;
            let middle = f64::from(*x).min(f64::from(width) - half - 2.0).max(half + 2.0);
            if middle - half >= free {
                pen.line(&[(*x, self.bottom), (*x, self.bottom + 4)], Ink::Axis, 1);
                pen.text(label, (middle as i32, self.bottom + 14), HPos::Center, Ink::Label);
                free = middle + half + APART;
            }
        }
    }

    /// A horizontal line across the plot at a number, if that is on the axis.
    pub(crate) fn rule(&self, pen: &mut Pen<'_>, number: f64, ink: Ink, thickness: u32) {
        if (self.scale.from..=self.scale.to).contains(&number) {
            let y = self.y(number);
            pen.line(&[(self.left, y), (self.right, y)], ink, thickness);
        }
    }
}
