//! Every text of a record, and how long it may be.
//!
//! A text that stands in an index must fit into one: PostgreSQL takes 2,704 bytes for a
//! row of a B-tree, and the widest of ours holds an operation, a product, a station and a
//! code together. Texts that are in no index are bounded too, so that nobody has to know
//! which are: a new index cannot break an upload.

use domain::{
    CheckValue, Component, Finding, IngestRecord, RepairRecord, RunRecord, Scalar, Step, Value,
};

use crate::attributes::{NAME_BYTES, VALUE_BYTES};

/// One kind of text.
pub(super) struct Field {
    /// What it is called where it is written, in backticks.
    pub(super) name: &'static str,
    /// The most bytes that are kept.
    pub(super) bytes: usize,
    /// Whether runs are found or grouped by it, so that two texts that look alike would
    /// be two of what a person takes for one.
    pub(super) identifies: bool,
}

/// What is short: names, codes, serial numbers.
pub(crate) const SHORT: usize = 512;
/// What may be long: what a person reads, and what was measured.
const LONG: usize = 65_536;

macro_rules! fields {
    ($($field:ident: $name:literal, $bytes:ident, $identifies:literal;)+) => {
        $(const $field: Field = Field { name: $name, bytes: $bytes, identifies: $identifies };)+

        /// Every field.
        #[cfg(test)]
        pub(super) const ALL: &[Field] = &[$($field),+];
    };
}

fields! {
    ID: "`id`", SHORT, true;
    SERIAL: "`unit.serial`", SHORT, true;
    PRODUCT: "`unit.product`", SHORT, true;
    REVISION: "`unit.revision`", SHORT, true;
    OPERATION: "`operation`", SHORT, true;
    TEST_NAME: "`testRunStart.name`", SHORT, true;
    LEVEL: "`level`", SHORT, true;
    STATION: "`station`", SHORT, true;
    FIXTURE: "`fixture`", SHORT, true;
    SLOT: "`slot`", SHORT, true;
    OPERATOR: "`operator`", SHORT, true;
    SOFTWARE: "`software`", SHORT, true;
    STEP: "`steps[].name`", SHORT, true;
    MEASUREMENT: "`measurements[].name`", SHORT, true;
    UNIT_OF_MEASURE: "`measurements[].unit`", SHORT, true;
    MEASURED_COMPONENT: "`measurements[].component`", SHORT, true;
    MEASURED_SUBCOMPONENT: "`subcomponent.name` of a measurement", SHORT, true;
    VALUE: "`measurements[].value`", LONG, false;
    ELEMENT: "`series[].value`", LONG, false;
    CHECK_NAME: "`checks[].name` (OCP: `validators[].name`)", SHORT, false;
    CHECK_VALUE: "`checks[].value` (OCP: `validators[].value`)", LONG, false;
    CODE: "`findings[].code` (OCP: `verdict`, `symptom`)", SHORT, true;
    SYSTEM: "`findings[].system`", SHORT, true;
    SEVERITY: "`findings[].severity`", SHORT, false;
    MESSAGE: "`findings[].message` (OCP: `message`)", LONG, false;
    FOUND_COMPONENT: "`findings[].component`", SHORT, true;
    FOUND_SUBCOMPONENT: "`subcomponent.name` of a diagnosis", SHORT, true;
    PART_SERIAL: "`components[].serial` (OCP: `serialNumber`)", SHORT, true;
    PART_NUMBER: "`components[].part` (OCP: `partNumber`)", SHORT, true;
    PART_SLOT: "`components[].slot` (OCP: `location`)", SHORT, true;
    PART_LOT: "`components[].lot`", SHORT, true;
    ATTRIBUTE_NAME: "a name in `attributes`", NAME_BYTES, true;
    ATTRIBUTE: "a value in `attributes`", VALUE_BYTES, true;
    PART_NAME: "`hardwareInfos[].name`", SHORT, true;
    UNIT: "`unit`", SHORT, true;
    ACTION: "`action`", SHORT, false;
    RUN: "`run`", SHORT, true;
    DEFECT: "`defect`", SHORT, true;
    COMMENT: "`comment`", LONG, false;
}

/// What is done with each text.
pub(super) type See<'a> = dyn FnMut(&'static Field, &mut String) + 'a;

fn some(field: &'static Field, text: &mut Option<String>, see: &mut See<'_>) {
    if let Some(text) = text {
        see(field, text);
    }
}

/// Shows every text of a record to `see`.
pub(super) fn each(record: &mut IngestRecord, see: &mut See<'_>) {
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
            some(&ID, producer_id, see);
            see(&UNIT, unit);
            see(&ACTION, action);
            some(&RUN, run, see);
            some(&DEFECT, defect, see);
            [component_out, component_in]
                .into_iter()
                .flatten()
                .for_each(|part| part_texts(part, see));
            some(&COMMENT, comment, see);
        }
    }
}

fn run_texts(run: &mut RunRecord, see: &mut See<'_>) {
    some(&ID, &mut run.producer_id, see);
    see(&SERIAL, &mut run.unit.serial);
    some(&PRODUCT, &mut run.unit.product, see);
    some(&REVISION, &mut run.unit.revision, see);
    see(&OPERATION, &mut run.operation);
    some(&TEST_NAME, &mut run.test_name, see);
    some(&LEVEL, &mut run.level, see);
    some(&STATION, &mut run.station, see);
    some(&FIXTURE, &mut run.fixture, see);
    some(&SLOT, &mut run.slot, see);
    some(&OPERATOR, &mut run.operator, see);
    some(&SOFTWARE, &mut run.software, see);
    run.steps.iter_mut().for_each(|step| step_texts(step, see));
    for found in &mut run.findings {
        let Finding {
            system,
            code,
            severity,
            message,
            component,
            subcomponent,
            kind: _,
            outcome: _,
            step: _,
        } = found;
        see(&CODE, code);
        some(&SYSTEM, system, see);
        some(&SEVERITY, severity, see);
        some(&MESSAGE, message, see);
        some(&FOUND_COMPONENT, component, see);
        some(&FOUND_SUBCOMPONENT, subcomponent, see);
    }
    run.components.iter_mut().for_each(|part| part_texts(part, see));
    let attributes = std::mem::take(&mut run.attributes).into_iter();
    run.attributes = attributes
        .map(|(mut name, mut value)| {
            see(&ATTRIBUTE_NAME, &mut name);
            see(&ATTRIBUTE, &mut value);
            (name, value)
        })
        .collect();
}

fn step_texts(step: &mut Step, see: &mut See<'_>) {
    see(&STEP, &mut step.name);
    for measurement in &mut step.measurements {
        see(&MEASUREMENT, &mut measurement.name);
        some(&UNIT_OF_MEASURE, &mut measurement.unit, see);
        some(&MEASURED_COMPONENT, &mut measurement.component, see);
        some(&MEASURED_SUBCOMPONENT, &mut measurement.subcomponent, see);
        match &mut measurement.value {
            Value::Text(text) => see(&VALUE, text),
            Value::Series(elements) => elements
                .iter_mut()
                .for_each(|element| scalar_text(&ELEMENT, &mut element.value, see)),
            Value::Bool(_) | Value::Num(_) => {}
        }
        for check in &mut measurement.checks {
            some(&CHECK_NAME, &mut check.name, see);
            match &mut check.value {
                CheckValue::One(value) => scalar_text(&CHECK_VALUE, value, see),
                CheckValue::Many(values) => {
                    values.iter_mut().for_each(|value| scalar_text(&CHECK_VALUE, value, see));
                }
            }
        }
    }
}

fn scalar_text(field: &'static Field, value: &mut Scalar, see: &mut See<'_>) {
    if let Scalar::Text(text) = value {
        see(field, text);
    }
}

fn part_texts(part: &mut Component, see: &mut See<'_>) {
    let Component { serial, part, slot, lot, name } = part;
    some(&PART_SERIAL, serial, see);
    some(&PART_NUMBER, part, see);
    some(&PART_SLOT, slot, see);
    some(&PART_LOT, lot, see);
    some(&PART_NAME, name, see);
}
