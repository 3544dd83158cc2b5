//! Pareto of failures: the few keys that account for most of the failing runs.

use core::cmp::Reverse;

/// Failures under one key (a code, a step, a component).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count<K> {
    /// The key; distinct within one call.
    pub key: K,
    /// Distinct units that failed under it.
    pub units: u64,
    /// Runs that failed under it.
    pub runs: u64,
}

/// One row of the result.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<K> {
    /// The key.
    pub key: K,
    /// Distinct units; they do not add up across rows.
    pub units: u64,
    /// Runs.
    pub runs: u64,
    /// Runs of this row as a fraction of all failing runs.
    pub share: f64,
    /// Runs of this row and those above it as a fraction of all failing runs; `None` where a run
    /// may be in several rows.
    pub cumulative: Option<f64>,
}

/// The population that the rows divide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Population {
    /// Every failing run is in exactly one row (codes): the rows add up.
    OneKeyPerRun,
    /// A failing run is in a row for each of its failing steps or components: the number of failing
    /// runs must be given.
    ManyKeysPerRun {
        /// Failing runs, each counted once.
        runs: u64,
    },
}

/// Rows with their total.
#[derive(Clone, Debug, PartialEq)]
pub struct Pareto<K> {
    /// All failing runs, each counted once.
    pub runs: u64,
    /// Runs descending, then key ascending; no rows are combined into "other".
    pub rows: Vec<Row<K>>,
}

/// Orders `counts` and adds share and cumulative share.
///
/// share = runs/total; cumulative = Σ runs down to this row/total, from whole counts,
/// so that the last one is exactly 1.
///
/// A key without runs is not a row; without any rows the total alone is returned.
/// `None` where the counts contradict each other: a row above the total, or a sum
/// beyond 2⁶⁴.
///
/// ```
/// use engine::metrics::pareto::{Count, Population, pareto};
/// let count = |key, runs| Count { key, units: runs, runs };
/// let by_code = pareto(vec![count("B", 1), count("A", 1), count("C", 2)], Population::OneKeyPerRun).unwrap();
/// let keys: Vec<_> = by_code.rows.iter().map(|row| row.key).collect();
/// assert_eq!(keys, ["C", "A", "B"]);
/// assert_eq!(by_code.rows[1].cumulative, Some(0.75));
/// ```
#[must_use]
pub fn pareto<K: Ord>(mut counts: Vec<Count<K>>, population: Population) -> Option<Pareto<K>> {
    counts.retain(|count| count.runs > 0);
    counts.sort_by(|one, other| {
        (Reverse(one.runs), &one.key).cmp(&(Reverse(other.runs), &other.key))
    });
    let sum = || counts.iter().try_fold(0_u64, |sum, count| sum.checked_add(count.runs));
    let (total, adds_up) = match population {
        Population::OneKeyPerRun => (sum()?, true),
        Population::ManyKeysPerRun { runs } => (runs, false),
    };
    if counts.first().is_some_and(|largest| largest.runs > total) {
        return None;
    }
    let mut so_far = 0;
    let rows = counts.into_iter().map(|Count { key, units, runs }| Row {
        key,
        units,
        runs,
        share: runs as f64 / total as f64,
        cumulative: adds_up.then(|| {
            so_far += runs;
            so_far as f64 / total as f64
        }),
    });
    Some(Pareto { rows: rows.collect(), runs: total })
}
