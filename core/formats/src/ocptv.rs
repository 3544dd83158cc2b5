//! OCP Test & Validation output, version 2.0: a stream of LDJSON, any number
//! of runs one after the other.
//!
//! Source: opencomputeproject/ocp-diag-core, `json_spec/README.md`. Its prose
//! goes before its JSON schema: an absent field may be `null`, a time may lack
//! its zone, a validator may hold a list.
//!
//! **Borders.** A `schemaVersion` line begins a run, and so does a
//! `testRunStart` when the run that is open has one already, has ended before
//! it, or is not there. Every other artifact belongs to the run that is open.
//! Within a run `sequenceNumber` orders the artifacts, not the lines: one that
//! comes late, even after the line of `testRunEnd`, falls into its place, and
//! nothing whose number is past that of `testRunEnd` belongs to the run.
//! No event of a run comes before the next one begins or the upload ends.
//!
//! **Rejects.** A line that cannot be read is rejected, and the run around it
//! is kept and flagged `data_loss`. Rejects flag no run when they stand
//! between runs: after a `testRunEnd`, or, for text without a brace and for a
//! line that was cut off before it said what it holds, after the last artifact
//! of a run whose end is missing.
//!
//! A run with only one of `testRunStart` and `testRunEnd` is kept as an error.
//! One with neither is rejected: its name and its time are not known, so it
//! would count beside the whole run when that is sent again. Kept is only what
//! a test leaves that failed before it could start: no gap, no artifact of a
//! step, and an `error` of the run as the last word.
//!
//! Files: `wire` and `artifact` (a line into an artifact), `stream` (artifacts
//! into runs), `run` (a run into a record), `steps`, `step` and `series` (what
//! is in it), `dut` (which unit, which parts), `dialect` (the older shape that
//! is refused).

mod artifact;
mod dialect;
mod dut;
mod run;
mod series;
mod step;
mod steps;
mod stream;
mod wire;

use messages::Locale;

use crate::Format;
use crate::lines::{self, ByLine};

const NAME: &str = "ocptv";

pub(crate) const FORMAT: Format = Format {
    name: NAME,
    about: Locale::format_ocptv,
    begin: |params, tenant, limits| {
        Box::new(ByLine::new(stream::Stream::new(params, tenant, limits), limits))
    },
    border: begins_a_run,
    owns: |object| {
        let names = ["schemaVersion", "testRunArtifact", "testStepArtifact"];
        names.iter().any(|name| object.contains_key(*name))
    },
};

/// Whether the line is a `schemaVersion` that would be read as one: a line that is
/// rejected begins nothing. A `testRunStart` also may, which only the lines before
/// it can tell.
fn begins_a_run(line: &[u8]) -> bool {
    // Dear to parse and rare. A producer that escapes its letters is cut nowhere.
    const FIELD: &[u8] = b"\"schemaVersion\"";
    line.windows(FIELD.len()).any(|window| window == FIELD)
        && lines::object(line).is_ok_and(|text| {
            let artifact = artifact::read(text, 0);
            artifact.is_ok_and(|artifact| matches!(artifact.what, artifact::What::Version { .. }))
        })
}

#[cfg(test)]
mod tests;
