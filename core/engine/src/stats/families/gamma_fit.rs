//! Maximum likelihood of the gamma distribution.

use super::Family;
use libm::log;

/// The shape k solves ln k − ψ(k) = ln x̄ − mean of ln x; scale = x̄/k. Newton's method
/// from the approximation of Minka (2002). `None` where the values hardly vary.
pub(super) fn fit(mean: f64, mean_log: f64) -> Option<Family> {
    let s = log(mean) - mean_log;
    if s.is_nan() || s <= 1e-12 {
        return None;
    }
    let mut k = (3.0 - s + libm::sqrt((s - 3.0) * (s - 3.0) + 24.0 * s)) / (12.0 * s);
    for _ in 0..50 {
        let (digamma, trigamma) = polygamma(k);
        let value = log(k) - digamma - s;
        let next = 1.0 / (1.0 / k + value / (k * k * (1.0 / k - trigamma)));
        if next.is_nan() || next <= 0.0 {
            return None;
        }
        let is_done = (next - k).abs() <= 1e-12 * k;
        k = next;
        if is_done {
            break;
        }
    }
    Some(Family::Gamma { shape: k, scale: mean / k })
}

/// ψ(x) and ψ′(x) for x > 0: recurrence up to 10, then the asymptotic series
/// (DLMF 5.11.2, 5.15.8).
fn polygamma(x: f64) -> (f64, f64) {
    let (mut first, mut second) = (0.0, 0.0);
    let mut x = x;
    while x < 10.0 {
        first -= 1.0 / x;
        second += 1.0 / (x * x);
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    first += log(x)
        - 0.5 / x
        - r * (1.0 / 12.0 - r * (1.0 / 120.0 - r * (1.0 / 252.0 - r * (1.0 / 240.0 - r / 132.0))));
    second += 1.0 / x
        + r / 2.0
        + r / x
            * (1.0 / 6.0 - r * (1.0 / 30.0 - r * (1.0 / 42.0 - r * (1.0 / 30.0 - r * 5.0 / 66.0))));
    (first, second)
}
