//! The words and shapes of Firstpass: time, identifiers, and the one model
//! that every ingest format is mapped onto.
//!
//! **For:** plain data that the formats produce, the store keeps and the
//! engine counts, so that a `Run` means the same in all of them; the rules
//! that belong to the data itself: what makes two deliveries the same run
//! ([`identity`]), which of them counts, which failure code a run has, how
//! many chances to fail it had ([`RunRecord::opportunities`]).
//!
//! **Must never:** read a clock, draw a random number, do I/O, know of SQL,
//! HTTP or a page, or panic on data. It builds for wasm32 as it does for the
//! host.
//!
//! **To extend:** a word with a fixed vocabulary is declared with `words!`
//! (`words.rs`), which gives it `as_str`, `FromStr` and its JSON form; a new
//! attribute of a run is an `Option` that is left out of the JSON when it is
//! absent, so that the content hashes of what is already kept do not move.

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
