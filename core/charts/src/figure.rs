//! A fraction to draw.

/// A fraction with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// The fraction.
    pub value: f64,
    /// The interval's low end.
    pub low: f64,
    /// The interval's high end.
    pub high: f64,
}

impl Figure {
    /// Whether all three are fractions and in order; other figures are omitted from charts.
    pub(crate) fn drawable(&self) -> bool {
        let Self { value, low, high } = *self;
        [value, low, high].iter().all(|x| (0.0..=1.0).contains(x)) && low <= value && value <= high
    }
}
