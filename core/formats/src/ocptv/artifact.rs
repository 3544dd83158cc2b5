//! One artifact, as it is kept until its run is put together.

use domain::{Timestamp, Zone};

use super::wire::{
    Diagnosis, ErrorArtifact, Line, Measured, RunArtifact, RunEnd, RunStart, SeriesElement,
    SeriesEnd, StepArtifact,
};
use crate::json::{Count, Plain, Text};
use crate::params::Moment;
use crate::parse::parse;
use crate::reject::{EN, time_error};
use crate::wording::Quoted;
use crate::{Reject, RejectCode};

/// One artifact of a run.
#[derive(Debug, PartialEq)]
pub(super) struct Artifact {
    pub(super) line: u64,
    pub(super) sequence: u64,
    pub(super) at: Timestamp,
    pub(super) zone: Zone,
    pub(super) what: What,
}

/// What an artifact says.
#[derive(Debug, PartialEq)]
pub(super) enum What {
    Version {
        major: u64,
        minor: u64,
    },
    RunStart(Box<RunStart>),
    RunEnd(RunEnd),
    RunError(ErrorArtifact),
    /// Something that is only counted: a log.
    RunOther,
    Step {
        id: String,
        what: StepWhat,
    },
}

/// What an artifact of a step says.
#[derive(Debug, PartialEq)]
pub(super) enum StepWhat {
    Start {
        name: Option<String>,
    },
    End {
        status: Option<String>,
    },
    Measurement(Box<Measured>, Plain),
    SeriesStart {
        id: String,
        what: Box<Measured>,
    },
    SeriesElement {
        id: String,
        index: u64,
        value: Plain,
        at: Timestamp,
    },
    SeriesEnd {
        id: String,
        total: u64,
    },
    Diagnosis(Box<Diagnosis>),
    Error(ErrorArtifact),
    /// Something that is only counted: a log, a file, an extension.
    Other,
}

/// Reads a line.
pub(super) fn read(text: &str, number: u64) -> Result<Artifact, Reject> {
    let line: Line = parse(text)?;
    let held = usize::from(line.schema_version.is_some())
        + usize::from(line.test_run_artifact.is_some())
        + usize::from(line.test_step_artifact.is_some());
    only_one(held, EN.ocp_line_content())?;
    let Count(sequence) =
        line.sequence_number.ok_or_else(|| invalid(EN.ocp_no_sequence_number()))?;
    let timestamp = line.timestamp.ok_or_else(|| invalid(EN.ocp_no_timestamp()))?;
    let Moment { at, mut zone } = moment("timestamp", &timestamp)?;
    let what = if let Some(version) = line.schema_version {
        What::Version {
            major: version.major.0,
            minor: version.minor.map_or(0, |Count(minor)| minor),
        }
    } else if let Some(artifact) = line.test_run_artifact {
        run_artifact(artifact)?
    } else if let Some(artifact) = line.test_step_artifact {
        step_artifact(artifact, at, &mut zone)?
    } else {
        return Err(invalid(EN.ocp_not_artifact()));
    };
    Ok(Artifact { line: number, sequence, at, zone, what })
}

fn invalid(why: impl Into<String>) -> Reject {
    RejectCode::InvalidArtifact.because(why)
}

fn only_one(held: usize, of: &str) -> Result<(), Reject> {
    match held {
        0 => Err(invalid(EN.ocp_none_of(of))),
        1 => Ok(()),
        _ => Err(invalid(EN.ocp_more_than_one_of(of))),
    }
}

fn moment(name: &str, text: &str) -> Result<Moment, Reject> {
    Moment::parse(text).map_err(|error| {
        RejectCode::InvalidTime.because(EN.ocp_time(name, Quoted(text), time_error(error)))
    })
}

fn run_artifact(artifact: RunArtifact) -> Result<What, Reject> {
    let RunArtifact { test_run_start, test_run_end, log, error } = artifact;
    let held = [test_run_start.is_some(), test_run_end.is_some(), log.is_some(), error.is_some()];
    let held = held.into_iter().filter(|held| *held).count();
    only_one(held, EN.ocp_run_content())?;
    Ok(match (test_run_start, test_run_end, error) {
        (Some(start), ..) => What::RunStart(start),
        (_, Some(end), _) => What::RunEnd(end),
        (.., Some(error)) => What::RunError(error),
        _ => What::RunOther,
    })
}

fn step_artifact(artifact: StepArtifact, sent: Timestamp, zone: &mut Zone) -> Result<What, Reject> {
    let StepArtifact { test_step_id, test_step_start, test_step_end, measurement, .. } = artifact;
    let other = [artifact.file, artifact.log, artifact.extension].into_iter().flatten().count();
    let mut held: Vec<StepWhat> = (0..other).map(|_| StepWhat::Other).collect();
    held.extend(test_step_start.map(|start| StepWhat::Start { name: start.name }));
    held.extend(test_step_end.map(|end| StepWhat::End { status: end.status }));
    if let Some(mut measured) = measurement {
        let value = measured.value.take().ok_or_else(|| invalid(EN.ocp_no_measured_value()))?;
        held.push(StepWhat::Measurement(measured, value));
    }
    if let Some(mut what) = artifact.measurement_series_start {
        let Text(id) =
            what.measurement_series_id.take().ok_or_else(|| invalid(EN.ocp_no_series_id()))?;
        held.push(StepWhat::SeriesStart { id, what });
    }
    if let Some(element) = artifact.measurement_series_element {
        let SeriesElement {
            measurement_series_id: Text(id),
            index: Count(index),
            value,
            timestamp,
        } = element;
        let mut at = sent;
        if let Some(text) = timestamp {
            let measured = moment("measurementSeriesElement.timestamp", &text)?;
            at = measured.at;
            if measured.zone == Zone::Assumed {
                *zone = Zone::Assumed;
            }
        }
        held.push(StepWhat::SeriesElement { id, index, value, at });
    }
    held.extend(artifact.measurement_series_end.map(|end| {
        let SeriesEnd { measurement_series_id: Text(id), total_count: Count(total) } = end;
        StepWhat::SeriesEnd { id, total }
    }));
    held.extend(artifact.diagnosis.map(StepWhat::Diagnosis));
    held.extend(artifact.error.map(StepWhat::Error));
    only_one(held.len(), EN.ocp_step_content())?;
    let Text(id) = test_step_id.ok_or_else(|| invalid(EN.ocp_no_step_id()))?;
    held.pop().map(|what| What::Step { id, what }).ok_or_else(|| invalid(EN.ocp_not_artifact()))
}
