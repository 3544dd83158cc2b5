//! The pre-2.0 dialect: what Google's diagnostics wrote in 2021, and what the
//! specification's own repository still ships as samples. It has no
//! `schemaVersion`; a measurement, a diagnosis, a log and the list of hardware
//! have other fields. It is refused as a whole, by name, rather than read
//! halfway.

use serde_json::Value;

/// Fields that only the old dialect has.
const MARKS: &[&str] = &[
    "/testRunArtifact/log/text",
    "/testRunArtifact/testRunStart/dutInfo/0",
    "/testRunArtifact/testRunEnd/name",
    "/testStepArtifact/log/text",
    "/testStepArtifact/testStepEnd/name",
    "/testStepArtifact/diagnosis/symptom",
    "/testStepArtifact/diagnosis/msg",
    "/testStepArtifact/measurement/info",
    "/testStepArtifact/measurement/element",
    "/testStepArtifact/measurementSeriesStart/info",
    "/testStepArtifact/measurementElement",
];

/// Whether a line can only be of the old dialect.
pub(super) fn is_pre_2_0(text: &str) -> bool {
    let Ok(line) = serde_json::from_str::<Value>(text) else { return false };
    let listed = line.pointer("/testRunArtifact/testRunStart/dutInfo").is_some_and(Value::is_array);
    listed || MARKS.iter().any(|mark| line.pointer(mark).is_some())
}
