//! A step of a run.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::measurement::Measurement;
use crate::words::words;

words! {
    /// The status of a step.
    pub enum StepStatus {
        /// Passed.
        Pass = "pass",
        /// Failed.
        Fail = "fail",
        /// It could not be executed.
        Error = "error",
        /// It was skipped.
        Skip = "skip",
    }
}

/// A named part of a run, with its measurements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its name in the test program; not unique within a run.
    pub name: String,
    /// Its status, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<StepStatus>,
    /// The iteration, for steps that loop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loop_index: Option<u32>,
    /// The start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// The end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Its measurements, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measurements: Vec<Measurement>,
}
