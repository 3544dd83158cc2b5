//! Statistical process control: capability and control charts.
//!
//! Values are in the order of time. A subgroup is a slice of values taken under the same
//! conditions. Limits are strict: a point on a limit is inside.

pub mod arl;
pub mod attributes;
pub mod capability;
pub mod choice;
pub mod constants;
pub mod cusum;
pub mod ewma;
pub mod laney;
pub mod rules;
pub mod variables;
pub mod within;

/// A point of a control chart with the limits that hold for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The plotted value.
    pub value: f64,
    /// Centre line.
    pub centre: f64,
    /// Standard deviation of the plotted value.
    pub sigma: f64,
    /// Lower control limit.
    pub lower: f64,
    /// Upper control limit.
    pub upper: f64,
}

impl Point {
    /// Distance from the centre in standard deviations; 0 for a point on the centre
    /// line even where nothing varies, else infinite there.
    #[must_use]
    pub fn z(&self) -> f64 {
        let distance = self.value - self.centre;
        if distance == 0.0 { 0.0 } else { distance / self.sigma }
    }

    /// True where the value lies beyond a limit (strictly).
    #[must_use]
    pub fn is_outside(&self) -> bool {
        self.value > self.upper || self.value < self.lower
    }
}
