//! The tabular cumulative sum: finds shifts of about twice its allowance k.
//!
//! In units of the data: S⁺ₜ = max(0, S⁺ₜ₋₁ + xₜ − centre − K), S⁻ₜ = max(0, S⁻ₜ₋₁ +
//! centre − xₜ − K), K = kσ/√n; a signal where either exceeds H = hσ/√n. Both start at 0.
//!
//! Source: NIST/SEMATECH e-Handbook, pmc323; Montgomery, chapter 9.

use super::variables::Baseline;
use crate::stats::count;
use libm::sqrt;

/// Allowance and decision interval in standard deviations of the plotted value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cusum {
    /// k: half of the shift to be found.
    pub allowance: f64,
    /// h.
    pub decision: f64,
}

impl Default for Cusum {
    /// k = ½, h = 5: an in-control run length of 465.
    fn default() -> Self {
        Self { allowance: 0.5, decision: 5.0 }
    }
}

/// Both sums at one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sums {
    /// S⁺ ≥ 0.
    pub upper: f64,
    /// S⁻ ≥ 0.
    pub lower: f64,
    /// The decision interval H for this point.
    pub decision: f64,
}

impl Sums {
    /// True where either sum exceeds the decision interval (strictly).
    #[must_use]
    pub fn is_signal(&self) -> bool {
        self.upper > self.decision || self.lower > self.decision
    }
}

/// The sums of `means` of subgroups with these `sizes`; σ is that of single values.
///
/// `None` where k or h is negative or not finite, or the lengths differ.
#[must_use]
pub fn chart(
    means: &[f64],
    sizes: &[usize],
    baseline: Baseline,
    cusum: Cusum,
) -> Option<Vec<Sums>> {
    let Cusum { allowance, decision } = cusum;
    let is_known =
        allowance >= 0.0 && allowance.is_finite() && decision > 0.0 && decision.is_finite();
    if !is_known || means.len() != sizes.len() {
        return None;
    }
    let (mut upper, mut lower) = (0.0_f64, 0.0_f64);
    let points = means.iter().zip(sizes).map(|(mean, size)| {
        let sigma = baseline.sigma / sqrt(count(*size));
        let slack = allowance * sigma;
        upper = (upper + (mean - baseline.centre) - slack).max(0.0);
        lower = (lower + (baseline.centre - mean) - slack).max(0.0);
        Sums { upper, lower, decision: decision * sigma }
    });
    Some(points.collect())
}
