//! Units, as their pages show them.

pub use charts::Clock;
use domain::{Outcome, RunFlag, UnitKind};

use super::{At, Meaning, RepairOutcome};
use crate::explore::State;

/// What is looked for among the units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// A part of their serials, in any case.
    pub part: String,
    /// A code that one of their runs failed with.
    pub code: Option<String>,
    /// What they are for.
    pub kind: Option<UnitKind>,
    /// Only those whose latest run did not pass.
    pub not_passed: bool,
    /// Only those with a counted run in a slice of Explore.
    pub slice: Option<State>,
    /// And with one there that did not pass.
    pub slice_not_passed: bool,
    /// The serial to go on after.
    pub after: Option<String>,
}

/// Units that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitList {
    /// By serial.
    pub units: Vec<UnitLine>,
    /// The serial to go on after, where there are more.
    pub next: Option<String>,
    /// Whether the partner has any unit.
    pub any: bool,
    /// The codes that runs failed with, the most frequent first.
    pub codes: Vec<String>,
}

/// A unit in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitLine {
    /// Its serial number.
    pub serial: String,
    /// What it is for.
    pub kind: UnitKind,
    /// Of its latest run.
    pub product: Option<String>,
    /// Of its latest run.
    pub revision: Option<String>,
    /// How many runs there are.
    pub runs: u64,
    /// When the latest began.
    pub latest: Option<At>,
    /// How the latest that counts ended.
    pub outcome: Option<Outcome>,
}

/// What a person decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// When.
    pub at: At,
    /// Who.
    pub by: String,
    /// Why.
    pub why: String,
}

/// A unit and all that happened to it.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitHistory {
    /// The moment that it is told at.
    pub as_of: At,
    /// Its serial number.
    pub serial: String,
    /// What it is for.
    pub kind: UnitKind,
    /// What the data say that it is for.
    pub kind_said: UnitKind,
    /// Whether a person says what it is for, whatever the data say.
    pub kind_is_set: bool,
    /// Who does, unless it was before that was kept.
    pub kind_set: Option<Decided>,
    /// Of its latest run.
    pub product: Option<String>,
    /// Of its latest run.
    pub revision: Option<String>,
    /// A page of its runs, by start.
    pub runs: Vec<UnitRun>,
    /// The cursor that the page was asked for with.
    pub from: Option<String>,
    /// The cursor of the page of older runs, where there are any.
    pub older: Option<String>,
    /// How many runs the unit has.
    pub runs_total: u64,
    /// How many of them are newer than the page.
    pub runs_newer: u64,
    /// What was found in it: the parts that were seen last.
    pub parts: Vec<Part>,
    /// How many parts were found in it.
    pub parts_total: u64,
    /// The newest repairs that the runs of the page are around, by time.
    pub repairs: Vec<Repaired>,
    /// How many these are in all.
    pub repairs_total: u64,
    /// What fixed other units that failed as its latest run did; none where that passed.
    pub fix: Option<Fix>,
    /// The site's clocks over the time of these runs and repairs.
    pub clock: Clock,
    /// The zone of these clocks.
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
    /// Which attempt it is in the operation; none where it is no attempt.
    pub attempt: Option<u32>,
    /// When it began.
    pub started: At,
    /// How long it took, in seconds.
    pub seconds: Option<u64>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it did not pass.
    pub code: Option<String>,
    /// Where it ran.
    pub station: Option<String>,
    /// In which fixture.
    pub fixture: Option<String>,
    /// Under which version of the test software.
    pub software: Option<String>,
    /// Whether a person took it out of the figures.
    pub voided: bool,
    /// Who did.
    pub void: Option<Decided>,
    /// What is odd about it.
    pub flags: Vec<RunFlag>,
    /// The receipt that it came with.
    pub receipt: String,
    /// Measurements that failed in it.
    pub failed: Listed<FailedCheck>,
    /// What was found in it.
    pub findings: Listed<FoundCode>,
}

/// The first of some rows, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed<T> {
    /// Those that are listed.
    pub rows: Vec<T>,
    /// How many there are, listed or not.
    pub total: u64,
}

impl<T> Listed<T> {
    /// How many are not listed.
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
    /// What was measured.
    pub name: String,
    /// In which unit of measure.
    pub unit: Option<String>,
    /// What it was, where it is a number.
    pub value: Option<f64>,
    /// What it was, where it is anything else.
    pub other: Option<String>,
    /// What it was not to fall below.
    pub low: Option<f64>,
    /// What it was not to exceed.
    pub high: Option<f64>,
    /// Of which part.
    pub component: Option<String>,
}

/// A diagnosis, error, symptom or defect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundCode {
    /// Diagnosis, error, symptom or defect.
    pub kind: &'static str,
    /// Whether it failed the unit.
    pub failing: bool,
    /// The code, as it was said.
    pub code: String,
    /// What is published about it.
    pub meaning: Option<Meaning>,
    /// What it says.
    pub message: Option<String>,
    /// Of which part.
    pub component: Option<String>,
}

/// A part that was found in a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its serial number.
    pub serial: Option<String>,
    /// Its part number.
    pub part: Option<String>,
    /// Where it sat.
    pub slot: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// When a run first found it.
    pub first_seen: At,
    /// When a run last found it.
    pub last_seen: At,
    /// Other units in which runs found it: serial, and whether one of these runs did not pass.
    pub elsewhere: Listed<(String, bool)>,
}

/// A repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// When.
    pub at: At,
    /// What was done.
    pub action: String,
    /// What had been found.
    pub defect: Option<String>,
    /// The part that was taken out.
    pub out: Option<String>,
    /// The part that was put in.
    pub put_in: Option<String>,
    /// For people.
    pub comment: Option<String>,
}
