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
    /// The outcome of a run. The order is fixed: frames number the values.
    pub enum Outcome {
        /// Passed.
        Pass = "pass",
        /// Failed.
        Fail = "fail",
        /// The test could not be carried out, or the end of the run is missing.
        Error = "error",
        /// It exceeded its time limit.
        Timeout = "timeout",
        /// It was aborted by a person.
        Aborted = "aborted",
        /// Nothing was tested.
        Skip = "skip",
    }
}

words! {
    /// The type of a unit. The order is the order of precedence: if sources differ, the greater one
    /// is the unit's type.
    #[derive(Default)]
    pub enum UnitKind {
        /// A production unit: counts.
        #[default]
        Production = "production",
        /// A reference unit, kept for comparison.
        Reference = "reference",
        /// A golden unit: known to be good, run to check the station.
        Golden = "golden",
    }
}

/// The unit of a run, as the run describes it.
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
    /// Its type; production by default.
    #[serde(default)]
    pub kind: UnitKind,
}

/// One execution of one operation on one unit: the record that every ingest format is mapped onto,
/// with the parameters of the upload applied.
///
/// Equal records are duplicate deliveries; records with equal [identities](RunRecord::identity) are
/// the same run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The producer's own id of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub producer_id: Option<String>,
    /// The unit.
    pub unit: UnitRef,
    /// The step of the route: "L10 burn-in".
    pub operation: String,
    /// The name of the test program, where it does not follow from the operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_name: Option<String>,
    /// Level of assembly: L6, L10, L11.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The station.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<String>,
    /// The fixture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixture: Option<String>,
    /// The slot of the fixture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// The operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// Version of the test program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software: Option<String>,
    /// The start.
    pub started_at: Timestamp,
    /// The start in the data, where the parameter `started_at` overrides it: the identity of the
    /// run uses this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamped_at: Option<Timestamp>,
    /// The end, if it arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// The outcome.
    pub outcome: Outcome,
    /// Whether its start and its end both arrived.
    pub complete: bool,
    /// The number of artifacts that it was assembled from: lines of a stream, or the items of one
    /// line. Of two incomplete deliveries the one with more is kept.
    pub artifacts: u64,
    /// Flags of data quality problems.
    #[serde(default, skip_serializing_if = "RunFlags::is_empty")]
    pub flags: RunFlags,
    /// Its steps, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Findings about the unit, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// The components detected in the unit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// Free attributes by name; neither names nor values are empty. Not part of the record's JSON,
    /// so [`RunRecord::content_hash`] hashes them separately.
    #[serde(default, skip_serializing)]
    pub attributes: BTreeMap<String, String>,
}

impl RunRecord {
    /// The one failure code of the run in a Pareto chart: that of the first failing diagnosis or
    /// defect, else `measurement:<name>` of the first failing check, else `error` for an ERROR run
    /// and `unspecified` for any other. `None` for a run that passed or was skipped.
    ///
    /// "First" is the order of the record: findings in order; steps, then measurements within a
    /// step.
    pub fn failure_code(&self) -> Option<String> {
        if matches!(self.outcome, Outcome::Pass | Outcome::Skip) {
            return None;
        }
        let found = self
            .findings
            .iter()
            .find(|finding| finding.is_hardware_failure() && !finding.code.is_empty());
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

    /// Whether a diagnosis, a defect or a check in it failed. A run that passed is flagged if so.
    pub fn has_failure(&self) -> bool {
        let measured = self.steps.iter().flat_map(|step| &step.measurements);
        self.findings.iter().any(Finding::is_hardware_failure)
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
            .flat_map(crate::Measurement::opportunity_outcomes);
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

/// The output of an ingest format.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum IngestRecord {
    /// A run.
    Run(Box<RunRecord>),
    /// A repair.
    Repair(Box<RepairRecord>),
}

impl IngestRecord {
    /// Calls `see` with every time of the record and the name of its field in backticks.
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
