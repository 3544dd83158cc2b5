//! Pareto.

use serde_json::json;

use super::super::facts::{
    Finding, FindingKind, FindingOutcome, Limits, Measurement, Outcome, Run, Status, Step, Taken,
};
use super::super::pareto::{By, pareto};
use super::super::query::{Definition, Query};
use super::{at, none};

fn failed(name: &str, serial: &str, outcome: Outcome) -> Run {
    Run::new(name, serial, "L10", at("2025-03-01T00:00:00Z"), outcome)
}

fn defect(code: &str, component: &str) -> Finding {
    Finding {
        kind: FindingKind::Defect,
        outcome: None,
        code: code.to_owned(),
        component: Some(component.to_owned()),
    }
}

fn measured(name: &str, taken: Taken, component: &str) -> Measurement {
    Measurement {
        name: name.to_owned(),
        limits: Limits { high: Some(95.0), ..Limits::default() },
        taken,
        component: Some(component.to_owned()),
    }
}

fn step(name: &str, status: Status, measurements: Vec<Measurement>) -> Step {
    Step { name: name.to_owned(), status: Some(status), measurements }
}

fn report() -> Query {
    let mut query = Query::new(at("2025-04-01T00:00:00Z"));
    query.definition = Definition::Report;
    query
}

#[test]
fn the_code_is_the_first_failing_diagnosis_or_defect_else_the_first_failing_check() {
    let mut run = failed("R", "U", Outcome::Fail);
    assert_eq!(run.code(), "unspecified");
    run.outcome = Outcome::Error;
    assert_eq!(run.code(), "error");
    run.steps.push(step("s", Status::Fail, vec![measured("cool", Taken::Passed, "G")]));
    run.steps.push(step(
        "t",
        Status::Fail,
        vec![measured("hot", Taken::Series(vec![false, true]), "G")],
    ));
    assert_eq!(run.code(), "measurement:hot");
    for (kind, outcome) in [
        (FindingKind::Symptom, None),
        (FindingKind::Error, None),
        (FindingKind::Diagnosis, Some(FindingOutcome::Pass)),
        (FindingKind::Diagnosis, Some(FindingOutcome::Unknown)),
    ] {
        run.findings.push(Finding { kind, outcome, code: "no".to_owned(), component: None });
    }
    assert_eq!(run.code(), "measurement:hot");
    run.findings.push(defect("D1", "G"));
    run.findings.push(defect("D2", "G"));
    assert_eq!(run.code(), "D1");
}

#[test]
fn bars_by_code_are_ordered_by_runs_and_then_by_key_and_add_up_to_one() {
    let mut factory = none();
    for (index, (serial, code)) in
        [("U1", "b"), ("U1", "b"), ("U2", "c"), ("U2", "a")].into_iter().enumerate()
    {
        let mut run = failed(&format!("R{index}"), serial, Outcome::Fail);
        run.findings.push(defect(code, "G"));
        factory.runs.push(run);
    }
    factory.runs.push(failed("R9", "U3", Outcome::Pass));
    let expected = json!({"n_units": 2, "n_runs": 4, "rows": [
        {"key": "b", "units": 1, "runs": 2, "share": 0.5, "cumulative": 0.5},
        {"key": "a", "units": 1, "runs": 1, "share": 0.25, "cumulative": 0.75},
        {"key": "c", "units": 1, "runs": 1, "share": 0.25, "cumulative": 1.0},
    ]});
    assert_eq!(pareto(&factory, &report(), By::Code).json(), expected);
}

#[test]
fn a_run_counts_once_for_each_failing_step_and_component() {
    let mut factory = none();
    let mut run = failed("R1", "U1", Outcome::Fail);
    run.steps.push(step("hot", Status::Fail, vec![measured("a", Taken::Failed, "GPU1")]));
    run.steps.push(step("hot", Status::Fail, vec![measured("b", Taken::Failed, "GPU1")]));
    run.steps.push(step("cold", Status::Fail, vec![measured("c", Taken::Passed, "GPU2")]));
    run.steps.push(step("dark", Status::Error, vec![]));
    run.findings.push(defect("D", "NIC"));
    factory.runs.push(run);
    factory.runs.push(failed("R2", "U2", Outcome::Timeout));
    let row =
        |key: &str| json!({"key": key, "units": 1, "runs": 1, "share": 0.5, "cumulative": null});
    assert_eq!(
        pareto(&factory, &report(), By::Step).json(),
        json!({"n_units": 2, "n_runs": 2, "rows": [row("cold"), row("hot")]})
    );
    assert_eq!(
        pareto(&factory, &report(), By::Component).json(),
        json!({"n_units": 2, "n_runs": 2, "rows": [row("GPU1"), row("NIC")]})
    );
}

#[test]
fn nothing_failed_is_no_bar() {
    let expected = json!({"n_units": 0, "n_runs": 0, "rows": []});
    assert_eq!(pareto(&none(), &report(), By::Code).json(), expected);
}
