use super::*;
use crate::Timestamp;
use crate::finding::Component;
use crate::run::{Outcome, UnitKind, UnitRef};

fn run() -> RunRecord {
    serde_json::from_str(
        r#"{"unit":{"serial":"U1"},"operation":"L10","started_at":"2026-03-01T00:00:00Z",
            "outcome":"pass","complete":true,"artifacts":7}"#,
    )
    .unwrap()
}

fn repair() -> RepairRecord {
    serde_json::from_str(r#"{"unit":"U1","at":"2026-03-01T00:00:00Z","action":"replace"}"#).unwrap()
}

#[test]
fn a_run_is_identified_by_format_serial_operation_test_name_and_start() {
    let known = run().identity("ocptv");
    let changed = |change: fn(&mut RunRecord)| {
        let mut other = run();
        change(&mut other);
        other.identity("ocptv")
    };
    assert_ne!(run().identity("firstpass"), known);
    assert_ne!(changed(|run| run.unit.serial = "U2".into()), known);
    assert_ne!(changed(|run| run.operation = "L11".into()), known);
    assert_ne!(changed(|run| run.test_name = Some(String::new())), known);
    assert_ne!(changed(|run| run.started_at = Timestamp::MIN), known);
    let corrected = changed(|run| {
        run.stamped_at = Some(std::mem::replace(&mut run.started_at, Timestamp::MIN))
    });
    assert_eq!(corrected, known, "the time in the data is what it is known by");
    assert_eq!(changed(|run| run.station = Some("ST-2".into())), known);
    assert_eq!(changed(|run| run.outcome = Outcome::Skip), known);
    assert_eq!(
        changed(|run| {
            run.unit = UnitRef {
                serial: "U1".into(),
                product: Some("P".into()),
                revision: None,
                kind: UnitKind::Golden,
            }
        }),
        known
    );
}

#[test]
fn a_run_that_did_not_pass_and_its_retry_of_the_same_start_are_two_in_that_order() {
    let passed = run();
    for outcome in [Outcome::Fail, Outcome::Error, Outcome::Timeout, Outcome::Aborted] {
        let failed = RunRecord { outcome, ..run() };
        let ids = [&failed, &passed].map(|run| crate::RunId::from(run.identity("ocptv")));
        assert!(ids[0] < ids[1], "{ids:?}");
        assert_eq!(failed.rival("ocptv"), Some(passed.identity("ocptv")));
        assert_eq!(passed.rival("ocptv"), Some(failed.identity("ocptv")));
        // A truncated run has ended neither way.
        let cut = RunRecord { complete: false, ..failed };
        assert_eq!(cut.identity("ocptv"), passed.identity("ocptv"));
    }
    let named = RunRecord { producer_id: Some("r-1".into()), outcome: Outcome::Fail, ..run() };
    assert_eq!(
        (named.identity("ocptv"), named.rival("ocptv")),
        (Identity::from_producer_run("r-1"), None)
    );
}

#[test]
fn the_producers_run_id_takes_precedence() {
    let named = RunRecord { producer_id: Some("r-1".into()), ..run() };
    let elsewhere = RunRecord { operation: "L11".into(), ..named.clone() };
    assert_eq!(named.identity("firstpass"), elsewhere.identity("ocptv"));
    assert_eq!(named.identity("firstpass"), Identity::from_producer_run("r-1"));
    assert_ne!(named.identity("firstpass"), run().identity("firstpass"));
}

#[test]
fn adjacent_fields_are_unambiguous() {
    let mut shifted = run();
    shifted.unit.serial = "U1L".into();
    shifted.operation = "10".into();
    assert_ne!(shifted.identity("ocptv"), run().identity("ocptv"));
}

#[test]
fn identities_are_stable_across_versions() {
    // Computed with Python's hashlib from the bytes that the documentation describes.
    assert_eq!(
        run().identity("ocptv").to_string(),
        "22e650786cb626986ab26fc8ebe6d618e01dadd1a1aab5c0b4db9d7790d8ecf0"
    );
    assert_eq!(
        run().content_hash().to_string(),
        "edf484d92fc0504565d12709eb48933eb7c927d19f4d9e24d5ed6b6809a30748"
    );
}

#[test]
fn complete_beats_more_artifacts_beats_the_smaller_hash() {
    let long_but_cut = RunRecord { complete: false, artifacts: 100, ..run() };
    assert!(run().supersedes(&long_but_cut) && !long_but_cut.supersedes(&run()));
    let longer = RunRecord { artifacts: 8, ..run() };
    assert!(longer.supersedes(&run()) && !run().supersedes(&longer));
    let other = RunRecord { station: Some("ST-1".into()), ..run() };
    let other_wins = other.content_hash() < run().content_hash();
    assert_eq!(other.supersedes(&run()), other_wins);
    assert_eq!(run().supersedes(&other), !other_wins);
    assert!(!run().supersedes(&run()));
}

#[test]
fn every_field_of_a_run_is_content() {
    let other = RunRecord { artifacts: 8, ..run() };
    assert_ne!(other.content_hash(), run().content_hash());
    let other = RunRecord { station: Some(String::new()), ..run() };
    assert_ne!(other.content_hash(), run().content_hash());
}

#[test]
fn two_parts_replaced_in_the_same_second_are_two_repairs() {
    let of = |slot: &str| RepairRecord {
        component_out: Some(Component { slot: Some(slot.into()), ..Component::default() }),
        ..repair()
    };
    assert_ne!(of("SXM3").identity("firstpass"), of("SXM4").identity("firstpass"));
    let commented = RepairRecord { comment: Some("again".into()), ..of("SXM3") };
    assert_eq!(commented.identity("firstpass"), of("SXM3").identity("firstpass"));
    assert_ne!(commented.content_hash(), of("SXM3").content_hash());
    assert_ne!(commented.supersedes(&of("SXM3")), of("SXM3").supersedes(&commented));
}

#[test]
fn a_run_and_a_repair_with_the_same_id_are_two_things() {
    let run = RunRecord { producer_id: Some("1".into()), ..run() };
    let repair = RepairRecord { producer_id: Some("1".into()), ..repair() };
    assert_ne!(run.identity("firstpass"), repair.identity("firstpass"));
}
