//! Random deliveries of the stations of a small factory.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, RngExt};

/// Maximum number of runs of one upload.
const MOST: usize = 12;

/// One upload.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    pub(super) format: &'static str,
    pub(super) body: String,
    /// Serial number and start of every run. The pair is unique.
    pub(super) runs: Vec<(String, String)>,
}

/// One run, in one of the formats.
#[derive(Debug, Clone)]
struct Run {
    serial: String,
    at: String,
    text: String,
}

/// Uploads of few units, not in order of time. Some are sent twice, some contain runs that
/// others contain too.
pub(super) fn deliveries(number: usize, random: &mut StdRng) -> Vec<Delivery> {
    let mut minutes: Vec<u32> = (0..(number * MOST) as u32).collect();
    minutes.shuffle(random);
    let mut before: BTreeMap<&'static str, Vec<Run>> = BTreeMap::new();
    let mut all: Vec<Delivery> = Vec::new();
    for _ in 0..number {
        if all.len() > 5 && random.random_range(0..6) == 0 {
            all.extend(all.choose(random).cloned());
            continue;
        }
        let format = *["ocptv", "firstpass"].choose(random).unwrap_or(&"ocptv");
        let known = before.entry(format).or_default();
        let mut runs: Vec<Run> = (0..random.random_range(1..=MOST))
            .filter_map(|_| minutes.pop())
            .map(|minute| run(format, minute, random))
            .collect();
        if random.random_range(0..3) == 0 {
            runs.extend(known.choose(random).cloned());
            runs.shuffle(random);
        }
        known.extend(runs.iter().cloned());
        all.push(Delivery {
            format,
            body: runs.iter().map(|run| run.text.as_str()).collect(),
            runs: runs.into_iter().map(|run| (run.serial, run.at)).collect(),
        });
    }
    all
}

/// The minutes are spread over three months. Each month is a partition of three tables.
fn run(format: &'static str, minute: u32, random: &mut impl Rng) -> Run {
    let serial = format!("U{}", random.random_range(0..9));
    let at = format!(
        "2026-{:02}-{:02}T{:02}:{:02}:00Z",
        3 + minute % 3,
        1 + minute / 1440,
        minute / 60 % 24,
        minute % 60
    );
    let operation = if random.random() { "L10" } else { "L11" };
    let passed = random.random_range(0..3) > 0;
    let steps = random.random_range(0..4);
    let text = match format {
        "ocptv" => ocptv(&serial, operation, &at, passed, steps),
        _ => firstpass(&serial, operation, &at, passed, steps),
    };
    Run { serial, at, text }
}

fn ocptv(serial: &str, operation: &str, at: &str, passed: bool, steps: u32) -> String {
    let mut artifacts = vec![format!(
        r#""testRunArtifact":{{"testRunStart":{{"name":"{operation}","version":"1","commandLine":"","parameters":{{}},"dutInfo":{{"dutInfoId":"0","hardwareInfos":[{{"hardwareInfoId":"1","name":"gpu","serialNumber":"G{serial}"}}]}},"metadata":{{"unit_serial":"{serial}"}}}}}}"#
    )];
    for step in 0..steps {
        let about = |what: &str| format!(r#""testStepArtifact":{{"testStepId":"{step}",{what}}}"#);
        artifacts.push(about(&format!(r#""testStepStart":{{"name":"s{step}"}}"#)));
        for measured in 0..8 {
            artifacts.push(about(&format!(
                r#""measurement":{{"name":"m{measured}","value":{measured},"validators":[{{"type":"LESS_THAN","value":9}}],"hardwareInfoId":"1"}}"#
            )));
        }
        let verdict = if passed { "PASS" } else { "FAIL" };
        artifacts.push(about(&format!(r#""diagnosis":{{"verdict":"v","type":"{verdict}"}}"#)));
        artifacts.push(about(r#""testStepEnd":{"status":"COMPLETE"}"#));
    }
    let result = if passed { "PASS" } else { "FAIL" };
    artifacts.push(format!(
        r#""testRunArtifact":{{"testRunEnd":{{"status":"COMPLETE","result":"{result}"}}}}"#
    ));
    let mut text = format!(
        "{{\"schemaVersion\":{{\"major\":2,\"minor\":0}},\"sequenceNumber\":0,\"timestamp\":\"{at}\"}}\n"
    );
    for (number, artifact) in artifacts.iter().enumerate() {
        text +=
            &format!("{{{artifact},\"sequenceNumber\":{},\"timestamp\":\"{at}\"}}\n", number + 1);
    }
    text
}

fn firstpass(serial: &str, operation: &str, at: &str, passed: bool, steps: u32) -> String {
    let measured = r#"{"name":"m","value":7,"unit":"C","high":9},{"name":"n","series":[{"index":0,"value":1}]},{"name":"o","value":"text"}"#;
    let steps: Vec<_> = (0..steps)
        .map(|step| format!(r#"{{"name":"s{step}","measurements":[{measured}]}}"#))
        .collect();
    let steps = steps.join(",");
    let (outcome, findings) = match passed {
        true => ("pass", ""),
        false => ("fail", r#"{"kind":"defect","code":"hot"}"#),
    };
    // Identified by the producer's id. Each start is used by one run only.
    format!(
        "{{\"type\":\"run\",\"id\":\"R-{at}\",\"unit\":{{\"serial\":\"{serial}\"}},\"operation\":\"{operation}\",\"started_at\":\"{at}\",\"outcome\":\"{outcome}\",\"steps\":[{steps}],\"findings\":[{findings}],\"components\":[{{\"serial\":\"G{serial}\"}}]}}\n"
    )
}
