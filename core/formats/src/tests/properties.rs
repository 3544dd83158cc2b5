//! What holds for every upload, whatever is in it.

use domain::{IngestRecord, RunRecord};
use proptest::prelude::*;
use proptest::sample::select;

use super::{Heard, events_in_pieces, params, read};
use crate::{Event, FORMATS, Limits, Params, Tenant};

/// Pieces that uploads are made of: whole lines, halves of lines, and what
/// JSON is made of.
const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    "{",
    "}",
    "[",
    "\"",
    ":",
    ",",
    "null",
    "1e999",
    "-0.0",
    "\u{feff}",
    "\\u0000",
    "é",
    "{\"type\":\"run\",\"unit\":{\"serial\":\"U1\"},\"operation\":\"L10\",\"started_at\":\"2026-03-01T00:00:00\",\"outcome\":\"pass\"}\n",
    "{\"type\":\"repair\",\"unit\":\"U3\",\"at\":\"2026-03-01T10:00:00+08:00\",\"action\":\"replace\"}\n",
    "{\"schemaVersion\":{\"major\":2,\"minor\":0},\"sequenceNumber\":0,\"timestamp\":\"2026-03-01T00:00:00Z\"}\n",
    "{\"schemaVersion\":{\"major\":3,\"minor\":0},\"sequenceNumber\":0,\"timestamp\":\"2026-03-01T00:00:00Z\"}\n",
    "{\"testRunArtifact\":{\"testRunStart\":{\"name\":\"t\",\"version\":\"1\"}},\"sequenceNumber\":1,\"timestamp\":\"2026-03-01T00:00:00\"}\n",
    "{\"testRunArtifact\":{\"testRunStart\":{\"name\":\"old\",\"dutInfo\":[]}},\"sequenceNumber\":1,\"timestamp\":\"2026-03-01T00:00:00Z\"}\n",
    "{\"testRunArtifact\":{\"testRunEnd\":{\"status\":\"COMPLETE\",\"result\":\"PASS\"}},\"sequenceNumber\":7,\"timestamp\":\"2026-03-01T00:00:00Z\"}\n",
    "{\"testRunArtifact\":{\"testRunEnd\":{\"status\":\"ERROR\",\"result\":\"PASS\"}},\"sequenceNumber\":3,\"timestamp\":\"2026-03-01T00:00:00Z\"}\n",
    "{\"testStepArtifact\":{\"testStepId\":\"0\",\"testStepStart\":{\"name\":\"s\"}},\"sequenceNumber\":2,\"timestamp\":\"2026-03-01T00:00:00Z\"}\n",
    "{\"testStepArtifact\":{\"testStepId\":\"0\",\"measurement\":{\"name\":\"m\",\"value\":\"a\",\"validators\":[{\"type\":\"REGEX_MATCH\",\"value\":[\"(\",\"a\"]}]}},\"sequenceNumber\":3,\"timestamp\":\"2026-03-01T00:00:00Z\"}\n",
    "{\"testStepArtifact\":{\"testStepId\":\"1\",\"measurementSeriesElement\":{\"measurementSeriesId\":\"0\",\"index\":0,\"value\":1}},\"sequenceNumber\":4,\"timestamp\":\"2026-03-01T00:00:00Z\"}\n",
    "{\"testStepArtifact\":{\"testStepId\":\"1\",\"measurementSeriesEnd\":{\"measurementSeriesId\":\"0\",\"totalCount\":18446744073709551615}},\"sequenceNumber\":18446744073709551615,\"timestamp\":\"2026-03-01T00:00:00Z\"}\n",
];

/// Anything, from noise to nearly right.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..20),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn supplied() -> Params {
    params([("unit", "U1"), ("operation", "L10")])
}

fn events(format: &str, body: &[u8], piece: usize) -> Vec<Event> {
    events_in_pieces(format, &supplied(), &Tenant::default(), Limits::default(), body, piece)
        .unwrap()
}

/// One artifact of a step, from a small world, so that they meet.
fn artifact() -> impl Strategy<Value = String> {
    let value = select(&["1", "2.5", "-3", "\"1\"", "\"abc\"", "true"][..]);
    let check = select(
        &[
            r#"{"type":"LESS_THAN","value":2}"#,
            r#"{"type":"EQUAL","value":"abc"}"#,
            r#"{"type":"REGEX_MATCH","value":["b","("]}"#,
            r#"{"type":"IN_SET","value":[1,2]}"#,
        ][..],
    );
    let inner = prop_oneof![
        Just(r#""testStepStart":{"name":"s"}"#.to_owned()),
        select(&["COMPLETE", "ERROR", "SKIP"][..]).prop_map(|status| format!(r#""testStepEnd":{{"status":"{status}"}}"#)),
        (value.clone(), check.clone()).prop_map(|(value, check)| format!(
            r#""measurement":{{"name":"m","value":{value},"validators":[{check}],"hardwareInfoId":"7"}}"#
        )),
        (0..3_u8, check).prop_map(|(id, check)| format!(
            r#""measurementSeriesStart":{{"measurementSeriesId":"{id}","name":"s","validators":[{check}]}}"#
        )),
        (0..3_u8, 0..4_u8, value).prop_map(|(id, index, value)| format!(
            r#""measurementSeriesElement":{{"measurementSeriesId":"{id}","index":{index},"value":{value}}}"#
        )),
        (0..3_u8, 0..4_u8).prop_map(|(id, total)| format!(
            r#""measurementSeriesEnd":{{"measurementSeriesId":"{id}","totalCount":{total}}}"#
        )),
        select(&["PASS", "FAIL", "UNKNOWN"][..])
            .prop_map(|kind| format!(r#""diagnosis":{{"verdict":"v","type":"{kind}"}}"#)),
        Just(r#""error":{"symptom":"e"}"#.to_owned()),
        Just(r#""log":{"severity":"INFO","message":"l"}"#.to_owned()),
    ];
    (0..3_u8, inner).prop_map(|(step, inner)| {
        format!(r#""testStepArtifact":{{"testStepId":"{step}",{inner}}}"#)
    })
}

/// The lines of a run, in order, with or without an end and with gaps.
fn run_lines() -> impl Strategy<Value = Vec<String>> {
    let steps = proptest::collection::vec((artifact(), 1..3_u64), 0..25);
    let end = select(&["PASS", "FAIL", "NOT_APPLICABLE", ""][..]);
    (steps, end).prop_map(|(steps, end)| {
        let mut sequence = 1;
        let mut lines = vec![
            r#"{"schemaVersion":{"major":2,"minor":0},"sequenceNumber":0,"timestamp":"2026-03-01T00:00:00Z"}"#.to_owned(),
            r#"{"testRunArtifact":{"testRunStart":{"name":"t","version":"1"}},"sequenceNumber":1,"timestamp":"2026-03-01T00:00:01Z"}"#.to_owned(),
        ];
        let end = (!end.is_empty())
            .then(|| (format!(r#""testRunArtifact":{{"testRunEnd":{{"status":"COMPLETE","result":"{end}"}}}}"#), 1));
        for (artifact, stride) in steps.into_iter().chain(end) {
            sequence += stride;
            let at = format!("2026-03-01T00:{:02}:{:02}Z", sequence / 60, sequence % 60);
            lines.push(format!(r#"{{{artifact},"sequenceNumber":{sequence},"timestamp":"{at}"}}"#));
        }
        lines
    })
}

/// A line of our own format with a bit of everything.
fn firstpass_line() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        any::<f64>()
            .prop_filter("JSON has only finite numbers", |number| number.is_finite())
            .prop_map(|number| format!("{number:?}")),
        any::<i64>().prop_map(|number| number.to_string()),
    ];
    let text = "\\PC{0,8}".prop_map(|text| serde_json::to_string(&text).unwrap_or_default());
    let value = prop_oneof![number.clone(), text.clone(), Just("true".to_owned())];
    let outcome = select(
        &[
            "",
            r#","outcome":"pass""#,
            r#","outcome":"fail""#,
            r#","outcome":"unset""#,
            r#","outcome":null"#,
        ][..],
    );
    let limits = (
        proptest::option::of(number.clone()),
        proptest::option::of(number),
        select(
            &["", r#","cmp":"EQ""#, r#","cmp":"LT""#, r#","cmp":"GELE""#, r#","cmp":"LOG""#][..],
        ),
    )
        .prop_map(|(low, high, cmp)| {
            let low = low.map(|low| format!(r#","low":{low}"#)).unwrap_or_default();
            let high = high.map(|high| format!(r#","high":{high}"#)).unwrap_or_default();
            format!("{low}{high}{cmp}")
        });
    let check = (
        select(&["EQUAL", "LESS_THAN", "REGEX_MATCH", "NOT_IN_SET"][..]),
        proptest::collection::vec(value.clone(), 0..3),
        any::<bool>(),
        outcome.clone(),
    )
        .prop_map(|(kind, values, many, outcome)| {
            let one = values.first().cloned().filter(|_| !many);
            let value = one.unwrap_or_else(|| format!("[{}]", values.join(",")));
            format!(r#"{{"type":"{kind}","value":{value}{outcome}}}"#)
        });
    let series = proptest::collection::vec((0..5_u8, value.clone()), 0..4).prop_map(|elements| {
        let elements: Vec<_> = elements
            .iter()
            .map(|(index, value)| format!(r#"{{"index":{index},"value":{value}}}"#))
            .collect();
        format!(r#""series":[{}]"#, elements.join(","))
    });
    let measured = prop_oneof![value.prop_map(|value| format!(r#""value":{value}"#)), series];
    let measurement = (measured, limits, proptest::collection::vec(check, 0..3), outcome, text.clone()).prop_map(
        |(measured, limits, checks, outcome, component)| {
            format!(
                r#"{{"name":"m",{measured}{limits},"checks":[{}]{outcome},"component":{component}}}"#,
                checks.join(",")
            )
        },
    );
    let rest = (
        text,
        proptest::collection::vec(measurement, 0..4),
        select(&["pass", "fail", "error", "timeout", "aborted", "skip"][..]),
        select(&["diagnosis", "error", "symptom", "defect"][..]),
    );
    rest.prop_map(|(station, measurements, outcome, kind)| {
        format!(
            r#"{{"type":"run","unit":{{"serial":"U1"}},"operation":"L10","station":{station},"started_at":"2026-03-01T00:00:00.123456789Z","outcome":"{outcome}","steps":[{{"name":"s","loop":2,"measurements":[{}]}}],"findings":[{{"kind":"{kind}","code":"c"}}],"components":[{{}},{{"slot":"3"}}]}}"#,
            measurements.join(",")
        )
    })
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
                if let Event::Reject { why, .. } | Event::Warning { why, .. } = &event {
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
    fn a_part_of_a_run_gives_way_to_the_whole(lines in run_lines(), keep in 0.0..1.0_f64) {
        let whole = read("ocptv", &supplied(), lines.join("\n"));
        let text = lines.join("\n");
        let cut = (text.len() as f64 * keep) as usize;
        let part = read("ocptv", &supplied(), text.as_bytes().get(..cut).unwrap_or_default());
        let (Some(whole), Some(part)) = (only_run(&whole), only_run(&part)) else { return Ok(()) };
        if part == whole {
            return Ok(());
        }
        prop_assert_eq!(part.identity("ocptv"), whole.identity("ocptv"));
        // A run without an end is no more complete than a part of it, but longer.
        prop_assert!(whole.supersedes(part) || part.artifacts == whole.artifacts);
        prop_assert!(!part.supersedes(whole) || part.artifacts == whole.artifacts);
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
