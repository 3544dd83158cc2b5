//! The overview's figures.

use domain::yields::{Definition, Reason};
use engine::difference::Difference;
use engine::metrics::rty::Rty;
use engine::proportion::Proportion;

use super::{At, Meaning, Partner};

/// What the overview is to be of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewQuery {
    /// The last so many of the site's days, today among them; none: everything.
    pub days: Option<u16>,
    /// Which runs are counted.
    pub definition: Definition,
    /// One product alone.
    pub product: Option<String>,
    /// The operation whose figure is to be explained.
    pub explain: Option<String>,
    /// One station of it alone.
    pub station: Option<String>,
}

impl Default for OverviewQuery {
    /// What is shown unless told otherwise.
    fn default() -> Self {
        Self {
            days: Some(28),
            definition: Definition::default(),
            product: None,
            explain: None,
            station: None,
        }
    }
}

/// The figures of the overview.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The moment of the figures.
    pub as_of: At,
    /// When the latest run that is not from the future started, counted or not.
    pub latest: Option<At>,
    /// The first and the last of the site's days.
    pub window: Option<(String, String)>,
    /// The products of the partner, in order; of more than [`PRODUCTS`] the most used.
    pub products: Vec<String>,
    /// The operations, in no order.
    pub operations: Vec<OperationFigures>,
    /// Rolled throughput yield of the product, if one is chosen.
    pub rolled: Option<Rolled>,
    /// What is clearly not as it was in the period before; none where there is none before.
    pub changes: Option<Changes>,
    /// Stations by operation that lost something, the surest losses first; at most ten.
    pub stations: Vec<StationFigures>,
    /// What fails, the most frequent first.
    pub failures: Failures,
    /// Why the figure is what it is, where that was asked.
    pub explained: Option<Explained>,
}

/// Products to choose from, at most.
pub const PRODUCTS: usize = 500;

/// How one partner is doing.
#[derive(Debug, Clone, PartialEq)]
pub struct PartnerFigures {
    /// The partner.
    pub partner: Partner,
    /// The moment of the figures.
    pub as_of: At,
    /// When the latest run that is not from the future started, counted or not.
    pub latest: Option<At>,
    /// The operations by first run over the last 28 of the site's days, in no order.
    pub operations: Vec<OperationFigures>,
}

/// The figures of one operation.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationFigures {
    /// The operation.
    pub operation: String,
    /// Passed of counted.
    pub yielded: Proportion,
    /// This period minus the one before; none where there is none.
    pub trend: Option<Difference>,
    /// The yield of each of the site's days, in their order; none where n = 0.
    pub days: Vec<(String, Option<Proportion>)>,
    /// Units whose first run is in the window.
    pub units: u64,
    /// Those of them whose last run passed.
    pub passed_last: u64,
    /// Those of them with two runs or more.
    pub retested: u64,
    /// Failing episodes that began in the window.
    pub episodes: u64,
    /// Those of them that ended with a pass and without a repair or a change.
    pub cleared: u64,
    /// What was left out: reason and count.
    pub excluded: Vec<(Reason, u64)>,
}

/// Rolled throughput yield.
#[derive(Debug, Clone, PartialEq)]
pub struct Rolled {
    /// The product's name.
    pub product: String,
    /// First runs of its operations in the window, passed of counted, in no order.
    pub factors: Vec<(String, Proportion)>,
    /// The product of the operations' yields; none where one of them has n = 0.
    pub rty: Option<Rty>,
    /// Units that really went through all operations at the first run, of those that have a
    /// run in each.
    pub observed: Proportion,
}

/// What is clearly not as it was in the equally long period before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// How many comparisons were made, of which each is held to its share of the error.
    pub compared: usize,
    /// How many lines there are beyond those told below.
    pub more: usize,
    /// What changed, that which is about most units first.
    pub changed: Vec<Change>,
    /// What counts now and did not before; of an operation, nothing else that is in it.
    pub appeared: Vec<(Subject, u64)>,
    /// The same of what counted before and does not now.
    pub gone: Vec<(Subject, u64)>,
}

/// What a comparison is of.
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
    /// The yield of an operation under a version of the test's software.
    Software {
        /// The version.
        software: String,
        /// The operation.
        operation: String,
    },
    /// The share of what was counted that failed with a code.
    Code(String),
}

/// One clear difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What it is of.
    pub subject: Subject,
    /// In this period.
    pub now: Proportion,
    /// In the one before.
    pub before: Proportion,
    /// This minus the one before.
    pub difference: Difference,
}

/// The yield at one station.
#[derive(Debug, Clone, PartialEq)]
pub struct StationFigures {
    /// The station; none where runs do not name one.
    pub station: Option<String>,
    /// The operation.
    pub operation: String,
    /// Passed of counted.
    pub yielded: Proportion,
}

/// What fails.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Failures {
    /// Counted runs that did not pass.
    pub runs: u64,
    /// Of how many units.
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
    /// Of how many units.
    pub units: u64,
    /// Of all counted runs that did not pass.
    pub share: f64,
    /// With those above it.
    pub cumulative: Option<f64>,
    /// What is published about it.
    pub meaning: Option<Meaning>,
}

/// Why a figure is what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The operation.
    pub operation: String,
    /// The station, where the figure is of one alone.
    pub station: Option<String>,
    /// The figure under each definition.
    pub under: Vec<(Definition, Proportion)>,
    /// What was left out under the definition that was asked for.
    pub excluded: Vec<(Reason, u64)>,
    /// Some units with a counted run that did not pass, the latest first.
    pub failed: Vec<String>,
    /// Some units that are not counted, and why.
    pub out: Vec<(String, Vec<Reason>)>,
}
