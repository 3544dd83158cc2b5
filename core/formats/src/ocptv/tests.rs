//! Streams are composed here artifact by artifact; `real_files` reads what
//! producers really wrote.

mod borders;
mod dialect;
mod losses;
mod measured;
mod real_files;
mod unit;
mod verdicts;

use crate::Params;
use crate::tests::{Heard, params, read};

const VERSION: &str = r#""schemaVersion":{"major":2,"minor":0}"#;
const START: &str = r#""testRunArtifact":{"testRunStart":{"name":"burn-in","version":"1.4","commandLine":"burn","parameters":{},"dutInfo":{"dutInfoId":"0"}}}"#;
const LOG: &str = r#""testRunArtifact":{"log":{"severity":"INFO","message":"hello"}}"#;
const ERROR: &str =
    r#""testRunArtifact":{"error":{"symptom":"no-dut","message":"could not find any"}}"#;
const PASS: &str = r#""testRunArtifact":{"testRunEnd":{"status":"COMPLETE","result":"PASS"}}"#;
const FAIL: &str = r#""testRunArtifact":{"testRunEnd":{"status":"COMPLETE","result":"FAIL"}}"#;
const STEP: &str = r#""testStepArtifact":{"testStepId":"0","testStepStart":{"name":"thermal"}}"#;
const STEP_END: &str =
    r#""testStepArtifact":{"testStepId":"0","testStepEnd":{"status":"COMPLETE"}}"#;

/// One line.
fn line(sequence: u64, artifact: &str) -> String {
    let (minute, second) = (sequence / 60 % 60, sequence % 60);
    format!(
        r#"{{{artifact},"sequenceNumber":{sequence},"timestamp":"2026-03-01T00:{minute:02}:{second:02}Z"}}"#
    )
}

/// Lines with sequence numbers from 0.
fn lines<S: AsRef<str>>(artifacts: &[S]) -> Vec<String> {
    (0..).zip(artifacts).map(|(sequence, artifact)| line(sequence, artifact.as_ref())).collect()
}

fn stream<S: AsRef<str>>(artifacts: &[S]) -> String {
    lines(artifacts).join("\n")
}

/// An artifact of step "0".
fn in_step(artifact: &str) -> String {
    format!(r#""testStepArtifact":{{"testStepId":"0",{artifact}}}"#)
}

fn diagnosis(verdict: &str, kind: &str) -> String {
    in_step(&format!(r#""diagnosis":{{"verdict":"{verdict}","type":"{kind}"}}"#))
}

/// A run of one step with these artifacts in it.
fn run_of<S: AsRef<str>>(artifacts: &[S], end: &str) -> String {
    let inner = artifacts.iter().map(AsRef::as_ref);
    let all: Vec<&str> =
        [VERSION, START, STEP].into_iter().chain(inner).chain([STEP_END, end]).collect();
    stream(&all)
}

fn unit() -> Params {
    params([("unit", "U1")])
}

fn read_unit(body: impl AsRef<[u8]>) -> Heard {
    read("ocptv", &unit(), body)
}
