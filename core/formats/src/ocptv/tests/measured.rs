//! Measurements, their validators and the time stamps.

use domain::{CheckOutcome, Cmp, RunFlag, Value};

use super::*;
use crate::warning;

fn measured(measurement: &str) -> Heard {
    read_unit(run_of(&[in_step(&format!(r#""measurement":{measurement}"#))], PASS))
}

#[test]
fn a_number_in_a_string_stays_a_string() {
    let heard = measured(
        r#"{"name":"fan_speed","value":"1200","unit":"rpm","validators":[{"type":"GREATER_THAN","value":30}]}"#,
    );
    let measurement = &heard.run().steps[0].measurements[0];
    assert_eq!(measurement.value, Value::Text("1200".into()));
    assert_eq!(measurement.outcome, Some(CheckOutcome::Unset));
    assert_eq!(
        heard.warnings,
        [(
            4,
            warning::CHECK_UNSET,
            "the check GREATER_THAN of `fan_speed` cannot be evaluated: its value and the measurement differ in type"
                .to_owned()
        )]
    );
}

#[test]
fn a_number_is_a_double_to_its_last_digit() {
    for (written, number) in [
        ("0.1", 0.1),
        ("9007199254740993", 9_007_199_254_740_992.0),
        ("-9223372036854775808", -9_223_372_036_854_775_808.0),
        ("18446744073709551616", 18_446_744_073_709_551_616.0),
        ("2.2250738585072011e-308", 2.225_073_858_507_201e-308),
        ("5e-324", 5e-324),
    ] {
        let heard = measured(&format!(r#"{{"name":"m","value":{written}}}"#));
        assert_eq!(heard.run().steps[0].measurements[0].value, Value::Num(number), "{written}");
    }
}

#[test]
fn null_is_the_same_as_absent_everywhere() {
    let nulls = measured(
        r#"{"name":"temp","value":40,"unit":null,"validators":[{"name":null,"type":"LESS_THAN","value":95,"metadata":null}],"hardwareInfoId":null,"subcomponent":null,"metadata":null}"#,
    );
    let absent =
        measured(r#"{"name":"temp","value":40,"validators":[{"type":"LESS_THAN","value":95}]}"#);
    assert_eq!(nulls, absent);
    let start = r#""testRunArtifact":{"testRunStart":{"name":"burn-in","version":"1.4","commandLine":null,"parameters":null,"dutInfo":null,"metadata":null},"testRunEnd":null,"log":null,"error":null},"testStepArtifact":null,"schemaVersion":null"#;
    assert_eq!(
        read_unit(stream(&[VERSION, start, PASS])).run(),
        read_unit(stream(&[VERSION, START, PASS])).run()
    );
}

#[test]
fn a_validator_may_hold_a_list_though_the_schema_forbids_it() {
    let heard = measured(
        r#"{"name":"rev","value":"B2","validators":[{"type":"IN_SET","value":["B1","B2"]},{"type":"REGEX_NO_MATCH","value":["^A","^C"]}]}"#,
    );
    assert_eq!(heard.run().steps[0].measurements[0].outcome, Some(CheckOutcome::Pass));
    assert_eq!((heard.rejects, heard.warnings), (vec![], vec![]));
}

#[test]
fn the_impossible_fan_of_the_specification_fails() {
    let heard = measured(
        r#"{"name":"measured-fan-speed-100","unit":"RPM","hardwareInfoId":"5","subcomponent":{"name":"FAN1","location":"F0_1","version":"1","revision":"1","type":"UNSPECIFIED"},"validators":[{"name":"80mm_fan_upper_limit","type":"LESS_THAN_OR_EQUAL","value":11000.0},{"name":"80mm_fan_lower_limit","type":"GREATER_THAN_OR_EQUAL","value":8000.0}],"value":100221.0}"#,
    );
    let fan = &heard.run().steps[0].measurements[0];
    assert_eq!(fan.outcome, Some(CheckOutcome::Fail));
    assert_eq!((fan.low, fan.high, fan.cmp), (Some(8000.0), Some(11000.0), Some(Cmp::Gele)));
    assert_eq!((fan.component.as_deref(), fan.subcomponent.as_deref()), (Some("5"), Some("FAN1")));
    assert_eq!(heard.codes(), [warning::UNKNOWN_HARDWARE]);
}

#[test]
fn a_pattern_that_does_not_compile_leaves_the_check_unset_with_a_warning() {
    let heard = measured(
        r#"{"name":"fw","value":"1.2","validators":[{"type":"REGEX_MATCH","value":"(?!1)"}]}"#,
    );
    assert_eq!(heard.run().steps[0].measurements[0].checks[0].outcome, CheckOutcome::Unset);
    assert_eq!(heard.codes(), [warning::CHECK_UNSET]);
    assert_eq!(heard.run().opportunities(), (0, 0));
}

#[test]
fn an_unknown_validator_is_no_check() {
    let heard = measured(
        r#"{"name":"fw","value":1,"validators":[{"type":"ALMOST","value":1},{"type":"EQUAL"}]}"#,
    );
    assert_eq!(heard.run().steps[0].measurements[0].checks, []);
    assert_eq!(heard.run().steps[0].measurements[0].outcome, None);
    assert_eq!(heard.codes(), [warning::CHECK_UNSET; 2]);
}

#[test]
fn a_million_times_the_same_oddity_is_a_warning_twenty_times_and_counted() {
    let odd = in_step(
        r#""measurement":{"name":"fw","value":1,"validators":[{"type":"ALMOST","value":1}]}"#,
    );
    let heard = read_unit(run_of(&vec![odd; 50], PASS));
    assert_eq!(heard.warnings.len(), 21);
    assert_eq!(
        heard.warnings[20],
        (53, warning::CHECK_UNSET, "and 30 more like it in this run".to_owned())
    );
}

#[test]
fn a_time_without_a_zone_is_utc_flagged_once_for_the_run() {
    let body = run_of(&[""; 0], PASS).replace("Z\"", "\"");
    let heard = read_unit(&body);
    assert_eq!(heard.run().started_at.to_string(), "2026-03-01T00:00:01.000000Z");
    assert_eq!(heard.run().flags.iter().collect::<Vec<_>>(), [RunFlag::TzAssumed]);
    assert_eq!(heard.codes(), [warning::TZ_ASSUMED]);
    let element = in_step(
        r#""measurementSeriesElement":{"measurementSeriesId":"0","index":0,"value":1,"timestamp":"2026-03-01T00:00:00"}"#,
    );
    let start = in_step(r#""measurementSeriesStart":{"measurementSeriesId":"0","name":"fan"}"#);
    let end = in_step(r#""measurementSeriesEnd":{"measurementSeriesId":"0","totalCount":1}"#);
    assert_eq!(read_unit(run_of(&[start, element, end], PASS)).codes(), [warning::TZ_ASSUMED]);
}

#[test]
fn the_zone_of_a_time_stamp_does_not_change_the_run() {
    let utc = run_of(&[""; 0], PASS);
    let local = utc.replace("2026-03-01T00:", "2026-03-01T08:").replace("Z\"", "+08:00\"");
    assert_eq!(read_unit(utc).run(), read_unit(local).run());
}

#[test]
fn the_order_of_keys_and_the_way_numbers_are_written_do_not_change_the_run() {
    let one = measured(r#"{"name":"temp","value":40,"unit":"C"}"#);
    let other = measured(r#"{"unit":"C","value":4.0e1,"name":"temp"}"#);
    assert_eq!(one.run().content_hash(), other.run().content_hash());
}

#[test]
fn logs_files_and_extensions_are_counted_and_not_looked_into() {
    let artifacts = [
        in_step(r#""log":{"severity":"WHATEVER","message":17}"#),
        in_step(r#""file":{"displayName":"x","uri":"file:///x","isSnapshot":true}"#),
        in_step(r#""extension":{"name":"simple","content":"not an object"}"#),
    ];
    let heard = read_unit(run_of(&artifacts, PASS));
    assert_eq!(heard.run().artifacts, 8);
    assert_eq!((heard.rejects, heard.warnings), (vec![], vec![]));
}

#[test]
fn ids_and_counts_may_be_written_carelessly() {
    let body = run_of(&[""; 0], PASS)
        .replace(r#""testStepId":"0""#, r#""testStepId":0"#)
        .replace(r#""sequenceNumber":3"#, r#""sequenceNumber":3.0"#);
    assert_eq!(read_unit(body), read_unit(run_of(&[""; 0], PASS)));
}

/// Field names from the schema, values invented.
const MINIMAL: &str = r#"{"schemaVersion":{"major":2,"minor":0},"sequenceNumber":0,"timestamp":"2026-07-26T02:34:06.249Z"}
{"testRunArtifact":{"testRunStart":{"name":"gpu-burn-in","version":"1.4.0","commandLine":"burn --t 3600","parameters":{"t":3600},"dutInfo":{"dutInfoId":"0","name":"rack7-u12","hardwareInfos":[{"hardwareInfoId":"4","name":"gpu3","serialNumber":"1652922000123","partNumber":"699-2G520-0200","partType":"GPU","location":"SXM3"}]}}},"sequenceNumber":1,"timestamp":"2026-07-26T02:34:07Z"}
{"testStepArtifact":{"testStepId":"0","testStepStart":{"name":"thermal"}},"sequenceNumber":2,"timestamp":"2026-07-26T02:34:08Z"}
{"testStepArtifact":{"testStepId":"0","measurementSeriesStart":{"measurementSeriesId":"0_0","name":"fan"}},"sequenceNumber":3,"timestamp":"2026-07-26T02:34:09Z"}
{"testStepArtifact":{"testStepId":"0","measurementSeriesElement":{"measurementSeriesId":"0_0","index":0,"value":9000,"timestamp":"2026-07-26T02:34:09.5Z"}},"sequenceNumber":4,"timestamp":"2026-07-26T02:34:10Z"}
{"testStepArtifact":{"testStepId":"0","measurementSeriesEnd":{"measurementSeriesId":"0_0","totalCount":1}},"sequenceNumber":5,"timestamp":"2026-07-26T02:34:11Z"}
{"testStepArtifact":{"testStepId":"0","measurement":{"name":"hbm-temp-max","unit":"C","value":97.5,"validators":[{"name":"max","type":"LESS_THAN_OR_EQUAL","value":95}],"hardwareInfoId":"4"}},"sequenceNumber":6,"timestamp":"2026-07-26T03:34:08Z"}
{"testStepArtifact":{"testStepId":"0","diagnosis":{"verdict":"gpu-hbm-overtemp","type":"FAIL","hardwareInfoId":"4","subcomponent":{"name":"HBM","type":"ASIC-SUBSYSTEM"}}},"sequenceNumber":7,"timestamp":"2026-07-26T03:34:08Z"}
{"testStepArtifact":{"testStepId":"0","testStepEnd":{"status":"COMPLETE"}},"sequenceNumber":8,"timestamp":"2026-07-26T03:34:09Z"}
{"testRunArtifact":{"testRunEnd":{"status":"COMPLETE","result":"FAIL"}},"sequenceNumber":9,"timestamp":"2026-07-26T03:34:10Z"}"#;

#[test]
fn a_whole_stream_becomes_this_record() {
    let heard = read_unit(MINIMAL);
    let expected = serde_json::json!({
        "unit": {"serial": "U1", "kind": "production"},
        "operation": "gpu-burn-in",
        "test_name": "gpu-burn-in",
        "software": "1.4.0",
        "started_at": "2026-07-26T02:34:07.000000Z",
        "ended_at": "2026-07-26T03:34:10.000000Z",
        "outcome": "fail",
        "complete": true,
        "artifacts": 10,
        "steps": [{
            "name": "thermal",
            "status": "fail",
            "started_at": "2026-07-26T02:34:08.000000Z",
            "ended_at": "2026-07-26T03:34:09.000000Z",
            "measurements": [
                {
                    "name": "fan",
                    "value": [{"index": 0, "value": 9000.0, "at": "2026-07-26T02:34:09.500000Z"}],
                    "started_at": "2026-07-26T02:34:09.000000Z",
                    "ended_at": "2026-07-26T02:34:11.000000Z",
                },
                {
                    "name": "hbm-temp-max",
                    "value": 97.5,
                    "unit": "C",
                    "high": 95.0,
                    "cmp": "LE",
                    "checks": [{"type": "LESS_THAN_OR_EQUAL", "value": 95.0, "name": "max", "outcome": "fail"}],
                    "outcome": "fail",
                    "component": "gpu3",
                    "started_at": "2026-07-26T03:34:08.000000Z",
                },
            ],
        }],
        "findings": [{
            "kind": "diagnosis",
            "outcome": "fail",
            "system": "ocp",
            "code": "gpu-hbm-overtemp",
            "component": "gpu3",
            "subcomponent": "HBM",
            "step": 0,
        }],
        "components": [{"serial": "1652922000123", "part": "699-2G520-0200", "slot": "SXM3", "name": "gpu3"}],
    });
    assert_eq!(serde_json::to_value(heard.run()).unwrap(), expected);
    assert_eq!(
        (heard.run().failure_code().as_deref(), heard.run().opportunities()),
        (Some("gpu-hbm-overtemp"), (2, 2))
    );
    assert_eq!((heard.rejects, heard.warnings), (vec![], vec![]));
}
