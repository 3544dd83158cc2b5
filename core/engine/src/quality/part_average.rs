//! Part-average limits: outliers among units inside the specification.
//!
//! median ± 6 (Q3 − Q1)/1.35, quartiles of type 7. Robust: outliers do not widen the limits that
//! detect them. A unit outside is to review, not a failure.
//!
//! Source: AEC-Q001 rev D, as described by secondary literature.

use crate::stats::{Range, quantiles};

/// Limits from values in ascending order; `None` below four values or where the
/// quartiles are equal.
///
/// ```
/// use engine::quality::part_average::limits;
/// let ascending = [0.98, 0.99, 1.0, 1.0, 1.0, 1.01, 1.01, 1.02, 1.03, 1.35];
/// let limits = limits(&ascending).unwrap();
/// assert!((limits.low - 0.92722).abs() < 5e-6 && (limits.high - 1.08278).abs() < 5e-6);
/// ```
#[must_use]
pub fn limits(ascending: &[f64]) -> Option<Range> {
    let (q1, q3) = quantiles::quartiles(ascending)?;
    let median = quantiles::median(ascending)?;
    let sigma = (q3 - q1) / 1.35;
    (ascending.len() >= 4 && sigma > 0.0)
        .then_some(Range { low: median - 6.0 * sigma, high: median + 6.0 * sigma })
}
