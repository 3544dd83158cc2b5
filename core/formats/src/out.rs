//! The way out of a format: events, and the count of runs.

use std::collections::BTreeMap;

use domain::IngestRecord;

use crate::names::Names;
use crate::reject::EN;
use crate::{Event, Reject, TooMuch, warning};

/// Where events go.
pub(crate) struct Out<'a> {
    pub(crate) sink: &'a mut dyn FnMut(Event),
    /// Records so far in this upload, and how many there may be.
    pub(crate) records: &'a mut u64,
    pub(crate) limit: u64,
    /// The names that came before.
    pub(crate) names: &'a mut Names,
    /// Whether rejects are left out: what is wrong with the whole file was said once.
    pub(crate) muted: bool,
}

impl Out<'_> {
    pub(crate) fn record(&mut self, line: u64, record: IngestRecord) -> Result<(), TooMuch> {
        if *self.records >= self.limit {
            return Err(TooMuch::Runs { line, limit: self.limit });
        }
        *self.records += 1;
        for why in self.names.take(&record) {
            self.warn(line, warning::NAME_VARIANT, why);
        }
        (self.sink)(Event::Record { line, record });
        Ok(())
    }

    pub(crate) fn reject(&mut self, line: u64, reject: Reject) {
        if !self.muted {
            (self.sink)(Event::Reject { line, reject });
        }
    }

    pub(crate) fn warn(&mut self, line: u64, code: &'static str, why: impl Into<String>) {
        (self.sink)(Event::Warning { line, code, why: why.into() });
    }
}

/// The warnings of one run, held back until it is known to be kept: a
/// rejected run has no warnings.
#[derive(Default)]
pub(crate) struct Warnings {
    kept: Vec<(u64, &'static str, String)>,
    counts: BTreeMap<&'static str, (u64, u64)>,
}

/// Warnings of one code that a run may give. A run of a million measurements
/// with the same broken pattern says so often enough.
const EACH: u64 = 20;

impl Warnings {
    pub(crate) fn add(&mut self, line: u64, code: &'static str, why: impl Into<String>) {
        let (count, last) = self.counts.entry(code).or_default();
        *count += 1;
        *last = line;
        if *count <= EACH {
            self.kept.push((line, code, why.into()));
        }
    }

    pub(crate) fn tell(self, out: &mut Out<'_>) {
        for (line, code, why) in self.kept {
            out.warn(line, code, why);
        }
        for (code, (count, last)) in self.counts {
            if count > EACH {
                out.warn(last, code, EN.warning_more(count - EACH));
            }
        }
    }
}
