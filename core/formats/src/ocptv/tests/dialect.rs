//! The pre-2.0 dialect is refused by name. The lines are cut from the samples
//! in the specification's repository; `real_files` reads those whole.

use super::*;
use crate::reject::EN;

const OLD: &[&str] = &[
    r#""testRunArtifact":{"log":{"severity":"INFO","text":"Initialized the test"}}"#,
    r#""testRunArtifact":{"testRunStart":{"name":"Sat","version":"1","parameters":{},"dutInfo":[{"hostname":"mvcs28","hardwareComponents":[]}]}}"#,
    r#""testRunArtifact":{"testRunStart":{"name":"example_monitor","version":"1","parameters":{},"dutInfo":[]}}"#,
    r#""testRunArtifact":{"testRunEnd":{"name":"Sat","status":"COMPLETE","result":"PASS"}}"#,
    r#""testStepArtifact":{"testStepEnd":{"name":"config","status":"COMPLETE"},"testStepId":"0"}"#,
    r#""testStepArtifact":{"log":{"severity":"INFO","text":"Created step 0"},"testStepId":"0"}"#,
    r#""testStepArtifact":{"diagnosis":{"symptom":"enabled-dimm","type":"PASS","msg":"plugged in","hardwareInfoId":["0"]},"testStepId":"0"}"#,
    r#""testStepArtifact":{"measurement":{"info":{"name":"enabled-dimm"},"element":{"index":0,"value":true}},"testStepId":"0"}"#,
    r#""testStepArtifact":{"measurementSeriesStart":{"measurementSeriesId":"0","info":{"name":"Die CPU0"}},"testStepId":"0"}"#,
    r#""testStepArtifact":{"measurementElement":{"index":0,"measurementSeriesId":"0","value":23},"testStepId":"0"}"#,
];

#[test]
fn any_line_that_only_the_old_dialect_has_refuses_the_whole_upload_by_name() {
    for old in OLD {
        let heard = read_unit(stream(&[STEP, old, START, PASS, "broken"]));
        assert_eq!(heard.runs, []);
        assert_eq!(heard.rejects.last(), Some(&(2, EN.ocp_pre_2_0().to_owned())), "{old}");
        assert!(
            heard.rejects.len() == 2,
            "the step belonged to no run; nothing is read behind the refusal"
        );
    }
}

#[test]
fn a_run_that_was_open_when_the_old_dialect_showed_is_refused_with_it() {
    let heard = read_unit(stream(&[START, OLD[3]]));
    assert_eq!((heard.runs, heard.rejects), (vec![], vec![(2, EN.ocp_pre_2_0().to_owned())]));
}

#[test]
fn an_old_line_after_a_run_is_only_a_bad_line() {
    let heard = read_unit(stream(&[START, PASS, START, OLD[6], PASS]));
    assert_eq!(heard.runs.len(), 2);
    assert_eq!(heard.rejects.len(), 1);
    assert_ne!(heard.rejects[0].1, EN.ocp_pre_2_0());
}

#[test]
fn an_old_line_behind_a_schema_version_is_only_a_bad_line() {
    let heard = read_unit(stream(&[VERSION, START, STEP, OLD[6], STEP_END, PASS]));
    assert!(heard.run().flags.has(domain::RunFlag::DataLoss));
    assert_eq!(heard.rejects.len(), 1);
}
