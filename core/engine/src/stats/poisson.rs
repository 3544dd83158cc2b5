//! The Poisson distribution with mean μ: tails by the incomplete gamma function.

use super::incomplete_gamma;

/// P(X ≤ k).
///
/// ```
/// use engine::stats::poisson::cdf;
/// assert!((cdf(0, 0.01) - 0.990_049_833_749_168_1).abs() < 1e-15);
/// ```
#[must_use]
pub fn cdf(k: u64, mean: f64) -> f64 {
    if mean == 0.0 { 1.0 } else { incomplete_gamma::upper(k as f64 + 1.0, mean) }
}

/// P(X > k).
#[must_use]
pub fn sf(k: u64, mean: f64) -> f64 {
    if mean == 0.0 { 0.0 } else { incomplete_gamma::lower(k as f64 + 1.0, mean) }
}
