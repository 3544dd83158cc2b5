//! One execution of one operation on one unit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::{Component, Finding, FindingKind, FindingOutcome};
use crate::flags::RunFlags;
use crate::measurement::CheckOutcome;
use crate::repair::RepairRecord;
use crate::step::Step;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// How a run ended. A value keeps its place: frames number them.
    pub enum Outcome {
        /// Nothing wrong was found.
        Pass = "pass",
        /// Something wrong was found.
        Fail = "fail",
        /// The test could not be carried out, or its end never came.
        Error = "error",
        /// It took too long.
        Timeout = "timeout",
        /// Somebody stopped it.
        Aborted = "aborted",
        /// Nothing was tested.
        Skip = "skip",
    }
}

words! {
    /// What a unit is for. The order is the order of precedence: where sources
    /// differ, the greater one is the unit's kind.
    #[derive(Default)]
    pub enum UnitKind {
        /// Made to be shipped: counts.
        #[default]
        Production = "production",
        /// Kept to compare with.
        Reference = "reference",
        /// Known to be good, run to check the station.
        Golden = "golden",
    }
}

/// The unit that a run was made on, as the run describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRef {
    /// Its serial number, trimmed.
    pub serial: String,
    /// Part number of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Revision of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// What it is for; production unless somebody says otherwise.
    #[serde(default)]
    pub kind: UnitKind,
}

/// One execution of one operation on one unit, in the form that every ingest
/// format is mapped onto and with the parameters of the upload applied.
///
/// Two records are the same delivery when they are equal; the same run when
/// their [identities](RunRecord::identity) are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The producer's own id of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub producer_id: Option<String>,
    /// The unit.
    pub unit: UnitRef,
    /// The step of the route: "L10 burn-in".
    pub operation: String,
    /// What the test program calls itself, where that is not the operation's doing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_name: Option<String>,
    /// Level of assembly: L6, L10, L11.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Where it ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<String>,
    /// In which fixture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixture: Option<String>,
    /// In which slot of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// Who stood by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// Version of the test program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it began by the data, where the parameter `started_at` said
    /// something else: the run is known by this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamped_at: Option<Timestamp>,
    /// When it ended, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether its start and its end both arrived.
    pub complete: bool,
    /// How many pieces it was made of: lines of a stream, or the things that
    /// one line carries. Of two incomplete deliveries the one with more is the
    /// better.
    pub artifacts: u64,
    /// What is odd about it.
    #[serde(default, skip_serializing_if = "RunFlags::is_empty")]
    pub flags: RunFlags,
    /// Its steps, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// What was said about the unit, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// The parts that were seen in the unit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// Free attributes by name, neither of which is empty. Not part of the record's JSON, of
    /// which [`RunRecord::content_hash`] is made: that hashes them apart.
    #[serde(default, skip_serializing)]
    pub attributes: BTreeMap<String, String>,
}

impl RunRecord {
    /// The one code that the run counts under in a Pareto chart: that of the
    /// first failing diagnosis or defect in order, else `measurement:<name>`
    /// of the first failing check, else `error` for an ERROR run and
    /// `unspecified` for any other. `None` for a run that passed or was
    /// skipped: it has nothing to explain.
    ///
    /// "First" is the order of the record: findings as they were made; steps,
    /// then measurements within a step.
    pub fn failure_code(&self) -> Option<String> {
        if matches!(self.outcome, Outcome::Pass | Outcome::Skip) {
            return None;
        }
        let found =
            self.findings.iter().find(|finding| finding.condemns() && !finding.code.is_empty());
        if let Some(finding) = found {
            return Some(finding.code.clone());
        }
        let mut measured = self.steps.iter().flat_map(|step| &step.measurements);
        if let Some(measurement) =
            measured.find(|measurement| measurement.outcome == Some(CheckOutcome::Fail))
        {
            return Some(format!("measurement:{}", measurement.name));
        }
        Some(if self.outcome == Outcome::Error { "error" } else { "unspecified" }.to_owned())
    }

    /// Whether something in it failed: a diagnosis, a defect or a check. In a
    /// run that passed this is worth a remark.
    pub fn has_failure(&self) -> bool {
        let measured = self.steps.iter().flat_map(|step| &step.measurements);
        self.findings.iter().any(Finding::condemns)
            || measured
                .into_iter()
                .any(|measurement| measurement.outcome == Some(CheckOutcome::Fail))
    }

    /// Defects and opportunities, for DPMO = 10⁶·D/O: one opportunity for each
    /// checked measurement, checked series element and PASS or FAIL diagnosis;
    /// the failing ones are the defects. (0, 0) where nothing was checked.
    pub fn opportunities(&self) -> (u64, u64) {
        let measured = self
            .steps
            .iter()
            .flat_map(|step| &step.measurements)
            .flat_map(crate::Measurement::judged);
        let diagnosed =
            self.findings.iter().filter_map(|finding| match (finding.kind, finding.outcome) {
                (FindingKind::Diagnosis, FindingOutcome::Pass) => Some(CheckOutcome::Pass),
                (FindingKind::Diagnosis, FindingOutcome::Fail) => Some(CheckOutcome::Fail),
                _ => None,
            });
        measured.chain(diagnosed).fold((0, 0), |(defects, opportunities), outcome| {
            (defects + u64::from(outcome == CheckOutcome::Fail), opportunities + 1)
        })
    }
}

/// What an ingest format yields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum IngestRecord {
    /// A run.
    Run(Box<RunRecord>),
    /// A repair.
    Repair(Box<RepairRecord>),
}

impl IngestRecord {
    /// Shows every time of the record to `see`, with the name of its field in backticks.
    pub fn each_time(&self, see: &mut dyn FnMut(&'static str, Timestamp)) {
        let mut some = |name, at: Option<Timestamp>| {
            if let Some(at) = at {
                see(name, at);
            }
        };
        let run = match self {
            Self::Repair(repair) => return some("`at`", Some(repair.at)),
            Self::Run(run) => run,
        };
        some("`started_at`", Some(run.started_at));
        some("`ended_at`", run.ended_at);
        for step in &run.steps {
            some("`steps[].started_at`", step.started_at);
            some("`steps[].ended_at`", step.ended_at);
            for measured in &step.measurements {
                some("`measurements[].started_at`", measured.started_at);
                some("`measurements[].ended_at`", measured.ended_at);
                if let crate::Value::Series(elements) = &measured.value {
                    elements.iter().for_each(|element| some("`series[].at`", element.at));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
