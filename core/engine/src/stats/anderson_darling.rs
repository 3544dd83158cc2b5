//! The Anderson–Darling test of a distribution whose parameters were estimated.

use super::moments::Moments;
use super::{count, normal, quantiles};
use libm::{exp, log};

/// The statistic and its p value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AndersonDarling {
    /// A², not adjusted for the sample size.
    pub a2: f64,
    /// Probability of a larger A² if the distribution is right.
    pub p: f64,
}

/// A² of ordered values, given the logarithms of both tails at each.
///
/// A² = −n − (1/n) Σ (2i − 1) [ln F(x₍ᵢ₎) + ln S(x₍ₙ₊₁₋ᵢ₎)].
#[must_use]
pub fn statistic(ascending: &[f64], tails: impl Fn(f64) -> (f64, f64)) -> f64 {
    let n = ascending.len();
    let tails: Vec<(f64, f64)> = ascending.iter().map(|&x| tails(x)).collect();
    let floor = |p: f64| log(p.max(f64::MIN_POSITIVE));
    let terms = (0..n).map(|i| {
        let weight = 2.0 * count(i) + 1.0;
        weight * (floor(tails[i].0) + floor(tails[n - 1 - i].1))
    });
    -count(n) - super::moments::sum(terms) / count(n)
}

/// Test of normality with mean and standard deviation estimated.
///
/// `None` below eight values (the approximation of p starts there) or without variation.
///
/// Source: D'Agostino & Stephens, Goodness-of-Fit Techniques (1986), Table 4.9; R:
/// `nortest::ad.test`.
#[must_use]
pub fn normality(values: &[f64]) -> Option<AndersonDarling> {
    let ascending = quantiles::sorted(values);
    let moments = Moments::from_values(&ascending);
    let sd = moments.sd().filter(|sd| *sd > 0.0)?;
    if ascending.len() < 8 {
        return None;
    }
    let a2 = statistic(&ascending, |x| {
        let z = (x - moments.mean) / sd;
        (normal::cdf(z), normal::sf(z))
    });
    Some(AndersonDarling { a2, p: normal_p(a2, count(ascending.len())) })
}

/// p of A² for a normal distribution with both parameters estimated from n values.
#[must_use]
pub fn normal_p(a2: f64, n: f64) -> f64 {
    asymptotic_p(a2 * (1.0 + 0.75 / n + 2.25 / (n * n)))
}

/// p of the adjusted statistic.
pub(super) fn asymptotic_p(a: f64) -> f64 {
    if a.is_nan() {
        f64::NAN
    } else if a < 0.2 {
        1.0 - exp(-13.436 + 101.14 * a - 223.73 * a * a)
    } else if a < 0.34 {
        1.0 - exp(-8.318 + 42.796 * a - 59.938 * a * a)
    } else if a < 0.6 {
        exp(0.9177 - 4.279 * a - 1.38 * a * a)
    } else if a < 10.0 {
        exp(1.2937 - 5.709 * a + 0.0186 * a * a)
    } else {
        3.7e-24
    }
}
