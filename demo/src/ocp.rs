//! Writes a run as an OCP Test & Validation stream, like the test program of a station.

use chrono::{DateTime, SecondsFormat};
use chrono_tz::Tz;
use domain::{Component, FindingKind, Measurement, Outcome, RunRecord, StepStatus, Value};
use serde_json::{Value as Json, json};

use super::calendar::Calendar;
use super::floor::{FIRMWARE, SHIFT};

/// The part type of the unit itself in the streams.
pub const CHASSIS: &str = "CHASSIS";

/// Appends the stream of a complete run. The format has no fields for station, fixture, operator
/// and level.
pub(crate) fn write(text: &mut Vec<u8>, run: &RunRecord, calendar: &Calendar) {
    let start = calendar.local(run.started_at);
    let end = calendar.local(run.ended_at.unwrap_or(run.started_at));
    let mut stream = Stream { text, sequence: 0 };
    stream.artifact("schemaVersion", json!({ "major": 2, "minor": 0 }), start);
    stream.artifact("testRunArtifact", json!({ "testRunStart": run_start(run) }), start);
    for (number, step) in run.steps.iter().enumerate() {
        let id = number.to_string();
        let mut said = |what: &str, it: Json, at| {
            stream.artifact("testStepArtifact", json!({ "testStepId": id, what: it }), at);
        };
        said("testStepStart", json!({ "name": step.name }), start);
        for it in &step.measurements {
            said("measurement", measurement(it, &run.components), end);
        }
        let found = run.findings.iter().filter(|it| it.step == u32::try_from(number).ok());
        for it in found {
            let part = hardware(it.component.as_deref(), &run.components);
            match it.kind {
                FindingKind::Error => {
                    said("error", json!({ "symptom": it.code, "message": it.message }), end);
                }
                _ => said("diagnosis", diagnosis(&it.code, "FAIL", part), end),
            }
        }
        if step.status == Some(StepStatus::Pass) {
            said("diagnosis", diagnosis(&format!("{}-ok", step.name), "PASS", None), end);
        }
        said("testStepEnd", json!({ "status": "COMPLETE" }), end);
    }
    let result = if run.outcome == Outcome::Pass { "PASS" } else { "FAIL" };
    let ended = json!({ "testRunEnd": { "status": "COMPLETE", "result": result } });
    stream.artifact("testRunArtifact", ended, end);
}

/// A stream being written.
struct Stream<'a> {
    text: &'a mut Vec<u8>,
    sequence: u64,
}

impl Stream<'_> {
    fn artifact(&mut self, kind: &str, artifact: Json, at: DateTime<Tz>) {
        let timestamp = at.to_rfc3339_opts(SecondsFormat::Secs, false);
        let line =
            json!({ kind: artifact, "sequenceNumber": self.sequence, "timestamp": timestamp });
        // Neither writing to memory nor serializing a JSON value can fail.
        let _ = serde_json::to_writer(&mut *self.text, &line);
        self.text.push(b'\n');
        self.sequence += 1;
    }
}

fn run_start(run: &RunRecord) -> Json {
    let unit = json!({
        "hardwareInfoId": "unit", "name": "unit", "partType": CHASSIS, "serialNumber": run.unit.serial,
        "partNumber": run.unit.product, "revision": run.unit.revision,
    });
    let parts = run.components.iter().map(|part| {
        json!({
            "hardwareInfoId": part.name, "name": part.name, "serialNumber": part.serial,
            "partNumber": part.part, "location": part.slot,
        })
    });
    json!({
        "name": run.operation, "version": run.software, "commandLine": "", "parameters": {},
        "metadata": { SHIFT: run.attributes.get(SHIFT) },
        "dutInfo": {
            "dutInfoId": "0",
            "softwareInfos": [{
                "softwareInfoId": "bmc", "name": FIRMWARE, "version": run.attributes.get(FIRMWARE),
                "softwareType": "FIRMWARE",
            }],
            "hardwareInfos": std::iter::once(unit).chain(parts).collect::<Vec<_>>(),
        },
    })
}

fn measurement(it: &Measurement, parts: &[Component]) -> Json {
    let limit = |kind: &str, limit: Option<f64>| Some(json!({ "type": kind, "value": limit? }));
    let limits = [limit("GREATER_THAN_OR_EQUAL", it.low), limit("LESS_THAN_OR_EQUAL", it.high)];
    let mut measured = json!({
        "name": it.name, "unit": it.unit,
        "validators": limits.into_iter().flatten().collect::<Vec<_>>(),
    });
    if let Value::Num(value) = it.value {
        measured["value"] = json!(value);
    }
    if let Some(part) = hardware(it.component.as_deref(), parts) {
        measured["hardwareInfoId"] = json!(part);
    }
    measured
}

fn diagnosis(verdict: &str, kind: &str, part: Option<&str>) -> Json {
    let mut diagnosis = json!({ "verdict": verdict, "type": kind });
    if let Some(part) = part {
        diagnosis["hardwareInfoId"] = json!(part);
    }
    diagnosis
}

/// The id of a part, if the run lists it.
fn hardware<'a>(name: Option<&'a str>, parts: &[Component]) -> Option<&'a str> {
    name.filter(|name| parts.iter().any(|part| part.name.as_deref() == Some(name)))
}
