//! Findings of a test program about the unit, and the components that it detected in it.

use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// The kind of a finding.
    pub enum FindingKind {
        /// A diagnosis of the hardware.
        Diagnosis = "diagnosis",
        /// A fault of the test itself or of its software: no statement about the hardware.
        Error = "error",
        /// An observation that needs an explanation.
        Symptom = "symptom",
        /// An established cause.
        Defect = "defect",
    }
}

words! {
    /// The outcome of a finding.
    pub enum FindingOutcome {
        /// Passed.
        Pass = "pass",
        /// Failed.
        Fail = "fail",
        /// It could not be determined.
        Unknown = "unknown",
    }
}

/// A statement about the unit with a code that can be counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The kind of the finding.
    pub kind: FindingKind,
    /// The outcome of the finding.
    pub outcome: FindingOutcome,
    /// The system that defines the code: `ocp`, `dcgm`, `xid`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The code, short and countable: an OCP verdict, a defect code.
    pub code: String,
    /// The severity in the scale of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// A message for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The component that it is about, by the name the test program uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// A subcomponent of that component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subcomponent: Option<String>,
    /// The step that reported it, as an index into the steps of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
}

impl Finding {
    /// Whether the finding is a failure of the hardware: a failed diagnosis or defect. An error is
    /// about the test, and a symptom has no cause yet.
    pub fn is_hardware_failure(&self) -> bool {
        self.outcome == FindingOutcome::Fail
            && matches!(self.kind, FindingKind::Diagnosis | FindingKind::Defect)
    }
}

/// A component of a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Its own serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// Its part number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Its location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// Its lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// Its name in the test program, which findings and measurements refer to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Component {
    /// Whether nothing is known about it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
