//! The regularized incomplete gamma functions P and Q, and their inverse.
//!
//! P(a, x) = ∫₀ˣ tᵃ⁻¹ e⁻ᵗ dt / Γ(a), Q = 1 − P. The chi-square, Poisson and gamma
//! distributions are these functions. Both tails are computed so that the smaller one
//! is accurate relative to itself.
//!
//! The shape a may lie between 10⁻⁶ and 10¹⁵.

use super::beta::quadrature::NODES;
use super::beta::tails::excess;
use super::gamma::{ln_gamma, stirling_remainder};
use super::normal;
use core::f64::consts::TAU;
use libm::{exp, log, pow, sqrt};

/// From this shape on the tails are integrated; below it series and fraction are short.
const QUADRATURE_FROM: f64 = 100.0;
/// Upper bound on the terms of the series and the steps of the fraction.
const MAX_STEPS: u32 = 2_000;

/// P, Q and the density times x at one point.
#[derive(Clone, Copy)]
struct Tails {
    lower: f64,
    upper: f64,
    weight: f64,
}

/// Lower tail P(a, x).
///
/// Edge cases: x ≤ 0 gives 0, x = ∞ gives 1; a outside 10⁻⁶ to 10¹⁵ or NaN gives NaN.
///
/// Source: DLMF 8.11.4 (series), 8.9.2 (continued fraction).
///
/// ```
/// use engine::stats::incomplete_gamma::lower;
/// assert!((lower(1.0, 2.0) - 0.864_664_716_763_387_3).abs() < 1e-15); // 1 − e⁻²
/// ```
#[must_use]
pub fn lower(a: f64, x: f64) -> f64 {
    checked(a, x).map_or(f64::NAN, |tails| tails.lower)
}

/// Upper tail Q(a, x), accurate where 1 − [`lower`] would cancel.
///
/// ```
/// use engine::stats::incomplete_gamma::upper;
/// assert!((upper(1.0, 50.0) / 1.928_749_847_963_917_8e-22 - 1.0).abs() < 1e-14); // e⁻⁵⁰
/// ```
#[must_use]
pub fn upper(a: f64, x: f64) -> f64 {
    checked(a, x).map_or(f64::NAN, |tails| tails.upper)
}

/// The x with P(a, x) = p.
///
/// Edge cases: p = 0 gives 0, p = 1 gives ∞; p outside [0, 1] gives NaN.
///
/// Source: safeguarded Newton steps on the logarithm of the tail, from the
/// approximation of Wilson and Hilferty (1931).
///
/// ```
/// use engine::stats::incomplete_gamma::quantile;
/// assert!((quantile(1.0, 0.5) - core::f64::consts::LN_2).abs() < 1e-15);
/// ```
#[must_use]
pub fn quantile(a: f64, p: f64) -> f64 {
    solve(a, p, true)
}

/// The x with Q(a, x) = q; keeps the digits that 1 − q would lose.
#[must_use]
pub fn upper_quantile(a: f64, q: f64) -> f64 {
    solve(a, q, false)
}

fn is_shape(a: f64) -> bool {
    (1e-6..=1e15).contains(&a)
}

fn checked(a: f64, x: f64) -> Option<Tails> {
    if !is_shape(a) || x.is_nan() {
        None
    } else if x <= 0.0 {
        Some(Tails { lower: 0.0, upper: 1.0, weight: 0.0 })
    } else if x.is_infinite() {
        Some(Tails { lower: 1.0, upper: 0.0, weight: 0.0 })
    } else {
        Some(tails(a, x))
    }
}

/// The tails for 0 < x < ∞.
fn tails(a: f64, x: f64) -> Tails {
    let weight = weight(a, x);
    let is_lower = if a < 1.0 { x < 1.0 } else { x < a };
    let part = if weight == 0.0 {
        0.0
    } else if a >= QUADRATURE_FROM {
        integral(a, x, is_lower)
    } else if is_lower {
        series(a, x)
    } else {
        fraction(a, x)
    };
    let small = (weight * part).clamp(0.0, 1.0);
    if is_lower {
        Tails { lower: small, upper: 1.0 - small, weight }
    } else {
        Tails { lower: 1.0 - small, upper: small, weight }
    }
}

/// xᵃ e⁻ˣ / Γ(a) in the saddle-point form of Loader (2000).
fn weight(a: f64, x: f64) -> f64 {
    if a < 1.0 {
        return exp(a * log(x) - x - ln_gamma(a));
    }
    sqrt(a / TAU) * exp(-stirling_remainder(a) - a * excess((x - a) / a, x / a))
}

/// P / weight = 1/a (1 + x/(a+1) + x²/((a+1)(a+2)) + …).
fn series(a: f64, x: f64) -> f64 {
    let mut term = 1.0 / a;
    let mut sum = term;
    for step in 1..=MAX_STEPS {
        term *= x / (a + f64::from(step));
        sum += term;
        if term <= sum * f64::EPSILON * 0.25 {
            break;
        }
    }
    sum
}

/// Q / weight by the continued fraction 1/(x+1−a− 1(1−a)/(x+3−a− …)), method of Lentz.
fn fraction(a: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let nonzero = |value: f64| if value == 0.0 { TINY } else { value };
    let mut bottom = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / nonzero(bottom);
    let mut value = d;
    for step in 1..=MAX_STEPS {
        let m = f64::from(step);
        let top = -m * (m - a);
        bottom += 2.0;
        d = 1.0 / nonzero(top * d + bottom);
        c = nonzero(bottom + top / c);
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}

/// A tail / weight by Gauss–Legendre quadrature of the density relative to its value at
/// x; as `beta::quadrature` does, no large parts cancel.
fn integral(a: f64, x: f64, is_lower: bool) -> f64 {
    const FALL: f64 = 60.0;
    const PANELS: u32 = 4;
    let b = a - 1.0;
    let slope = if is_lower { (b - x) / x } else { (x - b) / x };
    let bend = b / x / x;
    // The upper tail's logarithm bends less than its quadratic bound: follow it farther.
    let reach = 2.0 * FALL / (slope + sqrt(slope * slope + 2.0 * FALL * bend));
    let range = if is_lower { reach.min(x) } else { reach * 1.5 };
    let height = |delta: f64| {
        let u = if is_lower { -delta / x } else { delta / x };
        exp(-slope * delta - b * excess(u, 1.0 + u))
    };
    let half = range / f64::from(2 * PANELS);
    let mut sum = 0.0;
    for panel in 0..PANELS {
        let centre = half * f64::from(2 * panel + 1);
        for (node, share) in NODES {
            sum += share * (height(centre - half * node) + height(centre + half * node));
        }
    }
    sum * half / x
}

fn solve(a: f64, target: f64, lower: bool) -> f64 {
    if !is_shape(a) || !(0.0..=1.0).contains(&target) {
        return f64::NAN;
    }
    // 1 − target is exact from ½ on: solve for the smaller tail.
    let (target, lower) = if target > 0.5 { (1.0 - target, !lower) } else { (target, lower) };
    if target == 0.0 {
        return if lower { 0.0 } else { f64::INFINITY };
    }
    let (mut low, mut high) = (0.0_f64, f64::INFINITY);
    let mut x = guess(a, target, lower);
    for _ in 0..200 {
        let at = tails(a, x);
        let value = if lower { at.lower } else { at.upper };
        if (value > target) == lower {
            high = x;
        } else {
            low = x;
        }
        // d ln(tail) / d ln x = ± weight / tail.
        let step = log(value / target) * value / at.weight;
        let next = x * exp(if lower { -step } else { step });
        if step.abs() <= 1e-13 {
            return next;
        }
        x = if next > low && next < high {
            next
        } else if high.is_infinite() {
            2.0 * x.max(f64::MIN_POSITIVE)
        } else if low > 0.0 {
            sqrt(low) * sqrt(high)
        } else {
            high / 16.0
        };
        if high <= low * (1.0 + f64::EPSILON) || x < f64::MIN_POSITIVE {
            break;
        }
    }
    x
}

/// Wilson–Hilferty for a ≥ 1, the first term of the series below it.
fn guess(a: f64, target: f64, lower: bool) -> f64 {
    let z = normal::quantile(target);
    let z = if lower { z } else { -z };
    let cube = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * sqrt(a));
    let x = if a >= 1.0 && cube > 0.2 {
        a * cube * cube * cube
    } else if lower {
        exp((log(target) + ln_gamma(a + 1.0)) / a)
    } else {
        (-log(target)).max(a) + pow(a, 0.5)
    };
    x.clamp(f64::MIN_POSITIVE, 1e300)
}
