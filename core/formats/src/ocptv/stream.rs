//! Where a run begins and ends in a stream of artifacts.

use std::collections::{BTreeMap, BTreeSet};

use domain::{IngestRecord, RunRecord};
use serde::de::IgnoredAny;

use super::artifact::{self, Artifact, What};
use super::{dialect, run};
use crate::lines::{Bad, LineFormat};
use crate::out::Out;
use crate::reject::EN;
use crate::{Limits, Params, Reject, RejectCode, Tenant, TooMuch, warning};

/// An upload in this format.
pub(super) struct Stream {
    params: Params,
    tenant: Tenant,
    limits: Limits,
    open: Option<Open>,
    /// Whether any `schemaVersion` came.
    versioned: bool,
    /// Whether any run was read.
    told: bool,
    /// Whether the run that is passing by is of a version that is not read.
    foreign: bool,
    /// Whether the whole upload was refused.
    refused: bool,
    /// The first test name under each operation; `None` once there was a warning that it is shared.
    operations: BTreeMap<String, Option<String>>,
}

/// A run whose last artifact may not have come yet.
#[derive(Default)]
pub(super) struct Open {
    /// Where it began.
    pub(super) line: u64,
    pub(super) artifacts: Vec<Artifact>,
    /// Whether a line within it could not be read.
    pub(super) damaged: bool,
    /// Whether it began the upload without a `schemaVersion`.
    pub(super) unversioned: bool,
    bytes: usize,
    started: bool,
    /// The least sequence number of a `testRunEnd`.
    end: Option<u64>,
    /// The sequence numbers so far, once the end has come and one came after it.
    numbers: Option<BTreeSet<u64>>,
    /// Lines that could not be read since the last artifact.
    pub(super) unread: Unread,
}

/// The most that lines which could not be read may have been.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unread {
    #[default]
    Nothing,
    /// No artifact.
    Text,
    /// An artifact of this run, or the first of the next.
    Head,
    /// An artifact of this run.
    Artifact,
}

impl Unread {
    /// A line that begins with a brace. One that ends before it says what it
    /// holds is where an upload was cut off: as likely between two runs as
    /// within one.
    fn object(text: &str) -> Self {
        let cut = serde_json::from_str::<IgnoredAny>(text).is_err_and(|error| error.is_eof());
        let named = ["\"testRunArtifact\"", "\"testStepArtifact\""];
        if cut && !named.iter().any(|name| text.contains(name)) {
            Self::Head
        } else {
            Self::Artifact
        }
    }
}

impl Open {
    /// Whether an artifact that arrives now belongs to the run. Before the end
    /// everything does, and what is past the end is sorted out later. After
    /// it, only what fills a gap: that came late. Anything else belongs to a
    /// run whose beginning was lost.
    fn takes(&mut self, sequence: u64) -> bool {
        let Some(end) = self.end else { return true };
        let artifacts = &self.artifacts;
        let numbers = self
            .numbers
            .get_or_insert_with(|| artifacts.iter().map(|artifact| artifact.sequence).collect());
        sequence < end && !numbers.contains(&sequence)
    }

    fn push(&mut self, artifact: Artifact, bytes: usize, limits: &Limits) -> Result<(), TooMuch> {
        let line = self.line;
        if self.artifacts.len() >= limits.run_artifacts {
            return Err(TooMuch::RunArtifacts { line, limit: limits.run_artifacts });
        }
        self.bytes += bytes;
        if self.bytes > limits.run_bytes {
            return Err(TooMuch::RunBytes { line, limit: limits.run_bytes });
        }
        match artifact.what {
            What::RunStart(_) => self.started = true,
            What::RunEnd(_) => {
                let end = self.end.map_or(artifact.sequence, |end| end.min(artifact.sequence));
                self.end = Some(end);
            }
            _ => {}
        }
        if let Some(numbers) = &mut self.numbers {
            numbers.insert(artifact.sequence);
        }
        // What could not be read stood between two artifacts of this run.
        self.damaged |= self.unread != Unread::Nothing;
        self.unread = Unread::Nothing;
        self.artifacts.push(artifact);
        Ok(())
    }

    /// The last artifact has come. What could not be read behind it belonged
    /// to the run if it may have been its missing end.
    fn close(&mut self) {
        self.damaged |= self.end.is_none() && self.unread == Unread::Artifact;
    }
}

impl Stream {
    pub(super) fn new(params: Params, tenant: Tenant, limits: Limits) -> Self {
        Self {
            params,
            tenant,
            limits,
            open: None,
            versioned: false,
            told: false,
            foreign: false,
            refused: false,
            operations: BTreeMap::new(),
        }
    }

    fn begin(&mut self, line: u64, out: &mut Out<'_>) -> Result<&mut Open, TooMuch> {
        self.close(out)?;
        let unversioned = !self.versioned;
        Ok(self.open.insert(Open { line, unversioned, ..Open::default() }))
    }

    fn close(&mut self, out: &mut Out<'_>) -> Result<(), TooMuch> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        open.close();
        let line = open.line;
        let run = run::assemble(open, &self.params, &self.tenant);
        self.told = true;
        for (line, why) in run.strays {
            out.reject(line, why);
        }
        match run.record {
            Err(why) => out.reject(line, why),
            Ok(record) => {
                run.warnings.tell(out);
                self.note_operation(line, &record, out);
                out.record(line, IngestRecord::Run(record))?;
            }
        }
        Ok(())
    }

    /// Several test names under one operation mix what they measure.
    fn note_operation(&mut self, line: u64, run: &RunRecord, out: &mut Out<'_>) {
        let Some(name) = &run.test_name else { return };
        let first =
            self.operations.entry(run.operation.clone()).or_insert_with(|| Some(name.clone()));
        if first.as_ref().is_some_and(|first| first != name) {
            *first = None;
            let why = EN.warning_operation_shared();
            out.warn(line, warning::OPERATION_SHARED, why);
        }
    }

    fn reject_line(&mut self, line: u64, why: Reject, unread: Unread, out: &mut Out<'_>) {
        if let Some(open) = &mut self.open {
            open.unread = open.unread.max(unread);
        }
        out.reject(line, why);
    }
}

impl LineFormat for Stream {
    fn name(&self) -> &'static str {
        super::NAME
    }

    fn object(&mut self, line: u64, text: &str, out: &mut Out<'_>) -> Result<(), TooMuch> {
        if self.refused {
            return Ok(());
        }
        if !self.versioned && !self.told && dialect::is_pre_2_0(text) {
            (self.refused, self.open) = (true, None);
            out.reject(line, RejectCode::UnsupportedVersion.because(EN.ocp_pre_2_0()));
            return Ok(());
        }
        let artifact = match artifact::read(text, line) {
            Ok(artifact) => artifact,
            Err(why) => {
                self.reject_line(line, why, Unread::object(text), out);
                return Ok(());
            }
        };
        if let What::Version { major, minor } = artifact.what {
            self.close(out)?;
            self.versioned = true;
            self.foreign = major != 2;
            if self.foreign {
                let why = EN.ocp_version(major, minor);
                out.reject(line, RejectCode::UnsupportedVersion.because(why));
                return Ok(());
            }
            let limits = self.limits;
            return self.begin(line, out)?.push(artifact, text.len(), &limits);
        }
        if self.foreign {
            return Ok(());
        }
        let limits = self.limits;
        let begins = matches!(artifact.what, What::RunStart(_))
            && self.open.as_ref().is_none_or(|open| {
                open.started || open.end.is_some_and(|end| artifact.sequence > end)
            });
        if begins {
            return self.begin(line, out)?.push(artifact, text.len(), &limits);
        }
        let Some(open) = self.open.as_mut() else {
            out.reject(line, RejectCode::OutsideRun.because(EN.ocp_no_run()));
            return Ok(());
        };
        if open.takes(artifact.sequence) {
            return open.push(artifact, text.len(), &limits);
        }
        out.reject(line, RejectCode::OutsideRun.because(EN.ocp_after_end()));
        Ok(())
    }

    fn bad(&mut self, line: u64, bad: Bad<'_>, out: &mut Out<'_>) {
        if !self.refused {
            let unread = match bad.begun {
                Some(text) => Unread::object(text),
                None if bad.brace => Unread::Artifact,
                None => Unread::Text,
            };
            self.reject_line(line, bad.why, unread, out);
        }
    }

    fn end(&mut self, out: &mut Out<'_>) -> Result<(), TooMuch> {
        self.close(out)
    }
}
