//! Charts of counts: p and np (failing units of n), c and u (defects of n units).
//!
//! | chart | plotted | limits |
//! |---|---|---|
//! | p | k/n | p̄ ± 3√(p̄(1 − p̄)/n), within [0, 1] |
//! | np | k | np̄ ± 3√(np̄(1 − p̄)), within [0, n] |
//! | c | k | k̄ ± 3√k̄, at least 0 |
//! | u | k/n | ū ± 3√(ū/n), at least 0 |
//!
//! Assumes independent units with one common rate. Where n is large real processes vary
//! more than that: use [`laney`](super::laney).
//!
//! Source: NIST/SEMATECH e-Handbook, pmc331, pmc332.

use super::Point;
use crate::stats::chi_square;
use crate::stats::count;
use crate::stats::moments::sum;
use libm::sqrt;

/// Events and the number of units that they were counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Failing units, or defects.
    pub k: u64,
    /// Units; at least 1.
    pub n: u64,
}

/// The kind of chart of counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Share of failing units.
    P,
    /// Number of failing units.
    Np,
    /// Number of defects.
    C,
    /// Defects per unit.
    U,
}

/// Σk/Σn, or Σk/groups for [`Kind::C`]; `None` without units.
#[must_use]
pub fn rate(kind: Kind, counts: &[Count]) -> Option<f64> {
    let events = sum(counts.iter().map(|count| count.k as f64));
    let units = if kind == Kind::C {
        count(counts.len())
    } else {
        sum(counts.iter().map(|count| count.n as f64))
    };
    (units > 0.0).then(|| events / units)
}

/// Computes the chart of `counts` with a rate, either their own or a frozen one.
///
/// ```
/// use engine::spc::attributes::{Count, Kind, chart};
/// let point = chart(Kind::C, &[Count { k: 31, n: 1 }], 16.0)[0];
/// assert_eq!((point.lower, point.upper, point.is_outside()), (4.0, 28.0, true));
/// ```
#[must_use]
pub fn chart(kind: Kind, counts: &[Count], rate: f64) -> Vec<Point> {
    counts.iter().map(|count| point(kind, *count, rate, 1.0)).collect()
}

/// One point with its σ multiplied by `stretch` (Laney's σ_z).
pub(super) fn point(kind: Kind, count: Count, rate: f64, stretch: f64) -> Point {
    let (k, n) = (count.k as f64, count.n as f64);
    let (value, centre, variance, most) = match kind {
        Kind::P => (k / n, rate, rate * (1.0 - rate) / n, 1.0),
        Kind::Np => (k, n * rate, n * rate * (1.0 - rate), n),
        Kind::C => (k, rate, rate, f64::INFINITY),
        Kind::U => (k / n, rate, rate / n, f64::INFINITY),
    };
    let sigma = sqrt(variance.max(0.0)) * stretch;
    Point {
        value,
        centre,
        sigma,
        lower: (centre - 3.0 * sigma).max(0.0),
        upper: (centre + 3.0 * sigma).min(most),
    }
}

/// Overdispersion: do the counts vary more than binomial (p, np) or Poisson (c, u) sampling
/// explains?
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dispersion {
    /// Observed over expected variance.
    pub ratio: f64,
    /// Upper tail of Σz², chi-square with m − 1 degrees of freedom.
    pub p: f64,
}

/// The test of overdispersion; `None` below two groups or at a rate without variation.
///
/// Source: R `qcc.overdispersion.test`.
#[must_use]
pub fn dispersion(kind: Kind, counts: &[Count]) -> Option<Dispersion> {
    let rate = rate(kind, counts)?;
    if counts.len() < 2 {
        return None;
    }
    let statistic = sum(chart(kind, counts, rate).iter().map(|point| point.z() * point.z()));
    let df = count(counts.len()) - 1.0;
    let p = chi_square::sf(statistic, df);
    statistic.is_finite().then_some(Dispersion { ratio: statistic / df, p })
}
