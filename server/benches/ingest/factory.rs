//! Generates uploads of a thousand runs, each of its own unit.

use std::fmt::Write;

/// Runs per request.
pub(crate) const RUNS: usize = 1000;
const MEASUREMENTS: usize = 10;

/// One request; no two rounds have a run in common.
pub(crate) fn batch(format: &str, round: usize) -> String {
    let mut text = String::new();
    for run in 0..RUNS {
        let number = round * RUNS + run;
        // Three months, so that several monthly partitions are written.
        let at = format!(
            "2026-{:02}-{:02}T{:02}:{:02}:{:02}.000000Z",
            1 + number % 3,
            1 + number / 3 % 28,
            number / 84 % 24,
            number % 60,
            number * 7 % 60
        );
        match format {
            "ocptv" => ocptv(&mut text, number, &at),
            _ => firstpass(&mut text, number, &at),
        }
    }
    text
}

fn value(number: usize, measurement: usize) -> f64 {
    60.0 + (number * 31 + measurement * 17) as f64 % 400.0 / 10.0
}

fn ocptv(text: &mut String, number: usize, at: &str) {
    let mut sequence = 0;
    let mut line = |artifact: &str| {
        writeln!(text, r#"{{{artifact},"sequenceNumber":{sequence},"timestamp":"{at}"}}"#).unwrap();
        sequence += 1;
    };
    line(r#""schemaVersion":{"major":2,"minor":0}"#);
    let gpu = number % 8;
    line(&format!(
        r#""testRunArtifact":{{"testRunStart":{{"name":"L10 burn-in","version":"1.4.{}","commandLine":"burn --t 3600","parameters":{{"t":3600}},"dutInfo":{{"dutInfoId":"0","name":"rack","hardwareInfos":[{{"hardwareInfoId":"4","name":"gpu{gpu}","serialNumber":"G{number}","partNumber":"699-2G520","partType":"GPU","location":"SXM{gpu}"}}]}},"metadata":{{"unit_serial":"SN{number:08}"}}}}}}"#,
        number % 3
    ));
    line(r#""testStepArtifact":{"testStepId":"0","testStepStart":{"name":"thermal"}}"#);
    for measurement in 0..MEASUREMENTS {
        let value = value(number, measurement);
        line(&format!(
            r#""testStepArtifact":{{"testStepId":"0","measurement":{{"name":"temp-{measurement}","unit":"C","value":{value},"validators":[{{"name":"max","type":"LESS_THAN_OR_EQUAL","value":95}}],"hardwareInfoId":"4"}}}}"#
        ));
    }
    let failed = (0..MEASUREMENTS).any(|measurement| value(number, measurement) > 95.0);
    let (kind, result) = if failed { ("FAIL", "FAIL") } else { ("PASS", "PASS") };
    line(&format!(
        r#""testStepArtifact":{{"testStepId":"0","diagnosis":{{"verdict":"gpu-temperature","type":"{kind}","hardwareInfoId":"4"}}}}"#
    ));
    line(r#""testStepArtifact":{"testStepId":"0","testStepEnd":{"status":"COMPLETE"}}"#);
    line(&format!(
        r#""testRunArtifact":{{"testRunEnd":{{"status":"COMPLETE","result":"{result}"}}}}"#
    ));
}

fn firstpass(text: &mut String, number: usize, at: &str) {
    let measurements: Vec<String> = (0..MEASUREMENTS)
        .map(|measurement| {
            format!(
                r#"{{"name":"temp-{measurement}","value":{},"unit":"C","high":95,"component":"gpu{}"}}"#,
                value(number, measurement),
                number % 8
            )
        })
        .collect();
    let failed = (0..MEASUREMENTS).any(|measurement| value(number, measurement) > 95.0);
    let outcome = if failed { "fail" } else { "pass" };
    writeln!(
        text,
        r#"{{"type":"run","unit":{{"serial":"SN{number:08}","product":"PN-1"}},"operation":"L10 burn-in","station":"ST-{}","software":"1.4","started_at":"{at}","outcome":"{outcome}","steps":[{{"name":"thermal","status":"{outcome}","measurements":[{}]}}],"findings":[{{"kind":"diagnosis","code":"gpu-temperature","outcome":"{outcome}"}}],"components":[{{"serial":"G{number}","part":"699-2G520","slot":"SXM1"}}]}}"#,
        number % 40,
        measurements.join(",")
    )
    .unwrap();
}
