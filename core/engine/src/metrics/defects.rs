//! Defects per unit and per opportunity, and what is derived from them.

use crate::stats::normal;
use libm::exp;

const MILLION: f64 = 1e6;

/// Defects per unit, D/U. May exceed 1. `None` where U = 0.
///
/// ```
/// use engine::metrics::defects::dpu;
/// assert_eq!(dpu(3, 2), Some(1.5));
/// assert_eq!(dpu(3, 0), None);
/// ```
#[must_use]
pub fn dpu(defects: u64, units: u64) -> Option<f64> {
    (units > 0).then(|| defects as f64 / units as f64)
}

/// Defects per opportunity, D/O, O being all opportunities together.
///
/// An opportunity is one checked measurement, series element or PASS/FAIL diagnosis,
/// and holds at most one defect: `None` where O = 0 or D > O.
///
/// Source: IPC-7912 and IPC-9261 define opportunities for assemblies.
///
/// ```
/// use engine::metrics::defects::dpo;
/// assert_eq!(dpo(1, 4), Some(0.25));
/// assert_eq!(dpo(5, 4), None);
/// ```
#[must_use]
pub fn dpo(defects: u64, opportunities: u64) -> Option<f64> {
    part(defects, opportunities, 1.0)
}

/// Defects per million opportunities, 10⁶ D/O; `None` as in [`dpo`].
///
/// ```
/// use engine::metrics::defects::dpmo;
/// assert!((dpmo(20, 1915).unwrap() - 10_443.86).abs() < 0.005); // R SixSigma, ss.ca.yield
/// ```
#[must_use]
pub fn dpmo(defects: u64, opportunities: u64) -> Option<f64> {
    part(defects, opportunities, MILLION)
}

/// Parts per million defective, 10⁶ · defective/units: where [`dpmo`] counts
/// opportunities, this counts units (10⁶ (n − passed)/n). `None` where units = 0 or
/// more are defective than there are.
///
/// ```
/// use engine::metrics::defects::ppm;
/// assert_eq!(ppm(1, 1000), Some(1000.0));
/// assert_eq!(ppm(0, 0), None);
/// ```
#[must_use]
pub fn ppm(defective: u64, units: u64) -> Option<f64> {
    part(defective, units, MILLION)
}

/// Throughput yield from defects, e^(−DPU): the share of units without a defect if
/// defects fall on units at random (Poisson). For several operations give the sum of
/// their DPU.
///
/// `None` where DPU is negative or NaN. DPU = 0 gives 1, DPU = ∞ gives 0.
///
/// ```
/// use engine::metrics::defects::throughput_yield;
/// assert!((throughput_yield(0.02 + 0.05 + 0.01).unwrap() - 0.923_116).abs() < 5e-7);
/// ```
#[must_use]
pub fn throughput_yield(dpu: f64) -> Option<f64> {
    (dpu >= 0.0).then(|| exp(-dpu))
}

/// Sigma level, Φ⁻¹(1 − DPMO/10⁶) + 1.5: the customary shift of 1.5 is part of it.
///
/// `None` unless 0 < DPMO < 10⁶ (no defect seen is no proof of an unlimited level).
/// Above about 933,193 DPMO it is negative.
///
/// Accuracy: that of [`normal::quantile`], the upper tail being used as it is.
///
/// ```
/// use engine::metrics::defects::sigma_level;
/// assert!((sigma_level(66_807.0).unwrap() - 3.0).abs() < 5e-4);
/// assert_eq!(sigma_level(0.0), None);
/// ```
#[must_use]
pub fn sigma_level(dpmo: f64) -> Option<f64> {
    (dpmo > 0.0 && dpmo < MILLION).then(|| 1.5 - normal::quantile(dpmo / MILLION))
}

/// `scale` · some/all; `None` where all = 0 or some > all.
fn part(some: u64, all: u64, scale: f64) -> Option<f64> {
    (all > 0 && some <= all).then(|| scale * some as f64 / all as f64)
}
