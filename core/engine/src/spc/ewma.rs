//! The exponentially weighted moving average: finds small, lasting shifts.
//!
//! z₀ = centre, zₜ = λ xₜ + (1 − λ) zₜ₋₁; limits centre ± L σₜ with
//! σₜ² = λ² Σ (1 − λ)^2(t−i) σ²/nᵢ, which for equal sizes is
//! σ²/n · λ/(2 − λ) · [1 − (1 − λ)²ᵗ]. (NIST prints the limit for large t.)
//!
//! Source: NIST/SEMATECH e-Handbook, pmc324; Lucas & Saccucci, Technometrics 32 (1990) 1.

use super::Point;
use super::variables::Baseline;
use crate::stats::count;
use libm::sqrt;

/// λ and the width of the limits in standard deviations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ewma {
    /// Weight of the newest value, in (0, 1].
    pub lambda: f64,
    /// L.
    pub width: f64,
}

impl Default for Ewma {
    /// λ = 0.2, L = 2.962: an in-control run length of 500 (Lucas & Saccucci).
    fn default() -> Self {
        Self { lambda: 0.2, width: 2.962 }
    }
}

/// The chart of `means` of subgroups with these `sizes`; σ is that of single values.
///
/// `None` where λ or L is outside its range, or the lengths differ.
#[must_use]
pub fn chart(means: &[f64], sizes: &[usize], baseline: Baseline, ewma: Ewma) -> Option<Vec<Point>> {
    let Ewma { lambda, width } = ewma;
    let is_known = lambda > 0.0 && lambda <= 1.0 && width > 0.0 && width.is_finite();
    if !is_known || means.len() != sizes.len() {
        return None;
    }
    let Baseline { centre, sigma } = baseline;
    let (mut average, mut variance) = (centre, 0.0);
    let rest = 1.0 - lambda;
    let points = means.iter().zip(sizes).map(|(mean, size)| {
        average = lambda * mean + rest * average;
        variance = lambda * lambda * sigma * sigma / count(*size) + rest * rest * variance;
        let sigma = sqrt(variance);
        let reach = width * sigma;
        Point { value: average, centre, sigma, lower: centre - reach, upper: centre + reach }
    });
    Some(points.collect())
}
