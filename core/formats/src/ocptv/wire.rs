//! One line of the stream as it is written.
//!
//! Fields that Firstpass does not use are not looked at; fields that it can do
//! without are optional whatever the schema says. What is required is what the
//! artifact would mean nothing without.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::json::{Count, Identifier, Metadata, Plain, PlainOrMany, Text};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line {
    pub(super) sequence_number: Option<Count>,
    pub(super) timestamp: Option<String>,
    pub(super) schema_version: Option<SchemaVersion>,
    pub(super) test_run_artifact: Option<RunArtifact>,
    pub(super) test_step_artifact: Option<StepArtifact>,
}

#[derive(Deserialize)]
pub(super) struct SchemaVersion {
    pub(super) major: Count,
    pub(super) minor: Option<Count>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunArtifact {
    pub(super) test_run_start: Option<Box<RunStart>>,
    pub(super) test_run_end: Option<RunEnd>,
    pub(super) log: Option<IgnoredAny>,
    pub(super) error: Option<ErrorArtifact>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StepArtifact {
    pub(super) test_step_id: Option<Text>,
    pub(super) test_step_start: Option<StepStart>,
    pub(super) test_step_end: Option<StepEnd>,
    pub(super) measurement: Option<Box<Measured>>,
    pub(super) measurement_series_start: Option<Box<Measured>>,
    pub(super) measurement_series_element: Option<SeriesElement>,
    pub(super) measurement_series_end: Option<SeriesEnd>,
    pub(super) diagnosis: Option<Box<Diagnosis>>,
    pub(super) error: Option<ErrorArtifact>,
    pub(super) file: Option<IgnoredAny>,
    pub(super) log: Option<IgnoredAny>,
    pub(super) extension: Option<IgnoredAny>,
}

/// `testRunStart`
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunStart {
    pub(super) name: Option<String>,
    pub(super) version: Option<Text>,
    pub(super) dut_info: Option<DutInfo>,
    pub(super) metadata: Option<Metadata>,
}

/// `dutInfo`
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DutInfo {
    pub(super) hardware_infos: Option<Vec<HardwareInfo>>,
    pub(super) software_infos: Option<SoftwareInfos>,
    pub(super) metadata: Option<Metadata>,
}

/// `softwareInfos`. They say nothing of what passed: those that cannot be read are skipped.
#[derive(Debug, PartialEq)]
pub(super) struct SoftwareInfos(pub(super) Vec<SoftwareInfo>);

impl<'de> Deserialize<'de> for SoftwareInfos {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        let infos: Vec<&RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
        Ok(Self(infos.iter().filter_map(|raw| serde_json::from_str(raw.get()).ok()).collect()))
    }
}

/// `softwareInfo`
#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct SoftwareInfo {
    pub(super) name: Option<Text>,
    pub(super) version: Option<Text>,
    pub(super) revision: Option<Text>,
}

/// `hardwareInfo`
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HardwareInfo {
    pub(super) hardware_info_id: Option<Text>,
    pub(super) name: Option<Text>,
    pub(super) revision: Option<Text>,
    pub(super) location: Option<Text>,
    pub(super) serial_number: Option<Identifier>,
    pub(super) part_number: Option<Identifier>,
    pub(super) part_type: Option<Text>,
}

/// `testRunEnd`
#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct RunEnd {
    pub(super) status: Option<String>,
    pub(super) result: Option<String>,
}

/// `error`
#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct ErrorArtifact {
    pub(super) symptom: String,
    pub(super) message: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct StepStart {
    pub(super) name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct StepEnd {
    pub(super) status: Option<String>,
}

/// `measurement` and `measurementSeriesStart`: the one has a value, the other
/// an id for its elements.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Measured {
    pub(super) value: Option<Plain>,
    pub(super) measurement_series_id: Option<Text>,
    pub(super) name: String,
    pub(super) unit: Option<String>,
    pub(super) validators: Option<Vec<Validator>>,
    pub(super) hardware_info_id: Option<Text>,
    pub(super) subcomponent: Option<Subcomponent>,
}

/// `validator`
#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct Validator {
    pub(super) name: Option<Text>,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) value: Option<PlainOrMany>,
}

/// `subcomponent`
#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct Subcomponent {
    pub(super) name: Option<Text>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SeriesElement {
    pub(super) measurement_series_id: Text,
    pub(super) index: Count,
    pub(super) value: Plain,
    pub(super) timestamp: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SeriesEnd {
    pub(super) measurement_series_id: Text,
    pub(super) total_count: Count,
}

/// `diagnosis`
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Diagnosis {
    pub(super) verdict: String,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) message: Option<String>,
    pub(super) hardware_info_id: Option<Text>,
    pub(super) subcomponent: Option<Subcomponent>,
}
