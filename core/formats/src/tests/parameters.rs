use domain::{UnitKind, Zone};

use super::{params, read};
use crate::{Params, warning};

const RUN: &str = r#"{"type":"run","unit":{"serial":"U1","product":"P1","kind":"golden"},"operation":"L10","station":"ST-1","started_at":"2026-03-01T00:00:00Z","outcome":"pass"}"#;

#[test]
fn a_parameter_wins_over_the_data_and_a_warning_is_kept() {
    let given = params([
        ("station", "ST-2"),
        ("unit_kind", "reference"),
        ("started_at", "2026-03-02T00:00:00Z"),
    ]);
    let heard = read("firstpass", &given, RUN);
    let run = heard.run();
    assert_eq!(run.station.as_deref(), Some("ST-2"));
    assert_eq!(run.unit.kind, UnitKind::Reference);
    assert_eq!(run.started_at.to_string(), "2026-03-02T00:00:00.000000Z");
    assert_eq!(heard.codes(), [warning::PARAMETER_DIFFERS; 3]);
    assert_eq!(
        heard.warnings[0].2,
        "the parameter `station` says `ST-2` and the data `ST-1`: the parameter counts"
    );
}

#[test]
fn a_parameter_that_differs_makes_no_other_run_but_for_unit_and_operation() {
    let identity = |format: &str, name: &str, value: &str, body: &str| {
        let mut given = params([("unit", "U1"), ("operation", "L10")]);
        let _ = given.set(name, value);
        let heard = read(format, &given, body);
        assert!(!heard.runs.is_empty(), "{heard:?}");
        heard.runs.iter().map(|(_, run)| run.identity(format)).collect::<Vec<_>>()
    };
    let two = [1, 2].map(|minute| {
        format!(
            r#"{{"testRunArtifact":{{"testRunStart":{{"name":"t","version":"1"}}}},"sequenceNumber":1,"timestamp":"2026-03-01T00:0{minute}:00Z"}}"#
        )
    });
    for (format, body) in [("firstpass", RUN), ("ocptv", two.join("\n").as_str())] {
        let plain = identity(format, "level", "L10", body);
        assert_eq!(identity(format, "station", "ST-9", body), plain);
        assert_eq!(identity(format, "started_at", "2026-09-09T09:09:09Z", body), plain);
        assert!(plain.len() < 2 || plain[0] != plain[1], "two runs stay two");
    }
}

#[test]
fn a_parameter_that_agrees_or_fills_a_gap_is_no_reason_to_warn() {
    let given = params([
        ("station", " ST-1 "),
        ("fixture", "FX-1"),
        ("started_at", "2026-03-01T08:00:00+08:00"),
    ]);
    let heard = read("firstpass", &given, RUN);
    assert_eq!(heard.run().fixture.as_deref(), Some("FX-1"));
    assert_eq!(heard.codes(), [""; 0]);
}

#[test]
fn every_parameter_reaches_the_record_in_every_format() {
    let given = params([
        ("unit", "U9"),
        ("unit_kind", "golden"),
        ("product", "P9"),
        ("revision", "R9"),
        ("operation", "O9"),
        ("level", "L11"),
        ("station", "S9"),
        ("fixture", "F9"),
        ("slot", "9"),
        ("operator", "o9"),
        ("software", "9.9"),
        ("started_at", "2026-09-09T09:09:09Z"),
    ]);
    let ocptv = concat!(
        r#"{"schemaVersion":{"major":2,"minor":0},"sequenceNumber":0,"timestamp":"2026-03-01T00:00:00Z"}"#,
        "\n",
        r#"{"testRunArtifact":{"testRunStart":{"name":"t","version":"1"}},"sequenceNumber":1,"timestamp":"2026-03-01T00:00:00Z"}"#
    );
    for (format, body) in [("firstpass", RUN), ("ocptv", ocptv)] {
        let heard = read(format, &given, body);
        let run = heard.run();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        assert_eq!(
            [
                run.unit.serial.clone(),
                run.operation.clone(),
                text(&run.unit.product),
                text(&run.unit.revision)
            ],
            ["U9", "O9", "P9", "R9"]
        );
        assert_eq!(
            [&run.level, &run.station, &run.fixture, &run.slot, &run.operator, &run.software]
                .map(text),
            ["L11", "S9", "F9", "9", "o9", "9.9"]
        );
        assert_eq!(run.unit.kind, UnitKind::Golden);
        assert_eq!(run.started_at.to_string(), "2026-09-09T09:09:09.000000Z");
    }
}

#[test]
fn a_parameter_that_cannot_be_taken_says_why() {
    let refused = |pairs: &[(&str, &str)]| {
        let mut params = Params::default();
        let refusal = pairs.iter().find_map(|(name, value)| params.set(name, value).err());
        refusal.map(|error| error.to_string()).unwrap_or_default()
    };
    assert_eq!(refused(&[("unit", " ")]), "the parameter `unit` is empty");
    assert_eq!(refused(&[("unit", "a"), ("unit", "b")]), "the parameter `unit` is given twice");
    assert_eq!(
        refused(&[("unit_kind", "spare")]),
        "the parameter `unit_kind` cannot be read: `spare` is none of production, reference, golden"
    );
    assert_eq!(
        refused(&[("started_at", "yesterday")]),
        "the parameter `started_at` is not an ISO 8601 time such as 2026-03-01T08:00:00+08:00"
    );
    assert_eq!(
        refused(&[("serial", "U1")]),
        "the parameter `serial` is not known; must be one of: unit, unit_kind, product, revision, operation, level, \
         station, fixture, slot, operator, software, started_at"
    );
}

#[test]
fn every_name_can_be_set() {
    for name in Params::NAMES {
        let value = match *name {
            "unit_kind" => "golden",
            "started_at" => "2026-03-01T00:00:00",
            _ => "x",
        };
        let mut params = Params::default();
        params.set(name, value).unwrap();
        assert_ne!(params, Params::default(), "{name}");
        let kept = serde_json::to_string(&params).unwrap();
        assert_eq!(serde_json::from_str::<Params>(&kept).unwrap(), params);
    }
    assert_eq!(serde_json::to_string(&Params::default()).unwrap(), "{}");
}

#[test]
fn a_start_given_without_a_zone_is_utc_and_flagged() {
    let given = params([("started_at", "2026-03-01T00:00:00")]);
    assert_eq!(given.started_at.map(|at| at.zone), Some(Zone::Assumed));
    assert_eq!(read("firstpass", &given, RUN).codes(), [warning::TZ_ASSUMED]);
}

#[test]
fn a_key_that_no_index_could_hold_rejects_the_run() {
    let given = Params { station: Some("x".repeat(513)), ..Params::default() };
    let heard = read("firstpass", &given, RUN.replace("ST-1", ""));
    assert_eq!(
        heard.rejects,
        [(1, "`station` is 513 bytes long, more than the maximum of 512".to_owned())]
    );
    let given = Params { station: Some("x".repeat(512)), ..Params::default() };
    assert_eq!(read("firstpass", &given, RUN.replace("ST-1", "")).runs.len(), 1);
}

#[test]
fn u_0000_is_replaced_wherever_it_stands_and_a_warning_is_kept() {
    let heard = read("firstpass", &Params::default(), RUN.replace("ST-1", r"ST\u0000"));
    assert_eq!(heard.run().station.as_deref(), Some("ST\u{fffd}"));
    assert_eq!(heard.codes(), [warning::NUL_REPLACED]);

    const EVERYWHERE: &[(&str, &str)] = &[
        (
            "firstpass",
            r#"{"type":"run","id":"~","unit":{"serial":"~","product":"~","revision":"~"},"operation":"~","level":"~","station":"~","fixture":"~","slot":"~","operator":"~","software":"~","started_at":"2026-03-01T00:00:00Z","outcome":"fail","steps":[{"name":"~","measurements":[{"name":"~","value":"~","unit":"~","component":"~","checks":[{"type":"EQUAL","value":"~","name":"~"},{"type":"IN_SET","value":["~"]}]},{"name":"s","series":[{"index":0,"value":"~"}]}]}],"findings":[{"kind":"defect","system":"~","code":"~","severity":"~","message":"~","component":"~"}],"components":[{"serial":"~","part":"~","slot":"~"}]}"#,
        ),
        (
            "firstpass",
            r#"{"type":"repair","id":"~","unit":"~","at":"2026-03-01T10:00:00Z","action":"~","run":"~","defect":"~","component_out":{"serial":"~"},"component_in":{"part":"~"},"comment":"~"}"#,
        ),
        (
            "ocptv",
            r#"{"testRunArtifact":{"testRunStart":{"name":"~","version":"~","metadata":{"unit_serial":"~"},"dutInfo":{"hardwareInfos":[{"hardwareInfoId":"~","name":"~","location":"~"}]}}},"sequenceNumber":1,"timestamp":"2026-03-01T00:00:00Z"}
               {"testStepArtifact":{"testStepId":"~","diagnosis":{"verdict":"~","type":"FAIL","message":"~","hardwareInfoId":"~","subcomponent":{"name":"~"}}},"sequenceNumber":2,"timestamp":"2026-03-01T00:00:00Z"}
               {"testStepArtifact":{"testStepId":"~","measurement":{"name":"~","value":1,"hardwareInfoId":"~","subcomponent":{"name":"~"}}},"sequenceNumber":3,"timestamp":"2026-03-01T00:00:00Z"}"#,
        ),
    ];
    for (format, body) in EVERYWHERE {
        let heard = read(format, &Params::default(), body.replace('~', r"x\u0000"));
        assert_eq!(
            (heard.runs.len() + heard.repairs.len(), heard.rejects.len()),
            (1, 0),
            "{heard:?}"
        );
        let kept = serde_json::to_string(&(&heard.runs, &heard.repairs)).unwrap();
        assert!(kept.contains("x\u{fffd}") && !kept.contains(r"\u0000"), "{kept}");
    }
}
