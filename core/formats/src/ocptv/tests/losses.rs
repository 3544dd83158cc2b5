//! What did not arrive, and what could not be read.

use domain::{Outcome, RunFlag, StepStatus, Value};

use super::*;
use crate::warning;

fn rejected_line(broken: &str) -> String {
    let all = lines(&[VERSION, START, LOG, PASS]);
    let heard = read_unit([all[0].as_str(), &all[1], broken, &all[2], &all[3]].join("\n"));
    let run = heard.run();
    assert_eq!((run.outcome, run.complete), (Outcome::Pass, true));
    assert_eq!(run.flags.iter().collect::<Vec<_>>(), [RunFlag::DataLoss], "{broken}");
    assert_eq!(heard.warnings, []);
    match heard.rejects.as_slice() {
        [(3, why)] => why.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_bad_line_inside_a_run_is_rejected_and_the_run_is_kept_and_flagged() {
    let head = r#""sequenceNumber":2,"timestamp":"2026-03-01T00:00:02Z""#;
    for (broken, why) in [
        ("{broken", "is not JSON: the name of a field must be in quotation marks (column 2)"),
        (r#"{"a":1"#, "is not JSON: the object does not end on its line"),
        (r#"{"a":1} x"#, "is not JSON: there is text after the object (column 9)"),
        ("a line of text", "is not a JSON object: `a line of text`"),
        (r#"INFO: {"a":1}"#, "has text before the opening brace: `INFO: `"),
        ("{}", "holds none of schemaVersion, testRunArtifact and testStepArtifact"),
        (
            &format!("{{{LOG},{VERSION},{head}}}"),
            "holds more than one of schemaVersion, testRunArtifact and testStepArtifact",
        ),
        (&format!(r#"{{{LOG},"timestamp":"2026-03-01T00:00:02Z"}}"#), "has no sequenceNumber"),
        (
            &format!(r#"{{{LOG},"sequenceNumber":null,"timestamp":"2026-03-01T00:00:02Z"}}"#),
            "has no sequenceNumber",
        ),
        (&format!(r#"{{{LOG},"sequenceNumber":2}}"#), "has no timestamp"),
        (
            &format!(r#"{{{LOG},"sequenceNumber":2,"timestamp":"noon"}}"#),
            "its timestamp `noon` is not an ISO 8601 time such as 2026-03-01T08:00:00+08:00",
        ),
        (
            &format!(r#"{{{LOG},"sequenceNumber":-2,"timestamp":"2026-03-01T00:00:02Z"}}"#),
            "`sequenceNumber` is the number `-2`, but must be a whole number from 0 (column 84)",
        ),
        (
            &format!(r#"{{"testRunArtifact":{{}},{head}}}"#),
            "holds none of testRunStart, testRunEnd, log and error in its testRunArtifact",
        ),
        (
            &format!(r#"{{"testRunArtifact":{{"log":{{}},"error":{{"symptom":"e"}}}},{head}}}"#),
            "holds more than one of testRunStart, testRunEnd, log and error in its testRunArtifact",
        ),
        (
            &format!(
                r#"{{"testStepArtifact":{{"testStepId":"0","log":{{}},"file":{{}}}},{head}}}"#
            ),
            "holds more than one of the artifacts that a testStepArtifact may hold",
        ),
        (&format!(r#"{{{LOG},{LOG},{head}}}"#), "`testRunArtifact` is given twice (column 82)"),
        (
            &format!(r#"{{"testStepArtifact":{{"testStepId":"0"}},{head}}}"#),
            "holds none of the artifacts that a testStepArtifact may hold",
        ),
        (
            &format!(r#"{{"testStepArtifact":{{"testStepStart":{{"name":"s"}}}},{head}}}"#),
            "has no testStepId in its testStepArtifact",
        ),
        (
            &format!(
                r#"{{"testStepArtifact":{{"testStepId":"0","measurement":{{"name":"m","value":null}}}},{head}}}"#
            ),
            "has a measurement without a value",
        ),
    ] {
        assert_eq!(rejected_line(broken), why);
    }
}

#[test]
fn a_number_that_no_double_holds_is_rejected_with_a_sentence() {
    let huge = format!(
        "{{{},\"sequenceNumber\":2,\"timestamp\":\"2026-03-01T00:00:02Z\"}}",
        in_step(r#""measurement":{"name":"m","value":1e999}"#)
    );
    assert_eq!(
        rejected_line(&huge),
        "`testStepArtifact.measurement.value` is the number `1e999`, which is too large (column 78)"
    );
}

#[test]
fn rejects_between_runs_flag_no_run() {
    let heading = "-----\ndemo\n-----";
    let body =
        [heading, &run_of(&[""; 0], PASS), "{broken", heading, &run_of(&[""; 0], FAIL), heading]
            .join("\n");
    let heard = read_unit(body);
    assert_eq!((heard.runs.len(), heard.rejects.len()), (2, 10));
    assert!(heard.runs.iter().all(|(_, run)| run.flags.is_empty()));
}

#[test]
fn text_behind_the_last_artifact_of_a_run_without_an_end_is_between_runs() {
    let cut = stream(&[VERSION, START]);
    let heard = read_unit([&cut, "-----\ndemo", &run_of(&[""; 0], PASS)].join("\n"));
    let flags: Vec<Vec<_>> = heard.runs.iter().map(|(_, run)| run.flags.iter().collect()).collect();
    assert_eq!(flags, [vec![RunFlag::Truncated], vec![]]);
}

#[test]
fn a_damaged_last_line_of_a_run_without_an_end_is_a_loss() {
    let heard = read_unit(stream(&[VERSION, START]) + "\n{\"testRunArtifact\":{\"testRunE");
    let run = heard.run();
    assert_eq!(run.flags.iter().collect::<Vec<_>>(), [RunFlag::DataLoss, RunFlag::Truncated]);
    assert_eq!(heard.rejects, [(3, "is not JSON: the object does not end on its line".to_owned())]);
}

#[test]
fn a_last_line_cut_off_before_it_says_what_it_holds_may_be_the_next_runs_and_is_no_loss() {
    let next = line(0, VERSION);
    let turned = r#"{"sequenceNumber":2,"timestamp":"2026-03-01T00:00:02Z","testRunArtifact":{}}"#;
    for head in (1..next.len()).map(|cut| &next[..cut]).chain([&turned[..40]]) {
        let heard = read_unit(format!("{}\n{head}", stream(&[VERSION, START])));
        assert_eq!(heard.run().flags.iter().collect::<Vec<_>>(), [RunFlag::Truncated], "{head}");
        assert_eq!(heard.rejects.len(), 1);
    }
    // Between two artifacts it is one.
    let all = lines(&[VERSION, START, PASS]);
    let heard = read_unit([all[0].as_str(), &all[1], "{\"seq", &all[2]].join("\n"));
    assert_eq!(heard.run().flags.iter().collect::<Vec<_>>(), [RunFlag::DataLoss]);
}

#[test]
fn a_missing_end_is_an_error_run_with_a_warning() {
    let heard = read_unit(stream(&[VERSION, START, STEP]));
    let run = heard.run();
    assert_eq!((run.outcome, run.complete, run.ended_at), (Outcome::Error, false, None));
    assert_eq!(run.failure_code().as_deref(), Some("error"));
    assert_eq!(run.steps[0].status, Some(StepStatus::Error), "the step that it died in");
    let why = "testRunEnd never came: the run counts as an error";
    assert_eq!(heard.warnings, [(1, warning::RUN_WITHOUT_END, why.to_owned())]);
}

#[test]
fn a_missing_start_is_an_error_run_whatever_its_end_says() {
    let given = params([("unit", "U1"), ("operation", "L10")]);
    let heard = read("ocptv", &given, stream(&[VERSION, LOG, PASS]));
    let run = heard.run();
    assert_eq!(
        (run.outcome, run.complete, run.test_name.as_deref()),
        (Outcome::Error, false, None)
    );
    assert_eq!(run.started_at.to_string(), "2026-03-01T00:00:00.000000Z", "the first by sequence");
    assert_eq!(heard.codes(), [warning::RUN_WITHOUT_START]);
    assert!(run.flags.has(RunFlag::NoStart));
}

#[test]
fn a_run_with_neither_start_nor_end_is_rejected_and_to_be_sent_again() {
    let given = params([("unit", "U1"), ("operation", "L10")]);
    let why = "begins a run that is rejected: it has neither testRunStart nor testRunEnd and cannot be identified; send the whole run again";
    for artifacts in [
        vec![VERSION, LOG],
        vec![VERSION, STEP],
        vec![VERSION, STEP, STEP_END],
        vec![VERSION, ERROR, LOG],
        vec![VERSION, STEP, ERROR],
    ] {
        let heard = read("ocptv", &given, stream(&artifacts));
        assert_eq!(
            (heard.runs, heard.rejects, heard.warnings),
            (vec![], vec![(1, why.to_owned())], vec![])
        );
    }
    // The run behind it is another matter.
    let heard = read("ocptv", &given, [stream(&[VERSION, LOG]), run_of(&[""; 0], PASS)].join("\n"));
    assert_eq!((heard.run().outcome, heard.rejects), (Outcome::Pass, vec![(1, why.to_owned())]));
}

#[test]
fn a_test_that_failed_before_it_could_start_is_an_error_run() {
    let given = params([("unit", "U1"), ("operation", "L10")]);
    for artifacts in [vec![VERSION, ERROR], vec![VERSION, LOG, ERROR, ERROR]] {
        let heard = read("ocptv", &given, stream(&artifacts));
        let run = heard.run();
        assert_eq!((run.outcome, run.complete), (Outcome::Error, false));
        assert_eq!(run.findings.last().map(|found| found.code.as_str()), Some("no-dut"));
        assert_eq!(heard.codes(), [warning::RUN_WITHOUT_START, warning::RUN_WITHOUT_END]);
    }
    // What was lost may have been its start.
    let all = lines(&[VERSION, LOG, ERROR]);
    for lossy in [
        [all[0].as_str(), &all[2]].join("\n"),
        [all[0].as_str(), "{broken", &all[1], &all[2]].join("\n"),
        [all[0].as_str(), &all[1], &all[2], "{\"testRunArtifact\":{\"testRunSt"].join("\n"),
        [all[0].as_str(), &all[1], &all[2], "{"].join("\n"),
    ] {
        let heard = read("ocptv", &given, lossy);
        assert_eq!(heard.runs, []);
        assert!(
            heard.rejects.last().is_some_and(|(_, why)| why.contains("send the whole run again"))
        );
    }
}

#[test]
fn a_gap_in_the_sequence_is_data_loss() {
    let all = lines(&[VERSION, START, LOG, LOG, LOG, LOG, PASS]);
    let heard = read_unit([0, 1, 3, 6].map(|at| all[at].as_str()).join("\n"));
    assert!(heard.run().flags.has(RunFlag::DataLoss));
    let why = "3 sequence numbers of the run are missing, the first after 1: something was lost";
    assert_eq!(heard.warnings, [(1, warning::SEQUENCE_GAP, why.to_owned())]);
}

#[test]
fn a_sequence_need_not_begin_at_zero_and_may_be_as_great_as_it_likes() {
    let body = [line(41, VERSION), line(42, START), line(43, PASS)].join("\n");
    assert_eq!((read_unit(body).run().artifacts, 0), (3, 0));
    let body = [line(0, VERSION), line(1, START), line(u64::MAX, PASS)].join("\n");
    assert!(read_unit(body).run().flags.has(RunFlag::DataLoss));
}

#[test]
fn an_artifact_sent_twice_counts_once() {
    let once = run_of(&[diagnosis("x", "FAIL")], FAIL);
    let mut twice: Vec<&str> = once.lines().collect();
    twice.insert(4, twice[3]);
    let heard = read_unit(twice.join("\n"));
    assert_eq!(heard.run(), read_unit(&once).run());
    assert_eq!(
        heard.warnings,
        [(5, warning::SEQUENCE_REPEATED, "sequenceNumber 3 came more than once".to_owned())]
    );
}

#[test]
fn two_artifacts_of_one_number_are_both_kept_in_an_order_of_their_own() {
    let lines = [
        line(0, VERSION),
        line(1, START),
        line(2, STEP),
        line(3, &diagnosis("b", "FAIL")),
        line(3, &diagnosis("a", "FAIL")),
        line(4, FAIL),
    ];
    let heard = read_unit(lines.join("\n"));
    let codes: Vec<_> = heard.run().findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["a", "b"]);
    let other = [0, 1, 2, 4, 3, 5].map(|at| lines[at].as_str()).join("\n");
    assert_eq!(read_unit(other).run(), heard.run());
}

#[test]
fn a_series_with_fewer_elements_than_its_end_counts_is_data_loss() {
    let series = |total: u64| {
        run_of(
            &[
                in_step(r#""measurementSeriesStart":{"measurementSeriesId":"0","name":"fan"}"#),
                in_step(
                    r#""measurementSeriesElement":{"measurementSeriesId":"0","index":1,"value":2,"timestamp":"2026-03-01T00:00:00Z"}"#,
                ),
                in_step(
                    r#""measurementSeriesElement":{"measurementSeriesId":"0","index":0,"value":1,"timestamp":"2026-03-01T00:00:00Z"}"#,
                ),
                in_step(&format!(
                    r#""measurementSeriesEnd":{{"measurementSeriesId":"0","totalCount":{total}}}"#
                )),
            ],
            PASS,
        )
    };
    let heard = read_unit(series(2));
    let Value::Series(elements) = &heard.run().steps[0].measurements[0].value else {
        panic!("{heard:?}")
    };
    assert_eq!(
        elements.iter().map(|element| element.index).collect::<Vec<_>>(),
        [0, 1],
        "in order of index"
    );
    assert!(heard.run().flags.is_empty() && heard.warnings.is_empty());

    let heard = read_unit(series(3));
    assert!(heard.run().flags.has(RunFlag::DataLoss));
    let why = "the series `0` has 2 elements and its end counts 3: something was lost";
    assert_eq!(heard.warnings, [(4, warning::SERIES_COUNT, why.to_owned())]);
}

#[test]
fn a_series_without_start_or_end_keeps_its_elements_and_flags_the_run() {
    let start = in_step(r#""measurementSeriesStart":{"measurementSeriesId":"7","name":"fan"}"#);
    let element =
        in_step(r#""measurementSeriesElement":{"measurementSeriesId":"7","index":0,"value":1}"#);
    let end = in_step(r#""measurementSeriesEnd":{"measurementSeriesId":"7","totalCount":1}"#);
    for (artifacts, name, code) in [
        (vec![&element, &end], "7", warning::SERIES_WITHOUT_START),
        (vec![&start, &element], "fan", warning::SERIES_WITHOUT_END),
    ] {
        let heard = read_unit(run_of(&artifacts, PASS));
        let measurement = &heard.run().steps[0].measurements[0];
        assert_eq!(measurement.name, name);
        assert!(matches!(&measurement.value, Value::Series(elements) if elements.len() == 1));
        assert!(heard.run().flags.has(RunFlag::DataLoss));
        assert_eq!(heard.codes(), [code]);
    }
}

#[test]
fn an_element_after_the_end_of_its_series_or_before_its_start_is_kept() {
    let start = in_step(r#""measurementSeriesStart":{"measurementSeriesId":"7","name":"fan"}"#);
    let element = |index| {
        in_step(&format!(
            r#""measurementSeriesElement":{{"measurementSeriesId":"7","index":{index},"value":1}}"#
        ))
    };
    let end = in_step(r#""measurementSeriesEnd":{"measurementSeriesId":"7","totalCount":2}"#);
    let heard = read_unit(run_of(&[element(0), start, end, element(1)], PASS));
    let Value::Series(elements) = &heard.run().steps[0].measurements[0].value else {
        panic!("{heard:?}")
    };
    assert_eq!(elements.len(), 2);
    assert!(heard.run().flags.is_empty());
    assert_eq!(heard.codes(), [warning::SERIES_ELEMENT_LATE]);
}

#[test]
fn the_same_series_id_in_two_steps_is_two_series() {
    let of = |step: &str, artifact: &str| {
        format!(r#""testStepArtifact":{{"testStepId":"{step}",{artifact}}}"#)
    };
    let start = r#""measurementSeriesStart":{"measurementSeriesId":"0","name":"fan"}"#;
    let element = r#""measurementSeriesElement":{"measurementSeriesId":"0","index":0,"value":1}"#;
    let end = r#""measurementSeriesEnd":{"measurementSeriesId":"0","totalCount":1}"#;
    let begin = r#""testStepStart":{"name":"s"}"#;
    let mut all = vec![VERSION.to_owned(), START.to_owned()];
    for artifact in [begin, start, element, end, r#""testStepEnd":{"status":"COMPLETE"}"#] {
        all.extend([of("a", artifact), of("b", artifact)]);
    }
    all.push(PASS.to_owned());
    let heard = read_unit(stream(&all));
    assert_eq!(
        heard.run().steps.iter().map(|step| step.measurements.len()).collect::<Vec<_>>(),
        [1, 1]
    );
    assert_eq!(heard.warnings, []);
}

#[test]
fn a_step_that_was_not_started_is_called_by_its_id() {
    let lost = r#""testStepArtifact":{"testStepId":"9","diagnosis":{"verdict":"x","type":"FAIL"}}"#;
    let heard = read_unit(stream(&[VERSION, START, lost, FAIL]));
    assert_eq!((heard.run().steps[0].name.as_str(), heard.run().findings[0].step), ("9", Some(0)));
    assert_eq!(heard.codes(), [warning::STEP_WITHOUT_START, warning::STEP_WITHOUT_END]);
}

#[test]
fn a_step_started_again_under_its_id_is_another_step() {
    let heard = read_unit(stream(&[
        VERSION,
        START,
        STEP,
        STEP_END,
        STEP,
        &diagnosis("x", "FAIL"),
        STEP_END,
        FAIL,
    ]));
    let steps: Vec<_> = heard.run().steps.iter().map(|step| step.status).collect();
    assert_eq!(steps, [Some(StepStatus::Pass), Some(StepStatus::Fail)]);
    assert_eq!(heard.codes(), [warning::STEP_REPEATED]);
}

#[test]
fn a_run_cut_off_anywhere_is_replaced_by_the_whole_one() {
    let hot = in_step(
        r#""measurement":{"name":"hbm","value":97.5,"validators":[{"type":"LESS_THAN","value":95}]}"#,
    );
    let whole = run_of(&[hot, diagnosis("hbm-hot", "FAIL")], FAIL);
    let complete = read_unit(&whole);
    let given = params([("unit", "U1"), ("operation", "burn-in")]);
    let mut same = 0;
    for cut in 0..whole.len() {
        let heard = read("ocptv", &given, &whole.as_bytes()[..cut]);
        assert!(heard.runs.len() <= 1);
        let Some((_, part)) = heard.runs.first() else { continue };
        if part == complete.run() {
            continue;
        }
        same += 1;
        let replaced = complete.run().same_start("ocptv").map(|start| start.replaced().collect());
        let replaced: Vec<domain::RunId> = replaced.unwrap_or_default();
        assert!(replaced.contains(&part.identity("ocptv").into()), "cut at {cut}");
        assert!(
            complete.run().supersedes(part) && !part.supersedes(complete.run()),
            "cut at {cut}"
        );
        assert_eq!(part.outcome, Outcome::Error);
    }
    assert!(same > 500, "{same}");
}
