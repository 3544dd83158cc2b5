#![no_main]
//! OCP Test & Validation streams that are JSON whatever the fuzzer does: what
//! is asked of every format, and that the order of lines does not matter.

mod grammar;
mod upload;

use formats::Event;
use grammar::Stream;
use serde_json::Value;

const VERSION: &str =
    r#"{"schemaVersion":{"major":2},"sequenceNumber":0,"timestamp":"2026-03-01T00:00:00Z"}"#;
const START: &str = r#"{"testRunArtifact":{"testRunStart":{"name":"t"}},"sequenceNumber":1,"timestamp":"2026-03-01T00:00:01Z"}"#;

libfuzzer_sys::fuzz_target!(|stream: Stream| {
    upload::read("ocptv", stream.lines.join("\n").as_bytes());
    if let Some((version, rest)) = one_run(&stream.lines) {
        let mut lines = vec![version];
        lines.extend(rest);
        let in_order = records(&lines);
        shuffle(&mut lines[1..], stream.order);
        assert_eq!(records(&lines), in_order);
    }
});

/// The lines of a stream that can only be one run: a `schemaVersion` first and
/// nowhere else, every line readable, no number twice, one start at most and
/// no end before it.
fn one_run(lines: &[String]) -> Option<(&str, Vec<&str>)> {
    let mut lines = lines.iter().map(String::as_str).filter(|line| !line.trim().is_empty());
    let version = lines
        .next()
        .filter(|line| line.contains("schemaVersion") && !line.contains("testRunStart"))
        .filter(|line| rejects(&[line, START]).is_empty())?;
    let rest: Vec<&str> = lines.collect();
    if rest.iter().any(|line| rejects(&[VERSION, line]).contains(&2)) {
        return None;
    }
    let mut numbers: Vec<u64> =
        [&[version], rest.as_slice()].concat().into_iter().map(number).collect();
    numbers.sort_unstable();
    let starts = numbers_of(&rest, "testRunStart");
    let ends = numbers_of(&rest, "testRunEnd");
    let last = starts.iter().max();
    let single = numbers.windows(2).all(|pair| pair[0] != pair[1])
        && starts.len() <= 1
        && ends.iter().all(|end| last.is_none_or(|start| start < end));
    single.then_some((version, rest))
}

fn numbers_of(lines: &[&str], what: &str) -> Vec<u64> {
    lines.iter().filter(|line| line.contains(what)).map(|line| number(line)).collect()
}

fn number(line: &str) -> u64 {
    let line: Value = serde_json::from_str(line).unwrap();
    let number = &line["sequenceNumber"];
    number.as_u64().or(number.as_f64().map(|number| number as u64)).unwrap()
}

fn told(lines: &[&str]) -> Vec<Event> {
    upload::events("ocptv", &[lines.join("\n").as_bytes()]).unwrap()
}

fn rejects(lines: &[&str]) -> Vec<u64> {
    let line = |event| if let Event::Reject { line, .. } = event { Some(line) } else { None };
    told(lines).into_iter().filter_map(line).collect()
}

fn records(lines: &[&str]) -> Vec<domain::IngestRecord> {
    let record = |event| if let Event::Record { record, .. } = event { Some(record) } else { None };
    told(lines).into_iter().filter_map(record).collect()
}

/// Fisher and Yates, with the numbers of Marsaglia.
fn shuffle(lines: &mut [&str], seed: u64) {
    let mut state = seed | 1;
    for last in (1..lines.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        lines.swap(last, (state % (last as u64 + 1)) as usize);
    }
}
