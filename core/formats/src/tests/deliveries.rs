//! What holds for several uploads of the same runs: however they are cut,
//! repeated and put in order, what is kept is what one clean upload says.

use std::collections::{BTreeMap, BTreeSet};

use domain::identity::DeliveryPriority;
use domain::{ContentHash, Identity, IngestRecord, RunId};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::worlds::{firstpass_line, run_lines, runs};
use super::{events_in_pieces, params};
use crate::{Event, Limits, Params, Tenant};

type Said = (Identity, ContentHash);

fn records(format: &str, params: &Params, body: impl AsRef<[u8]>) -> Vec<IngestRecord> {
    let limits = Limits::default();
    let events =
        events_in_pieces(format, params, &Tenant::default(), limits, body.as_ref(), usize::MAX);
    let record = |event| match event {
        Event::Record { record, .. } => Some(record),
        Event::Reject { .. } | Event::Warning { .. } => None,
    };
    events.unwrap().into_iter().filter_map(record).collect()
}

/// Everything that was said in some uploads.
fn said(format: &str, params: &Params, bodies: &[String]) -> BTreeSet<Said> {
    let records = bodies.iter().flat_map(|body| records(format, params, body));
    records.map(|record| (record.identity(format), record.content_hash())).collect()
}

/// What is kept of some deliveries: of each run the one with the greatest
/// standing, whichever came first, and none beside one of the same start that replaces it.
fn kept<'a>(
    format: &str,
    records: impl IntoIterator<Item = &'a IngestRecord>,
) -> BTreeMap<Identity, DeliveryPriority> {
    let mut kept = BTreeMap::new();
    let mut replaced_by = BTreeMap::new();
    for record in records {
        let identity = record.identity(format);
        let better = record.same_start(format).and_then(|start| start.replaced_by());
        replaced_by.extend(better.map(|ids| (identity, ids)));
        let standing = match record {
            IngestRecord::Run(run) => DeliveryPriority::from_run(run),
            IngestRecord::Repair(repair) => DeliveryPriority::new(true, 0, repair.content_hash()),
        };
        let best = kept.entry(record.identity(format)).or_insert(standing);
        *best = standing.max(*best);
    }
    let complete = kept.iter().filter(|(_, standing)| standing.is_complete());
    let complete: BTreeSet<RunId> = complete.map(|(id, _)| RunId::from(*id)).collect();
    kept.retain(|id, _| {
        let better = replaced_by.get(id).cloned();
        better.is_none_or(|ids| complete.range(ids).next().is_none())
    });
    kept
}

/// Puts lines into uploads, a new one wherever `cut` says so.
fn uploads(pieces: &[String], cut: &[bool]) -> Vec<String> {
    let mut uploads = vec![String::new()];
    for (piece, cut) in pieces.iter().zip(cut) {
        if *cut {
            uploads.push(String::new());
        }
        if let Some(upload) = uploads.last_mut() {
            upload.push_str(piece);
            upload.push('\n');
        }
    }
    uploads
}

/// Parts of an upload, in any order, some of them twice, and where to cut.
fn rearranged(pieces: Vec<String>) -> impl Strategy<Value = (Vec<String>, Vec<String>, Vec<bool>)> {
    let again = proptest::sample::subsequence(pieces.clone(), 0..=pieces.len());
    let cuts = proptest::collection::vec(any::<bool>(), 2 * pieces.len());
    let any_order = again.prop_flat_map({
        let pieces = pieces.clone();
        move |again| Just([pieces.clone(), again].concat()).prop_shuffle()
    });
    (Just(pieces), any_order, cuts)
}

/// Whether an upload ends with an error in a run that has not started yet. Cut
/// off there it is, to the last byte, what a test leaves that failed before it
/// could start, and that is a run.
fn ends_as_if_it_had_failed_before_its_start(part: &[u8]) -> bool {
    let part = String::from_utf8_lossy(part);
    let run: Vec<&str> =
        part.lines().rev().take_while(|line| !line.contains("schemaVersion")).collect();
    let whole = run.first().is_some_and(|last| {
        last.contains(r#"{"error":"#) && serde_json::from_str::<serde::de::IgnoredAny>(last).is_ok()
    });
    whole && !run.iter().any(|line| line.contains("testRunStart"))
}

fn given() -> impl Strategy<Value = Params> {
    let nothing = Params::default();
    select(vec![
        nothing.clone(),
        params([("unit", "U9")]),
        params([("operation", "L10")]),
        params([("unit", "U9"), ("operation", "L10")]),
        params([("started_at", "2026-09-09T09:09:09Z")]),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn runs_say_the_same_in_any_order_any_number_of_times_in_any_number_of_uploads(
        (runs, any_order, cuts) in runs().prop_flat_map(|runs| {
            rearranged(runs.iter().map(|lines| lines.join("\n")).collect())
        }),
        given in given(),
    ) {
        let whole = said("ocptv", &given, &[runs.join("\n")]);
        prop_assert!(!whole.is_empty());
        prop_assert_eq!(&said("ocptv", &given, &uploads(&runs, &cuts)), &whole);
        prop_assert_eq!(&said("ocptv", &given, &uploads(&any_order, &cuts)), &whole);
    }

    #[test]
    fn our_own_lines_say_the_same_in_any_order_any_number_of_times_in_any_number_of_uploads(
        (lines, any_order, cuts) in
            proptest::collection::vec(firstpass_line(), 1..5).prop_flat_map(rearranged),
    ) {
        let none = Params::default();
        let whole = said("firstpass", &none, &[lines.join("\n")]);
        prop_assert!(!whole.is_empty());
        prop_assert_eq!(&said("firstpass", &none, &uploads(&lines, &cuts)), &whole);
        prop_assert_eq!(&said("firstpass", &none, &uploads(&any_order, &cuts)), &whole);
    }

    #[test]
    fn a_line_of_a_run_that_comes_again_says_nothing_new(
        lines in run_lines(),
        again in proptest::collection::vec((any::<Index>(), any::<Index>()), 1..8),
    ) {
        let none = Params::default();
        let once = said("ocptv", &none, &[lines.join("\n")]);
        let mut often = lines.clone();
        for (which, place) in again {
            let line = which.get(&lines);
            // These two begin a run.
            if !line.contains("schemaVersion") && !line.contains("testRunStart") {
                let first = often.iter().position(|other| other == line).unwrap_or_default();
                often.insert(first + 1 + place.index(often.len() - first), line.clone());
            }
        }
        prop_assert_eq!(said("ocptv", &none, &[often.join("\n")]), once);
    }

    #[test]
    fn a_part_of_a_stream_is_replaced_by_the_whole_wherever_it_was_cut(
        runs in runs(),
        cuts in proptest::collection::vec(any::<Index>(), 3),
        given in given(),
    ) {
        let whole = runs.concat().join("\n");
        let records = |body: &[u8]| records("ocptv", &given, body);
        let clean = records(whole.as_bytes());
        for cut in cuts {
            let part = &whole.as_bytes()[..cut.index(whole.len())];
            if given.operation.is_some() && ends_as_if_it_had_failed_before_its_start(part) {
                continue;
            }
            let deliveries = [records(part), clean.clone()].concat();
            prop_assert_eq!(kept("ocptv", &deliveries), kept("ocptv", &clean), "cut at {}", part.len());
            let in_one = records(&[part, b"\n", whole.as_bytes()].concat());
            prop_assert_eq!(kept("ocptv", &in_one), kept("ocptv", &clean), "cut at {}", part.len());
        }
    }

    #[test]
    fn a_part_of_our_own_lines_is_replaced_by_the_whole_wherever_it_was_cut(
        lines in proptest::collection::vec(firstpass_line(), 1..4),
        cut in any::<Index>(),
    ) {
        let whole = lines.join("\n");
        let records = |body: &[u8]| records("firstpass", &Params::default(), body);
        let clean = records(whole.as_bytes());
        let part = &whole.as_bytes()[..cut.index(whole.len())];
        let in_one = records(&[part, b"\n", whole.as_bytes()].concat());
        let deliveries = [records(part), in_one, clean.clone()].concat();
        prop_assert_eq!(kept("firstpass", &deliveries), kept("firstpass", &clean));
    }
}

#[test]
fn a_stream_of_three_runs_may_be_cut_at_every_byte() {
    let artifacts = |hour: u8, artifacts: &[&str]| {
        let lines = (0..).zip(artifacts).map(|(sequence, artifact)| {
            format!(
                r#"{{{artifact},"sequenceNumber":{sequence},"timestamp":"2026-03-01T{hour:02}:00:{sequence:02}Z"}}"#
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    let version = r#""schemaVersion":{"major":2,"minor":0}"#;
    let error = r#""testRunArtifact":{"error":{"symptom":"é"}}"#;
    let log = r#""testRunArtifact":{"log":{"severity":"INFO","message":"l"}}"#;
    let start = r#""testRunArtifact":{"testRunStart":{"name":"t","version":"1","metadata":{"unit_serial":"U1"}}}"#;
    let step = r#""testStepArtifact":{"testStepId":"0","testStepStart":{"name":"s"}}"#;
    let end = r#""testRunArtifact":{"testRunEnd":{"status":"COMPLETE","result":"PASS"}}"#;
    let whole = [
        artifacts(0, &[version, error, log, start, step, end]),
        artifacts(1, &[version, start, step]),
        artifacts(2, &[version, log, start, step, end]),
    ]
    .join("\n");
    for given in [Params::default(), params([("unit", "U1"), ("operation", "L10")])] {
        let clean = records("ocptv", &given, &whole);
        assert_eq!(clean.len(), 3);
        let mut excused = 0;
        for cut in 0..whole.len() {
            let part = &whole.as_bytes()[..cut];
            if given.operation.is_some() && ends_as_if_it_had_failed_before_its_start(part) {
                excused += 1;
                continue;
            }
            let deliveries = [records("ocptv", &given, part), clean.clone()].concat();
            assert_eq!(kept("ocptv", &deliveries), kept("ocptv", &clean), "cut at {cut}");
        }
        let edges = if given.operation.is_some() { 2 } else { 0 };
        assert_eq!(excused, edges, "before the end of the line of the error, and behind it");
    }
}
