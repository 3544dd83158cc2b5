//! What holds for every upload, whatever is in it.

use domain::{IngestRecord, RunRecord};
use proptest::prelude::*;

use super::worlds::{body, firstpass_line, run_lines};
use super::{Heard, events_in_pieces, params, read};
use crate::{Event, FORMATS, Format, Limits, Params, Tenant};

fn supplied() -> Params {
    params([("unit", "U1"), ("operation", "L10")])
}

fn events(format: &str, body: &[u8], piece: usize) -> Vec<Event> {
    events_in_pieces(format, &supplied(), &Tenant::default(), Limits::default(), body, piece)
        .unwrap()
}

/// The body cut before every line where the format allows it, once a part has so many
/// bytes.
fn parts<'a>(format: &Format, body: &'a [u8], least: usize) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let (mut from, mut to) = (0, 0);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        if to - from > least && format.may_cut_before(line) {
            parts.extend(body.get(from..to));
            from = to;
        }
        to += line.len();
    }
    parts.extend(body.get(from..));
    parts
}

fn only_run(heard: &Heard) -> Option<&RunRecord> {
    match heard.runs.as_slice() {
        [(_, run)] => Some(run),
        _ => None,
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_format_panic_and_every_event_names_a_line_of_the_body(body in body()) {
        let lines = body.split(|byte| *byte == b'\n').count() as u64;
        for format in FORMATS {
            for event in events(format.name, &body, usize::MAX) {
                let (Event::Record { line, .. } | Event::Reject { line, .. } | Event::Warning { line, .. }) = &event;
                prop_assert!((1..=lines).contains(line), "{event:?}");
                if let Event::Reject { reject: crate::Reject { why, .. }, .. } | Event::Warning { why, .. } = &event {
                    prop_assert!(!why.is_empty() && why.len() < 1000 && !why.contains('\n'), "{why}");
                }
                if let Event::Record { record, .. } = &event {
                    // What is kept survives its own JSON, to the last bit.
                    let json = serde_json::to_string(record).unwrap();
                    prop_assert!(!json.contains("\\u0000"));
                    let again: IngestRecord = serde_json::from_str(&json).unwrap();
                    prop_assert_eq!(again.content_hash(), record.content_hash());
                }
            }
        }
    }

    #[test]
    fn pure_noise_makes_no_format_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        for format in FORMATS {
            events(format.name, &body, usize::MAX);
        }
    }

    #[test]
    fn an_upload_says_the_same_however_it_is_cut(body in body(), piece in 1..50_usize) {
        for format in FORMATS {
            prop_assert_eq!(events(format.name, &body, piece), events(format.name, &body, usize::MAX));
        }
    }

    #[test]
    fn an_upload_sent_in_parts_gives_the_same_runs_and_rejects(body in body(), least in 0..400_usize) {
        for format in FORMATS {
            let whole = Heard::of(events(format.name, &body, usize::MAX));
            // The old dialect is refused to the end of the upload; its end is then another.
            if whole.rejects.iter().any(|(_, why)| why.contains("pre-2.0")) {
                continue;
            }
            let mut together = Heard::default();
            let mut before = 0;
            for part in parts(format, &body, least) {
                let heard = Heard::of(events(format.name, part, usize::MAX));
                together.runs.extend(heard.runs.into_iter().map(|(line, run)| (before + line, run)));
                together.repairs.extend(heard.repairs.into_iter().map(|(line, repair)| (before + line, repair)));
                together.rejects.extend(heard.rejects.into_iter().map(|(line, why)| (before + line, why)));
                before += part.iter().filter(|byte| **byte == b'\n').count() as u64;
            }
            prop_assert_eq!((whole.runs, whole.repairs, whole.rejects), (together.runs, together.repairs, together.rejects));
        }
    }

    #[test]
    fn the_order_of_lines_within_a_run_does_not_matter(
        (lines, shuffled) in run_lines().prop_flat_map(|lines| {
            let rest = lines.get(1..).unwrap_or_default().to_vec();
            (Just(lines), Just(rest).prop_shuffle())
        })
    ) {
        let in_order = read("ocptv", &supplied(), lines.join("\n"));
        let first = lines.first().cloned().unwrap_or_default();
        let any_order = read("ocptv", &supplied(), [&[first], shuffled.as_slice()].concat().join("\n"));
        let (one, other) = (only_run(&in_order), only_run(&any_order));
        prop_assert!(one.is_some());
        prop_assert_eq!(one, other);
        prop_assert_eq!(one.map(RunRecord::content_hash), other.map(RunRecord::content_hash));
        prop_assert!(any_order.rejects.is_empty(), "{any_order:?}");
        let sorted = |heard: &Heard| {
            let mut codes = heard.codes();
            codes.sort_unstable();
            codes
        };
        prop_assert_eq!(sorted(&in_order), sorted(&any_order));
    }

    #[test]
    fn what_our_own_format_writes_it_reads_again(text in firstpass_line()) {
        let heard = read("firstpass", &Params::default(), &text);
        let run = only_run(&heard).cloned();
        prop_assert!(run.is_some(), "{heard:?}");
        let record = run.clone().map(|run| IngestRecord::Run(Box::new(run)));
        let written = record.as_ref().map(crate::firstpass::line).unwrap_or_default();
        let again = read("firstpass", &Params::default(), &written);
        prop_assert_eq!(only_run(&again), run.as_ref(), "{}", written);
        prop_assert_eq!(only_run(&again).map(RunRecord::content_hash), run.as_ref().map(RunRecord::content_hash));
    }
}
