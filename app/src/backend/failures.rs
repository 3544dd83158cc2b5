//! What fails, and one failure code in detail.

use chrono::NaiveDate;
use domain::yields::Definition;
use engine::proportion::Proportion;

use crate::model::{At, Meaning};

/// The period of an analysis, in days of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// The last so many days, today among them.
    Last(u16),
    /// From one day to another, both included.
    Between(NaiveDate, NaiveDate),
    /// Everything that was ever sent.
    Everything,
}

/// What failures are counted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FailureKey {
    /// The run's failure code.
    #[default]
    Code,
    /// Steps that failed.
    Step,
    /// Components that something failing names.
    Component,
}

/// A question about failures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailuresQuery {
    /// The period.
    pub period: Period,
    /// Which runs are counted.
    pub definition: Definition,
    /// What they are counted by.
    pub by: FailureKey,
    /// Dimension and value: values of one dimension are alternatives.
    pub filters: Vec<(String, String)>,
    /// The code to report in detail.
    pub code: Option<String>,
}

/// What fails in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct FailureReport {
    /// The moment of the figures.
    pub as_of: At,
    /// The first and the last of the site's days; none for everything.
    pub window: Option<(String, String)>,
    /// Runs that count, and those of them that passed.
    pub counted: Proportion,
    /// Counted runs that did not pass.
    pub runs: u64,
    /// Units of these.
    pub units: u64,
    /// By key, the most runs first.
    pub rows: Vec<FailureRow>,
    /// Rows beyond those.
    pub more: usize,
    /// The code that is reported in detail.
    pub code: Option<CodeReport>,
}

/// One row of the Pareto.
#[derive(Debug, Clone, PartialEq)]
pub struct FailureRow {
    /// The code, step or component.
    pub key: String,
    /// Counted runs that failed with it.
    pub runs: u64,
    /// Units of these.
    pub units: u64,
    /// Its runs as a fraction of all that did not pass.
    pub share: f64,
    /// With those above it; none where a run may stand in several rows.
    pub cumulative: Option<f64>,
    /// What is published about the code.
    pub meaning: Option<Meaning>,
}

/// One failure code.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeReport {
    /// The code.
    pub code: String,
    /// What is published about it.
    pub meaning: Option<Meaning>,
    /// Counted runs that failed with it.
    pub runs: u64,
    /// Units of these.
    pub units: u64,
    /// By day of the site: failures of counted runs; none where nothing was counted.
    pub days: Vec<(String, Option<Proportion>)>,
    /// The days with the first and the last failure in the period.
    pub seen: Option<(String, String)>,
    /// Where it fails more often than elsewhere, the surest first.
    pub places: Vec<Place>,
    /// How many values of dimensions were compared.
    pub tests: usize,
    /// What repairs led to, the most frequent first.
    pub repairs: Vec<RepairOutcome>,
    /// Units whose counted run failed with it, the latest first.
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
    /// The odds here over the odds elsewhere; none where a count is 0.
    pub odds_ratio: Option<f64>,
    /// The p-value of Fisher's exact test, corrected for all comparisons by
    /// Benjamini–Hochberg.
    pub q: f64,
}

/// What repairs of one kind led to.
#[derive(Debug, Clone, PartialEq)]
pub struct RepairOutcome {
    /// What was done.
    pub action: String,
    /// To which part.
    pub part: Option<String>,
    /// Failing episodes whose last repair it was.
    pub n: u64,
    /// Those whose next run passed.
    pub passed: u64,
    /// Of those that passed 30 days ago or earlier, those that did not fail since.
    pub stayed: Proportion,
    /// The median of hours from the first failure to the pass.
    pub median_hours: Option<f64>,
}
