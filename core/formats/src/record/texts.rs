//! Every text in a record, one after the other.

use domain::{
    CheckValue, Component, Finding, IngestRecord, RepairRecord, RunRecord, Scalar, Step, Value,
};

/// Shows every text of a record to `see`.
pub(super) fn each(record: &mut IngestRecord, see: &mut dyn FnMut(&mut String)) {
    match record {
        IngestRecord::Run(run) => run_texts(run, see),
        IngestRecord::Repair(repair) => {
            let RepairRecord {
                producer_id,
                unit,
                at: _,
                action,
                run,
                defect,
                component_out,
                component_in,
                comment,
            } = &mut **repair;
            [unit, action].into_iter().for_each(&mut *see);
            [producer_id, run, defect, comment].into_iter().flatten().for_each(&mut *see);
            [component_out, component_in]
                .into_iter()
                .flatten()
                .for_each(|part| part_texts(part, see));
        }
    }
}

fn run_texts(run: &mut RunRecord, see: &mut dyn FnMut(&mut String)) {
    let unit = &mut run.unit;
    [&mut unit.serial, &mut run.operation].into_iter().for_each(&mut *see);
    [
        &mut run.producer_id,
        &mut unit.product,
        &mut unit.revision,
        &mut run.test_name,
        &mut run.level,
        &mut run.station,
        &mut run.fixture,
        &mut run.slot,
        &mut run.operator,
        &mut run.software,
    ]
    .into_iter()
    .flatten()
    .for_each(&mut *see);
    run.steps.iter_mut().for_each(|step| step_texts(step, see));
    for Finding {
        system,
        code,
        severity,
        message,
        component,
        subcomponent,
        kind: _,
        outcome: _,
        step: _,
    } in &mut run.findings
    {
        see(code);
        [system, severity, message, component, subcomponent]
            .into_iter()
            .flatten()
            .for_each(&mut *see);
    }
    run.components.iter_mut().for_each(|part| part_texts(part, see));
}

fn step_texts(step: &mut Step, see: &mut dyn FnMut(&mut String)) {
    see(&mut step.name);
    for measurement in &mut step.measurements {
        see(&mut measurement.name);
        [&mut measurement.unit, &mut measurement.component, &mut measurement.subcomponent]
            .into_iter()
            .flatten()
            .for_each(&mut *see);
        match &mut measurement.value {
            Value::Text(text) => see(text),
            Value::Series(elements) => {
                elements.iter_mut().for_each(|element| scalar_text(&mut element.value, see));
            }
            Value::Bool(_) | Value::Num(_) => {}
        }
        for check in &mut measurement.checks {
            check.name.iter_mut().for_each(&mut *see);
            match &mut check.value {
                CheckValue::One(value) => scalar_text(value, see),
                CheckValue::Many(values) => {
                    values.iter_mut().for_each(|value| scalar_text(value, see));
                }
            }
        }
    }
}

fn scalar_text(value: &mut Scalar, see: &mut dyn FnMut(&mut String)) {
    if let Scalar::Text(text) = value {
        see(text);
    }
}

fn part_texts(part: &mut Component, see: &mut dyn FnMut(&mut String)) {
    let Component { serial, part, slot, name } = part;
    [serial, part, slot, name].into_iter().flatten().for_each(see);
}
