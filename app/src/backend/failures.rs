//! Data of the Failures page: a Pareto of failures, and one failure code in detail.

use engine::proportion::Proportion;

use super::LimitChange;
use crate::model::{At, Meaning};
use crate::slice::Slice;

/// The key by which failures are grouped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FailureKey {
    /// The run's failure code.
    #[default]
    Code,
    /// Steps that failed.
    Step,
    /// Components that a failing measurement or finding names.
    Component,
}

/// A query for failures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FailuresQuery {
    /// The slice.
    pub slice: Slice,
    /// The grouping key.
    pub by: FailureKey,
    /// The code to report in detail.
    pub code: Option<String>,
}

/// The failures of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct FailureReport {
    /// The time as of which the figures hold.
    pub as_of: At,
    /// The first and the last site day; `None` for all data.
    pub window: Option<(String, String)>,
    /// Passed of counted runs.
    pub counted: Proportion,
    /// Counted runs that did not pass.
    pub runs: u64,
    /// The number of their units.
    pub units: u64,
    /// One row a key, in descending order of runs.
    pub rows: Vec<FailureRow>,
    /// The number of rows that are left out.
    pub more: usize,
    /// The report of the requested code.
    pub code: Option<CodeReport>,
}

/// One row of the Pareto.
#[derive(Debug, Clone, PartialEq)]
pub struct FailureRow {
    /// The code, step or component.
    pub key: String,
    /// Counted runs that failed with it.
    pub runs: u64,
    /// The number of their units.
    pub units: u64,
    /// Its runs as a fraction of all counted runs that did not pass.
    pub share: f64,
    /// Cumulative share; `None` if a run may appear in several rows.
    pub cumulative: Option<f64>,
    /// The published meaning of the code.
    pub meaning: Option<Meaning>,
}

/// One failure code.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeReport {
    /// The code.
    pub code: String,
    /// Its published meaning.
    pub meaning: Option<Meaning>,
    /// Counted runs that failed with it.
    pub runs: u64,
    /// The number of their units.
    pub units: u64,
    /// Failures of counted runs by site day; `None` for a day without counted runs.
    pub days: Vec<(String, Option<Proportion>)>,
    /// The days with the first and the last failure in the period.
    pub seen: Option<(String, String)>,
    /// The operation in which most of them failed, within which places are compared.
    pub operation: Option<String>,
    /// The first and the last day of the runs that are compared: the period and the equally long
    /// one before it; none for everything.
    pub compared: Option<(String, String)>,
    /// Values of dimensions with a higher failing share, in ascending order of q.
    pub places: Vec<Place>,
    /// The number of comparisons.
    pub tests: usize,
    /// The measurements that fail with it, the most frequent first.
    pub parameters: Vec<FailedParameter>,
    /// Outcomes of repairs, the most frequent first.
    pub repairs: Vec<RepairOutcome>,
    /// Serial numbers of units whose counted run failed with it, the latest first.
    pub failed: Vec<String>,
}

/// A value of a dimension whose runs fail with the code more often than the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The dimension, such as `fixture`.
    pub dimension: String,
    /// Its value.
    pub value: String,
    /// Failures among counted runs with this value.
    pub here: Proportion,
    /// Failures among the other counted runs.
    pub elsewhere: Proportion,
    /// The odds here over the odds elsewhere; `None` if a count is 0.
    pub odds_ratio: Option<f64>,
    /// The p-value of Fisher's exact test, corrected for all comparisons by
    /// Benjamini–Hochberg.
    pub q: f64,
    /// The first of the values, where this one fails no more often among the runs that have
    /// that one, and among those that do not (Cochran–Mantel–Haenszel).
    pub explained_by: Option<String>,
}

/// A measurement that fails with a code.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedParameter {
    /// `operation / step / name [unit]`.
    pub parameter: String,
    /// Runs in which it failed.
    pub runs: u64,
    /// The median of the values that failed.
    pub median: Option<f64>,
    /// The newest lower limit.
    pub low: Option<f64>,
    /// The newest upper limit.
    pub high: Option<f64>,
    /// The latest change of its limits.
    pub limit: Option<LimitChange>,
    /// How it moves where most of the failures are.
    pub drift: Option<Drift>,
}

/// A measurement that rises or falls steadily at one value of a dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// The dimension.
    pub dimension: String,
    /// Its value.
    pub value: String,
    /// The change a day, by least squares.
    pub per_day: f64,
    /// Its 95 % interval.
    pub ends: (f64, f64),
    /// Over the values of so many runs.
    pub n: usize,
}

/// The outcome of the repairs of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct RepairOutcome {
    /// The action of the repair.
    pub action: String,
    /// The repaired part.
    pub part: Option<String>,
    /// The number of failing episodes whose last repair it was.
    pub n: u64,
    /// The number of these whose next run passed.
    pub passed: u64,
    /// Of those that passed at least 30 days ago: the ones that have not failed since.
    pub stayed: Proportion,
    /// Median hours from the first failure to the pass.
    pub median_hours: Option<f64>,
}
