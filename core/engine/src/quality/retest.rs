//! The effect of a retest of the same unit: bias, repeatability and reversals.
//!
//! Pairs are the first and the last value of units that were tested at least twice. The
//! difference assumes that nothing was repaired in between; repeatability is
//! s(difference)/√2, the standard deviation of one measurement of the same unit.
//!
//! Source: Bland & Altman, Lancet 327 (1986) 307.

use crate::stats::moments::Moments;
use crate::stats::{Range, normal, student_t};
use libm::sqrt;

/// One unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// First value.
    pub first: f64,
    /// Last value.
    pub last: f64,
    /// Whether the first run passed, and the last.
    pub passed: (bool, bool),
}

/// Units by the outcome of their first and last run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reversals {
    /// Pass, then pass.
    pub pass_pass: u64,
    /// Pass, then fail.
    pub pass_fail: u64,
    /// Fail, then pass.
    pub fail_pass: u64,
    /// Fail, then fail.
    pub fail_fail: u64,
}

/// The effect of a retest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retest {
    /// Number of pairs.
    pub pairs: u64,
    /// Mean of last − first.
    pub difference: f64,
    /// Its interval (paired t); `None` below two pairs.
    pub ci: Option<Range>,
    /// Two-sided p of "no difference"; `None` without variation.
    pub p: Option<f64>,
    /// Standard deviation of one measurement; `None` below two pairs.
    pub repeatability: Option<f64>,
    /// Outcomes.
    pub reversals: Reversals,
}

/// Summarizes `pairs` at `level`; `None` without pairs or for a level outside (0, 1).
#[must_use]
pub fn retest(pairs: &[Pair], level: f64) -> Option<Retest> {
    let tail = normal::outside_one_side(level)?;
    let differences: Vec<f64> = pairs.iter().map(|pair| pair.last - pair.first).collect();
    let moments = Moments::from_values(&differences);
    if pairs.is_empty() || !moments.mean.is_finite() {
        return None;
    }
    let mut reversals = Reversals::default();
    for pair in pairs {
        *match pair.passed {
            (true, true) => &mut reversals.pass_pass,
            (true, false) => &mut reversals.pass_fail,
            (false, true) => &mut reversals.fail_pass,
            (false, false) => &mut reversals.fail_fail,
        } += 1;
    }
    let n = moments.n as f64;
    let error = moments.sd().map(|sd| sd / sqrt(n));
    Some(Retest {
        pairs: moments.n,
        difference: moments.mean,
        ci: error.map(|error| {
            let reach = student_t::upper_quantile(tail, n - 1.0) * error;
            Range { low: moments.mean - reach, high: moments.mean + reach }
        }),
        p: error
            .filter(|error| *error > 0.0)
            .map(|error| student_t::two_sided_p(moments.mean / error, n - 1.0)),
        repeatability: moments.sd().map(|sd| sd / core::f64::consts::SQRT_2),
        reversals,
    })
}
