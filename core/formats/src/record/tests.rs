//! Every text has a bound, and what is odd about a record is a warning.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::fields;
use crate::tests::{Heard, read};
use crate::{Params, warning};

fn read_lines(lines: &[Value]) -> Heard {
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    read("firstpass", &Params::default(), lines.join("\n"))
}

fn run(fields: &Value) -> Value {
    let mut run = json!({"type": "run", "unit": {"serial": "U1"}, "operation": "L10",
                         "started_at": "2026-03-01T00:00:00Z", "outcome": "pass"});
    let extra = fields.as_object().cloned().unwrap_or_default();
    run.as_object_mut().unwrap().extend(extra);
    run
}

/// A run and a repair with a text in every field that the format has.
fn everything() -> [Value; 2] {
    let part = || json!({"serial": "t", "part": "t", "slot": "t", "lot": "t"});
    let check = json!({"type": "EQUAL", "value": "t", "name": "t"});
    let set = json!({"type": "IN_SET", "value": ["t"]});
    [
        run(&json!({"id": "t", "unit": {"serial": "t", "product": "t", "revision": "t"},
            "operation": "t", "level": "t", "station": "t", "fixture": "t", "slot": "t",
            "operator": "t", "software": "t",
            "steps": [{"name": "t", "measurements": [
                {"name": "t", "value": "t", "unit": "t", "component": "t", "checks": [check, set]},
                {"name": "m", "series": [{"index": 0, "value": "t"}]}]}],
            "findings": [{"kind": "symptom", "code": "t", "system": "t", "severity": "t",
                          "message": "t", "component": "t"}],
            "components": [part()]})),
        json!({"type": "repair", "id": "t", "unit": "t", "at": "2026-03-01T00:00:00Z",
               "action": "t", "run": "t", "defect": "t", "comment": "t",
               "component_out": part(), "component_in": part()}),
    ]
}

/// Each place with the text `t`, as a JSON pointer.
fn places(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text == "t" => found.push(at),
        Value::Array(many) => {
            (0..).zip(many).for_each(|(n, one)| places(one, format!("{at}/{n}"), found));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, one)| places(one, format!("{at}/{name}"), found));
        }
        _ => {}
    }
}

#[test]
fn every_text_is_bounded_and_one_past_its_bound_leaves_the_other_runs_alone() {
    let mut seen = std::collections::BTreeSet::new();
    for whole in everything() {
        let mut all = Vec::new();
        places(&whole, String::new(), &mut all);
        assert!(all.len() > 10, "{all:?}");
        for place in all {
            let with = |bytes: usize| {
                let mut line = whole.clone();
                *line.pointer_mut(&place).unwrap() = Value::String("x".repeat(bytes));
                read_lines(&[run(&json!({"id": "good"})), line])
            };
            let past = with(65_537);
            assert_eq!(past.runs.len(), 1, "{place}: the good run is kept");
            let [(2, why)] = past.rejects.as_slice() else { panic!("{place}: {past:?}") };
            let field = fields::ALL.iter().find(|it| why.starts_with(it.name)).expect(why);
            assert_eq!(
                why,
                &format!(
                    "{} is 65537 bytes long, more than the maximum of {}",
                    field.name, field.bytes
                )
            );
            assert_eq!(with(field.bytes).rejects, [], "{place}");
            assert_eq!(with(field.bytes + 1).rejects.len(), 1, "{place}");
            seen.insert(field.name);
        }
    }
    // The rest is in OCP alone.
    let unseen: Vec<_> = fields::ALL.iter().filter(|it| !seen.contains(it.name)).collect();
    // Attributes are checked before.
    assert_eq!(unseen.len(), 6, "{:?}", unseen.iter().map(|it| it.name).collect::<Vec<_>>());
}

#[test]
fn a_character_that_nobody_sees_is_a_warning_with_its_field() {
    for (text, told) in [
        ("B8-0\u{200b}01", "`B8-0<U+200B>01` and holds U+200B, which cannot be seen"),
        (
            "B8\u{2011}001",
            "`B8<U+2011>001` and holds U+2011, which looks like a hyphen and is none",
        ),
        ("C10-\u{202e}gnp.1", "U+202E, which changes the direction of text"),
    ] {
        for (field, line) in [
            ("`unit.serial`", run(&json!({"unit": {"serial": text}}))),
            ("`unit.product`", run(&json!({"unit": {"serial": "U1", "product": text}}))),
            ("`operation`", run(&json!({"operation": text}))),
            ("`station`", run(&json!({"station": text}))),
            (
                "`findings[].code` (OCP: `verdict`, `symptom`)",
                run(&json!({"findings": [{"kind": "symptom", "code": text}]})),
            ),
            (
                "`components[].serial` (OCP: `serialNumber`)",
                run(&json!({"components": [{"serial": text}]})),
            ),
        ] {
            let heard = read_lines(&[line]);
            let [(1, warning::UNUSUAL_CHARACTER, why)] = heard.warnings.as_slice() else {
                panic!("{heard:?}")
            };
            assert!(why.starts_with(&format!("{field} is ")) && why.contains(told), "{why}");
        }
    }
    let cut = read_lines(&[run(&json!({"unit": {"serial": "\u{feff}B8-001\u{1d}\u{200b}"}}))]);
    assert_eq!((cut.run().unit.serial.as_str(), cut.warnings.len()), ("B8-001", 0));
}

#[test]
fn clocks_that_were_not_set_and_ends_before_starts_are_warnings() {
    let codes = |fields| read_lines(&[run(&fields)]).codes();
    assert_eq!(codes(json!({"started_at": "1970-01-01T00:05:00Z"})), [warning::CLOCK_UNSET]);
    assert_eq!(codes(json!({"started_at": "2000-01-01T00:00:07Z"})), [warning::CLOCK_UNSET]);
    assert_eq!(codes(json!({"started_at": "2019-01-01T00:00:07Z"})), [""; 0]);
    assert_eq!(codes(json!({"ended_at": "2026-04-01T00:00:00Z"})), [warning::LONG_RUN]);
    let old = json!({"name": "s", "started_at": "1970-01-01T00:00:00Z", "ended_at": "1970-01-01T00:00:01Z"});
    assert_eq!(codes(json!({"steps": [old]})), [warning::CLOCK_UNSET], "once for a run");
    let at = json!({"index": 0, "value": 1, "at": "1980-01-01T00:00:00Z"});
    let series = json!({"steps": [{"name": "s", "measurements": [{"name": "m", "series": [at]}]}]});
    assert_eq!(codes(series), [warning::CLOCK_UNSET]);
    assert_eq!(codes(json!({"ended_at": "2026-02-28T23:59:59Z"})), [warning::END_BEFORE_START]);
    assert_eq!(codes(json!({"ended_at": "2026-03-01T00:00:00Z"})), [""; 0]);
    let span = || json!({"name": "s", "started_at": "2026-03-01T00:02:00Z", "ended_at": "2026-03-01T00:01:30Z"});
    assert_eq!(codes(json!({"steps": [span()]})), [warning::END_BEFORE_START]);
    let mut measured = span();
    measured["value"] = json!(1);
    let steps = json!({"steps": [{"name": "s", "measurements": [measured]}]});
    assert_eq!(codes(steps), [warning::END_BEFORE_START]);
}

#[test]
fn numbers_that_a_double_cannot_hold_are_warnings_and_floats_of_counts_are_read() {
    let read = |measured: &str| {
        let line = run(&json!({"steps": [{"name": "s", "loop": 1.0, "measurements": ["M"]}]}));
        read("firstpass", &Params::default(), line.to_string().replace("\"M\"", measured))
    };
    let codes = |literal: &str| read(&format!(r#"{{"name":"m","value":{literal}}}"#)).codes();
    for literal in ["9007199254740993", "1e-400", "-4e-320", &"1".repeat(50)] {
        assert_eq!(codes(literal), [warning::NUMBER_ROUNDED], "{literal}");
    }
    for literal in ["9007199254740992", "0", "0.0e5", "-0", "0.1", "1e300", "3.3333333333333333333"]
    {
        assert_eq!(codes(literal), [""; 0], "{literal}");
    }
    let series = read(r#"{"name":"m","series":[{"index":3.0,"value":9007199254740993}]}"#);
    assert_eq!(
        (series.codes(), series.run().steps[0].loop_index),
        (vec![warning::NUMBER_ROUNDED], Some(1))
    );
    let bad = read(r#"{"name":"m","series":[{"index":3.5,"value":1}]}"#);
    assert!(bad.rejects[0].1.contains("whole number from 0"), "{bad:?}");
}

#[test]
fn names_that_differ_in_case_or_blanks_only_are_one_warning_each() {
    let of =
        |operation: &str, station: &str| run(&json!({"operation": operation, "station": station}));
    let heard = read_lines(&[
        of("L10 burn-in", "ST-1"),
        of("l10 Burn-In", "ST-1"),
        of("l10 Burn-In", "ST -1"),
        of("L10 burn-in", "ST-1"),
        of("L11", "ST-2"),
    ]);
    let told: Vec<_> = heard.warnings.iter().map(|(line, code, _)| (*line, *code)).collect();
    assert_eq!(told, [(2, warning::NAME_VARIANT), (3, warning::NAME_VARIANT)]);
    assert_eq!(
        heard.warnings[0].2,
        "`operation` is `l10 Burn-In`, but `L10 burn-in` came before: they differ in case or blanks only, and are counted as two"
    );
}

#[test]
fn an_action_that_is_not_usual_is_kept_and_told() {
    let repair = |action: &str| {
        read_lines(&[
            json!({"type": "repair", "unit": "U1", "at": "2026-03-01T00:00:00Z", "action": action}),
        ])
    };
    for usual in ["replace", "Reseat", "rework"] {
        assert_eq!(repair(usual).warnings, [], "{usual}");
    }
    let odd = repair("replaec");
    assert_eq!((odd.repairs.len(), odd.codes()), (1, vec![warning::UNKNOWN_ACTION]));
}

proptest! {
    #[test]
    fn any_text_can_be_a_serial_number_and_stays_as_it_is_inside(serial in "\\PC{1,60}") {
        let expected = crate::characters::trim(&serial).to_owned();
        prop_assume!(!expected.is_empty() && expected.len() <= 512);
        let heard = read_lines(&[run(&json!({"unit": {"serial": serial}}))]);
        prop_assert_eq!(&heard.run().unit.serial, &expected);
    }

    #[test]
    fn a_whole_number_of_any_length_is_a_serial_number_with_all_its_digits(
        serial in "-?[1-9][0-9]{0,80}",
    ) {
        let ocp = format!(
            r#"{{"testRunArtifact":{{"testRunStart":{{"name":"t","metadata":{{"unit_serial":{serial}}},"dutInfo":{{"hardwareInfos":[{{"name":"SIM","serialNumber":{serial}1}}]}}}}}},"sequenceNumber":0,"timestamp":"2026-03-01T00:00:00Z"}}
{{"testRunArtifact":{{"testRunEnd":{{"status":"COMPLETE","result":"PASS"}}}},"sequenceNumber":1,"timestamp":"2026-03-01T00:00:00Z"}}"#
        );
        let heard = read("ocptv", &Params::default(), ocp);
        prop_assert_eq!(&heard.run().unit.serial, &serial);
        prop_assert_eq!(heard.run().components[0].serial.clone(), Some(format!("{serial}1")));
    }
}
