//! Student's t distribution with ν degrees of freedom (not necessarily whole).
//!
//! P(T > t) = ½ I_x(ν/2, ½) with x = ν/(ν + t²), for t ≥ 0. Where x would round to 1
//! its complement y = t²/(ν + t²) is used. ν must be positive and at most 10¹⁵.
//!
//! Source: Abramowitz & Stegun 26.7.1.

use super::beta;
use libm::sqrt;

/// Lower tail P(T ≤ t).
#[must_use]
pub fn cdf(t: f64, df: f64) -> f64 {
    sf(-t, df)
}

/// Upper tail P(T > t).
///
/// ```
/// // mpmath, 30 digits; tables made with Cephes are off from the eleventh.
/// use engine::stats::student_t::sf;
/// assert!((sf(2.228_138_851_986_274_7, 10.0) - 0.025).abs() < 1e-14);
/// ```
#[must_use]
pub fn sf(t: f64, df: f64) -> f64 {
    if t < 0.0 {
        return 1.0 - sf(-t, df);
    }
    if t.is_infinite() {
        return 0.0;
    }
    let square = t * t;
    if square < df {
        0.5 * beta::sf(square / (df + square), 0.5, df / 2.0)
    } else if square.is_infinite() {
        0.5 * beta::cdf(df / t / t, df / 2.0, 0.5)
    } else {
        0.5 * beta::cdf(df / (df + square), df / 2.0, 0.5)
    }
}

/// The p value of |t| for a two-sided test.
#[must_use]
pub fn two_sided_p(t: f64, df: f64) -> f64 {
    2.0 * sf(t.abs(), df)
}

/// The t with P(T > t) = q.
///
/// Edge cases: q = 0 gives ∞, q = ½ gives 0, q = 1 gives −∞; outside [0, 1] NaN.
///
/// ```
/// use engine::stats::student_t::upper_quantile;
/// assert!((upper_quantile(0.025, 10.0) - 2.228_138_851_986_274_7).abs() < 1e-13);
/// ```
#[must_use]
pub fn upper_quantile(q: f64, df: f64) -> f64 {
    if q > 0.5 {
        return -upper_quantile(1.0 - q, df);
    }
    let y = beta::upper_quantile(2.0 * q, 0.5, df / 2.0);
    if y < 0.5 {
        return sqrt(df * y / (1.0 - y));
    }
    let x = beta::quantile(2.0 * q, df / 2.0, 0.5);
    sqrt(df * (1.0 - x) / x)
}
