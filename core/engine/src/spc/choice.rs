//! Choice of the control chart, with the reason.

use super::attributes::{Count, Kind, dispersion};
use crate::stats::count;

/// A chart of counts for `chart=auto`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AttributeChoice {
    /// The plain kind.
    pub kind: Kind,
    /// With Laney's correction.
    pub laney: bool,
    /// The reason.
    pub reason: Reason,
}

/// Why a chart was chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// Single values.
    Individuals,
    /// Subgroups of at most eight values: the range is nearly as good as s.
    SmallSubgroups {
        /// Largest size.
        size: usize,
    },
    /// Larger subgroups.
    LargeSubgroups {
        /// Largest size.
        size: usize,
    },
    /// So many units per point that limits from sampling alone collapse.
    ManyUnits {
        /// Mean units per point.
        units: f64,
    },
    /// The counts vary more than sampling explains.
    Overdispersed {
        /// Observed over expected variance.
        ratio: f64,
        /// p of the test.
        p: f64,
    },
    /// Sampling explains the variation; sizes differ.
    UnequalSizes,
    /// Sampling explains the variation; sizes are equal.
    EqualSizes,
}

/// Number of units per point from which the ordinary limits are not used.
pub const MANY_UNITS: f64 = 2_000.0;
/// p below which the counts are considered overdispersed.
pub const OVERDISPERSED_P: f64 = 0.01;

/// The chart for failing units (`defects` false) or for defects (true).
///
/// Laney's where there are many units per point or the counts are overdispersed; else p or u, and c
/// where every point has the same number of units.
#[must_use]
pub fn attribute_chart(counts: &[Count], defects: bool) -> AttributeChoice {
    let plain = if defects { Kind::U } else { Kind::P };
    let units = counts.iter().map(|count| count.n as f64).sum::<f64>() / count(counts.len().max(1));
    let choose = |kind, laney, reason| AttributeChoice { kind, laney, reason };
    if units >= MANY_UNITS {
        return choose(plain, true, Reason::ManyUnits { units });
    }
    if let Some(test) = dispersion(plain, counts).filter(|test| test.p < OVERDISPERSED_P) {
        return choose(plain, true, Reason::Overdispersed { ratio: test.ratio, p: test.p });
    }
    let is_equal = counts.windows(2).all(|pair| pair[0].n == pair[1].n);
    match (defects, is_equal) {
        (true, true) => choose(Kind::C, false, Reason::EqualSizes),
        (_, true) => choose(plain, false, Reason::EqualSizes),
        (_, false) => choose(plain, false, Reason::UnequalSizes),
    }
}

/// The chart for measured values in subgroups of at most `size`.
#[must_use]
pub fn variable_chart(size: usize) -> (super::variables::Kind, Reason) {
    use super::variables::Kind;
    match size {
        0 | 1 => (Kind::Individuals, Reason::Individuals),
        2..=8 => (Kind::MeanRange, Reason::SmallSubgroups { size }),
        _ => (Kind::MeanDeviation, Reason::LargeSubgroups { size }),
    }
}
