use domain::{CheckOutcome, Cmp, FindingOutcome, Outcome, RunFlag, StepStatus, UnitKind, Value};

use super::line;
use crate::tests::{Heard, params, read};
use crate::{Params, warning};

/// The example of the contract, on one line.
const RUN: &str = r#"{"type":"run","id":"r-1","unit":{"serial":"U1","product":"PN","revision":"B","kind":"golden"},"operation":"L10 burn-in","level":"L10","station":"ST-1","fixture":"FX-1","slot":"3","operator":"o1","software":"1.4","started_at":"2026-03-01T08:00:00+08:00","ended_at":null,"outcome":"fail","steps":[{"name":"thermal","status":"fail","loop":1,"measurements":[{"name":"hbm-temp","value":97.5,"unit":"C","low":null,"high":95,"cmp":"LE","outcome":"fail","component":"GPU3"}]}],"findings":[{"kind":"diagnosis","outcome":"fail","system":"ocp","code":"hbm-hot","severity":null,"message":"","component":"GPU3"}],"components":[{"serial":"G1","part":"P","slot":"SXM3"}]}"#;
const REPAIR: &str = r#"{"type":"repair","id":"p-1","unit":"U3","at":"2026-03-01T10:00:00+08:00","action":"replace","run":"r-1","defect":"D1","component_out":{"serial":"G1"},"component_in":{},"comment":""}"#;
/// Only what is required.
const LEAST: &str = r#"{"type":"run","unit":{"serial":"U1"},"operation":"L10","started_at":"2026-03-01T00:00:00Z","outcome":"pass"}"#;

fn read_line(text: impl AsRef<[u8]>) -> Heard {
    read("firstpass", &Params::default(), text)
}

/// The run with `fields` beside the required ones.
fn with(fields: &str) -> Heard {
    read_line(LEAST.replace(r#""type":"run""#, &format!(r#""type":"run",{fields}"#)))
}

/// The run with one measurement.
fn measured(fields: &str) -> Heard {
    with(&format!(r#""steps":[{{"name":"s","measurements":[{{"name":"m",{fields}}}]}}]"#))
}

#[track_caller]
fn rejected(heard: Heard) -> String {
    assert_eq!(
        (heard.runs.len(), heard.repairs.len(), heard.rejects.len()),
        (0, 0, 1),
        "{heard:?}"
    );
    heard.rejects.into_iter().map(|(_, why)| why).collect()
}

#[test]
fn the_run_of_the_contract_is_read_whole() {
    let heard = read_line(RUN);
    let run = heard.run();
    assert_eq!((heard.rejects.len(), heard.warnings.len()), (0, 0));
    assert_eq!(run.producer_id.as_deref(), Some("r-1"));
    assert_eq!((run.unit.serial.as_str(), run.unit.kind), ("U1", UnitKind::Golden));
    assert_eq!(
        (run.unit.product.as_deref(), run.unit.revision.as_deref()),
        (Some("PN"), Some("B"))
    );
    assert_eq!((run.operation.as_str(), run.test_name.as_deref()), ("L10 burn-in", None));
    assert_eq!(
        [&run.level, &run.station, &run.fixture, &run.slot, &run.operator, &run.software]
            .map(|text| text.as_deref()),
        [Some("L10"), Some("ST-1"), Some("FX-1"), Some("3"), Some("o1"), Some("1.4")]
    );
    assert_eq!(
        (run.started_at.to_string().as_str(), run.ended_at),
        ("2026-03-01T00:00:00.000000Z", None)
    );
    assert_eq!((run.outcome, run.complete, run.artifacts), (Outcome::Fail, true, 5));
    let step = &run.steps[0];
    assert_eq!(
        (step.name.as_str(), step.status, step.loop_index),
        ("thermal", Some(StepStatus::Fail), Some(1))
    );
    let hot = &step.measurements[0];
    assert_eq!(
        (hot.low, hot.high, hot.cmp, hot.outcome),
        (None, Some(95.0), Some(Cmp::Le), Some(CheckOutcome::Fail))
    );
    assert_eq!(
        (run.findings[0].message.as_deref(), run.findings[0].component.as_deref()),
        (None, Some("GPU3"))
    );
    assert_eq!(run.components[0].slot.as_deref(), Some("SXM3"));
    assert_eq!(run.failure_code().as_deref(), Some("hbm-hot"));
    assert_eq!(run.opportunities(), (2, 2));
    assert!(run.flags.is_empty());
}

#[test]
fn the_repair_of_the_contract_is_read_whole() {
    let heard = read_line(REPAIR);
    let [(1, repair)] = heard.repairs.as_slice() else { panic!("{heard:?}") };
    assert_eq!((repair.unit.as_str(), repair.action.as_str()), ("U3", "replace"));
    assert_eq!(repair.at.to_string(), "2026-03-01T02:00:00.000000Z");
    assert_eq!((repair.run.as_deref(), repair.defect.as_deref()), (Some("r-1"), Some("D1")));
    assert_eq!(repair.component_out.as_ref().and_then(|part| part.serial.as_deref()), Some("G1"));
    assert_eq!(
        (repair.component_in.as_ref(), repair.comment.as_deref()),
        (None, None),
        "nothing is nothing"
    );
}

#[test]
fn runs_and_repairs_stand_in_one_upload_and_a_bad_line_concerns_itself() {
    let heard = read_line([RUN, "{}", REPAIR, "", LEAST, "x"].join("\n"));
    assert_eq!(heard.runs.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 5]);
    assert_eq!(heard.repairs[0].0, 3);
    assert_eq!(heard.rejects.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 6]);
    assert!(heard.runs.iter().all(|(_, run)| !run.flags.has(RunFlag::DataLoss)));
}

#[test]
fn an_unknown_field_is_rejected_by_name_wherever_it_stands() {
    assert!(
        rejected(with(r#""stations":"x""#))
            .starts_with("unknown field `stations`, expected one of `type`, `id`,")
    );
    assert!(rejected(measured(r#""value":1,"limit":2"#)).contains("unknown field `limit`"));
    assert!(
        rejected(with(r#""findings":[{"kind":"defect","code":"x","codes":1}]"#))
            .contains("unknown field `codes`")
    );
    assert!(
        rejected(read_line(REPAIR.replace("comment", "remark"))).contains("unknown field `remark`")
    );
    assert!(
        rejected(read_line(LEAST.replace(r#""serial":"U1""#, r#""serial":"U1","sn":1"#)))
            .contains("unknown field `sn`")
    );
    let long = rejected(with(&format!(r#""{}":1"#, "x".repeat(100_000))));
    assert!(long.len() < 400 && long.contains("(column "), "{long}");
}

#[test]
fn what_is_required_is_named_when_it_is_missing() {
    let without = |part: &str| rejected(read_line(LEAST.replace(part, "")));
    let required =
        "`unit.serial`, `operation` and `started_at` are required, here or as parameters";
    assert_eq!(
        without(r#""unit":{"serial":"U1"},"#),
        format!("lacks `unit` (the serial number of the unit): {required}")
    );
    assert_eq!(without(r#""operation":"L10","#), format!("lacks `operation`: {required}"));
    assert_eq!(
        without(r#""started_at":"2026-03-01T00:00:00Z","#),
        format!("lacks `started_at`: {required}")
    );
    assert_eq!(without(r#","outcome":"pass""#), "`outcome` is missing");
    assert_eq!(without(r#""type":"run","#), "has no `type`, which is `run` or `repair`");
    assert_eq!(
        rejected(read_line(r#"{"type":"runs"}"#)),
        "has type `runs`, which is neither `run` nor `repair`"
    );
    for (field, name) in [(r#""unit":"U3","#, "unit"), (r#""action":"replace","#, "action")] {
        assert_eq!(rejected(read_line(REPAIR.replace(field, ""))), format!("`{name}` is missing"));
    }
    assert_eq!(
        rejected(read_line(REPAIR.replace(r#""at":"2026-03-01T10:00:00+08:00","#, ""))),
        "`at` is missing"
    );
    assert_eq!(rejected(read_line(REPAIR.replace("U3", "  "))), "`unit` is missing");
}

#[test]
fn a_parameter_may_supply_what_the_line_lacks() {
    let given =
        params([("unit", "U7"), ("operation", "L11"), ("started_at", "2026-03-01T00:00:00Z")]);
    let heard = read("firstpass", &given, r#"{"type":"run","outcome":"aborted"}"#);
    assert_eq!((heard.run().unit.serial.as_str(), heard.run().outcome), ("U7", Outcome::Aborted));
    let heard = read("firstpass", &given, REPAIR);
    assert_eq!(
        (heard.repairs[0].1.unit.as_str(), heard.codes()),
        ("U7", vec![warning::PARAMETER_DIFFERS])
    );
}

#[test]
fn a_word_that_is_not_in_the_vocabulary_is_named_with_its_place() {
    assert_eq!(
        rejected(read_line(LEAST.replace("pass", "PASS"))),
        "`outcome`: `PASS` is none of pass, fail, error, timeout, aborted, skip"
    );
    assert_eq!(
        rejected(measured(r#""value":1,"cmp":"GTLE""#)),
        "`steps[0].measurements[0].cmp`: `GTLE` is none of EQ, NE, LT, LE, GT, GE, GELE, GTLT, LOG"
    );
    assert_eq!(
        rejected(with(r#""steps":[{"name":"s","status":"ok"}]"#)),
        "`steps[0].status`: `ok` is none of pass, fail, error, skip"
    );
    assert_eq!(
        rejected(with(r#""findings":[{"kind":"xid","code":"79"}]"#)),
        "`findings[0].kind`: `xid` is none of diagnosis, error, symptom, defect"
    );
    assert_eq!(
        rejected(with(r#""findings":[{"kind":"defect"}]"#)),
        "`findings[0].code` is missing"
    );
    assert_eq!(
        rejected(with(r#""ended_at":"later""#)),
        "`ended_at`: `later` is not an ISO 8601 time such as 2026-03-01T08:00:00+08:00"
    );
}

#[test]
fn a_field_of_the_wrong_type_is_named_with_its_column() {
    assert_eq!(
        rejected(with(r#""slot":3"#)),
        "`slot` is the number `3`, but must be a string, in quotation marks (column 22)"
    );
    assert_eq!(
        rejected(read_line(r#"{"type":1}"#)),
        "`type` is the number `1`, but must be a string, in quotation marks (column 9)"
    );
    assert_eq!(rejected(with(r#""slot":"3","slot":"4""#)), "`slot` is given twice (column 31)");
}

#[test]
fn an_outcome_counts_as_given_else_it_is_computed() {
    let outcome = |fields: &str| measured(fields).run().steps[0].measurements[0].outcome;
    assert_eq!(outcome(r#""value":97.5,"high":95"#), Some(CheckOutcome::Fail));
    assert_eq!(outcome(r#""value":97.5,"high":95,"outcome":null"#), Some(CheckOutcome::Fail));
    assert_eq!(outcome(r#""value":97.5,"high":95,"outcome":"pass""#), Some(CheckOutcome::Pass));
    assert_eq!(outcome(r#""value":true,"outcome":"fail""#), Some(CheckOutcome::Fail));
    assert_eq!(outcome(r#""value":97.5"#), None);
    assert_eq!(outcome(r#""value":97.5,"high":95,"cmp":"LOG""#), None);
}

#[test]
fn the_comparison_is_by_default_what_the_limits_say() {
    let cmp = |fields: &str| measured(fields).run().steps[0].measurements[0].cmp;
    assert_eq!(cmp(r#""value":1,"low":0,"high":2"#), Some(Cmp::Gele));
    assert_eq!(cmp(r#""value":1,"low":0"#), Some(Cmp::Ge));
    assert_eq!(cmp(r#""value":1,"high":2,"low":null"#), Some(Cmp::Le));
    assert_eq!(cmp(r#""value":1"#), None);
    assert_eq!(cmp(r#""value":1,"low":0,"high":2,"cmp":"GTLT""#), Some(Cmp::Gtlt));
}

#[test]
fn minus_zero_is_zero() {
    let plus = measured(r#""value":0.0,"low":0,"high":0"#);
    assert_eq!(
        measured(r#""value":-0.0,"low":-0.0,"high":-0.0"#).run().content_hash(),
        plus.run().content_hash()
    );
}

#[test]
fn limits_of_something_that_is_no_number_are_not_evaluated() {
    let heard = measured(r#""value":"97.5","high":95"#);
    assert_eq!(heard.run().steps[0].measurements[0].outcome, Some(CheckOutcome::Unset));
    let why = "the limits of `m` cannot be evaluated: its value and the measurement differ in type";
    assert_eq!(heard.warnings, [(1, warning::CHECK_UNSET, why.to_owned())]);
    let heard = measured(r#""value":1,"low":0,"cmp":"GELE""#);
    assert_eq!(
        heard.warnings[0].2,
        "the limits of `m` cannot be evaluated: the limit that it needs is missing"
    );
}

#[test]
fn checks_say_what_limits_cannot() {
    let heard = measured(
        r#""value":"B2","checks":[{"type":"IN_SET","value":["B1","B2"],"name":"rev"},{"type":"REGEX_MATCH","value":"(","outcome":"fail"}]"#,
    );
    let measurement = &heard.run().steps[0].measurements[0];
    assert_eq!(measurement.checks[0].outcome, CheckOutcome::Pass);
    assert_eq!(
        (measurement.checks[1].outcome, measurement.outcome),
        (CheckOutcome::Fail, Some(CheckOutcome::Fail))
    );
    assert_eq!(heard.warnings, [], "an outcome was given for what could not be judged");
    assert_eq!(
        rejected(measured(r#""value":1,"checks":[{"type":"EQUAL"}]"#)),
        "`steps[0].measurements[0].checks[0].value` is missing"
    );
    assert_eq!(
        rejected(measured(r#""value":1,"checks":[{"value":1}]"#)),
        "`steps[0].measurements[0].checks[0].type` is missing"
    );
}

#[test]
fn a_series_stands_in_place_of_the_value_and_is_checked_element_by_element() {
    let heard = measured(
        r#""series":[{"index":1,"value":9,"at":"2026-03-01T08:00:01+08:00"},{"index":0,"value":1}],"high":5"#,
    );
    let measurement = &heard.run().steps[0].measurements[0];
    let Value::Series(elements) = &measurement.value else { panic!("{measurement:?}") };
    let outcomes: Vec<_> =
        elements.iter().map(|element| (element.index, element.outcome)).collect();
    assert_eq!(outcomes, [(0, Some(CheckOutcome::Pass)), (1, Some(CheckOutcome::Fail))]);
    assert_eq!(
        (measurement.outcome, heard.run().opportunities()),
        (Some(CheckOutcome::Fail), (1, 2))
    );
    assert_eq!(
        rejected(measured(r#""value":1,"series":[]"#)),
        "`steps[0].measurements[0]` has both `value` and `series`"
    );
    assert_eq!(
        rejected(measured(r#""value":null"#)),
        "`steps[0].measurements[0]` has neither `value` nor `series`"
    );
    assert_eq!(
        rejected(measured(r#""series":[{"value":1}]"#)),
        "`steps[0].measurements[0].series[0].index` is missing"
    );
}

#[test]
fn steps_and_measurements_may_have_times_and_a_value_any_plain_type() {
    let heard = measured(
        r#""value":true,"started_at":"2026-03-01T08:00:01+08:00","ended_at":"2026-03-01T00:00:02Z""#,
    );
    let measurement = &heard.run().steps[0].measurements[0];
    let times = [measurement.started_at, measurement.ended_at].map(|at| at.unwrap().to_string());
    assert_eq!(times, ["2026-03-01T00:00:01.000000Z", "2026-03-01T00:00:02.000000Z"]);
    assert_eq!(measurement.value, Value::Bool(true));
    assert_eq!(
        measured(r#""value":"1""#).run().steps[0].measurements[0].value,
        Value::Text("1".into())
    );
    let heard =
        with(r#""steps":[{"name":"s","status":"error","ended_at":"2026-03-01T00:00:02Z"}]"#);
    assert_eq!(heard.run().steps[0].status, Some(StepStatus::Error));
    assert!(
        rejected(measured(r#""value":{}"#))
            .contains("`steps[0].measurements[0].value` is an object")
    );
    assert!(rejected(measured(r#""value":1e999"#)).contains("which is too large"));
}

#[test]
fn a_finding_fails_unless_it_says_otherwise() {
    let heard = with(
        r#""findings":[{"kind":"defect","code":"a"},{"kind":"symptom","code":"b","outcome":"unknown"}]"#,
    );
    let outcomes: Vec<_> = heard.run().findings.iter().map(|found| found.outcome).collect();
    assert_eq!(outcomes, [FindingOutcome::Fail, FindingOutcome::Unknown]);
    assert!(heard.run().flags.has(RunFlag::PassWithFailure));
}

#[test]
fn any_time_without_a_zone_flags_the_run_once() {
    let heard = with(
        r#""ended_at":"2026-03-01T00:00:09","steps":[{"name":"s","started_at":"2026-03-01T00:00:00"}]"#,
    );
    assert!(heard.run().flags.has(RunFlag::TzAssumed));
    assert_eq!(heard.codes(), [warning::TZ_ASSUMED]);
    assert_eq!(read_line(REPAIR.replace("+08:00", "")).codes(), [warning::TZ_ASSUMED]);
}

#[test]
fn a_serial_is_compared_as_received_after_trimming() {
    let serial = |serial: &str| read_line(LEAST.replace("U1", serial)).run().unit.serial.clone();
    assert_eq!(serial(" U1\\t"), "U1");
    assert_eq!(serial("u1"), "u1");
    assert_eq!(serial("é /?#%"), "é /?#%");
}

#[test]
fn what_is_written_reads_as_the_same_record() {
    let heard = read_line([RUN, LEAST].join("\n"));
    for (_, run) in heard.runs {
        let text = line(&domain::IngestRecord::Run(Box::new(run.clone())));
        assert_eq!(read_line(text).run(), &run);
    }
    for (_, repair) in read_line(REPAIR).repairs {
        let text = line(&domain::IngestRecord::Repair(Box::new(repair.clone())));
        assert_eq!(read_line(text).repairs, [(1, repair)]);
    }
    assert_eq!(
        line(&domain::IngestRecord::Run(Box::new(read_line(LEAST).run().clone()))),
        r#"{"type":"run","unit":{"serial":"U1","kind":"production"},"operation":"L10","started_at":"2026-03-01T00:00:00.000000Z","outcome":"pass"}"#
    );
}

#[test]
fn a_name_too_long_for_a_key_rejects_its_run() {
    let long = "n".repeat(513);
    for (step, name, unit) in [(long.as_str(), "m", "C"), ("s", &long, "C"), ("s", "m", &long)] {
        let line = format!(
            r#"{{"type":"run","unit":{{"serial":"U1"}},"operation":"L10","started_at":"2026-03-01T00:00:00Z","outcome":"pass","steps":[{{"name":"{step}","measurements":[{{"name":"{name}","value":1,"unit":"{unit}"}}]}}]}}"#
        );
        let heard = read("firstpass", &Params::default(), &line);
        assert!(heard.runs.is_empty(), "{heard:?}");
        assert!(format!("{heard:?}").contains("513 bytes"), "{heard:?}");
    }
}
