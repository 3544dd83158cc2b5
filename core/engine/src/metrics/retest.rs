//! Retest metrics, and failures that a later run did not confirm.

use crate::proportion::Proportion;

/// Retest ratio, (runs − first runs)/first runs: the test time spent on repetition.
/// May exceed 1.
///
/// `None` where there is no first run, or fewer runs than first runs.
///
/// ```
/// use engine::metrics::retest::retest_ratio;
/// assert_eq!(retest_ratio(15, 8), Some(0.875));
/// assert_eq!(retest_ratio(0, 0), None);
/// ```
#[must_use]
pub fn retest_ratio(runs: u64, first_runs: u64) -> Option<f64> {
    let again = runs.checked_sub(first_runs)?;
    (first_runs > 0).then(|| again as f64 / first_runs as f64)
}

/// Retested units, units with two runs or more/units: not the [`retest_ratio`], which
/// counts a unit once for each repetition.
///
/// `None` where there is no unit, or more are retested than there are.
///
/// ```
/// use engine::metrics::retest::retested_units;
/// assert_eq!(retested_units(6, 8), Some(0.75));
/// ```
#[must_use]
pub fn retested_units(retested: u64, units: u64) -> Option<f64> {
    Proportion { k: retested, n: units }.fraction()
}

/// No-trouble-found rates: the share of failures that were not confirmed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoTroubleFound {
    /// Cleared/episodes; an episode still open counts as trouble.
    pub of_episodes: Option<f64>,
    /// Cleared/resolved: among the episodes that have ended with a pass.
    pub of_resolved: Option<f64>,
}

/// No-trouble-found rates from counts of failing episodes.
///
/// An episode is *resolved* when a pass follows, and *cleared* when that pass follows without a
/// repair, at the same revision and under the same limits.
///
/// A rate is `None` where its denominator is 0; both are where the counts contradict
/// cleared ≤ resolved ≤ episodes.
///
/// ```
/// use engine::metrics::retest::no_trouble_found;
/// let ntf = no_trouble_found(2, 3, 4);
/// assert_eq!(ntf.of_episodes, Some(0.5));
/// assert_eq!(ntf.of_resolved, Some(2.0 / 3.0));
/// ```
#[must_use]
pub fn no_trouble_found(cleared: u64, resolved: u64, episodes: u64) -> NoTroubleFound {
    let consistent = cleared <= resolved && resolved <= episodes;
    let of = |n| if consistent { Proportion { k: cleared, n }.fraction() } else { None };
    NoTroubleFound { of_episodes: of(episodes), of_resolved: of(resolved) }
}
