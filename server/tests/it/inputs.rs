//! Unusual input: it is stored with a warning, or rejected with the name of its field, and never
//! answered by a 500, which a station would retry.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{Answer, House, ocp_run};

const FIRSTPASS: &str = "/ingest/v1/firstpass";
const OCPTV: &str = "/ingest/v1/ocptv";

impl House {
    async fn sent(&self, path: &str, body: impl Into<String>) -> Answer {
        self.upload(&self.north.ingest, path, body.into()).await
    }

    async fn unit_of(&self, serial: &str) -> Value {
        self.read(&self.north.read, &format!("/api/v1/units/{serial}")).await.json
    }

    /// Passed and n of the first-run yield.
    async fn first_run(&self) -> (u64, u64) {
        let answer = self.read(&self.north.read, "/api/v1/yield").await;
        let group = &answer.json["groups"][0];
        (group["passed"].as_u64().unwrap(), group["n"].as_u64().unwrap())
    }
}

fn run(serial: &str, fields: &Value) -> String {
    let mut run = json!({"type": "run", "unit": {"serial": serial}, "operation": "ICT",
                         "started_at": "2026-03-01T08:00:00Z", "outcome": "pass"});
    run.as_object_mut().unwrap().extend(fields.as_object().cloned().unwrap());
    format!("{run}\n")
}

/// An incompressible text of so many bytes: an index cannot shorten it.
fn dense(bytes: usize, seed: usize) -> String {
    let mut text = String::new();
    for block in 0.. {
        if text.len() >= bytes {
            break;
        }
        text += &hex::encode(Sha256::digest(format!("{seed} {block}")));
    }
    text.truncate(bytes);
    text
}

fn codes(answer: &Answer) -> Vec<&str> {
    let warnings = answer.json["warnings"].as_array().unwrap();
    warnings.iter().map(|warning| warning["code"].as_str().unwrap()).collect()
}

/// A run and a repair with every text at its maximum length.
fn at_the_bounds() -> String {
    let seed = std::cell::Cell::new(0);
    let dense = |bytes| {
        seed.set(seed.get() + 1);
        dense(bytes, seed.get())
    };
    let short = || dense(512);
    let long = || dense(65_536);
    let part = || json!({"serial": short(), "part": short(), "slot": short()});
    let check = json!({"type": "EQUAL", "value": long(), "name": short()});
    let measured = json!([
        {"name": short(), "value": long(), "unit": short(), "component": short(), "checks": [check]},
        {"name": short(), "series": [{"index": 0, "value": long()}]}]);
    let finding = json!({"kind": "diagnosis", "code": short(), "system": short(),
                         "severity": short(), "message": long(), "component": short()});
    let serial = short();
    let unit = json!({"serial": serial, "product": short(), "revision": short()});
    let run = run(
        "",
        &json!({"id": short(), "unit": unit, "operation": short(), "outcome": "fail",
        "level": short(), "station": short(), "fixture": short(), "slot": short(),
        "operator": short(), "software": short(), "findings": [finding], "components": [part()],
        "steps": [{"name": short(), "measurements": measured}]}),
    );
    let repair = json!({"type": "repair", "id": short(), "unit": serial, "at": "2026-03-01T09:00:00Z",
        "action": short(), "run": short(), "defect": short(), "comment": long(),
        "component_out": part(), "component_in": part()});
    format!("{run}{repair}\n")
}

#[tokio::test]
async fn every_text_at_its_bound_is_kept_and_one_past_it_is_a_reject_beside_the_good_run() {
    let house = House::new().await;
    let sent = house.sent(FIRSTPASS, at_the_bounds()).await;
    assert_eq!((sent.status, sent.number("accepted")), (200, 1), "{sent:?}");
    assert_eq!(
        (sent.json["repairs"]["accepted"].as_u64(), sent.number("rejected_total")),
        (Some(1), 0)
    );
    // The failure code of a measurement is longer than its name.
    let failing =
        json!([{"name": "s", "measurements": [{"name": dense(512, 0), "value": 9, "high": 1}]}]);
    let named = json!({"operation": dense(512, 1), "station": dense(512, 2), "outcome": "fail",
                       "unit": {"serial": "M", "product": dense(512, 3)}, "steps": failing});
    assert_eq!(house.sent(FIRSTPASS, run("M", &named)).await.number("accepted"), 1);
    for (name, fields) in [
        (
            "findings[].code",
            json!({"outcome": "fail", "findings": [{"kind": "diagnosis", "code": dense(4000, 1)}]}),
        ),
        ("components[].serial", json!({"components": [{"serial": dense(4000, 2)}]})),
    ] {
        let body = run(&format!("good {name}"), &json!({})) + &run("bad", &fields);
        let sent = house.sent(FIRSTPASS, body).await;
        assert_eq!(
            (sent.status, sent.number("accepted"), sent.number("rejected_total")),
            (200, 1, 1)
        );
        let why = sent.json["rejected"][0]["why"].as_str().unwrap();
        assert!(why.contains(name) && why.contains("4000 bytes long"), "{why}");
    }
}

#[tokio::test]
async fn a_row_that_the_database_refuses_is_422_and_its_bytes_can_be_replayed() {
    let house = House::new().await;
    house.db.superuser("create index too_narrow on finding (tenant_id, message)").await;
    let found =
        json!({"findings": [{"kind": "symptom", "code": "c", "message": dense(60_000, 1)}]});
    let sent = house.sent(FIRSTPASS, run("U1", &found)).await;
    assert_eq!((sent.status, sent.number("accepted")), (422, 0), "{sent:?}");
    let why = sent.json["rejected"][0]["why"].as_str().unwrap();
    assert!(
        why.starts_with("the database cannot store a value") && why.contains("too long"),
        "{why}"
    );
    house.db.superuser("drop index too_narrow").await;
    let replay =
        format!("/ingest/v1/receipts/{}/replay", sent.json["receipt_id"].as_str().unwrap());
    assert_eq!(house.sent(&replay, "").await.number("accepted"), 1);
}

#[tokio::test]
async fn a_row_that_the_database_refuses_is_a_reject_beside_all_others() {
    let house = House::new().await;
    house.db.superuser("create index too_narrow on finding (tenant_id, message); alter table repair add constraint no_scrap check (action <> 'scrap')").await;
    let found = |seed| json!({"findings": [{"kind": "symptom", "code": "c", "message": dense(60_000, seed)}]});
    let repair = |action: &str| {
        format!(
            "{{\"type\":\"repair\",\"unit\":\"U1\",\"at\":\"2026-03-01T09:00:00Z\",\"action\":\"{action}\"}}\n"
        )
    };
    let body: Vec<String> = (1..=40)
        .map(|line| match line {
            7 | 31 => run(&format!("bad {line}"), &found(line)),
            12 => repair("scrap"),
            13 => repair("replace"),
            14 => "no JSON\n".to_owned(),
            _ => run(&format!("good {line}"), &json!({})),
        })
        .collect();
    for _ in 0..2 {
        let sent = house.sent(FIRSTPASS, body.concat()).await;
        assert_eq!((sent.status, sent.number("rejected_total")), (200, 4), "{sent:?}");
        let rejected = sent.json["rejected"].as_array().unwrap();
        let lines: Vec<u64> = rejected.iter().map(|it| it["line"].as_u64().unwrap()).collect();
        assert_eq!(lines, [7, 12, 14, 31]);
        assert!(rejected.iter().filter(|it| it["code"] == "not_storable").count() == 3);
        assert_eq!(sent.number("accepted") + sent.number("duplicates"), 35);
    }
    assert_eq!(house.db.count("select count(*) from repair").await, 1);
    // Once it is put right, the bytes that were kept give the rest.
    house.db.superuser("drop index too_narrow").await;
    let receipts = house.read(&house.north.read, "/api/v1/receipts").await;
    let id = receipts.json["items"][0]["receipt_id"].as_str().unwrap().to_owned();
    let replayed = house.sent(&format!("/ingest/v1/receipts/{id}/replay"), "").await;
    assert_eq!(replayed.number("rejected_total"), 2, "{replayed:?}");
    assert_eq!(house.db.count("select count(*) from run").await, 37);
}

#[tokio::test]
async fn a_run_long_before_the_partner_or_its_other_runs_is_warned_of() {
    let house = House::new().await;
    let at = |serial: &str, at: &str| run(serial, &json!({"started_at": at}));
    let sent = house.sent(FIRSTPASS, at("U1", "2016-03-01T08:00:00Z")).await;
    assert_eq!(codes(&sent), ["early_start"], "before the partner was added");
    let house = House::new().await;
    let together = at("U1", "2026-03-01T08:00:00Z") + &at("U2", "2026-03-02T08:00:00Z");
    let sent = house.sent(FIRSTPASS, at("U3", "2024-12-01T08:00:00Z") + &together).await;
    assert_eq!(codes(&sent), ["early_start"], "before the others of its upload");
    assert_eq!(sent.json["warnings"][0]["line"], 1);
    let house = House::new().await;
    assert_eq!(codes(&house.sent(FIRSTPASS, together).await), [] as [&str; 0]);
    let sent = house.sent(FIRSTPASS, at("U3", "2024-12-01T08:00:00Z")).await;
    assert_eq!(codes(&sent), ["early_start"], "before what is kept");
    let why = sent.json["warnings"][0]["why"].as_str().unwrap();
    assert!(why.contains("2026-03-01T08:00:00"), "{why}");
    assert_eq!(
        codes(&house.sent(FIRSTPASS, at("U4", "1970-01-01T00:00:05Z")).await),
        ["clock_unset"]
    );
}

#[tokio::test]
async fn a_failing_run_and_its_retry_in_one_second_are_two_whichever_comes_first() {
    let failed = run("U1", &json!({"outcome": "fail", "ended_at": "2026-03-01T08:00:00Z"}));
    let steps = json!([{"name": "s", "measurements": [{"name": "m", "value": 1}]}]);
    let passed = run("U1", &json!({"ended_at": "2026-03-01T08:00:00Z", "steps": steps}));
    let mut before: Option<Vec<String>> = None;
    for bodies in [
        vec![format!("{failed}{passed}")],
        vec![format!("{passed}{failed}")],
        vec![failed.clone(), passed.clone(), failed.clone()],
        vec![passed.clone(), failed.clone(), passed.clone()],
    ] {
        let house = House::new().await;
        let mut told = Vec::new();
        let mut accepted = 0;
        for body in bodies {
            let sent = house.sent(FIRSTPASS, body).await;
            accepted += sent.number("accepted");
            told.extend(codes(&sent).into_iter().map(str::to_owned));
        }
        assert_eq!((accepted, told), (2, vec!["same_start".to_owned()]));
        assert_eq!(house.first_run().await, (0, 1), "the failing one is the first attempt");
        let kept = house.kept(house.north.id).await;
        assert_eq!(before.get_or_insert_with(|| kept.clone()), &kept);
    }
}

#[tokio::test]
async fn complete_runs_of_one_second_are_as_many_as_their_bytes_prove() {
    let found = |code: &str, end: &str| {
        let found = json!([{"kind": "diagnosis", "code": code}]);
        run("U1", &json!({"outcome": "fail", "findings": found, "ended_at": end}))
    };
    let measured = |value: f64| {
        let steps = json!([{"name": "s", "measurements": [{"name": "m", "value": value}]}]);
        run("U1", &json!({"steps": steps}))
    };
    let (soon, late) = ("2026-03-01T08:00:01Z", "2026-03-01T08:00:02Z");
    let stream = |code: &str| {
        let diagnosis = format!(
            "{{\"testStepArtifact\":{{\"testStepId\":\"0\",\"diagnosis\":{{\"verdict\":\"{code}\",\"type\":\"FAIL\"}}}},\"sequenceNumber\":2,\"timestamp\":\"2026-03-01T00:00:00Z\"}}\n"
        );
        let whole = ocp_run("U1", "L10", "2026-03-01T00:00:00Z", false);
        let (head, end) = whole.trim_end().rsplit_once('\n').unwrap();
        let end = end.replace("\"sequenceNumber\":2", "\"sequenceNumber\":3");
        format!("{head}\n{diagnosis}{end}\n")
    };
    for (path, one, other) in [
        (FIRSTPASS, found("hot", soon), found("cold", soon)),
        (FIRSTPASS, found("hot", soon), found("hot", late)),
        (FIRSTPASS, run("U1", &json!({"outcome": "skip"})), run("U1", &json!({}))),
        (FIRSTPASS, measured(1.0), measured(2.0)),
        (OCPTV, stream("not-seated"), stream("hbm-hot")),
        (OCPTV, stream("hot"), ocp_run("U1", "L10", "2026-03-01T00:00:00Z", true)),
    ] {
        let mut rows: Option<Vec<String>> = None;
        for bodies in [
            vec![format!("{one}{other}")],
            vec![format!("{other}{one}")],
            vec![other.clone(), one.clone()],
        ] {
            let house = House::new().await;
            let (mut accepted, mut told) = (0, Vec::new());
            for body in &bodies {
                let sent = house.sent(path, body.clone()).await;
                accepted += sent.number("accepted");
                let same_start = codes(&sent).into_iter().filter(|code| !code.contains("step"));
                told.extend(same_start.map(str::to_owned));
            }
            assert_eq!(accepted, 2, "{one}{other}");
            assert_eq!(told, ["same_start"], "{one}{other}");
            for body in bodies {
                let again = house.sent(path, body).await;
                assert_eq!((again.number("accepted"), again.number("updated")), (0, 0));
                assert!(!codes(&again).contains(&"content_differs"), "{again:?}");
            }
            let kept = house.kept(house.north.id).await;
            assert_eq!(rows.get_or_insert_with(|| kept.clone()), &kept);
        }
    }
}

#[tokio::test]
async fn a_run_without_results_is_updated_by_the_same_with_them() {
    let steps = json!([{"name": "s", "measurements": [{"name": "m", "value": 1}]}]);
    let (bare, whole) = (run("U1", &json!({})), run("U1", &json!({"steps": steps})));
    let house = House::new().await;
    house.sent(FIRSTPASS, bare.clone()).await;
    let sent = house.sent(FIRSTPASS, whole.clone()).await;
    assert_eq!((sent.number("updated"), codes(&sent)), (1, vec!["content_differs"]));
    let again = house.sent(FIRSTPASS, bare + &whole).await;
    assert_eq!((again.number("duplicates"), house.first_run().await), (2, (1, 1)));
}

#[tokio::test]
async fn a_cut_off_run_is_replaced_by_the_whole_one_that_failed_and_stays_voided() {
    let whole = ocp_run("U1", "L10", "2026-03-01T00:00:00Z", false);
    let lines: Vec<&str> = whole.lines().collect();
    let cut = lines[..lines.len() - 1].join("\n") + "\n";
    let clean = House::new().await;
    clean.sent(OCPTV, whole.clone()).await;
    let clean = clean.kept(clean.north.id).await;
    for order in [[&cut, &whole], [&whole, &cut]] {
        let house = House::new().await;
        for body in order {
            house.sent(OCPTV, body.clone()).await;
        }
        assert_eq!(house.kept(house.north.id).await, clean);
    }
    let house = House::new().await;
    house.sent(OCPTV, cut).await;
    let id = house.unit_of("U1").await["runs"][0]["id"].as_str().unwrap().to_owned();
    let void = format!("/api/v1/runs/{id}/void");
    let done =
        house.ask("PUT", &void, &house.north.engineer, r#"{"reason":"wrong fixture"}"#).await;
    assert_eq!(done.status, 200, "{done:?}");
    let sent = house.sent(OCPTV, whole).await;
    assert_eq!(sent.number("updated"), 1, "{sent:?}");
    let runs = house.unit_of("U1").await["runs"].clone();
    assert_eq!((runs.as_array().unwrap().len(), &runs[0]["voided"]), (1, &json!(true)), "{runs}");
}

#[tokio::test]
async fn a_future_time_has_a_warning_and_a_flag() {
    let house = House::new().await;
    let later = json!({"started_at": "2999-03-01T08:00:00Z"});
    let sent = house.sent(FIRSTPASS, run("U1", &json!({})) + &run("U1", &later)).await;
    assert_eq!(codes(&sent), ["in_future"]);
    let runs = house.unit_of("U1").await["runs"].clone();
    assert_eq!((&runs[0]["flags"], &runs[1]["flags"]), (&json!([]), &json!(["future"])));
    let ends = json!({"started_at": "2026-03-01T09:00:00Z", "ended_at": "2999-03-01T09:00:00Z"});
    assert_eq!(codes(&house.sent(FIRSTPASS, run("U2", &ends)).await), ["long_run", "in_future"]);
}

#[tokio::test]
async fn a_step_that_does_not_say_how_it_ended_failed_with_its_measurement() {
    let house = House::new().await;
    let failing = json!([{"name": "m", "value": 9, "high": 1, "component": "GPU3"}]);
    let steps = json!([{"name": "silent", "measurements": failing},
                       {"name": "passed", "status": "pass", "measurements": failing},
                       {"name": "said", "status": "fail"}, {"name": "empty"}]);
    house.sent(FIRSTPASS, run("U1", &json!({"outcome": "fail", "steps": steps}))).await;
    let answer = house.read(&house.north.read, "/api/v1/pareto?by=step").await;
    let rows = answer.json["rows"].as_array().unwrap();
    let keys: Vec<_> = rows.iter().map(|row| row["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["said", "silent"], "{answer:?}");
}

#[tokio::test]
async fn the_parameters_of_a_replay_are_the_right_ones_for_the_station_too() {
    let house = House::new().await;
    let body = || run("U1", &json!({}));
    let sent = house.sent(&format!("{FIRSTPASS}?operation=wrong"), body()).await;
    let replay =
        format!("/ingest/v1/receipts/{}/replay", sent.json["receipt_id"].as_str().unwrap());
    house.sent(&replay, r#"{"operation":"right"}"#).await;
    let corrected = house.sent(&format!("{FIRSTPASS}?operation=right"), body()).await;
    assert_eq!(corrected.number("duplicates"), 1);
    assert!(!codes(&corrected).contains(&"replayed"), "{corrected:?}");
    let wrong = house.sent(&format!("{FIRSTPASS}?operation=wrong"), body()).await;
    assert!(codes(&wrong).contains(&"replayed"), "{wrong:?}");
}

#[tokio::test]
async fn a_file_that_is_wrong_as_a_whole_is_one_reject() {
    let house = House::new().await;
    let spread = "{\n  \"type\": \"run\",\n  \"unit\": {\n    \"serial\": \"U1\"\n  }\n}\n";
    let utf16: Vec<u8> = run("U1", &json!({})).encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (body, told) in [
        (spread.repeat(30_000).into_bytes(), "is not JSON Lines"),
        (utf16.clone(), "is UTF-16"),
        ([vec![0xff, 0xfe], utf16].concat(), "is UTF-16"),
    ] {
        for format in [FIRSTPASS, OCPTV] {
            let sent = house.upload(&house.north.ingest, format, body.clone()).await;
            assert_eq!((sent.status, sent.number("rejected_total")), (422, 1), "{sent:?}");
            let why = sent.json["rejected"][0]["why"].as_str().unwrap();
            assert!(why.starts_with(told), "{why}");
        }
    }
}
