//! Both tails at a point, each accurate relative to itself where it is the smaller one.

use super::{fraction, quadrature};
use crate::stats::gamma::stirling_remainder;
use core::f64::consts::TAU;
use libm::{exp, fma, log, log1p, sqrt};

/// Both parameters at least this large: integrate. Below it the continued fraction
/// ends within some dozen steps.
const QUADRATURE_FROM: f64 = 100.0;

/// The tails of Beta(a, b) at one point.
#[derive(Clone, Copy)]
pub(super) struct Tails {
    pub(super) lower: f64,
    pub(super) upper: f64,
    /// xᵃ (1 − x)ᵇ / B(a, b): the density times x (1 − x).
    pub(super) weight: f64,
}

/// A tail of Beta(a, b) below a point that lies at or under the mean. The other tail
/// is the same with a, b and x, y exchanged.
pub(super) struct Corner {
    pub(super) a: f64,
    pub(super) b: f64,
    /// The point.
    pub(super) x: f64,
    /// 1 − x, rounded once.
    pub(super) y: f64,
    /// a − (a + b) x ≥ 0: the distance to the mean, in counts.
    pub(super) below_mean: f64,
}

/// The tails at `x`, which must lie in (0, ½] so that it holds all of its digits.
pub(super) fn at(x: f64, a: f64, b: f64) -> Tails {
    let y = 1.0 - x;
    let y_lost = (1.0 - y) - x;
    let below_mean = difference_of_products(a, y, b, x) + a * y_lost;
    let weight = weight(x, y, a, b, below_mean);
    if below_mean >= 0.0 {
        let lower = tail(weight, &Corner { a, b, x, y, below_mean });
        Tails { lower, upper: 1.0 - lower, weight }
    } else {
        let corner = Corner { a: b, b: a, x: y, y: x, below_mean: -below_mean };
        let upper = tail(weight, &corner);
        Tails { lower: 1.0 - upper, upper, weight }
    }
}

fn tail(weight: f64, corner: &Corner) -> f64 {
    if weight == 0.0 {
        return 0.0;
    }
    let part = if corner.a.min(corner.b) >= QUADRATURE_FROM {
        quadrature::tail_over_weight(corner)
    } else {
        fraction::tail_over_weight(corner)
    };
    (weight * part).clamp(0.0, 1.0)
}

/// xᵃ yᵇ / B(a, b) in the saddle-point form of Loader (2000): the exponent is a sum
/// of deviances that vanish at the mean, not a difference of large logarithms.
///
/// √(ab / 2πn) · exp(S(n) − S(a) − S(b) − a φ(nx/a) − b φ(ny/b)), n = a + b.
fn weight(x: f64, y: f64, a: f64, b: f64, below_mean: f64) -> f64 {
    let n = a + b;
    let remainder = stirling_remainder(n) - stirling_remainder(a) - stirling_remainder(b);
    let deviance = a * excess(-below_mean / a, n * x / a) + b * excess(below_mean / b, n * y / b);
    sqrt(a * (b / n) / TAU) * exp(remainder - deviance)
}

/// φ = u − ln(1 + u) ≥ 0, given u and, to save what 1 + u would lose, `ratio` = 1 + u.
///
/// Near 0 by the series of u − 2 atanh(r) with r = u/(2 + u): r u − 2 r³ (1/3 + r²/5 + …).
pub(crate) fn excess(u: f64, ratio: f64) -> f64 {
    if u < -0.5 {
        return u - log(ratio);
    }
    if u > 1.0 {
        return u - log1p(u);
    }
    let r = u / (2.0 + u);
    let square = r * r;
    // r² ≤ 1/9: seventeen terms reach 1e-17.
    let series = (1..=17).rev().fold(0.0, |tail, j| tail * square + 1.0 / f64::from(2 * j + 1));
    r * u - 2.0 * r * square * series
}

/// p q − r s, each product to twice the working precision.
fn difference_of_products(p: f64, q: f64, r: f64, s: f64) -> f64 {
    let first = p * q;
    let second = r * s;
    (first - second) + (fma(p, q, -first) - fma(r, s, -second))
}
