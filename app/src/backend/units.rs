//! Data of the pages of units.

pub use charts::Clock;
use domain::{Outcome, RunFlag, UnitKind};

use super::{At, Meaning, RepairOutcome};
use crate::explore::State;

/// A search for units. All criteria are combined by AND.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// A part of the serial number, ignoring case.
    pub part: String,
    /// A failure code that the unit must have had in any run.
    pub code: Option<String>,
    /// The unit type.
    pub kind: Option<UnitKind>,
    /// Only units whose latest run did not pass.
    pub not_passed: bool,
    /// Only units with a counted run in a slice of Explore.
    pub slice: Option<State>,
    /// Only units with a counted run in that slice that did not pass.
    pub slice_not_passed: bool,
    /// Keyset pagination cursor: the last serial number of the previous page.
    pub after: Option<String>,
}

/// A page of search results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitList {
    /// Sorted by serial number.
    pub units: Vec<UnitLine>,
    /// The cursor of the next page, if any.
    pub next: Option<String>,
    /// Whether the partner has any unit.
    pub any: bool,
    /// The partner's failure codes, the most frequent first.
    pub codes: Vec<String>,
}

/// A unit in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitLine {
    /// Its serial number.
    pub serial: String,
    /// The unit type that is in effect.
    pub kind: UnitKind,
    /// That of its latest run.
    pub product: Option<String>,
    /// That of its latest run.
    pub revision: Option<String>,
    /// The number of runs.
    pub runs: u64,
    /// The start of the latest run.
    pub latest: Option<At>,
    /// The outcome of the latest run that counts.
    pub outcome: Option<Outcome>,
}

/// A decision by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// When.
    pub at: At,
    /// Who.
    pub by: String,
    /// Why.
    pub why: String,
}

/// A unit and its history.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitHistory {
    /// The time as of which the history holds.
    pub as_of: At,
    /// Its serial number.
    pub serial: String,
    /// The unit type that is in effect.
    pub kind: UnitKind,
    /// The unit type that the data state.
    pub kind_said: UnitKind,
    /// Whether a person set the unit type, which overrides the data.
    pub kind_is_set: bool,
    /// That decision; `None` if it predates the recording of decisions.
    pub kind_set: Option<Decided>,
    /// That of its latest run.
    pub product: Option<String>,
    /// That of its latest run.
    pub revision: Option<String>,
    /// A page of its runs, in order of start.
    pub runs: Vec<UnitRun>,
    /// The cursor of the requested page (keyset pagination).
    pub from: Option<String>,
    /// The cursor of the page of older runs, if any.
    pub older: Option<String>,
    /// The number of runs of the unit.
    pub runs_total: u64,
    /// The number of runs that are newer than the page.
    pub runs_newer: u64,
    /// Parts found in it: those that were seen last.
    pub parts: Vec<Part>,
    /// The number of parts found in it.
    pub parts_total: u64,
    /// The newest repairs in the time of the page's runs, in order of time.
    pub repairs: Vec<Repaired>,
    /// The number of repairs in that time.
    pub repairs_total: u64,
    /// What fixed other units that failed as its latest run did; none where that passed.
    pub fix: Option<Fix>,
    /// The UTC offsets of the site's clock over the time of these runs and repairs.
    pub clock: Clock,
    /// The site's time zone.
    pub zone: String,
}

/// What fixed units that failed with a code.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// The code.
    pub code: String,
    /// In which operation.
    pub operation: String,
    /// What repairs led to, the most frequent first.
    pub outcomes: Vec<RepairOutcome>,
}

/// A run of a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitRun {
    /// Its id.
    pub id: String,
    /// The operation.
    pub operation: String,
    /// The number of the attempt in the operation; `None` if it is not an attempt.
    pub attempt: Option<u32>,
    /// The start.
    pub started: At,
    /// The duration in seconds.
    pub seconds: Option<u64>,
    /// The outcome.
    pub outcome: Outcome,
    /// The failure code, if it did not pass.
    pub code: Option<String>,
    /// The test station.
    pub station: Option<String>,
    /// The fixture.
    pub fixture: Option<String>,
    /// The version of the test software.
    pub software: Option<String>,
    /// Whether a person excluded it from the figures.
    pub voided: bool,
    /// That decision.
    pub void: Option<Decided>,
    /// Data quality flags.
    pub flags: Vec<RunFlag>,
    /// The id of the receipt of its upload.
    pub receipt: String,
    /// Measurements that failed in it.
    pub failed: Listed<FailedCheck>,
    /// Its findings.
    pub findings: Listed<FoundCode>,
}

/// The first rows of a list, and the total.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed<T> {
    /// The listed rows.
    pub rows: Vec<T>,
    /// The total, listed or not.
    pub total: u64,
}

impl<T> Listed<T> {
    /// The number of rows that are not listed.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.total.saturating_sub(self.rows.len() as u64)
    }
}

/// A measurement that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedCheck {
    /// The step.
    pub step: String,
    /// The name of the measurement.
    pub name: String,
    /// The unit of measure.
    pub unit: Option<String>,
    /// The value, if it is a number.
    pub value: Option<f64>,
    /// The value, if it is not a number.
    pub other: Option<String>,
    /// The lower limit.
    pub low: Option<f64>,
    /// The upper limit.
    pub high: Option<f64>,
    /// The component that it is about.
    pub component: Option<String>,
}

/// A diagnosis, error, symptom or defect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundCode {
    /// Diagnosis, error, symptom or defect.
    pub kind: &'static str,
    /// Whether it failed the unit.
    pub failing: bool,
    /// The code, as it was sent.
    pub code: String,
    /// Its published meaning.
    pub meaning: Option<Meaning>,
    /// The message text.
    pub message: Option<String>,
    /// The component that it is about.
    pub component: Option<String>,
}

/// A part that was found in a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its serial number.
    pub serial: Option<String>,
    /// Its part number.
    pub part: Option<String>,
    /// The slot.
    pub slot: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The start of the first run that found it.
    pub first_seen: At,
    /// The start of the last run that found it.
    pub last_seen: At,
    /// Other units in which runs found it: serial number, and whether one of these runs did not
    /// pass.
    pub elsewhere: Listed<(String, bool)>,
}

/// A repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// When.
    pub at: At,
    /// The action.
    pub action: String,
    /// The defect that was repaired.
    pub defect: Option<String>,
    /// The part that was removed.
    pub out: Option<String>,
    /// The part that was installed.
    pub put_in: Option<String>,
    /// A free-text comment.
    pub comment: Option<String>,
}
