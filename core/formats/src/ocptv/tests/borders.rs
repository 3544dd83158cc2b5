//! Where a run begins and ends.

use domain::{Outcome, RunFlag};

use super::*;
use crate::{Event, Limits, Tenant, TooMuch, tests::events_in_pieces, warning};

#[test]
fn a_minimal_legal_stream_is_one_run() {
    let heard = read_unit(run_of(&[""; 0], PASS));
    let run = heard.run();
    assert_eq!((run.unit.serial.as_str(), run.operation.as_str()), ("U1", "burn-in"));
    assert_eq!(run.test_name.as_deref(), Some("burn-in"));
    assert_eq!(run.software.as_deref(), Some("1.4"));
    assert_eq!(run.started_at.to_string(), "2026-03-01T00:00:01.000000Z", "that of testRunStart");
    assert_eq!(run.ended_at.unwrap().to_string(), "2026-03-01T00:00:04.000000Z");
    assert_eq!((run.outcome, run.complete, run.artifacts), (Outcome::Pass, true, 5));
    assert!(
        run.flags.is_empty() && heard.rejects.is_empty() && heard.warnings.is_empty(),
        "{heard:#?}"
    );
}

#[test]
fn any_number_of_runs_follow_one_another_each_from_its_schema_version() {
    let body =
        [run_of(&[""; 0], PASS), String::new(), run_of(&[""; 0], FAIL), run_of(&[""; 0], PASS)]
            .join("\n");
    let heard = read_unit(body);
    let runs: Vec<_> = heard.runs.iter().map(|(line, run)| (*line, run.outcome)).collect();
    assert_eq!(runs, [(1, Outcome::Pass), (7, Outcome::Fail), (12, Outcome::Pass)]);
    assert_eq!((heard.rejects, heard.warnings), (vec![], vec![]));
}

#[test]
fn an_upload_may_be_cut_before_a_schema_version_that_is_read_as_one() {
    let may = |line: &[u8]| crate::ocptv::FORMAT.may_cut_before(line);
    assert!(may(line(0, VERSION).as_bytes()));
    assert!(may(format!("  {}\r\n", line(0, VERSION)).as_bytes()));
    assert!(may(format!("\u{feff}{}", line(0, VERSION)).as_bytes()), "files are put together");
    let newer = VERSION.replace('2', "3");
    assert!(may(line(0, &newer).as_bytes()), "its runs are not read, but it ends the one before");
    for nothing in [START, LOG, PASS, STEP] {
        assert!(!may(line(3, nothing).as_bytes()), "{nothing}");
    }
    let inside = r#""testRunArtifact":{"log":{"severity":"INFO","message":"","schemaVersion":{}}}"#;
    for other in [
        line(3, inside),
        format!("{{{VERSION}}}"),
        format!("x {}", line(0, VERSION)),
        line(0, VERSION)[..40].to_owned(),
        String::new(),
    ] {
        assert!(!may(other.as_bytes()), "{other}");
    }
}

#[test]
fn a_test_run_start_begins_a_run_when_the_current_one_has_one() {
    let heard = read_unit(stream(&[VERSION, START, PASS, START, FAIL]));
    let outcomes: Vec<_> =
        heard.runs.iter().map(|(line, run)| (*line, run.outcome, run.complete)).collect();
    assert_eq!(outcomes, [(1, Outcome::Pass, true), (4, Outcome::Fail, true)]);
    assert_eq!((heard.rejects, heard.warnings), (vec![], vec![]));
    // Also when the first never ended.
    let heard = read_unit(stream(&[VERSION, START, START, PASS]));
    assert_eq!(
        heard.runs.iter().map(|(_, run)| run.outcome).collect::<Vec<_>>(),
        [Outcome::Error, Outcome::Pass]
    );
}

#[test]
fn nothing_after_test_run_end_belongs_to_the_run() {
    let heard = read_unit(stream(&[VERSION, START, PASS, LOG, STEP]));
    assert_eq!((heard.run().artifacts, heard.run().steps.len()), (3, 0));
    assert!(heard.run().flags.is_empty());
    assert_eq!(heard.rejects.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 5]);
    assert_eq!(
        heard.rejects[0].1,
        "comes after the testRunEnd of the run before it and belongs to no run"
    );
}

#[test]
fn what_is_past_the_end_by_number_belongs_to_no_run_though_its_line_came_before() {
    let all = lines(&[VERSION, START, PASS, LOG]);
    let heard = read_unit([0, 1, 3, 2].map(|at| all[at].as_str()).join("\n"));
    assert_eq!(heard.run().artifacts, 3);
    let why = "has sequenceNumber 3, past the 2 of testRunEnd, and belongs to no run";
    assert_eq!(heard.rejects, [(3, why.to_owned())]);
    assert!(heard.run().flags.is_empty());
}

#[test]
fn the_sequence_number_orders_the_artifacts_not_the_line() {
    let hot = in_step(r#""measurement":{"name":"hbm","value":97.5}"#);
    let all = lines(&[VERSION, START, STEP, &diagnosis("hbm-hot", "FAIL"), &hot, STEP_END, FAIL]);
    let in_order = read_unit(all.join("\n"));
    let shuffled = read_unit([0, 6, 4, 3, 5, 1, 2].map(|at| all[at].as_str()).join("\n"));
    assert_eq!(shuffled.run(), in_order.run());
    assert_eq!(shuffled.run().content_hash(), in_order.run().content_hash());
    assert_eq!((shuffled.rejects, shuffled.warnings), (vec![], vec![]));
}

#[test]
fn an_artifact_before_any_run_belongs_to_none() {
    let heard = read_unit(stream(&[STEP, LOG]));
    assert_eq!(heard.runs, []);
    let why = "belongs to no run: none was begun by a schemaVersion or a testRunStart";
    assert_eq!(heard.rejects, [(1, why.to_owned()), (2, why.to_owned())]);
}

#[test]
fn a_lost_beginning_of_the_next_run_does_not_spill_into_the_one_that_ended() {
    // The second run lost its schemaVersion and its testRunStart.
    let second = lines(&[VERSION, START, STEP, &diagnosis("x", "FAIL"), STEP_END, FAIL]);
    let body = format!("{}\n{}", run_of(&[LOG, LOG, LOG], PASS), second[2..].join("\n"));
    let heard = read_unit(body);
    assert_eq!((heard.run().findings.len(), heard.run().artifacts), (0, 8));
    assert_eq!(heard.rejects.len(), 4);
}

#[test]
fn a_stream_that_begins_with_test_run_start_is_read_with_a_warning() {
    let heard = read_unit(stream(&[START, PASS]));
    assert_eq!(heard.run().outcome, Outcome::Pass);
    assert_eq!(heard.codes(), [warning::NO_SCHEMA_VERSION]);
}

#[test]
fn a_schema_version_with_nothing_behind_it_is_no_run() {
    let heard = read_unit(stream(&[VERSION]));
    assert_eq!(heard.runs, []);
    assert_eq!(heard.rejects, [(1, "begins a run of which nothing else came".to_owned())]);
}

#[test]
fn another_major_version_is_rejected_with_all_that_belongs_to_it() {
    let three = r#""schemaVersion":{"major":3,"minor":1}"#;
    let body = [stream(&[three, START, PASS, START]), run_of(&[""; 0], PASS)].join("\n");
    let heard = read_unit(body);
    assert_eq!((heard.runs.len(), heard.runs[0].0), (1, 5));
    assert_eq!(
        heard.rejects,
        [(1, "begins a run of schemaVersion 3.1, and only 2.x is read".to_owned())]
    );
    let minor = r#""schemaVersion":{"major":2,"minor":7}"#;
    assert_eq!(read_unit(stream(&[minor, START, PASS])).run().outcome, Outcome::Pass);
}

#[test]
fn the_limits_of_a_run_are_those_of_one_run_not_of_the_upload() {
    let body = [run_of(&[""; 0], PASS), run_of(&[""; 0], PASS)].join("\n");
    let with = |limits| {
        events_in_pieces("ocptv", &unit(), &Tenant::default(), limits, body.as_bytes(), 64)
    };
    let bytes = run_of(&[""; 0], PASS).len() - 4;
    let fits = Limits { run_artifacts: 5, run_bytes: bytes, runs: 2, ..Limits::default() };
    assert_eq!(with(fits).map(|events| events.len()), Ok(2));
    assert_eq!(
        with(Limits { run_artifacts: 4, ..fits }),
        Err(TooMuch::RunArtifacts { line: 1, limit: 4 })
    );
    assert_eq!(
        with(Limits { run_bytes: bytes - 1, ..fits }),
        Err(TooMuch::RunBytes { line: 1, limit: bytes - 1 })
    );
    assert_eq!(with(Limits { runs: 1, ..fits }), Err(TooMuch::Runs { line: 6, limit: 1 }));
}

#[test]
fn a_run_is_an_event_as_soon_as_the_next_one_begins() {
    let mut parser = crate::open("ocptv", unit(), Tenant::default(), Limits::default()).unwrap();
    let mut told: Vec<Event> = Vec::new();
    let mut push = |bytes: &str| {
        parser.push(bytes.as_bytes(), &mut |event| told.push(event)).unwrap();
        told.len()
    };
    assert_eq!(push(&run_of(&[""; 0], PASS)), 0);
    assert_eq!(push(&format!("\n{}\n", line(0, VERSION))), 1);
}

#[test]
fn flags_of_one_run_are_not_those_of_the_next() {
    let broken = stream(&[VERSION, START]) + "\n{broken\n" + &line(2, PASS);
    let heard = read_unit([broken, run_of(&[""; 0], PASS)].join("\n"));
    let flagged: Vec<_> =
        heard.runs.iter().map(|(_, run)| run.flags.has(RunFlag::DataLoss)).collect();
    assert_eq!(flagged, [true, false]);
}
