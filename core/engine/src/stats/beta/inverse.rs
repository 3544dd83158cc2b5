//! Solving for x.

use super::{known, tails, tails::Tails};
use crate::stats::{gamma::ln_beta, normal};
use libm::{exp, log, sqrt};

/// Which tail a probability measures.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Lower,
    Upper,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Lower => Self::Upper,
            Self::Upper => Self::Lower,
        }
    }

    fn tail(self, tails: &Tails) -> f64 {
        match self {
            Self::Lower => tails.lower,
            Self::Upper => tails.upper,
        }
    }

    /// Does the root lie to the left of a point whose tail is `value`?
    fn root_is_left(self, value: f64, target: f64) -> bool {
        match self {
            Self::Lower => value > target,
            Self::Upper => value < target,
        }
    }
}

/// The x whose tail on `side` is `target`.
pub(super) fn solve(target: f64, side: Side, a: f64, b: f64) -> f64 {
    if !known(a, b) || !(0.0..=1.0).contains(&target) {
        return f64::NAN;
    }
    // 1 − target is exact from ½ on: the smaller tail carries all the digits.
    let (target, side) = if target > 0.5 { (1.0 - target, side.other()) } else { (target, side) };
    if target == 0.0 {
        return if side == Side::Lower { 0.0 } else { 1.0 };
    }
    let middle = side.tail(&tails::at(0.5, a, b));
    if middle == target {
        0.5
    } else if side.root_is_left(middle, target) {
        solve_left(target, side, a, b)
    } else {
        1.0 - solve_left(target, side.other(), b, a)
    }
}

/// The root where it is known to lie in (0, ½].
///
/// Newton's method on ln(tail) as a function of ln x. Both logarithms are close to
/// straight lines in a far tail, and ln(tail) is concave for b ≥ 1, so the steps
/// converge from one side; a step that leaves the bracket is replaced by bisection.
fn solve_left(target: f64, side: Side, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (f64::MIN_POSITIVE, 0.5);
    let mut x = guess(target, side, a, b).clamp(low, high);
    for _ in 0..100 {
        let tails = tails::at(x, a, b);
        let value = side.tail(&tails);
        if side.root_is_left(value, target) {
            high = x;
        } else {
            low = x;
        }
        // d ln(tail) / d ln x = ± weight / ((1 − x) tail).
        let step = log(value / target) * value * (1.0 - x) / tails.weight;
        let next = x * exp(if side == Side::Lower { -step } else { step });
        if step.abs() <= CLOSE {
            return next.min(0.5);
        }
        x = if next > low && next < high { next } else { sqrt(low) * sqrt(high) };
        if high <= low * (1.0 + f64::EPSILON) {
            break;
        }
    }
    x
}

/// A Newton step this short (relative to x) is the last: its own error is of the
/// order of its square times √(a + b).
const CLOSE: f64 = 1e-12;

/// A starting point; Newton's method corrects any.
fn guess(target: f64, side: Side, a: f64, b: f64) -> f64 {
    if a < 1.0 || b < 1.0 {
        // I_x ≈ xᵃ / (a B) for small x.
        let lower = if side == Side::Lower { target } else { 1.0 - target };
        return exp((log(lower) + log(a) + ln_beta(a, b)) / a);
    }
    // Abramowitz & Stegun 26.5.22.
    let z = normal::quantile(target);
    let z = if side == Side::Lower { -z } else { z };
    let (p, q) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
    let h = 2.0 / (p + q);
    let lambda = (z * z - 3.0) / 6.0;
    let w = z * sqrt(h + lambda) / h - (q - p) * (lambda + 5.0 / 6.0 - 2.0 / (3.0 * h));
    a / (a + b * exp(2.0 * w))
}
