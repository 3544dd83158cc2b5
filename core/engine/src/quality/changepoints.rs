//! Changepoints: where the mean of a series, or a rate, shifted.
//!
//! Binary segmentation: the best split of a segment is tested; where it is accepted both
//! parts are segmented in the same way. Parts have at least [`MIN_SEGMENT`] keys. p comes
//! from [`RESAMPLES`] permutations (means) or parametric bootstraps (rates) of the
//! segment, with a fixed seed; a split is accepted at p < 0.05/tests, where `tests`
//! counts the splits tested so far, this one included, the largest segments first.
//!
//! Assumes that without a change the values are exchangeable. A slow drift is found as one or more
//! steps. Coincidence with a step is not evidence of a cause.
//!
//! Source: Scott & Knott, Biometrics 30 (1974) 507; the p value as in Davison & Hinkley,
//! Bootstrap Methods (1997), (1 + extreme)/(1 + resamples).

use crate::difference::difference;
use crate::proportion::Proportion;
use crate::stats::moments::{Moments, sum};
use crate::stats::random::Random;
use crate::stats::welch::mean_difference;
use crate::stats::{Range, count};
use libm::log;

/// Fewest keys on each side of a split.
pub const MIN_SEGMENT: usize = 5;
/// Permutations or bootstraps per test.
pub const RESAMPLES: u32 = 999;
/// Familywise level, divided by the number of tests.
pub const ALPHA: f64 = 0.05;
/// Most keys of a series: the cost is keys × resamples × tests.
pub const MAX_KEYS: usize = 5_000;
const SEED: u64 = 1;

/// An accepted split.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Changepoint {
    /// Index of the first key after the change.
    pub index: usize,
    /// Mean or rate of the segment before, back to the previous changepoint.
    pub before: f64,
    /// Mean or rate of the segment after, up to the next changepoint.
    pub after: f64,
    /// after − before.
    pub difference: f64,
    /// Its 95 % interval: Welch for means, Newcombe for rates. Not adjusted for the search for the
    /// position. `None` where nothing varies.
    pub ci: Option<Range>,
    /// p of the split.
    pub p: f64,
}

/// The best split of a segment, relative to its start, and its statistic.
struct Split {
    at: usize,
    gain: f64,
}

/// Shifts of the mean of `values`.
///
/// The statistic is the sum of squares that the split explains, n₁n₂/n (x̄₁ − x̄₂)².
/// Empty below ten values, above [`MAX_KEYS`], or where a value is not finite.
#[must_use]
pub fn detect_mean_shifts(values: &[f64]) -> Vec<Changepoint> {
    if values.len() > MAX_KEYS || values.iter().any(|x| !x.is_finite()) {
        return Vec::new();
    }
    let test = |segment: core::ops::Range<usize>, random: &mut Random| {
        let values = &values[segment];
        let shift = Moments::from_values(values).mean;
        let mut centred: Vec<f64> = values.iter().map(|x| x - shift).collect();
        let best = split_mean(&centred)?;
        let mut extreme = 0;
        for _ in 0..RESAMPLES {
            random.shuffle(&mut centred);
            // A sum over another order differs in its last bits: ties count as extreme.
            let gain = split_mean(&centred).map_or(0.0, |split| split.gain);
            extreme += u32::from(gain >= best.gain * (1.0 - 1e-12));
        }
        Some((best.at, p_value(extreme)))
    };
    let accepted = segment(values.len(), test);
    describe(&accepted, values.len(), |before, after| {
        let (one, other) =
            (Moments::from_values(&values[before]), Moments::from_values(&values[after]));
        let ci = mean_difference(other, one, 0.95).map(|difference| difference.ci);
        (one.mean, other.mean, ci)
    })
}

/// Shifts of the rate k/n of `counts`.
///
/// The statistic is the binomial log-likelihood ratio of two rates against one. Empty
/// below ten keys, above [`MAX_KEYS`], or where a k exceeds its n.
#[must_use]
pub fn detect_rate_shifts(counts: &[Proportion]) -> Vec<Changepoint> {
    if counts.len() > MAX_KEYS || counts.iter().any(|count| count.k > count.n) {
        return Vec::new();
    }
    let test = |segment: core::ops::Range<usize>, random: &mut Random| {
        let counts = &counts[segment];
        let best = split_rate(counts)?;
        let total = add(counts);
        let rate = total.k as f64 / total.n as f64;
        let mut drawn = counts.to_vec();
        let mut extreme = 0;
        for _ in 0..RESAMPLES {
            for count in &mut drawn {
                count.k = random.binomial(count.n, rate);
            }
            let gain = split_rate(&drawn).map_or(0.0, |split| split.gain);
            extreme += u32::from(gain >= best.gain * (1.0 - 1e-12));
        }
        Some((best.at, p_value(extreme)))
    };
    let accepted = segment(counts.len(), test);
    describe(&accepted, counts.len(), |before, after| {
        let (one, other) = (add(&counts[before]), add(&counts[after]));
        let rate = |total: Proportion| total.fraction().unwrap_or(f64::NAN);
        let ci = difference(other, one, 0.95).map(|d| Range { low: d.low, high: d.high });
        (rate(one), rate(other), ci)
    })
}

fn p_value(extreme: u32) -> f64 {
    f64::from(1 + extreme) / f64::from(1 + RESAMPLES)
}

/// Splits 0..n recursively while tests accept; (first index after, p), ascending.
fn segment(
    n: usize,
    test: impl Fn(core::ops::Range<usize>, &mut Random) -> Option<(usize, f64)>,
) -> Vec<(usize, f64)> {
    // One segment with all keys.
    let mut open = Vec::from([core::ops::Range { start: 0, end: n }]);
    let mut accepted = Vec::new();
    let mut tests = 0_u32;
    loop {
        // The largest segment first; on a tie the earlier.
        open.sort_by_key(|segment| (segment.len(), core::cmp::Reverse(segment.start)));
        let Some(segment) = open.pop() else { break };
        if segment.len() < 2 * MIN_SEGMENT {
            break;
        }
        tests += 1;
        let mut random = Random::new(SEED);
        let Some((at, p)) = test(segment.clone(), &mut random) else { continue };
        if p < ALPHA / f64::from(tests) {
            let middle = segment.start + at;
            accepted.push((middle, p));
            open.push(segment.start..middle);
            open.push(middle..segment.end);
        }
    }
    accepted.sort_by_key(|change| change.0);
    accepted
}

fn describe(
    accepted: &[(usize, f64)],
    n: usize,
    compare: impl Fn(core::ops::Range<usize>, core::ops::Range<usize>) -> (f64, f64, Option<Range>),
) -> Vec<Changepoint> {
    let at = |i: usize| accepted.get(i).map_or(n, |change| change.0);
    accepted
        .iter()
        .enumerate()
        .map(|(i, &(index, p))| {
            let start = if i == 0 { 0 } else { at(i - 1) };
            let (before, after, ci) = compare(start..index, index..at(i + 1));
            Changepoint { index, before, after, difference: after - before, ci, p }
        })
        .collect()
}

/// For values whose mean is about 0. `None` where nothing varies.
fn split_mean(values: &[f64]) -> Option<Split> {
    let n = count(values.len());
    let total = sum(values.iter().copied());
    let mut left = 0.0;
    let mut best = Split { at: 0, gain: 0.0 };
    for (i, value) in values.iter().enumerate().take(values.len().saturating_sub(MIN_SEGMENT)) {
        left += value;
        let (before, after) = (count(i + 1), n - count(i + 1));
        let step = left / before - (total - left) / after;
        let gain = before * after / n * step * step;
        if i + 1 >= MIN_SEGMENT && gain > best.gain {
            best = Split { at: i + 1, gain };
        }
    }
    (best.gain > 0.0).then_some(best)
}

fn split_rate(counts: &[Proportion]) -> Option<Split> {
    let total = add(counts);
    let whole = log_likelihood(total);
    let mut left = Proportion { k: 0, n: 0 };
    let mut best = Split { at: 0, gain: 0.0 };
    for (i, count) in counts.iter().enumerate().take(counts.len().saturating_sub(MIN_SEGMENT)) {
        left = Proportion { k: left.k + count.k, n: left.n + count.n };
        if i + 1 < MIN_SEGMENT {
            continue;
        }
        let right = Proportion { k: total.k - left.k, n: total.n - left.n };
        let gain = log_likelihood(left) + log_likelihood(right) - whole;
        if gain > best.gain {
            best = Split { at: i + 1, gain };
        }
    }
    (best.gain > 1e-9).then_some(best)
}

/// k ln p + (n − k) ln(1 − p) at p = k/n.
fn log_likelihood(count: Proportion) -> f64 {
    let (k, n) = (count.k as f64, count.n as f64);
    let term = |part: f64| if part > 0.0 { part * log(part / n) } else { 0.0 };
    term(k) + term(n - k)
}

fn add(counts: &[Proportion]) -> Proportion {
    counts.iter().fold(Proportion { k: 0, n: 0 }, |total, one| Proportion {
        k: total.k + one.k,
        n: total.n + one.n,
    })
}
