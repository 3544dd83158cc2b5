//! Generates a run: measurements, findings and outcome.

use std::time::Duration;

use domain::{
    Component, Finding, FindingKind, FindingOutcome, Measurement, Outcome, RunFlags, RunRecord,
    Step, StepStatus, Timestamp, UnitKind, UnitRef, Value,
};

use super::dice::Dice;
use super::floor::{Floor, Place};
use super::operations::{Operation, Parameter};

/// A unit at the station.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) serial: String,
    pub(crate) kind: UnitKind,
    pub(crate) product: &'static str,
    pub(crate) revision: &'static str,
    pub(crate) parts: Vec<Component>,
}

/// The cause of a failure.
#[derive(Debug, Clone)]
pub(crate) struct Trouble {
    pub(crate) code: &'static str,
    pub(crate) step: &'static str,
    /// The defective part, as an index into those of the unit.
    pub(crate) part: Option<usize>,
}

/// The station, time and duration of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    pub(crate) operation: &'static Operation,
    pub(crate) place: Place,
    pub(crate) at: Timestamp,
    pub(crate) end: Timestamp,
}

/// A complete run of the test program.
pub(crate) fn run(
    floor: &Floor,
    dice: &mut Dice,
    unit: &Unit,
    slot: Slot,
    trouble: Option<&Trouble>,
) -> RunRecord {
    let mut record = head(floor, unit, slot);
    let listed = listed(slot.operation, &unit.parts);
    let component = trouble.and_then(|trouble| unit.parts.get(trouble.part?)?.name.clone());
    for parameter in slot.operation.measurements {
        let of_trouble =
            trouble.filter(|it| it.code == parameter.code && it.step == parameter.step);
        let mut measured = measure(floor, dice, slot, parameter, of_trouble.is_some());
        let outside = is_outside(&measured);
        if of_trouble.is_some() {
            measured.component.clone_from(&component);
        }
        let step = match record.steps.iter().position(|step| step.name == parameter.step) {
            Some(step) => step,
            None => {
                record.steps.push(step(parameter.step));
                let troubled = trouble.filter(|trouble| trouble.step == parameter.step);
                if let Some(trouble) = troubled {
                    let at = record.steps.len() - 1;
                    record.findings.push(diagnosis(trouble.code, at, component.clone()));
                    record.findings.extend(logged(trouble.code, at));
                }
                record.steps.len() - 1
            }
        };
        record.steps[step].measurements.push(measured);
        if outside && of_trouble.is_none() {
            record.findings.push(diagnosis(parameter.code, step, None));
        }
    }
    record.components = listed.to_vec();
    if !record.findings.is_empty() {
        record.outcome = Outcome::Fail;
    }
    for finding in &record.findings {
        if let Some(step) = finding.step.and_then(|step| record.steps.get_mut(step as usize)) {
            step.status = Some(StepStatus::Fail);
        }
    }
    record
}

/// A run that ends early, with the error.
pub(crate) fn interrupted(floor: &Floor, dice: &mut Dice, unit: &Unit, slot: Slot) -> RunRecord {
    let (outcome, code) = *dice.weighted(&[
        (5, (Outcome::Aborted, "operator-abort")),
        (3, (Outcome::Timeout, "step-timeout")),
        (2, (Outcome::Error, "instrument-offline")),
    ]);
    let mut record = head(floor, unit, slot);
    record.outcome = outcome;
    record.findings.push(Finding {
        kind: FindingKind::Error,
        step: None,
        ..diagnosis(code, 0, None)
    });
    record
}

fn head(floor: &Floor, unit: &Unit, Slot { operation, place, at, end }: Slot) -> RunRecord {
    RunRecord {
        producer_id: None,
        unit: UnitRef {
            serial: unit.serial.clone(),
            product: Some(unit.product.to_owned()),
            revision: Some(unit.revision.to_owned()),
            kind: unit.kind,
        },
        operation: operation.name.to_owned(),
        test_name: None,
        level: Some(operation.level.to_owned()),
        station: Some(place.station.name.to_owned()),
        fixture: Some(place.fixture.to_owned()),
        slot: None,
        operator: floor.operator(at, place.station),
        software: Some(floor.software(at, operation).to_owned()),
        started_at: at,
        stamped_at: None,
        ended_at: Some(end),
        outcome: Outcome::Pass,
        complete: true,
        artifacts: 0,
        flags: RunFlags::default(),
        steps: Vec::new(),
        findings: Vec::new(),
        components: Vec::new(),
        attributes: floor.attributes(at),
    }
}

/// The parts that the operation's test program detects: none on a bare board, and no GPUs once
/// nodes are in their rack.
fn listed<'a>(operation: &Operation, parts: &'a [Component]) -> &'a [Component] {
    let nics = parts.iter().position(|it| it.part.as_deref() == Some(super::build::NIC));
    match operation.level {
        "L10" => parts,
        "L11" => &parts[nics.unwrap_or_default()..],
        _ => &[],
    }
}

/// A value of the parameter; beyond a limit by up to two sigma if `wanted`.
fn measure(
    floor: &Floor,
    dice: &mut Dice,
    Slot { operation, place, at, .. }: Slot,
    it: &Parameter,
    wanted: bool,
) -> Measurement {
    let low = floor.low(at, operation, it);
    let beyond = (0.2 + 1.8 * dice.share()) * it.sigma;
    let value = match (wanted, it.high, low) {
        (true, Some(high), _) => high + beyond,
        (true, None, Some(low)) => low - beyond,
        _ => it.mean + it.sigma * dice.bounded_normal() + floor.drift(at, place.station, it),
    };
    let scale = 10_f64.powi(it.digits);
    Measurement {
        unit: Some(it.unit.to_owned()),
        low,
        high: it.high,
        ..Measurement::new(it.name, Value::Num((value * scale).round() / scale))
    }
}

fn is_outside(measured: &Measurement) -> bool {
    let Value::Num(value) = measured.value else { return false };
    measured.low.is_some_and(|low| value < low) || measured.high.is_some_and(|high| value > high)
}

fn step(name: &str) -> Step {
    Step {
        name: name.to_owned(),
        status: Some(StepStatus::Pass),
        loop_index: None,
        started_at: None,
        ended_at: None,
        measurements: Vec::new(),
    }
}

fn diagnosis(code: &str, step: usize, component: Option<String>) -> Finding {
    Finding {
        kind: FindingKind::Diagnosis,
        outcome: FindingOutcome::Fail,
        system: None,
        code: code.to_owned(),
        severity: None,
        message: None,
        component,
        subcomponent: None,
        step: u32::try_from(step).ok(),
    }
}

/// The log message of the driver about a GPU error, as a test program reports it.
fn logged(code: &str, step: usize) -> Option<Finding> {
    let (xid, words) = match code {
        "gpu-fault" => ("xid-79", "GPU has fallen off the bus."),
        "gpu-gsp-timeout" => ("xid-119", "Timeout waiting for RPC response from GPU GSP!"),
        "gpu-hbm-error" => ("xid-95", "Uncontained ECC error."),
        "gpu-sram-error" => ("xid-48", "An uncorrectable double bit error has been detected."),
        _ => return None,
    };
    let message = Some(format!("NVRM: {words}"));
    Some(Finding { kind: FindingKind::Error, message, ..diagnosis(xid, step, None) })
}

/// The duration of a run of the operation.
pub(crate) fn takes(dice: &mut Dice, operation: &Operation, at: Timestamp) -> Timestamp {
    let seconds = operation.minutes * 60;
    at.saturating_add(Duration::from_secs(dice.between(seconds, seconds + seconds / 10)))
}
