//! Maximum likelihood of the Weibull distribution.

use super::Family;
use crate::stats::count;
use crate::stats::moments::sum;
use libm::{exp, log};

/// Complete samples: all events observed.
pub(super) fn fit(positive: &[f64], logs: &[f64]) -> Option<Family> {
    let events = vec![true; positive.len()];
    let (shape, scale) = fit_censored(logs, &events)?;
    Some(Family::Weibull { shape, scale })
}

/// Shape and scale from logarithms of times, of which those with `events` are failures
/// and the others were still alive.
///
/// The shape k solves Σ xᵏ ln x / Σ xᵏ − 1/k − mean of ln x over failures = 0 (Newton,
/// safeguarded; the left side increases with k); scale = (Σ xᵏ / failures)^(1/k). Powers
/// are taken relative to the largest time. `None` below two failures, or where no
/// maximum is found (all times equal).
pub(crate) fn fit_censored(logs: &[f64], events: &[bool]) -> Option<(f64, f64)> {
    let failures = count(events.iter().filter(|event| **event).count());
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let failed = logs.iter().zip(events).filter(|(_, event)| **event);
    let mean_log = sum(failed.map(|(y, _)| y - largest)) / failures;
    if failures < 2.0 || !largest.is_finite() || !mean_log.is_finite() {
        return None;
    }
    let (mut low, mut high) = (0.0, f64::INFINITY);
    let mut k = 1.0;
    for _ in 0..200 {
        let (mut s0, mut s1, mut s2) = (0.0, 0.0, 0.0);
        for y in logs {
            let y = y - largest;
            let power = exp(k * y);
            s0 += power;
            s1 += power * y;
            s2 += power * y * y;
        }
        let mean = s1 / s0;
        let value = mean - 1.0 / k - mean_log;
        let slope = s2 / s0 - mean * mean + 1.0 / (k * k);
        if value > 0.0 {
            high = k;
        } else {
            low = k;
        }
        let next = k - value / slope;
        if (next - k).abs() <= 1e-13 * k {
            let scale = exp(largest + log(s0 / failures) / k);
            return scale.is_finite().then_some((k, scale));
        }
        k = if next > low && next < high {
            next
        } else if high.is_finite() {
            0.5 * (low + high)
        } else {
            2.0 * k
        };
        if k > 1e6 {
            return None;
        }
    }
    None
}
