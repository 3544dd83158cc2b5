//! A factory as `firstpass` JSON Lines, and the subsequent decisions of people.

use chrono::{DateTime, SecondsFormat};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use super::facts::{
    Factory, Finding, FindingKind, FindingOutcome, Kind, Limits, Measurement, Outcome, Repair, Run,
    Status, Step, Taken,
};

/// The upload and the decisions that load this factory into a product.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The body of an upload: runs in the factory's order, then repairs.
    pub lines: String,
    /// The runs to void, by the producer's run id and by identity.
    pub voids: Vec<(String, [u8; 16])>,
    /// The kinds that a person sets.
    pub kinds: Vec<(String, Kind)>,
}

/// Serializes the factory.
pub fn delivery(factory: &Factory) -> Delivery {
    let mut lines = String::new();
    let mut voids = Vec::new();
    for run in &factory.runs {
        lines.push_str(&run_line(factory, run).to_string());
        lines.push('\n');
        if run.voided {
            voids.push((run.name.clone(), run.id));
        }
    }
    for repair in &factory.repairs {
        lines.push_str(&repair_line(factory.zone, repair).to_string());
        lines.push('\n');
    }
    let mut kinds = Vec::new();
    for unit in &factory.units {
        if let Some(kind) = unit.person {
            kinds.push((unit.serial.clone(), kind));
        }
    }
    Delivery { lines, voids, kinds }
}

/// Local time with the offset of the site.
fn local(zone: Tz, micros: i64) -> String {
    DateTime::from_timestamp_micros(micros)
        .expect("an instant that chrono can hold")
        .with_timezone(&zone)
        .to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The line of a run. Every run of a unit states the same kind.
fn run_line(factory: &Factory, run: &Run) -> Value {
    let mut unit = Map::new();
    unit.insert("serial".to_owned(), json!(run.serial));
    say(&mut unit, "product", run.product.as_ref());
    say(&mut unit, "revision", run.revision.as_ref());
    for known in &factory.units {
        if known.serial == run.serial {
            unit.insert("kind".to_owned(), json!(known.said.word()));
        }
    }
    let mut line = Map::new();
    line.insert("type".to_owned(), json!("run"));
    line.insert("id".to_owned(), json!(run.name));
    line.insert("unit".to_owned(), Value::Object(unit));
    line.insert("operation".to_owned(), json!(run.operation));
    say(&mut line, "level", run.level.as_ref());
    say(&mut line, "station", run.station.as_ref());
    say(&mut line, "fixture", run.fixture.as_ref());
    say(&mut line, "operator", run.operator.as_ref());
    say(&mut line, "software", run.software.as_ref());
    line.insert("started_at".to_owned(), json!(local(factory.zone, run.started_at)));
    line.insert("outcome".to_owned(), json!(run.outcome.word()));
    let steps: Vec<Value> = run.steps.iter().map(step).collect();
    line.insert("steps".to_owned(), json!(steps));
    let findings: Vec<Value> = run.findings.iter().map(finding).collect();
    line.insert("findings".to_owned(), json!(findings));
    Value::Object(line)
}

fn repair_line(zone: Tz, repair: &Repair) -> Value {
    json!({
        "type": "repair",
        "unit": repair.serial,
        "at": local(zone, repair.at),
        "action": "replace",
    })
}

/// Adds a member if there is a value.
fn say(object: &mut Map<String, Value>, name: &str, value: Option<&String>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), json!(value));
    }
}

fn step(step: &Step) -> Value {
    let mut object = Map::new();
    object.insert("name".to_owned(), json!(step.name));
    if let Some(status) = step.status {
        object.insert("status".to_owned(), json!(status.word()));
    }
    let measurements: Vec<Value> = step.measurements.iter().map(measurement).collect();
    object.insert("measurements".to_owned(), json!(measurements));
    Value::Object(object)
}

fn measurement(measurement: &Measurement) -> Value {
    let limits = &measurement.limits;
    let mut object = Map::new();
    object.insert("name".to_owned(), json!(measurement.name));
    if let Some(low) = limits.low {
        object.insert("low".to_owned(), json!(low));
    }
    if let Some(high) = limits.high {
        object.insert("high".to_owned(), json!(high));
    }
    say(&mut object, "cmp", limits.cmp.as_ref());
    if let Some(checks) = &limits.checks {
        let checks: Value = serde_json::from_str(checks).expect("checks are JSON");
        object.insert("checks".to_owned(), checks);
    }
    say(&mut object, "component", measurement.component.as_ref());
    match &measurement.taken {
        Taken::Unchecked => {
            object.insert("value".to_owned(), value(limits, false));
        }
        Taken::Passed => {
            object.insert("value".to_owned(), value(limits, false));
            object.insert("outcome".to_owned(), json!("pass"));
        }
        Taken::Failed => {
            object.insert("value".to_owned(), value(limits, true));
            object.insert("outcome".to_owned(), json!("fail"));
        }
        Taken::Series(elements) => {
            let mut series = Vec::new();
            for (index, failed) in elements.iter().enumerate() {
                series.push(json!({"index": index, "value": value(limits, *failed)}));
            }
            object.insert("series".to_owned(), json!(series));
        }
    }
    Value::Object(object)
}

/// A value well within the limits or well beyond them; of checks, a text that is or is not one of
/// the usual ones.
fn value(limits: &Limits, failed: bool) -> Value {
    if limits.checks.is_some() {
        return json!(if failed { "0.0" } else { "1.2" });
    }
    match (limits.low, limits.high) {
        (Some(low), _) if failed => json!(low - 1000.0),
        (None, Some(high)) if failed => json!(high + 1000.0),
        (Some(low), Some(high)) => json!((low + high) / 2.0),
        (Some(low), None) => json!(low + 1000.0),
        (None, Some(high)) => json!(high - 1000.0),
        (None, None) => json!(1.0),
    }
}

fn finding(finding: &Finding) -> Value {
    let mut object = Map::new();
    object.insert("kind".to_owned(), json!(finding.kind.word()));
    if let Some(outcome) = finding.outcome {
        object.insert("outcome".to_owned(), json!(outcome.word()));
    }
    object.insert("code".to_owned(), json!(finding.code));
    say(&mut object, "component", finding.component.as_ref());
    Value::Object(object)
}

impl Kind {
    /// Its name in the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Golden => "golden",
            Self::Reference => "reference",
        }
    }
}

impl Outcome {
    /// Its name in the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Error => "error",
            Self::Timeout => "timeout",
            Self::Aborted => "aborted",
            Self::Skip => "skip",
        }
    }
}

impl Status {
    /// Its name in the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Error => "error",
            Self::Skip => "skip",
        }
    }
}

impl FindingKind {
    /// Its name in the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Diagnosis => "diagnosis",
            Self::Error => "error",
            Self::Symptom => "symptom",
            Self::Defect => "defect",
        }
    }
}

impl FindingOutcome {
    /// Its name in the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}
