//! A repair of a unit.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::finding::Component;

/// A repair action on a unit between two runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairRecord {
    /// The producer's own id of the repair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub producer_id: Option<String>,
    /// Serial number of the unit.
    pub unit: String,
    /// The time of the repair.
    pub at: Timestamp,
    /// The action: `replace`, `reseat`, …
    pub action: String,
    /// The producer's id of the run that led to it
    /// ([`Identity::from_producer_run`](crate::Identity::from_producer_run)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Code of the defect that was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub defect: Option<String>,
    /// The removed part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component_out: Option<Component>,
    /// The inserted part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component_in: Option<Component>,
    /// A comment for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}
