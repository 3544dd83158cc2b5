//! Welch's comparison of two means.

use super::moments::Moments;
use super::{Range, normal, student_t};
use libm::sqrt;

/// The difference of two means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanDifference {
    /// First mean minus second.
    pub difference: f64,
    /// Its interval.
    pub ci: Range,
    /// The statistic.
    pub t: f64,
    /// Degrees of freedom (Welch, Satterthwaite).
    pub df: f64,
    /// Two-sided p value.
    pub p: f64,
}

/// Welch's t test of two samples with different variances.
///
/// `None` below two values in either, where neither varies, or for a level outside (0, 1).
///
/// Source: B. L. Welch, Biometrika 34 (1947) 28.
#[must_use]
pub fn mean_difference(first: Moments, second: Moments, level: f64) -> Option<MeanDifference> {
    let tail = normal::outside_one_side(level)?;
    let one = first.variance()? / first.n as f64;
    let other = second.variance()? / second.n as f64;
    let variance = one + other;
    if variance <= 0.0 || variance.is_nan() {
        return None;
    }
    let df = variance * variance
        / (one * one / (first.n - 1) as f64 + other * other / (second.n - 1) as f64);
    let difference = first.mean - second.mean;
    let error = sqrt(variance);
    let reach = student_t::upper_quantile(tail, df) * error;
    let t = difference / error;
    Some(MeanDifference {
        difference,
        ci: Range { low: difference - reach, high: difference + reach },
        t,
        df,
        p: student_t::two_sided_p(t, df),
    })
}
