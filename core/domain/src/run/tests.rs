use super::*;
use crate::measurement::{Element, Measurement, Scalar, Value};

pub(crate) fn run(outcome: Outcome) -> RunRecord {
    RunRecord {
        producer_id: None,
        unit: UnitRef {
            serial: "U1".into(),
            product: None,
            revision: None,
            kind: UnitKind::Production,
        },
        operation: "L10 burn-in".into(),
        test_name: None,
        level: None,
        station: None,
        fixture: None,
        slot: None,
        operator: None,
        software: None,
        started_at: Timestamp::MIN,
        stamped_at: None,
        ended_at: None,
        outcome,
        complete: true,
        artifacts: 1,
        flags: RunFlags::NONE,
        steps: Vec::new(),
        findings: Vec::new(),
        components: Vec::new(),
        attributes: BTreeMap::new(),
    }
}

fn finding(kind: FindingKind, outcome: FindingOutcome, code: &str) -> Finding {
    Finding {
        kind,
        outcome,
        system: None,
        code: code.into(),
        severity: None,
        message: None,
        component: None,
        subcomponent: None,
        step: None,
    }
}

fn step(measurements: Vec<Measurement>) -> Step {
    Step {
        name: "s".into(),
        status: None,
        loop_index: None,
        started_at: None,
        ended_at: None,
        measurements,
    }
}

fn checked(name: &str, outcome: CheckOutcome) -> Measurement {
    Measurement { outcome: Some(outcome), ..Measurement::new(name, Value::Num(1.0)) }
}

#[test]
fn the_code_is_the_first_failing_diagnosis_or_defect_before_any_measurement() {
    let mut record = run(Outcome::Fail);
    record.steps = vec![step(vec![checked("hbm", CheckOutcome::Fail)])];
    record.findings = vec![
        finding(FindingKind::Error, FindingOutcome::Fail, "tool-crash"),
        finding(FindingKind::Symptom, FindingOutcome::Fail, "smoke"),
        finding(FindingKind::Diagnosis, FindingOutcome::Pass, "cpu-good"),
        finding(FindingKind::Defect, FindingOutcome::Fail, "solder-void"),
        finding(FindingKind::Diagnosis, FindingOutcome::Fail, "hbm-hot"),
    ];
    assert_eq!(record.failure_code().as_deref(), Some("solder-void"));
}

#[test]
fn a_finding_without_a_code_gives_none() {
    let mut record = run(Outcome::Fail);
    record.findings = vec![finding(FindingKind::Diagnosis, FindingOutcome::Fail, "")];
    assert_eq!(record.failure_code().as_deref(), Some("unspecified"));
}

#[test]
fn without_a_failing_finding_the_code_is_the_first_failing_check() {
    let mut record = run(Outcome::Fail);
    record.steps = vec![
        step(vec![checked("a", CheckOutcome::Pass), checked("b", CheckOutcome::Unset)]),
        step(vec![checked("c", CheckOutcome::Fail), checked("d", CheckOutcome::Fail)]),
    ];
    assert_eq!(record.failure_code().as_deref(), Some("measurement:c"));
}

#[test]
fn a_run_without_any_code_is_unspecified_and_an_error_run_is_error() {
    for (outcome, code) in [
        (Outcome::Pass, None),
        (Outcome::Skip, None),
        (Outcome::Fail, Some("unspecified")),
        (Outcome::Timeout, Some("unspecified")),
        (Outcome::Aborted, Some("unspecified")),
        (Outcome::Error, Some("error")),
    ] {
        assert_eq!(run(outcome).failure_code().as_deref(), code, "{outcome}");
    }
}

#[test]
fn an_error_run_with_only_a_symptom_counts_as_error() {
    let mut record = run(Outcome::Error);
    record.findings = vec![finding(FindingKind::Error, FindingOutcome::Fail, "no-dut")];
    assert_eq!(record.failure_code().as_deref(), Some("error"));
}

#[test]
fn opportunities_are_checked_measurements_elements_and_pass_or_fail_diagnoses() {
    let element =
        |outcome| Element { index: 0, value: Scalar::Num(1.0), at: None, outcome: Some(outcome) };
    let mut series = Measurement::new(
        "fan",
        Value::Series(vec![element(CheckOutcome::Pass), element(CheckOutcome::Fail)]),
    );
    series.outcome = Some(CheckOutcome::Fail);
    let mut record = run(Outcome::Fail);
    record.steps = vec![step(vec![
        checked("a", CheckOutcome::Pass),
        checked("b", CheckOutcome::Fail),
        checked("c", CheckOutcome::Unset),
        Measurement::new("logged", Value::Num(1.0)),
        series,
    ])];
    record.findings = vec![
        finding(FindingKind::Diagnosis, FindingOutcome::Pass, "x"),
        finding(FindingKind::Diagnosis, FindingOutcome::Fail, "x"),
        finding(FindingKind::Diagnosis, FindingOutcome::Unknown, "x"),
        finding(FindingKind::Defect, FindingOutcome::Fail, "x"),
        finding(FindingKind::Error, FindingOutcome::Fail, "x"),
    ];
    // a and b, two elements, two diagnoses; b, one element and one diagnosis fail.
    assert_eq!(record.opportunities(), (3, 6));
    assert_eq!(run(Outcome::Pass).opportunities(), (0, 0));
}

#[test]
fn golden_beats_reference_beats_production() {
    assert!(UnitKind::Golden > UnitKind::Reference && UnitKind::Reference > UnitKind::Production);
}

#[test]
fn a_record_survives_its_json_bit_for_bit() {
    let mut record = run(Outcome::Fail);
    let numbers = [
        0.1 + 0.2,
        f64::MIN_POSITIVE,
        f64::MAX,
        5e-324,
        1.0 / 3.0,
        9_007_199_254_740_993.0,
        1.1255199e-16,
    ];
    record.steps = vec![step(
        numbers.iter().map(|number| Measurement::new("n", Value::Num(*number))).collect(),
    )];
    let json = serde_json::to_string(&IngestRecord::Run(Box::new(record.clone()))).unwrap();
    assert_eq!(
        serde_json::from_str::<IngestRecord>(&json).unwrap(),
        IngestRecord::Run(Box::new(record))
    );
}

#[test]
fn the_error_of_an_unknown_word_lists_the_known_ones() {
    let error = "PASS".parse::<Outcome>().unwrap_err();
    assert_eq!(error.to_string(), "`PASS` is none of pass, fail, error, timeout, aborted, skip");
}
