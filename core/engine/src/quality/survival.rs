//! Time to failure with units that have not failed yet (right-censored): Kaplan–Meier,
//! and the Weibull distribution by maximum likelihood.

use crate::stats::families::weibull_fit::fit_censored;
use crate::stats::{Range, normal};
use libm::{exp, log, pow, sqrt};

/// One unit: how long it was observed, and whether it failed then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Life {
    /// Time, more than 0.
    pub time: f64,
    /// True for a failure, false where observation ended.
    pub failed: bool,
}

/// The survival function after one failure time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Time of the failures.
    pub time: f64,
    /// Units under observation just before.
    pub at_risk: u64,
    /// Failures at this time.
    pub failures: u64,
    /// S(t).
    pub survival: f64,
    /// Interval of S(t); `None` where S = 0.
    pub ci: Option<Range>,
}

/// S(t) = Π (1 − dᵢ/nᵢ) over failure times up to t, with the log(−log) interval of
/// Greenwood's variance. A unit that is censored at a failure time was at risk there.
///
/// Lives with a time that is not positive or not finite are ignored. `None` for a level
/// outside (0, 1).
///
/// Source: Kaplan & Meier, JASA 53 (1958) 457; Kalbfleisch & Prentice (2002), 1.4.
#[must_use]
pub fn kaplan_meier(lives: &[Life], level: f64) -> Option<Vec<Step>> {
    let z = normal::two_sided(level)?;
    let mut lives: Vec<Life> =
        lives.iter().copied().filter(|life| life.time > 0.0 && life.time.is_finite()).collect();
    lives.sort_by(|one, other| one.time.total_cmp(&other.time));
    let mut steps = Vec::new();
    let (mut survival, mut variance) = (1.0, 0.0);
    let mut from = 0;
    while from < lives.len() {
        let time = lives[from].time;
        let to = from + lives[from..].iter().take_while(|life| life.time == time).count();
        let failures = lives[from..to].iter().filter(|life| life.failed).count() as u64;
        let at_risk = (lives.len() - from) as u64;
        if failures > 0 {
            let (d, n) = (failures as f64, at_risk as f64);
            survival *= 1.0 - d / n;
            variance += d / (n * (n - d));
            let ci = (survival > 0.0).then(|| {
                let reach = exp(z * sqrt(variance) / log(survival));
                Range { low: pow(survival, 1.0 / reach), high: pow(survival, reach) }
            });
            steps.push(Step { time, at_risk, failures, survival, ci });
        }
        from = to;
    }
    Some(steps)
}

/// S at `time`, from steps; 1 before the first.
#[must_use]
pub fn survival_at(steps: &[Step], time: f64) -> f64 {
    let index = steps.partition_point(|step| step.time <= time);
    index.checked_sub(1).map_or(1.0, |last| steps[last].survival)
}

/// Weibull life: S(t) = exp(−(t/scale)^shape). A shape below 1 is infant mortality.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weibull {
    /// Shape β.
    pub shape: f64,
    /// Scale η: the time by which 63.2 % have failed.
    pub scale: f64,
}

/// Maximum likelihood with censoring; `None` below two failures or where all failures
/// have one time and nothing outlives it.
#[must_use]
pub fn weibull(lives: &[Life]) -> Option<Weibull> {
    let known = lives.iter().filter(|life| life.time > 0.0 && life.time.is_finite());
    let (logs, events): (Vec<f64>, Vec<bool>) =
        known.map(|life| (log(life.time), life.failed)).unzip();
    let (shape, scale) = fit_censored(&logs, &events)?;
    Some(Weibull { shape, scale })
}
