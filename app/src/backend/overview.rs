//! Data of the Overview page.

use domain::yields::{Definition, Reason};
use engine::difference::Difference;
use engine::metrics::rty::Rty;
use engine::proportion::Proportion;

use super::{At, Meaning, Partner};
use crate::slice::Slice;

/// A query for the overview.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OverviewQuery {
    /// The slice.
    pub slice: Slice,
    /// The operation whose figure is explained.
    pub explain: Option<String>,
}

/// The figures of the overview.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The time as of which the figures hold.
    pub as_of: At,
    /// The start of the latest run, counted or not, that is not dated in the future.
    pub latest: Option<At>,
    /// The first and the last site day.
    pub window: Option<(String, String)>,
    /// The products of the partner, sorted; limited to the [`PRODUCTS`] most used.
    pub products: Vec<String>,
    /// The operations, unsorted.
    pub operations: Vec<OperationFigures>,
    /// Rolled throughput yield of the selected product, if any.
    pub rolled: Option<Rolled>,
    /// What failures go together with.
    pub standing_out: StandingOut,
    /// Significant changes against the preceding period; `None` if there is no preceding period.
    pub changes: Option<Changes>,
    /// At most ten stations with losses, by operation; largest statistically certain loss first.
    pub stations: Vec<StationFigures>,
    /// Failure codes, the most frequent first.
    pub failures: Failures,
    /// The explanation of a figure, if requested.
    pub explained: Option<Explained>,
}

/// What failures go together with, over the period and the equally long one before it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StandingOut {
    /// Values of dimensions, those of most failures first.
    pub causes: Vec<Cause>,
    /// How many more there are.
    pub more: usize,
    /// How many values were compared; none where there were too many to compare.
    pub tests: Option<usize>,
    /// The first and the last of the site's days that were compared; none for everything.
    pub window: Option<(String, String)>,
    /// Stations where units ran, but none of them first.
    pub retest_stations: Vec<RetestStation>,
    /// Units with many failing runs in one operation, those with the most first.
    pub units: Vec<FailedUnit>,
}

/// A value of a dimension whose runs fail more often than the others of the operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// In this operation.
    pub operation: String,
    /// With this code; none: with any.
    pub code: Option<String>,
    /// The dimension.
    pub dimension: String,
    /// Its value.
    pub value: String,
    /// Failing runs of those with the value.
    pub here: Proportion,
    /// Failing runs of the others of the operation.
    pub elsewhere: Proportion,
    /// The p-value of Fisher's exact test, corrected for all comparisons.
    pub q: f64,
    /// The days of the first and the last failing run with the value.
    pub seen: (String, String),
    /// A limit that changed with it, in words of the data: measurement, before and after.
    pub limit: Option<LimitChange>,
}

/// Limits of a measurement before and after they were changed.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitChange {
    /// `operation / step / name [unit]`.
    pub parameter: String,
    /// Lower and upper limit before.
    pub before: (Option<f64>, Option<f64>),
    /// Lower and upper limit after.
    pub after: (Option<f64>, Option<f64>),
    /// The day of the first run with the newer limits.
    pub since: String,
    /// Versions of the test software with the newer limits and none of the older.
    pub softwares: Vec<String>,
}

/// A station where no unit ran first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetestStation {
    /// The station.
    pub station: String,
    /// The operation.
    pub operation: String,
    /// Units that ran there and first elsewhere.
    pub units: u64,
}

/// A unit with many failing runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedUnit {
    /// The unit.
    pub serial: String,
    /// The operation.
    pub operation: String,
    /// Its runs there that did not pass.
    pub failed: u64,
}

/// Maximum number of products to choose from.
pub const PRODUCTS: usize = 500;

/// The figures of one partner.
#[derive(Debug, Clone, PartialEq)]
pub struct PartnerFigures {
    /// The partner.
    pub partner: Partner,
    /// The time as of which the figures hold.
    pub as_of: At,
    /// The start of the latest run, counted or not, that is not dated in the future.
    pub latest: Option<At>,
    /// First-run figures by operation over the last 28 site days, unsorted.
    pub operations: Vec<OperationFigures>,
}

/// The figures of one operation.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationFigures {
    /// The operation.
    pub operation: String,
    /// Passed of counted.
    pub yielded: Proportion,
    /// This period minus the preceding one; `None` if there is no preceding period.
    pub trend: Option<Difference>,
    /// The yield of each site day, in order; `None` if n = 0.
    pub days: Vec<(String, Option<Proportion>)>,
    /// Units whose first run is in the window.
    pub units: u64,
    /// The number of these whose last run passed.
    pub passed_last: u64,
    /// The number of these with two or more runs.
    pub retested: u64,
    /// Failing episodes that began in the window.
    pub episodes: u64,
    /// The number of these that ended with a pass, without a repair or any other change.
    pub cleared: u64,
    /// Excluded runs or units: reason and count.
    pub excluded: Vec<(Reason, u64)>,
}

/// Rolled throughput yield.
#[derive(Debug, Clone, PartialEq)]
pub struct Rolled {
    /// The product's name.
    pub product: String,
    /// First runs of its operations in the window, passed of counted, unsorted.
    pub factors: Vec<(String, Proportion)>,
    /// The product of the operations' yields; `None` if one of them has n = 0.
    pub rty: Option<Rty>,
    /// Observed first-time-through: units that passed every operation at the first run, of those
    /// with a run in each.
    pub observed: Proportion,
}

/// Significant changes against the preceding period of equal length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// The number of comparisons. Each is tested at its share of the joint error (Bonferroni).
    pub compared: usize,
    /// The number of changes that are not listed below.
    pub more: usize,
    /// Changes of yields and failure shares, in descending order of units.
    pub changed: Vec<Change>,
    /// Subjects that are counted in this period only. If an operation is listed, its stations
    /// and other parts are not.
    pub appeared: Vec<(Subject, u64)>,
    /// Likewise, subjects that are counted in the preceding period only.
    pub gone: Vec<(Subject, u64)>,
}

/// The subject of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The yield of an operation.
    Operation(String),
    /// The yield of an operation at a station.
    Station {
        /// The station.
        station: String,
        /// The operation.
        operation: String,
    },
    /// The yield of an operation under a version of the test software.
    Software {
        /// The version.
        software: String,
        /// The operation.
        operation: String,
    },
    /// The share of counted runs that failed with a code.
    Code(String),
}

/// One significant difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The subject.
    pub subject: Subject,
    /// The figure of this period.
    pub now: Proportion,
    /// The figure of the preceding period.
    pub before: Proportion,
    /// This period minus the preceding one.
    pub difference: Difference,
}

/// The yield at one station.
#[derive(Debug, Clone, PartialEq)]
pub struct StationFigures {
    /// The station; `None` for runs that name none.
    pub station: Option<String>,
    /// The operation.
    pub operation: String,
    /// Passed of counted.
    pub yielded: Proportion,
}

/// Failures by code.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Failures {
    /// Counted runs that did not pass.
    pub runs: u64,
    /// The number of their units.
    pub units: u64,
    /// By code.
    pub codes: Vec<Code>,
}

/// One failure code.
#[derive(Debug, Clone, PartialEq)]
pub struct Code {
    /// The code.
    pub code: String,
    /// Counted runs that failed with it.
    pub runs: u64,
    /// The number of their units.
    pub units: u64,
    /// Its runs as a fraction of all counted runs that did not pass.
    pub share: f64,
    /// Cumulative share.
    pub cumulative: Option<f64>,
    /// Its published meaning.
    pub meaning: Option<Meaning>,
}

/// The explanation of a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The operation.
    pub operation: String,
    /// The station, if the figure is that of one station.
    pub station: Option<String>,
    /// The figure under each definition.
    pub under: Vec<(Definition, Proportion)>,
    /// Exclusions under the requested definition.
    pub excluded: Vec<(Reason, u64)>,
    /// Example units with a counted run that did not pass, the latest first.
    pub failed: Vec<String>,
    /// Example units that are not counted, with the reasons.
    pub out: Vec<(String, Vec<Reason>)>,
}
