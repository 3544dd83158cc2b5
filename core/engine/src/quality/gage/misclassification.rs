//! Misclassification rates of a test at given limits, due to measurement error.
//!
//! True values are normal with the mean and the standard deviation between parts; a
//! reading adds an independent normal error with the standard deviation GRR. A unit is
//! good where its true value lies within the limits, and accepted where the reading lies
//! within the limits moved inward by a guard band.
//!
//! Source: AIAG, Measurement Systems Analysis, 4th edition; JCGM 106:2012, chapter 9.

use crate::spc::capability::Limits;
use crate::stats::beta::quadrature::NODES;
use crate::stats::normal;
use libm::{exp, sqrt};

/// The process and the instrument.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    /// Mean of true values.
    pub mean: f64,
    /// Standard deviation of true values, more than 0.
    pub part: f64,
    /// Standard deviation of the error, more than 0.
    pub grr: f64,
}

/// Joint probabilities: fractions of all units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Misclassification {
    /// Good and rejected.
    pub false_reject: f64,
    /// Bad and accepted.
    pub false_accept: f64,
    /// Bad.
    pub bad: f64,
}

/// At `limits` with the acceptance limits moved inward by `guard` (negative: outward).
///
/// False accepts: ∫ over bad true values of density × P(reading accepted), by
/// Gauss–Legendre quadrature over nine standard deviations. `None` for unusable limits
/// or standard deviations that are not positive.
#[must_use]
pub fn misclassification(model: Model, limits: Limits, guard: f64) -> Option<Misclassification> {
    let Model { mean, part, grr } = model;
    let is_known = part > 0.0 && grr > 0.0 && mean.is_finite() && guard.is_finite();
    if !limits.is_usable() || !is_known {
        return None;
    }
    let (low, high) = (limits.low, limits.high);
    let accepted = |truth: f64| {
        let above = high.map_or(0.0, |high| normal::sf((high - guard - truth) / grr));
        let below = low.map_or(0.0, |low| normal::cdf((low + guard - truth) / grr));
        (1.0 - above - below).max(0.0)
    };
    let rejected = |truth: f64| {
        let above = high.map_or(0.0, |high| normal::sf((high - guard - truth) / grr));
        let below = low.map_or(0.0, |low| normal::cdf((low + guard - truth) / grr));
        (above + below).min(1.0)
    };
    let standard = |x: f64| (x - mean) / part;
    let (left, right) = (low.map_or(-REACH, standard), high.map_or(REACH, standard));
    let at = |z: f64| mean + part * z;
    let inside = integrate(left.max(-REACH), right.min(REACH), |z| rejected(at(z)), part / grr);
    let below = integrate(-REACH, left.min(REACH), |z| accepted(at(z)), part / grr);
    let above = integrate(right.max(-REACH), REACH, |z| accepted(at(z)), part / grr);
    Some(Misclassification {
        false_reject: inside,
        false_accept: below + above,
        bad: low.map_or(0.0, |_| normal::cdf(left)) + high.map_or(0.0, |_| normal::sf(right)),
    })
}

/// Standard deviations of the range of integration.
const REACH: f64 = 9.0;

/// ∫ φ(z) f(z) dz from `from` to `to`; `ratio` says how steep f may be.
fn integrate(from: f64, to: f64, f: impl Fn(f64) -> f64, ratio: f64) -> f64 {
    if to <= from {
        return 0.0;
    }
    // f changes over 1/ratio standard deviations: panels of at most that width, bounded.
    let panels = ((to - from) * ratio.max(1.0)).ceil().clamp(8.0, 400.0);
    let half = (to - from) / (2.0 * panels);
    let mut sum = 0.0;
    for panel in 0..panels as u32 {
        let centre = from + half * f64::from(2 * panel + 1);
        for (node, share) in NODES {
            for z in [centre - half * node, centre + half * node] {
                sum += share * exp(-z * z / 2.0) * f(z);
            }
        }
    }
    sum * half / sqrt(core::f64::consts::TAU)
}

/// The smallest guard band, from 0 to three GRR, at which at most `target` of all units are false
/// accepts; `None` if even the widest exceeds it.
#[must_use]
pub fn guard_band_for(model: Model, limits: Limits, target: f64) -> Option<f64> {
    let escapes = |guard: f64| misclassification(model, limits, guard).map(|m| m.false_accept);
    if escapes(0.0)? <= target {
        return Some(0.0);
    }
    let (mut low, mut high) = (0.0, 3.0 * model.grr);
    if escapes(high)? > target {
        return None;
    }
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if escapes(middle)? <= target {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}
