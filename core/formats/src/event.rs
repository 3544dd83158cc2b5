//! What comes out.

use domain::IngestRecord;

use crate::Reject;

/// One thing that was understood, or was not. Lines are counted from 1 in the
/// decoded body, blank ones too.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A run or a repair, with the line that it began on.
    Record {
        /// Where it began.
        line: u64,
        /// What it is.
        record: IngestRecord,
    },
    /// Something that is not kept: a line, or a whole run by its first line.
    Reject {
        /// Which line.
        line: u64,
        /// Why.
        reject: Reject,
    },
    /// Something that is kept and is odd.
    Warning {
        /// Which line.
        line: u64,
        /// One of [`warning`](crate::warning).
        code: &'static str,
        /// A sentence for the sender.
        why: String,
    },
}
