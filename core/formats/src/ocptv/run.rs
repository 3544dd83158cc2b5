//! A run put together from its artifacts.

use domain::{IngestRecord, Outcome, RunFlag, RunRecord, Timestamp, Zone};

use super::artifact::{Artifact, What};
use super::dut::{self, Parts, Unit};
use super::steps::Body;
use super::stream::{Open, Unread};
use super::wire::RunEnd;
use crate::out::Warnings;
use crate::params::Moment;
use crate::record;
use crate::reject::EN;
use crate::wording::Quoted;
use crate::{Params, Reject, RejectCode, Tenant, warning};

/// The result of reading a run.
pub(super) struct Assembled {
    /// The record, or the sentence that the run is rejected with.
    pub(super) record: Result<Box<RunRecord>, Reject>,
    /// Lines that turned out to belong to no run.
    pub(super) strays: Vec<(u64, Reject)>,
    pub(super) warnings: Warnings,
}

/// Puts a run together. The result does not depend on the order of the lines
/// after the first.
pub(super) fn assemble(open: Open, params: &Params, tenant: &Tenant) -> Assembled {
    let mut warnings = Warnings::default();
    let mut strays = Vec::new();
    let record = record_of(open, params, tenant, &mut strays, &mut warnings);
    Assembled { record, strays, warnings }
}

fn record_of(
    open: Open,
    params: &Params,
    tenant: &Tenant,
    strays: &mut Vec<(u64, Reject)>,
    warnings: &mut Warnings,
) -> Result<Box<RunRecord>, Reject> {
    let Open { line, damaged, unread, unversioned, artifacts, .. } = open;
    let artifacts = in_order(artifacts, strays, warnings);
    if artifacts.iter().all(|artifact| matches!(artifact.what, What::Version { .. })) {
        return Err(RejectCode::NoRunFrame.because(EN.ocp_empty_run()));
    }
    let gap = gap(&artifacts, line, warnings);
    if !recognisable(&artifacts, damaged || gap || unread > Unread::Text) {
        return Err(RejectCode::NoRunFrame.because(EN.ocp_no_frame()));
    }
    if unversioned {
        warnings.add(line, warning::NO_SCHEMA_VERSION, EN.warning_no_schema_version());
    }

    // What the run says of itself.
    let start = artifacts.iter().find_map(|artifact| match &artifact.what {
        What::RunStart(start) => Some((start, artifact.at, artifact.zone)),
        _ => None,
    });
    let first = artifacts.first().map(|artifact| (artifact.at, artifact.zone));
    let unit = match start.map(|(start, ..)| dut::unit(start, tenant.chassis_part_type.as_deref()))
    {
        // The parameter settles which of several it is.
        Some(Err(_)) if params.unit.is_some() => Unit::default(),
        Some(Err(why)) => return Err(why),
        Some(Ok(unit)) => unit,
        None => Unit::default(),
    };
    let begun = start.map(|(_, at, zone)| (at, zone)).or(first);
    let said = Params {
        unit: unit.serial,
        product: unit.product,
        revision: unit.revision,
        software: start.and_then(|(start, ..)| start.version.clone()).map(|version| version.0),
        started_at: begun.map(|(at, zone)| Moment { at, zone }),
        ..Params::default()
    };
    let stated = said.started_at;
    let mut head = params.over(said, line, warnings);
    let test_name = crate::json::trimmed(start.and_then(|(start, ..)| start.name.clone()));
    head.operation = head.operation.or_else(|| test_name.clone());
    let mut parts = match start {
        Some((start, ..)) => Parts::of(start, head.unit.as_deref().unwrap_or_default()),
        None => Parts::default(),
    };
    let started = start.is_some();

    let mut run = record::begin(head, stated, None, Outcome::Error)
        .map_err(|missing| RejectCode::IncompleteStream.because(EN.ocp_lacks(missing)))?;
    run.test_name = test_name;
    if let Some((start, ..)) = start {
        let (attributes, left_out) = dut::attributes(start, &tenant.attribute_part_types);
        run.attributes = attributes;
        if let Some(name) = left_out.first() {
            let why = EN.warning_attribute_left_out(left_out.len(), Quoted(name));
            warnings.add(line, warning::ATTRIBUTE_LEFT_OUT, why);
        }
    }
    run.artifacts = artifacts.len() as u64;
    let assumed = artifacts.iter().any(|artifact| artifact.zone == Zone::Assumed);
    run.flags.set_to(RunFlag::TzAssumed, assumed || run.flags.has(RunFlag::TzAssumed));

    let end = conclude(&mut run, started, &artifacts, line, warnings);
    let body = Body::of(artifacts, end.is_some(), &mut parts, warnings);
    run.ended_at = end;
    run.flags.set_to(RunFlag::DataLoss, damaged || gap || body.lost);
    run.steps = body.steps;
    run.findings = body.findings;
    run.components = parts.listed();

    match record::finish(IngestRecord::Run(Box::new(run)), line, warnings)? {
        IngestRecord::Run(run) => Ok(run),
        IngestRecord::Repair(_) => Err(RejectCode::NoRunFrame.because(EN.ocp_empty_run())),
    }
}

/// Whether there is enough of a run to keep it. With neither start nor end it
/// is most likely the head of one that was cut off: kept under a name and a
/// time that are not those of the run, it would count beside the whole one
/// when that comes.
///
/// There is one run that its producer never meant to be longer: the test that
/// failed before it could start, and says so. Nothing may be missing from it,
/// and the error is its last word.
fn recognisable(artifacts: &[Artifact], lossy: bool) -> bool {
    let framed = |artifact: &Artifact| matches!(artifact.what, What::RunStart(_) | What::RunEnd(_));
    let before_start = |artifact: &Artifact| {
        matches!(artifact.what, What::Version { .. } | What::RunError(_) | What::RunOther)
    };
    let failed = artifacts.last().is_some_and(|last| matches!(last.what, What::RunError(_)));
    artifacts.iter().any(framed) || (failed && !lossy && artifacts.iter().all(before_start))
}

/// The artifacts of the run by sequence number, each once, up to its end.
///
/// Two artifacts of one number are ordered by time and then by what they say,
/// so that no order of lines makes a difference.
fn in_order(
    mut artifacts: Vec<Artifact>,
    strays: &mut Vec<(u64, Reject)>,
    warnings: &mut Warnings,
) -> Vec<Artifact> {
    artifacts.sort_by(|left, right| {
        (left.sequence, left.at)
            .cmp(&(right.sequence, right.at))
            .then_with(|| format!("{:?}", left.what).cmp(&format!("{:?}", right.what)))
    });
    let mut before: Option<u64> = None;
    for artifact in &artifacts {
        if before == Some(artifact.sequence) {
            let why = EN.warning_sequence_repeated(artifact.sequence);
            warnings.add(artifact.line, warning::SEQUENCE_REPEATED, why);
        }
        before = Some(artifact.sequence);
    }
    artifacts.dedup_by(|later, earlier| {
        (later.sequence, later.at, later.zone) == (earlier.sequence, earlier.at, earlier.zone)
            && later.what == earlier.what
    });
    let end = artifacts.iter().find_map(|artifact| match artifact.what {
        What::RunEnd(_) => Some(artifact.sequence),
        _ => None,
    });
    if let Some(end) = end {
        let past = artifacts.partition_point(|artifact| artifact.sequence <= end);
        for stray in artifacts.drain(past..) {
            let why = EN.ocp_past_end(stray.sequence, end);
            strays.push((stray.line, RejectCode::OutsideRun.because(why)));
        }
    }
    artifacts
}

/// Whether sequence numbers are missing between the first and the last.
fn gap(artifacts: &[Artifact], line: u64, warnings: &mut Warnings) -> bool {
    let pairs = artifacts.iter().zip(artifacts.iter().skip(1));
    let holes: Vec<(u64, u64)> = pairs
        .filter_map(|(one, next)| {
            let missing = next.sequence.saturating_sub(one.sequence).saturating_sub(1);
            (missing > 0).then_some((one.sequence, missing))
        })
        .collect();
    let Some((before, _)) = holes.first() else { return false };
    let missing = holes.iter().fold(0_u64, |sum, (_, missing)| sum.saturating_add(*missing));
    let why = EN.warning_sequence_gap(missing, before);
    warnings.add(line, warning::SEQUENCE_GAP, why);
    true
}

/// Sets how the run ended; when, if it did.
fn conclude(
    run: &mut RunRecord,
    started: bool,
    artifacts: &[Artifact],
    line: u64,
    warnings: &mut Warnings,
) -> Option<Timestamp> {
    let end = artifacts.iter().find_map(|artifact| match &artifact.what {
        What::RunEnd(end) => Some((end, artifact)),
        _ => None,
    });
    run.complete = started && end.is_some();
    if !started {
        run.flags.set(RunFlag::NoStart);
        let why = EN.warning_run_without_start();
        warnings.add(line, warning::RUN_WITHOUT_START, why);
    }
    let Some((RunEnd { status, result }, artifact)) = end else {
        run.flags.set(RunFlag::Truncated);
        let why = EN.warning_run_without_end();
        warnings.add(line, warning::RUN_WITHOUT_END, why);
        return None;
    };
    let outcome = match (status.as_deref(), result.as_deref()) {
        (Some("COMPLETE"), Some("PASS")) => Some(Outcome::Pass),
        (Some("COMPLETE"), Some("FAIL")) => Some(Outcome::Fail),
        (Some("ERROR"), Some("NOT_APPLICABLE")) => Some(Outcome::Error),
        (Some("SKIP"), Some("NOT_APPLICABLE")) => Some(Outcome::Skip),
        (status, result) => {
            run.flags.set(RunFlag::IllegalResult);
            let why = EN.warning_illegal_result(
                Quoted(status.unwrap_or("null")),
                Quoted(result.unwrap_or("null")),
            );
            warnings.add(artifact.line, warning::ILLEGAL_RESULT, why);
            None
        }
    };
    // A run of which one end never came is an error, whatever the other says.
    run.outcome = outcome.filter(|_| started).unwrap_or(Outcome::Error);
    Some(artifact.at)
}
