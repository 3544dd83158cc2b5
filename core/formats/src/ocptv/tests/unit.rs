//! Which unit, which operation, which parts.

use domain::Component;

use super::*;
use crate::tests::events_in_pieces;
use crate::{Limits, Tenant, warning};

const PARTS: &str = r#"{"hardwareInfoId":"c","name":"node","partType":"Chassis","serialNumber":"N1","partNumber":"P-9","revision":"B"},
    {"hardwareInfoId":"0","name":"GPU","location":"SXM0","serialNumber":"G0","partNumber":"P","partType":"GPU"},
    {"hardwareInfoId":"1","name":"GPU","location":"SXM1","serialNumber":"G1","partNumber":"P","partType":"GPU"},
    {"hardwareInfoId":"2","name":"nic","serialNumber":1652922000123,"location":null},
    {"hardwareInfoId":"3","name":"fan"}"#;

/// A run whose start has these fields.
fn started(start: &str, step: &str) -> String {
    let start = format!(r#""testRunArtifact":{{"testRunStart":{{{start}}}}}"#).replace('\n', " ");
    stream(&[VERSION, &start, STEP, step, STEP_END, PASS])
}

fn chassis() -> Tenant {
    Tenant { chassis_part_type: Some(" CHASSIS".into()), ..Tenant::default() }
}

fn read_with(params: &Params, tenant: &Tenant, body: &str) -> Heard {
    Heard::of(
        events_in_pieces("ocptv", params, tenant, Limits::default(), body.as_bytes(), 1000)
            .unwrap(),
    )
}

#[test]
fn the_serial_is_the_parameter_else_metadata_else_the_chassis() {
    let serial = |params: &Params, tenant: &Tenant, start: &str| {
        let heard = read_with(params, tenant, &started(start, LOG));
        assert_eq!(heard.rejects, []);
        (heard.run().unit.serial.clone(), heard.codes())
    };
    let none = Params::default();
    let of_run = r#""name":"t","metadata":{"unit_serial":" M1 "}"#;
    let of_dut = r#""name":"t","dutInfo":{"metadata":{"unit_serial":"M2"}}"#;
    let listed = format!(r#""name":"t","dutInfo":{{"hardwareInfos":[{PARTS}]}}"#);
    assert_eq!(serial(&none, &chassis(), of_run), ("M1".to_owned(), vec![]));
    assert_eq!(serial(&none, &chassis(), of_dut), ("M2".to_owned(), vec![]));
    assert_eq!(serial(&none, &chassis(), &listed), ("N1".to_owned(), vec![]));
    let number = r#""name":"t","metadata":{"unit_serial":1652922000123}"#;
    assert_eq!(serial(&none, &chassis(), number).0, "1652922000123");
    let both = format!(
        r#""name":"t","metadata":{{"unit_serial":"M1"}},"dutInfo":{{"hardwareInfos":[{PARTS}]}}"#
    );
    assert_eq!(serial(&none, &chassis(), &both), ("M1".to_owned(), vec![]));
    assert_eq!(
        serial(&unit(), &chassis(), &both),
        ("U1".to_owned(), vec![warning::PARAMETER_DIFFERS])
    );
}

#[test]
fn without_a_serial_the_run_is_rejected_with_a_sentence_that_names_the_parameter() {
    let why = "begins a run that is rejected: it lacks `unit` (the serial number of the unit); give the \
               parameter, or, for the unit, metadata.unit_serial in testRunStart or dutInfo";
    let listed = format!(r#""name":"t","dutInfo":{{"hardwareInfos":[{PARTS}]}}"#);
    for (tenant, start) in [
        (Tenant::default(), listed.as_str()),
        (chassis(), r#""name":"t","dutInfo":{"dutInfoId":"0","name":"U1"}"#),
        (chassis(), r#""name":"t","metadata":{"unit_serial":null}"#),
        (chassis(), r#""name":"t","metadata":"none""#),
        (
            Tenant { chassis_part_type: Some(String::new()), ..Tenant::default() },
            r#""name":"t","dutInfo":{"hardwareInfos":[{"partType":"","serialNumber":"X"}]}"#,
        ),
    ] {
        let heard = read_with(&Params::default(), &tenant, &started(start, LOG));
        assert_eq!(heard.runs, []);
        assert_eq!(heard.rejects, [(1, why.to_owned())]);
        assert_eq!(heard.warnings, []);
    }
}

#[test]
fn a_serial_that_is_neither_text_nor_whole_number_is_named_unless_a_parameter_says_it() {
    for (serial, why) in [
        (
            "12.0",
            "is the number `12.0`, which is neither a string nor a whole number: write it in quotation marks",
        ),
        (
            "1e3",
            "is the number `1e3`, which is neither a string nor a whole number: write it in quotation marks",
        ),
        ("true", "is `true`, but must be a string"),
        (r#"{"a":1}"#, "is an object, but must be a string"),
    ] {
        let start = format!(r#""name":"t","metadata":{{"unit_serial":{serial}}}"#);
        let heard = read_with(&Params::default(), &chassis(), &started(&start, LOG));
        let told = format!(
            "begins a run that is rejected: `metadata.unit_serial` {why}; give the parameter `unit`"
        );
        assert_eq!((heard.runs, heard.rejects), (vec![], vec![(1, told)]));
        let given = read_with(&unit(), &chassis(), &started(&start, LOG));
        assert_eq!(given.run().unit.serial, "U1");
    }
    for serial in ["-5", "89520000000011000013", "0"] {
        let start = format!(r#""name":"t","metadata":{{"unit_serial":{serial}}}"#);
        let heard = read_with(&Params::default(), &chassis(), &started(&start, LOG));
        assert_eq!(heard.run().unit.serial, serial);
    }
}

#[test]
fn two_chassis_are_not_chosen_between() {
    let two = r#""name":"t","dutInfo":{"hardwareInfos":[{"partType":"chassis","serialNumber":"A"},{"partType":"chassis","serialNumber":"B"}]}"#;
    let heard = read_with(&Params::default(), &chassis(), &started(two, LOG));
    let why = "begins a run that is rejected: 2 hardware infos have the part type ` CHASSIS`, with different serial \
               numbers; give the parameter `unit`";
    assert_eq!(heard.rejects, [(1, why.to_owned())]);
    assert_eq!(read_with(&unit(), &chassis(), &started(two, LOG)).run().unit.serial, "U1");
    let stated = two.replace(r#""name":"t""#, r#""name":"t","metadata":{"unit_serial":"B"}"#);
    let heard = read_with(&Params::default(), &chassis(), &started(&stated, LOG));
    assert_eq!(heard.run().unit.serial, "B", "what is stated is not looked for");
}

#[test]
fn the_chassis_gives_product_and_revision_and_is_not_a_part_of_itself() {
    let listed = format!(r#""name":"t","dutInfo":{{"hardwareInfos":[{PARTS}]}}"#);
    let heard = read_with(&Params::default(), &chassis(), &started(&listed, LOG));
    let run = heard.run();
    assert_eq!(
        (run.unit.product.as_deref(), run.unit.revision.as_deref()),
        (Some("P-9"), Some("B"))
    );
    let part = |serial: &str, part: Option<&str>, slot: Option<&str>, name: &str| Component {
        serial: Some(serial.into()),
        part: part.map(str::to_owned),
        slot: slot.map(str::to_owned),
        lot: None,
        name: Some(name.into()),
    };
    assert_eq!(
        run.components,
        [
            part("G0", Some("P"), Some("SXM0"), "SXM0"),
            part("G1", Some("P"), Some("SXM1"), "SXM1"),
            part("1652922000123", None, None, "nic"),
        ],
        "what has neither serial, part nor place is no part"
    );
    // Another unit's chassis does not describe this one.
    let other = read_with(&unit(), &Tenant::default(), &started(&listed, LOG));
    assert_eq!((other.run().unit.product.as_deref(), other.run().components.len()), (None, 4));
}

#[test]
fn findings_and_measurements_call_a_part_by_what_tells_it_from_the_others() {
    let listed = format!(r#""name":"t","dutInfo":{{"hardwareInfos":[{PARTS}]}}"#);
    let named = |id: &str| {
        let step = in_step(&format!(
            r#""diagnosis":{{"verdict":"x","type":"PASS","hardwareInfoId":"{id}","subcomponent":{{"name":"HBM"}}}}"#
        ));
        let heard = read_with(&unit(), &Tenant::default(), &started(&listed, &step));
        let finding = heard.run().findings[0].clone();
        (finding.component.unwrap_or_default(), finding.subcomponent.unwrap_or_default())
    };
    assert_eq!(named("2"), ("nic".to_owned(), "HBM".to_owned()));
    assert_eq!(named("1"), ("SXM1".to_owned(), "HBM".to_owned()), "there are two called GPU");
    assert_eq!(named("77"), ("77".to_owned(), "HBM".to_owned()));
    let alone =
        in_step(r#""diagnosis":{"verdict":"x","type":"PASS","subcomponent":{"name":"HBM"}}"#);
    let heard = read_with(&unit(), &Tenant::default(), &started(&listed, &alone));
    assert_eq!(heard.run().findings[0].component.as_deref(), Some("HBM"));
}

#[test]
fn ids_are_unique_only_within_a_run() {
    let referring = in_step(r#""diagnosis":{"verdict":"x","type":"PASS","hardwareInfoId":"2"}"#);
    let named = |parts: &str| {
        let start = format!(r#""name":"t","dutInfo":{{"hardwareInfos":[{parts}]}}"#);
        started(&start, &referring)
    };
    let fan = r#"{"hardwareInfoId":"2","name":"fan"}"#;
    let heard = read_unit([named(PARTS), named(fan), named("")].join("\n"));
    let called: Vec<_> =
        heard.runs.iter().map(|(_, run)| run.findings[0].component.as_deref()).collect();
    assert_eq!(called, [Some("nic"), Some("fan"), Some("2")]);
    assert_eq!(heard.codes(), [warning::UNKNOWN_HARDWARE]);
}

#[test]
fn the_operation_is_the_parameter_else_the_name_of_the_test_which_is_kept_beside_it() {
    let given = params([("unit", "U1"), ("operation", "L10 burn-in")]);
    let heard = read("ocptv", &given, stream(&[VERSION, START, PASS]));
    assert_eq!(
        (heard.run().operation.as_str(), heard.run().test_name.as_deref()),
        ("L10 burn-in", Some("burn-in"))
    );
    assert_eq!(heard.warnings, [], "the format cannot say the operation, so nothing differs");
    let nameless = START.replace(r#""name":"burn-in""#, r#""name":null"#);
    let heard = read_unit(stream(&[VERSION, &nameless, PASS]));
    assert_eq!(heard.runs, []);
    assert!(heard.rejects[0].1.contains("it lacks `operation`"), "{heard:?}");
}

#[test]
fn several_test_names_under_one_operation_raise_a_warning_once() {
    let given = params([("unit", "U1"), ("operation", "L10")]);
    let named = |name: &str| stream(&[VERSION, &START.replace("burn-in", name), PASS]);
    let body = ["a", "a", "b", "c", "a"].map(named).join("\n");
    let heard = read("ocptv", &given, &body);
    assert_eq!((heard.runs.len(), heard.codes()), (5, vec![warning::OPERATION_SHARED]));
    assert_eq!(heard.warnings[0].0, 7, "at the run that brought the second name");
    assert_eq!(read_unit(body).warnings, [], "each under its own name");
}
