//! What a test program said about the unit, and the parts that it found in it.

use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// What kind of statement a finding is.
    pub enum FindingKind {
        /// A verdict on the hardware.
        Diagnosis = "diagnosis",
        /// A fault of the test itself or of its software: no verdict on the hardware.
        Error = "error",
        /// Something observed that asks for an explanation.
        Symptom = "symptom",
        /// A cause that was established.
        Defect = "defect",
    }
}

words! {
    /// What a finding says.
    pub enum FindingOutcome {
        /// In order.
        Pass = "pass",
        /// Not in order.
        Fail = "fail",
        /// It could not be told.
        Unknown = "unknown",
    }
}

/// A statement about the unit with a code that can be counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of statement it is.
    pub kind: FindingKind,
    /// What it says.
    pub outcome: FindingOutcome,
    /// Who defines the code: `ocp`, `dcgm`, `xid`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The code, short and countable: an OCP verdict, a defect code.
    pub code: String,
    /// As the source grades it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The part that it is about, by the name the test program uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// A part of that part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subcomponent: Option<String>,
    /// The step that it was made in, as an index into the steps of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
}

impl Finding {
    /// Whether the hardware is said not to be in order: a failing diagnosis or
    /// defect. An error is about the test, a symptom has no cause yet.
    pub fn condemns(&self) -> bool {
        self.outcome == FindingOutcome::Fail
            && matches!(self.kind, FindingKind::Diagnosis | FindingKind::Defect)
    }
}

/// A part in a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Its own serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// Its part number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Where it sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// The lot that it is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// What the test program calls it, which is what findings and
    /// measurements call it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Component {
    /// Whether nothing is known of it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
