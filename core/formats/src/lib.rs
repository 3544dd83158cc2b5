//! Bytes in, records out: every format that a test station may send.
//!
//! **For:** reading what a producer really wrote, line by line as it arrives,
//! and never stopping at the first bad line: what can be read becomes an
//! [`Event::Record`], what cannot becomes an [`Event::Reject`] with a sentence
//! for the sender, what is odd becomes an [`Event::Warning`]. The same
//! bytes and [`Params`] give the same events, however they are cut into
//! pushes.
//!
//! **Must never:** read a clock, do I/O, panic on any bytes, hold more than
//! the largest single run in memory, or guess: a serial number that is not in
//! the data is asked for.
//!
//! **To extend:** a format is one folder with its fixtures and one line in
//! [`FORMATS`]. A format of lines implements `lines::LineFormat` and leaves
//! framing, limits and encoding to [`lines`]; what a run says of itself goes
//! through [`Params`] (`Params::over`), its checks through `checks::settle`,
//! and the record through `record::finish`, so that parameters, limits and
//! flags mean the same everywhere.
//!
//! ```
//! use formats::{Event, Limits, Params, Tenant};
//! let params = Params { unit: Some("U1".into()), ..Params::default() };
//! let mut parser = formats::open("firstpass", params, Tenant::default(), Limits::default())?;
//! let mut events = Vec::new();
//! parser.push(br#"{"type":"run","operation":"L10","#, &mut |event| events.push(event))?;
//! parser.push(br#""started_at":"2026-03-01T08:00:00Z","outcome":"pass"}"#, &mut |event| events.push(event))?;
//! parser.finish(&mut |event| events.push(event))?;
//! assert!(matches!(events.as_slice(), [Event::Record { line: 1, .. }]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attributes;
mod characters;
mod checks;
mod event;
pub mod firstpass;
mod json;
mod limits;
mod lines;
pub mod lots;
mod names;
pub mod ocptv;
mod out;
mod params;
mod parse;
mod record;
mod reject;
pub mod remedy;
mod sniff;
pub mod warning;
mod wording;

pub use event::Event;
pub use limits::{Limits, TooMuch, ZSTD_WINDOW_LOG, zstd_window_error};
pub use params::{Moment, ParamError, Params};
pub use reject::{Reject, RejectCode};
pub use sniff::{sniff, wrong_with_all};

/// A format: its name in `POST /ingest/v1/{name}` and how to begin to read it.
pub struct Format {
    /// The name in the URL, and in the identity of a run.
    pub name: &'static str,
    /// What it is, for people who choose.
    pub about: fn(messages::Locale) -> &'static str,
    begin: fn(Params, Tenant, Limits) -> Box<dyn Reader>,
    border: fn(&[u8]) -> bool,
    /// Whether a line with this object on it can be of no other format.
    owns: fn(&serde_json::Map<String, serde_json::Value>) -> bool,
}

impl Format {
    /// The format of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// Whether a long upload may be cut before this line (not the first one) into
    /// two that together give the same runs and rejects as the whole. For clients
    /// that send what is too long for one upload. A part of a line is no border.
    ///
    /// Warnings that compare runs with one another (`operation_shared`) are given
    /// within each part.
    ///
    /// ```
    /// let ocptv = formats::Format::named("ocptv").unwrap();
    /// assert!(ocptv.may_cut_before(br#"{"schemaVersion":{"major":2,"minor":0},"sequenceNumber":0,"timestamp":"2026-03-01T00:00:00Z"}"#));
    /// assert!(!ocptv.may_cut_before(br#"{"testRunArtifact":{},"sequenceNumber":1,"timestamp":"2026-03-01T00:00:00Z"}"#));
    /// ```
    #[must_use]
    pub fn may_cut_before(&self, line: &[u8]) -> bool {
        (self.border)(line)
    }
}

/// Every format.
pub const FORMATS: &[Format] = &[firstpass::FORMAT, ocptv::FORMAT];

/// What a tenant has settled about its data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tenant {
    /// The part type under which its test programs list the unit itself among
    /// the hardware: "CHASSIS", "Node".
    pub chassis_part_type: Option<String>,
    /// Part types of hardware whose part numbers and revisions are attributes of the run.
    pub attribute_part_types: Vec<String>,
}

/// There is no format of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such format")]
pub struct UnknownFormat;

/// Begins to read an upload. `params` are those of the request.
pub fn open(
    format: &str,
    params: Params,
    tenant: Tenant,
    limits: Limits,
) -> Result<Parser, UnknownFormat> {
    let format = Format::named(format).ok_or(UnknownFormat)?;
    Ok(Parser { reader: (format.begin)(params, tenant, limits) })
}

/// An upload that is being read.
pub struct Parser {
    reader: Box<dyn Reader>,
}

impl Parser {
    /// Takes the next bytes of the decoded body, cut anywhere. After
    /// [`TooMuch`] the upload is over: keep nothing of it.
    pub fn push(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Event)) -> Result<(), TooMuch> {
        self.reader.push(bytes, sink)
    }

    /// Takes the end of the body.
    pub fn finish(mut self, sink: &mut dyn FnMut(Event)) -> Result<(), TooMuch> {
        self.reader.finish(sink)
    }
}

/// What a format does with the bytes. Called in the order of [`Parser`]'s
/// methods and never after an error or after `finish`.
pub(crate) trait Reader: Send {
    fn push(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Event)) -> Result<(), TooMuch>;
    fn finish(&mut self, sink: &mut dyn FnMut(Event)) -> Result<(), TooMuch>;
}

#[cfg(test)]
mod tests;
