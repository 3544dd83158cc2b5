//! The vocabulary and data model of Firstpass: time, identifiers, and the one record model that
//! every ingest format is mapped onto.
//!
//! **Purpose:** plain data that the formats produce, the store keeps and the engine counts, so that
//! a `Run` means the same in all of them; and the rules of the data itself: when two deliveries are
//! the same run ([`identity`]), which of them counts, the failure code of a run, its opportunities
//! ([`RunRecord::opportunities`]).
//!
//! **Invariants:** it never reads a clock, draws a random number or does I/O; it does not depend on
//! SQL, HTTP or pages; it does not panic on data. It builds for wasm32 and for the host.
//!
//! **To extend:** declare a fixed vocabulary with `words!` (`words.rs`), which generates `as_str`,
//! `FromStr` and the JSON form. A new attribute of a run is an `Option` that is omitted from the
//! JSON when absent, so that the content hashes of stored runs do not change.

mod words;

mod access;
pub mod csv;
pub mod dimension;
mod finding;
mod flags;
pub mod frame;
pub mod identity;
pub mod ids;
mod measurement;
mod repair;
mod run;
mod step;
pub mod time;
pub mod values;
pub mod visible;
pub mod yields;

pub use access::{Role, Scope};
pub use finding::{Component, Finding, FindingKind, FindingOutcome};
pub use flags::{RunFlag, RunFlags};
pub use identity::{ContentHash, Identity};
pub use ids::{ReceiptId, RunId, TenantId};
pub use measurement::{
    Check, CheckKind, CheckOutcome, CheckValue, Cmp, Element, Measurement, Scalar, Value,
};
pub use repair::RepairRecord;
pub use run::{IngestRecord, Outcome, RunRecord, UnitKind, UnitRef};
pub use step::{Step, StepStatus};
pub use time::{TimeError, Timestamp, Zone};
pub use words::UnknownWord;
