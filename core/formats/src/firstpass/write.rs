//! Writing lines: for programs that convert something else to our format.

use domain::{CheckOutcome, IngestRecord, RepairRecord, RunRecord, Scalar, Timestamp, Value};

use super::wire;
use crate::json::{Attributes, Count, Number, Plain, PlainOrMany};

/// A record as one line, without its end.
///
/// Read again it is the same record, but for what the format has no field
/// for: test name, flags, subcomponents, the step of a finding, the name of a
/// part, limits whose comparison has no name, and the start that a parameter
/// replaced.
pub fn line(record: &IngestRecord) -> String {
    let line = match record {
        IngestRecord::Run(record) => serde_json::to_string(&run(record)),
        IngestRecord::Repair(record) => serde_json::to_string(&repair(record)),
    };
    // These types have nothing that JSON cannot express.
    line.unwrap_or_default()
}

fn time(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    if list.is_empty() { None } else { Some(list) }
}

fn run(run: &RunRecord) -> wire::Run {
    wire::Run {
        kind: Some("run".to_owned()),
        id: run.producer_id.clone(),
        unit: Some(wire::Unit {
            serial: Some(run.unit.serial.clone()),
            product: run.unit.product.clone(),
            revision: run.unit.revision.clone(),
            kind: Some(run.unit.kind.to_string()),
        }),
        operation: Some(run.operation.clone()),
        level: run.level.clone(),
        station: run.station.clone(),
        fixture: run.fixture.clone(),
        slot: run.slot.clone(),
        operator: run.operator.clone(),
        software: run.software.clone(),
        started_at: time(Some(run.started_at)),
        ended_at: time(run.ended_at),
        outcome: Some(run.outcome.to_string()),
        steps: some(run.steps.iter().map(step).collect()),
        findings: some(run.findings.iter().map(finding).collect()),
        components: some(run.components.iter().map(component).collect()),
        attributes: (!run.attributes.is_empty())
            .then(|| Attributes(run.attributes.clone().into_iter().collect())),
    }
}

fn step(step: &domain::Step) -> wire::Step {
    wire::Step {
        name: Some(step.name.clone()),
        status: step.status.map(|status| status.to_string()),
        loop_index: step.loop_index.map(|index| Count(index.into())),
        started_at: time(step.started_at),
        ended_at: time(step.ended_at),
        measurements: some(step.measurements.iter().map(measurement).collect()),
    }
}

fn measurement(measured: &domain::Measurement) -> wire::Measurement {
    let (value, series) = match &measured.value {
        Value::Bool(truth) => (Some(Plain::from(Scalar::Bool(*truth))), None),
        Value::Num(number) => (Some(Plain::from(Scalar::Num(*number))), None),
        Value::Text(text) => (Some(Plain::from(Scalar::Text(text.clone()))), None),
        Value::Series(elements) => (None, Some(elements.iter().map(element).collect())),
    };
    wire::Measurement {
        name: Some(measured.name.clone()),
        value,
        series,
        unit: measured.unit.clone(),
        low: measured.low.map(Number::from),
        high: measured.high.map(Number::from),
        cmp: measured.cmp.map(|cmp| cmp.to_string()),
        checks: some(measured.checks.iter().map(check).collect()),
        outcome: outcome(measured.outcome),
        component: measured.component.clone(),
        started_at: time(measured.started_at),
        ended_at: time(measured.ended_at),
    }
}

fn outcome(outcome: Option<CheckOutcome>) -> Option<String> {
    outcome.map(|outcome| outcome.to_string())
}

fn element(element: &domain::Element) -> wire::Element {
    wire::Element {
        index: Some(Count(element.index)),
        value: Some(Plain::from(element.value.clone())),
        at: time(element.at),
    }
}

fn check(check: &domain::Check) -> wire::Check {
    wire::Check {
        kind: Some(check.kind.to_string()),
        value: Some(PlainOrMany::from(check.value.clone())),
        name: check.name.clone(),
        outcome: outcome(Some(check.outcome)),
    }
}

fn finding(finding: &domain::Finding) -> wire::Finding {
    wire::Finding {
        kind: Some(finding.kind.to_string()),
        outcome: Some(finding.outcome.to_string()),
        system: finding.system.clone(),
        code: Some(finding.code.clone()),
        severity: finding.severity.clone(),
        message: finding.message.clone(),
        component: finding.component.clone(),
    }
}

fn component(part: &domain::Component) -> wire::Component {
    wire::Component {
        serial: part.serial.clone(),
        part: part.part.clone(),
        slot: part.slot.clone(),
        lot: part.lot.clone(),
    }
}

fn repair(repair: &RepairRecord) -> wire::Repair {
    wire::Repair {
        kind: Some("repair".to_owned()),
        id: repair.producer_id.clone(),
        unit: Some(repair.unit.clone()),
        at: time(Some(repair.at)),
        action: Some(repair.action.clone()),
        run: repair.run.clone(),
        defect: repair.defect.clone(),
        component_out: repair.component_out.as_ref().map(component),
        component_in: repair.component_in.as_ref().map(component),
        comment: repair.comment.clone(),
    }
}
