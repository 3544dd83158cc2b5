//! The chi-square distribution with ν degrees of freedom.
//!
//! P(X ≤ x) = P(ν/2, x/2), the regularized incomplete gamma function. ν may lie between
//! 2·10⁻⁶ and 2·10¹⁵; other arguments give NaN.

use super::incomplete_gamma;

/// Lower tail P(X ≤ x).
#[must_use]
pub fn cdf(x: f64, df: f64) -> f64 {
    incomplete_gamma::lower(df / 2.0, x / 2.0)
}

/// Upper tail P(X > x), the p value of a chi-square statistic.
///
/// ```
/// use engine::stats::chi_square::sf;
/// assert!((sf(3.841_458_820_694_124, 1.0) - 0.05).abs() < 1e-15);
/// ```
#[must_use]
pub fn sf(x: f64, df: f64) -> f64 {
    incomplete_gamma::upper(df / 2.0, x / 2.0)
}

/// The x with P(X ≤ x) = p.
///
/// ```
/// use engine::stats::chi_square::quantile;
/// assert!((quantile(0.95, 10.0) - 18.307_038_053_275_146).abs() < 1e-12);
/// ```
#[must_use]
pub fn quantile(p: f64, df: f64) -> f64 {
    2.0 * incomplete_gamma::quantile(df / 2.0, p)
}

/// The x with P(X > x) = q.
#[must_use]
pub fn upper_quantile(q: f64, df: f64) -> f64 {
    2.0 * incomplete_gamma::upper_quantile(df / 2.0, q)
}
