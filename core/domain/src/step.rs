//! A step of a run.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::measurement::Measurement;
use crate::words::words;

words! {
    /// How a step ended.
    pub enum StepStatus {
        /// It ran and found nothing wrong.
        Pass = "pass",
        /// It ran and found something wrong.
        Fail = "fail",
        /// It could not do its work.
        Error = "error",
        /// It was left out.
        Skip = "skip",
    }
}

/// A part of a run with a name: what was measured in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its name, as the test program gave it; not unique within a run.
    pub name: String,
    /// How it ended, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<StepStatus>,
    /// Which repetition this is, for steps that loop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loop_index: Option<u32>,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// What was measured, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measurements: Vec<Measurement>,
}
