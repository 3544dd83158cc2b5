//! The binomial distribution: probabilities and tails.

use super::beta;
use super::beta::tails::excess;
use super::gamma::stirling_remainder;
use core::f64::consts::TAU;
use libm::{exp, log1p, sqrt};

/// P(X = k) of n trials with probability `p`.
///
/// In the saddle-point form of C. Loader (2000), so that no large logarithms cancel.
/// Edge cases: k > n gives 0; p outside [0, 1] gives NaN.
///
/// ```
/// use engine::stats::binomial::pmf;
/// assert!((pmf(5, 10, 0.5) - 0.246_093_75).abs() < 1e-15);
/// ```
#[must_use]
pub fn pmf(k: u64, n: u64, p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        f64::NAN
    } else if k > n {
        0.0
    } else {
        pmf_raw(k as f64, n as f64, p, 1.0 - p)
    }
}

/// The same for counts as doubles with 0 ≤ k ≤ n and q = 1 − p.
pub(crate) fn pmf_raw(k: f64, n: f64, p: f64, q: f64) -> f64 {
    if p == 0.0 {
        return if k == 0.0 { 1.0 } else { 0.0 };
    }
    if q == 0.0 {
        return if k == n { 1.0 } else { 0.0 };
    }
    let rest = n - k;
    if k == 0.0 {
        return exp(if p < 0.5 { n * log1p(-p) } else { n * libm::log(q) });
    }
    if rest == 0.0 {
        return exp(if q < 0.5 { n * log1p(-q) } else { n * libm::log(p) });
    }
    let remainder = stirling_remainder(n) - stirling_remainder(k) - stirling_remainder(rest);
    let deviance =
        k * excess((n * p - k) / k, n * p / k) + rest * excess((n * q - rest) / rest, n * q / rest);
    sqrt(n / (TAU * k * rest)) * exp(remainder - deviance)
}

/// P(X ≤ k).
#[must_use]
pub fn cdf(k: u64, n: u64, p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        f64::NAN
    } else if k >= n {
        1.0
    } else {
        beta::sf(p, k as f64 + 1.0, (n - k) as f64)
    }
}

/// P(X ≥ k).
///
/// ```
/// use engine::stats::binomial::upper_tail;
/// assert!((upper_tail(8, 10, 0.5) - 56.0 / 1024.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn upper_tail(k: u64, n: u64, p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        f64::NAN
    } else if k == 0 {
        1.0
    } else if k > n {
        0.0
    } else {
        beta::cdf(p, k as f64, (n - k) as f64 + 1.0)
    }
}
