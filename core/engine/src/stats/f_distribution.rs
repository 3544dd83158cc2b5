//! Fisher's F distribution with d₁ and d₂ degrees of freedom.
//!
//! P(F > f) = I_x(d₂/2, d₁/2) with x = d₂/(d₂ + d₁ f). Arguments outside the domain of
//! [`beta`](super::beta) give NaN.
//!
//! Source: Abramowitz & Stegun 26.6.2.

use super::beta;

/// Lower tail P(F ≤ f).
#[must_use]
pub fn cdf(f: f64, d1: f64, d2: f64) -> f64 {
    if f <= 0.0 {
        return 0.0;
    }
    let product = d1 * f;
    if product <= d2 {
        beta::cdf(product / (d2 + product), d1 / 2.0, d2 / 2.0)
    } else {
        beta::sf(d2 / (d2 + product), d2 / 2.0, d1 / 2.0)
    }
}

/// Upper tail P(F > f): the p value of an analysis of variance.
///
/// ```
/// use engine::stats::f_distribution::sf;
/// assert!((sf(4.964_602_743_730_711, 1.0, 10.0) - 0.05).abs() < 1e-14);
/// ```
#[must_use]
pub fn sf(f: f64, d1: f64, d2: f64) -> f64 {
    if f <= 0.0 {
        return 1.0;
    }
    let product = d1 * f;
    if product <= d2 {
        beta::sf(product / (d2 + product), d1 / 2.0, d2 / 2.0)
    } else {
        beta::cdf(d2 / (d2 + product), d2 / 2.0, d1 / 2.0)
    }
}

/// The f with P(F > f) = q.
#[must_use]
pub fn upper_quantile(q: f64, d1: f64, d2: f64) -> f64 {
    let y = beta::upper_quantile(q, d1 / 2.0, d2 / 2.0);
    if y < 0.5 {
        return d2 * y / (d1 * (1.0 - y));
    }
    let x = beta::quantile(q, d2 / 2.0, d1 / 2.0);
    d2 * (1.0 - x) / (d1 * x)
}
