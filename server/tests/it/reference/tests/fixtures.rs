//! The two fixtures of the definitions, with every figure printed there.

use serde_json::json;

use super::super::facts::Factory;
use super::super::figures::{Group, answer};
use super::super::metrics::Ntf;
use super::super::query::{Aborted, Definition};
use super::{days_1_and_2, factory, only};

const FIRST: &str = "U1: P(d1) · U2: F(d1) P(d1) · U3: F(d1) F+R(d1) P(d2) · U4: F(d1) P(d2) · U5: Error(d1) P(d1) · U6: Aborted(d1) P(d1) · U7: F(d1) F(d2) · U8: P(d2) · U9: F(d0) P(d1) · U10: P(d1), golden";

fn first() -> Factory {
    factory(FIRST)
}

fn second() -> Factory {
    factory(&format!("{FIRST} · U11: P(d1) F(d2)"))
}

fn group(factory: &Factory, definition: Definition, aborted: Option<Aborted>) -> Group {
    let mut query = days_1_and_2();
    query.definition = definition;
    query.aborted = aborted;
    only(factory, &query)
}

/// The yields as "passed/n".
fn fraction(factory: &Factory, definition: Definition, aborted: Option<Aborted>) -> String {
    let group = group(factory, definition, aborted);
    format!("{}/{}", group.figure.passed, group.figure.n)
}

/// SPY, TPY, LPY ever, LPY last, retests, retested units: the parts of U.
fn first_run(factory: &Factory, aborted: Option<Aborted>) -> (u64, [u64; 6]) {
    let metrics = group(factory, Definition::FirstRun, aborted).metrics;
    let parts = [
        metrics.passed_by[1],
        metrics.passed_by[2],
        metrics.ever,
        metrics.last,
        metrics.attempts - metrics.units,
        metrics.retested,
    ];
    (metrics.units, parts)
}

const EXCLUDED: Option<Aborted> = Some(Aborted::Excluded);
const COUNTED: Option<Aborted> = Some(Aborted::Counted);

#[test]
fn first_run_of_the_first_fixture_is_two_of_eight() {
    for aborted in [None, COUNTED] {
        assert_eq!(fraction(&first(), Definition::FirstRun, aborted), "2/8");
        assert_eq!(first_run(&first(), aborted), (8, [6, 7, 7, 7, 7, 6]));
    }
}

#[test]
fn first_run_of_the_first_fixture_without_aborted_runs_is_three_of_eight() {
    assert_eq!(fraction(&first(), Definition::FirstRun, EXCLUDED), "3/8");
    assert_eq!(first_run(&first(), EXCLUDED), (8, [6, 7, 7, 7, 6, 5]));
}

#[test]
fn first_attempt_of_day_of_the_first_fixture_is_six_of_twelve() {
    assert_eq!(fraction(&first(), Definition::FirstAttemptOfDay, None), "6/12");
    assert_eq!(fraction(&first(), Definition::FirstAttemptOfDay, EXCLUDED), "6/12");
    assert_eq!(fraction(&first(), Definition::FirstAttemptOfDay, COUNTED), "5/12");
}

#[test]
fn report_of_the_first_fixture_is_eight_of_sixteen() {
    assert_eq!(fraction(&first(), Definition::Report, None), "8/16");
    assert_eq!(fraction(&first(), Definition::Report, COUNTED), "8/16");
    assert_eq!(fraction(&first(), Definition::Report, EXCLUDED), "8/15");
}

#[test]
fn two_of_the_four_episodes_of_the_first_fixture_are_cleared() {
    let ntf = group(&first(), Definition::FirstRun, None).metrics.ntf;
    assert_eq!(ntf, Ntf { cleared: 2, episodes: 4, resolved: 3 });
}

#[test]
fn first_run_of_the_second_fixture_is_three_of_nine_and_its_two_final_yields_differ() {
    assert_eq!(fraction(&second(), Definition::FirstRun, None), "3/9");
    assert_eq!(first_run(&second(), None), (9, [7, 8, 8, 7, 8, 7]));
}

#[test]
fn first_run_of_the_second_fixture_without_aborted_runs_is_four_of_nine() {
    assert_eq!(fraction(&second(), Definition::FirstRun, EXCLUDED), "4/9");
    let (units, [spy, tpy, _, _, retests, retested]) = first_run(&second(), EXCLUDED);
    assert_eq!((units, spy, tpy, retests, retested), (9, 7, 8, 7, 6));
}

#[test]
fn the_other_definitions_of_the_second_fixture_are_as_printed() {
    assert_eq!(fraction(&second(), Definition::Report, None), "9/18");
    assert_eq!(fraction(&second(), Definition::Report, EXCLUDED), "9/17");
    assert_eq!(fraction(&second(), Definition::FirstAttemptOfDay, None), "7/14");
    assert_eq!(fraction(&second(), Definition::FirstAttemptOfDay, COUNTED), "6/14");
}

#[test]
fn two_of_the_five_episodes_of_the_second_fixture_are_cleared() {
    let ntf = group(&second(), Definition::FirstRun, None).metrics.ntf;
    assert_eq!(ntf, Ntf { cleared: 2, episodes: 5, resolved: 3 });
}

#[test]
fn what_the_first_fixture_leaves_out_is_counted_by_reason() {
    let excluded = |definition, aborted| json!(group(&first(), definition, aborted).excluded);
    assert_eq!(
        excluded(Definition::FirstRun, None),
        json!({"golden": 1, "first-run-before-window": 1})
    );
    assert_eq!(excluded(Definition::Report, None), json!({"golden": 1}));
    assert_eq!(excluded(Definition::Report, EXCLUDED), json!({"golden": 1, "aborted": 1}));
    assert_eq!(excluded(Definition::FirstAttemptOfDay, None), json!({"golden": 1, "aborted": 1}));
    assert_eq!(excluded(Definition::FirstAttemptOfDay, COUNTED), json!({"golden": 1}));
}

#[test]
fn the_answer_has_the_members_that_the_contract_names() {
    let answer = answer(&first(), &days_1_and_2());
    let group = &answer["groups"][0];
    assert_eq!(answer["definition"], json!({"id": "first-run", "version": 1}));
    assert_eq!((&group["n"], &group["passed"]), (&json!(8), &json!(2)));
    assert_eq!(group["yield"], json!(0.25));
    assert_eq!((&group["ci"]["level"], &group["ci"]["method"]), (&json!(0.95), &json!("wilson")));
    for (end, printed) in [("low", 0.07148), ("high", 0.59072)] {
        assert!((group["ci"][end].as_f64().unwrap() - printed).abs() < 5e-6);
    }
    let expected = json!({
        "spy": 0.75, "tpy": 0.875, "lpy_ever": 0.875, "lpy_last": 0.875,
        "retest_ratio": 0.875, "retested_units": 0.75,
        "ntf": {"cleared": 2, "episodes": 4, "resolved": 3},
        "dpmo": null, "ppm": 750_000.0,
    });
    assert_eq!(group["metrics"], expected);
}
