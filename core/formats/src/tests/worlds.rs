//! Uploads to try, from noise to legal streams of several runs.

use proptest::prelude::*;
use proptest::sample::select;

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

/// What a file that is wrong as a whole begins with.
const ODD: &[&[u8]] = &[
    b"{\0\"\0a\0\n\0",
    b"\0{\0\"\0\n",
    b"\xff\xfe{\0\"\0",
    b"<!DOCTYPE html>\n",
    b"serial,result\n",
    b"U1,pass\n",
    b"\x89PNG\r\n",
    b"[{\"a\":1}]\n",
    b"{\"a\":[\n",
];

/// Anything, from noise to nearly right.
pub(super) fn body() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => select(ODD).prop_map(<[u8]>::to_vec),
        1 => proptest::collection::vec(any::<u8>(), 0..20),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
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

/// The lines of a run, in order, the first its `schemaVersion`: with or without
/// an end, with gaps, and perhaps with something to say before it starts.
pub(super) fn run_lines() -> impl Strategy<Value = Vec<String>> {
    let before = proptest::collection::vec(
        select(
            &[
                r#""testRunArtifact":{"log":{"severity":"INFO","message":"é"}}"#,
                r#""testRunArtifact":{"error":{"symptom":"e"}}"#,
            ][..],
        ),
        0..3,
    );
    let steps = proptest::collection::vec((artifact(), 1..3_u64), 0..25);
    let end = select(&["PASS", "FAIL", "NOT_APPLICABLE", ""][..]);
    (0..3_u8, select(&["s", "t"][..]), before, steps, end).prop_map(|(hour, name, before, steps, end)| {
        let version = r#""schemaVersion":{"major":2,"minor":0}"#.to_owned();
        let start = format!(
            r#""testRunArtifact":{{"testRunStart":{{"name":"{name}","version":"1","metadata":{{"unit_serial":"U1"}}}}}}"#
        );
        let end = format!(r#""testRunArtifact":{{"testRunEnd":{{"status":"COMPLETE","result":"{end}"}}}}"#);
        let end = (!end.contains(r#""result":"""#)).then_some((end, 1));
        let opening = [version].into_iter().chain(before.into_iter().map(str::to_owned)).chain([start]);
        let all = opening.map(|artifact| (artifact, 1)).chain(steps).chain(end);
        let numbered = all.scan(0, |next, (artifact, stride)| {
            *next += stride;
            Some((*next - 1, artifact))
        });
        let line = |(sequence, artifact): (u64, String)| {
            let at = format!("2026-03-01T{hour:02}:{:02}:{:02}Z", sequence / 60, sequence % 60);
            format!(r#"{{{artifact},"sequenceNumber":{sequence},"timestamp":"{at}"}}"#)
        };
        numbered.map(line).collect()
    })
}

/// The runs of a stream, each as its lines. One that has nothing to say before
/// its `testRunStart` may lack the `schemaVersion` behind a run that ended.
pub(super) fn runs() -> impl Strategy<Value = Vec<Vec<String>>> {
    let bare = proptest::collection::vec(proptest::bool::weighted(0.5), 4);
    (proptest::collection::vec(run_lines(), 1..4), bare).prop_map(|(mut runs, bare)| {
        let says = |line: Option<&String>, what: &str| line.is_some_and(|line| line.contains(what));
        let mut ended = false;
        for (lines, bare) in runs.iter_mut().zip(bare) {
            if ended && bare && says(lines.get(1), "testRunStart") {
                lines.remove(0);
            }
            ended = says(lines.last(), "testRunEnd");
        }
        runs
    })
}

/// A line of our own format with a bit of everything.
pub(super) fn firstpass_line() -> impl Strategy<Value = String> {
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
