//! How a run and its steps ended.

use domain::{FindingKind, FindingOutcome, Outcome, RunFlag, StepStatus};

use super::*;
use crate::warning;

fn ended(status: &str, result: &str) -> Heard {
    let end =
        format!(r#""testRunArtifact":{{"testRunEnd":{{"status":{status},"result":{result}}}}}"#);
    read_unit(stream(&[VERSION, START, &end]))
}

#[test]
fn only_four_pairs_of_status_and_result_are_legal() {
    let words = [r#""COMPLETE""#, r#""ERROR""#, r#""SKIP""#, r#""complete""#, "null"];
    let results = [r#""PASS""#, r#""FAIL""#, r#""NOT_APPLICABLE""#, r#""pass""#, "null"];
    let mut legal = Vec::new();
    for (status, result) in words.iter().flat_map(|status| results.map(|result| (*status, result)))
    {
        let heard = ended(status, result);
        let run = heard.run();
        assert!(run.complete);
        if run.flags.has(RunFlag::IllegalResult) {
            assert_eq!(
                (run.outcome, heard.codes()),
                (Outcome::Error, vec![warning::ILLEGAL_RESULT])
            );
        } else {
            assert_eq!(heard.warnings, []);
            legal.push((status, result, run.outcome));
        }
    }
    assert_eq!(
        legal,
        [
            (r#""COMPLETE""#, r#""PASS""#, Outcome::Pass),
            (r#""COMPLETE""#, r#""FAIL""#, Outcome::Fail),
            (r#""ERROR""#, r#""NOT_APPLICABLE""#, Outcome::Error),
            (r#""SKIP""#, r#""NOT_APPLICABLE""#, Outcome::Skip),
        ]
    );
}

#[test]
fn an_illegal_pair_is_named() {
    let heard = ended(r#""COMPLETE""#, r#""NOT_APPLICABLE""#);
    assert_eq!(
        heard.warnings[0].2,
        "testRunEnd has status `COMPLETE` with result `NOT_APPLICABLE`, which the specification does not allow: \
         the run counts as an error"
    );
}

#[test]
fn a_pass_with_a_failing_diagnosis_stays_a_pass_and_is_flagged() {
    let heard = read_unit(run_of(&[diagnosis("hbm-hot", "FAIL")], PASS));
    let run = heard.run();
    assert_eq!((run.outcome, run.failure_code()), (Outcome::Pass, None));
    assert_eq!(run.flags.iter().collect::<Vec<_>>(), [RunFlag::PassWithFailure]);
    assert_eq!(run.opportunities(), (1, 1));
}

#[test]
fn a_pass_with_a_failing_validator_stays_a_pass_and_is_flagged() {
    let hot = in_step(
        r#""measurement":{"name":"hbm","value":97.5,"validators":[{"type":"LESS_THAN","value":95}]}"#,
    );
    let heard = read_unit(run_of(&[&hot], PASS));
    assert_eq!(heard.run().outcome, Outcome::Pass);
    assert_eq!(heard.run().flags.iter().collect::<Vec<_>>(), [RunFlag::PassWithFailure]);
    assert!(!read_unit(run_of(&[&hot], FAIL)).run().flags.has(RunFlag::PassWithFailure));
}

#[test]
fn the_verdict_of_the_first_failing_diagnosis_is_the_code() {
    let artifacts =
        [diagnosis("fine", "PASS"), diagnosis("maybe", "UNKNOWN"), diagnosis("hbm-hot", "FAIL")];
    let heard = read_unit(run_of(&artifacts, FAIL));
    assert_eq!(heard.run().failure_code().as_deref(), Some("hbm-hot"));
    let outcomes: Vec<_> = heard.run().findings.iter().map(|finding| finding.outcome).collect();
    assert_eq!(outcomes, [FindingOutcome::Pass, FindingOutcome::Unknown, FindingOutcome::Fail]);
    assert_eq!(heard.run().opportunities(), (1, 2));
}

#[test]
fn without_a_failing_diagnosis_the_first_failing_check_is_the_code() {
    let measured = |name: &str, value: u8| {
        in_step(&format!(
            r#""measurement":{{"name":"{name}","value":{value},"validators":[{{"type":"LESS_THAN","value":5}}]}}"#
        ))
    };
    let artifacts = [measured("fan", 1), measured("hbm", 9), measured("vrm", 9)];
    let code = |end: &str| read_unit(run_of(&artifacts, end)).run().failure_code();
    assert_eq!(code(FAIL).as_deref(), Some("measurement:hbm"));
    assert_eq!(code(PASS), None);
    assert_eq!(
        read_unit(run_of(&[""; 0], FAIL)).run().failure_code().as_deref(),
        Some("unspecified")
    );
    // An error run with a diagnosis counts under it.
    let cut = stream(&[VERSION, START, STEP, &diagnosis("hbm-hot", "FAIL")]);
    let heard = read_unit(cut);
    assert_eq!(
        (heard.run().outcome, heard.run().failure_code().as_deref()),
        (Outcome::Error, Some("hbm-hot"))
    );
}

#[test]
fn an_error_is_a_finding_about_the_test_and_no_verdict_on_the_hardware() {
    let in_a_step = in_step(
        r#""error":{"symptom":"bad-return-code","message":"exited","softwareInfoIds":["3"]}"#,
    );
    let of_the_run = r#""testRunArtifact":{"error":{"symptom":"power-fail"}}"#;
    let end = r#""testRunArtifact":{"testRunEnd":{"status":"ERROR","result":"NOT_APPLICABLE"}}"#;
    let heard = read_unit(stream(&[VERSION, START, of_the_run, STEP, &in_a_step, STEP_END, end]));
    let run = heard.run();
    let found: Vec<_> =
        run.findings.iter().map(|found| (found.kind, found.code.as_str(), found.step)).collect();
    assert_eq!(
        found,
        [
            (FindingKind::Error, "power-fail", None),
            (FindingKind::Error, "bad-return-code", Some(0))
        ]
    );
    assert_eq!(run.findings[1].message.as_deref(), Some("exited"));
    assert_eq!(run.findings[1].system.as_deref(), Some("ocp"));
    assert_eq!((run.failure_code().as_deref(), run.opportunities()), (Some("error"), (0, 0)));
    // A run that passed with an error in it is only that.
    assert!(read_unit(stream(&[VERSION, START, of_the_run, PASS])).run().flags.is_empty());
}

#[test]
fn the_verdict_of_a_step_comes_from_its_diagnoses_else_from_its_checks() {
    let hot = in_step(
        r#""measurement":{"name":"hbm","value":97.5,"validators":[{"type":"LESS_THAN","value":95}]}"#,
    );
    let status = |artifacts: &[&str], end: &str| {
        let all: Vec<&str> = [VERSION, START, STEP]
            .into_iter()
            .chain(artifacts.iter().copied())
            .chain([end, PASS])
            .collect();
        read_unit(stream(&all)).run().steps[0].status
    };
    let (passing, failing) = (diagnosis("fine", "PASS"), diagnosis("hot", "FAIL"));
    assert_eq!(status(&[], STEP_END), Some(StepStatus::Pass));
    assert_eq!(status(&[&failing, &passing], STEP_END), Some(StepStatus::Fail));
    assert_eq!(status(&[&hot], STEP_END), Some(StepStatus::Fail));
    assert_eq!(status(&[&hot, &passing], STEP_END), Some(StepStatus::Pass));
    let end = |status: &str| in_step(&format!(r#""testStepEnd":{{"status":"{status}"}}"#));
    assert_eq!(status(&[], &end("ERROR")), Some(StepStatus::Error));
    assert_eq!(status(&[], &end("SKIP")), Some(StepStatus::Skip));
    assert_eq!(status(&[], &end("DONE")), None);
    assert_eq!(status(&[], LOG), None, "it did not end, and the run did");
}

#[test]
fn words_that_the_specification_does_not_have_are_kept_with_a_warning() {
    let end = in_step(r#""testStepEnd":{"status":"DONE"}"#);
    let heard = read_unit(stream(&[VERSION, START, STEP, &diagnosis("x", "MAYBE"), &end, PASS]));
    assert_eq!(heard.run().findings[0].outcome, FindingOutcome::Unknown);
    assert_eq!(heard.codes(), [warning::UNKNOWN_VALUE; 2]);
}
