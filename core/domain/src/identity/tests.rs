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

/// A complete run of one start.
fn ended(outcome: Outcome, seconds: i64, code: &str) -> RunRecord {
    let finding = format!(r#"{{"kind":"diagnosis","outcome":"fail","code":"{code}"}}"#);
    RunRecord {
        outcome,
        ended_at: Timestamp::from_micros(run().started_at.micros() + seconds * 1_000_000).ok(),
        findings: vec![serde_json::from_str(&finding).unwrap()],
        ..run()
    }
}

fn id(run: &RunRecord) -> crate::RunId {
    run.identity("ocptv").into()
}

#[test]
fn complete_runs_of_one_start_are_several_where_end_or_results_differ() {
    let mut ordered = vec![
        RunRecord { complete: false, ..ended(Outcome::Fail, 9, "x") },
        ended(Outcome::Aborted, 9, "x"),
        ended(Outcome::Error, 9, "x"),
        ended(Outcome::Timeout, 9, "x"),
        ended(Outcome::Fail, 1, "x"),
        ended(Outcome::Fail, 2, "x"),
        ended(Outcome::Fail, 100_000, "x"),
        ended(Outcome::Skip, 1, "x"),
        ended(Outcome::Pass, 1, "x"),
    ];
    assert!(ordered.is_sorted_by(|one, other| id(one) < id(other)));
    ordered.push(ended(Outcome::Pass, 1, "y"));
    let start = run().same_start("ocptv").unwrap();
    let ids: std::collections::BTreeSet<_> = ordered.iter().map(id).collect();
    assert_eq!(ids.len(), ordered.len());
    assert!(ids.iter().all(|id| start.all().contains(id)));
    let elsewhere = RunRecord { operation: "L11".into(), ..run() };
    assert!(!start.all().contains(&id(&elsewhere)));
}

#[test]
fn a_start_with_a_fraction_of_a_second_has_one_run_of_each_ending() {
    let at = |run: RunRecord| RunRecord {
        started_at: Timestamp::from_micros(run.started_at.micros() + 1).unwrap(),
        ..run
    };
    let [one, other] = [ended(Outcome::Fail, 1, "x"), ended(Outcome::Error, 2, "y")].map(at);
    assert_eq!(id(&one), id(&other));
    let passed = at(ended(Outcome::Pass, 1, "x"));
    assert!(id(&one) < id(&passed));
    let start = one.same_start("ocptv").unwrap();
    let cut = RunRecord { complete: false, ..one };
    assert_eq!(start.replaced().collect::<Vec<_>>(), [id(&cut)]);
}

#[test]
fn a_run_of_a_producers_id_has_no_other_of_its_start() {
    let named = RunRecord { producer_id: Some("r-1".into()), outcome: Outcome::Fail, ..run() };
    assert_eq!(named.identity("ocptv"), Identity::from_producer_run("r-1"));
    assert_eq!(named.same_start("ocptv"), None);
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
fn identities_do_not_move_between_versions() {
    // Computed with Python's hashlib from the bytes that the documentation describes, but for
    // the last six bytes of the first sixteen: passed, and neither end nor results.
    assert_eq!(
        run().identity("ocptv").to_string(),
        "22e650786cb626986ab2a00000100000e01dadd1a1aab5c0b4db9d7790d8ecf0"
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

#[test]
fn the_ending_in_an_id_does_not_move_between_versions() {
    // Computed with Python's hashlib.
    let failed = ended(Outcome::Fail, 9, "x").identity("ocptv").to_string();
    assert_eq!(failed.get(20..32), Some("600092d049c6"));
}
