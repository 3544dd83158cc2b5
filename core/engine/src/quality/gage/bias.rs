//! Bias against reference values, and its linearity over the range.
//!
//! Bias = reading − reference. Linearity is the line of bias over reference; its slope is
//! the change of bias a unit, and |slope| × process variation the linearity.
//!
//! Source: AIAG, Measurement Systems Analysis, 4th edition, chapter III-B.

use crate::stats::linear_regression::{Line, fit};
use crate::stats::moments::Moments;
use crate::stats::{Range, normal, student_t};
use libm::sqrt;

/// Bias at one reference value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bias {
    /// The reference value.
    pub reference: f64,
    /// Readings.
    pub n: u64,
    /// Mean of reading − reference.
    pub bias: f64,
    /// Its interval; `None` below two readings.
    pub ci: Option<Range>,
    /// Two-sided p of "no bias"; `None` without variation.
    pub p: Option<f64>,
}

/// Bias at each reference value, ascending, and over all the line.
#[derive(Clone, Debug, PartialEq)]
pub struct Linearity {
    /// One per reference value.
    pub levels: Vec<Bias>,
    /// Mean bias over all readings.
    pub mean_bias: f64,
    /// Bias = intercept + slope × reference; `None` with one reference value.
    pub line: Option<Line>,
}

/// Analyses (reference, reading) pairs; `None` without readings, where one is not
/// finite, or for a level outside (0, 1).
#[must_use]
pub fn linearity(readings: &[(f64, f64)], level: f64) -> Option<Linearity> {
    let tail = normal::outside_one_side(level)?;
    if readings.is_empty() || readings.iter().any(|(x, y)| !x.is_finite() || !y.is_finite()) {
        return None;
    }
    let mut points: Vec<(f64, f64)> =
        readings.iter().map(|(reference, value)| (*reference, value - reference)).collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    let levels = points.chunk_by(|one, other| one.0 == other.0).map(|level| {
        let biases: Vec<f64> = level.iter().map(|point| point.1).collect();
        bias(level[0].0, &biases, tail)
    });
    let all: Vec<f64> = points.iter().map(|point| point.1).collect();
    Some(Linearity {
        levels: levels.collect(),
        mean_bias: Moments::from_values(&all).mean,
        line: fit(&points),
    })
}

fn bias(reference: f64, biases: &[f64], tail: f64) -> Bias {
    let moments = Moments::from_values(biases);
    let n = moments.n as f64;
    let error = moments.sd().map(|sd| sd / sqrt(n));
    Bias {
        reference,
        n: moments.n,
        bias: moments.mean,
        ci: error.map(|error| {
            let reach = student_t::upper_quantile(tail, n - 1.0) * error;
            Range { low: moments.mean - reach, high: moments.mean + reach }
        }),
        p: error
            .filter(|error| *error > 0.0)
            .map(|error| student_t::two_sided_p(moments.mean / error, n - 1.0)),
    }
}
