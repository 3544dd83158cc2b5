//! Receipts: the result of every upload, its raw bytes, and replays.

use http::header;
use serde_json::Value;

use crate::support::{Answer, House, ocp_run, text};

const OCPTV: &str = "/ingest/v1/ocptv";
const FIRSTPASS: &str = "/ingest/v1/firstpass";

fn line(unit: &str, outcome: &str, at: &str) -> String {
    format!(
        r#"{{"type":"run","unit":{{"serial":"{unit}"}},"operation":"L10","started_at":"2026-03-01T{at}:00Z","outcome":"{outcome}"}}"#
    ) + "\n"
}

impl House {
    async fn replay(&self, receipt: &Value, body: &str) -> Answer {
        let path = format!("/ingest/v1/receipts/{}/replay", receipt.as_str().unwrap());
        self.upload(&self.north.ingest, &path, body.to_owned()).await
    }
}

#[tokio::test]
async fn a_receipt_lists_every_remark_page_by_page_and_grouped_by_reason() {
    let house = House::new().await;
    let mut body = line("U1", "pass", "01:00");
    for bad in 0..25 {
        body += &format!("junk number {bad}\n");
    }
    body += "{\"type\":\"run\",\"unti\":1}\n";
    let sent = house.upload(&house.north.ingest, FIRSTPASS, body).await;
    assert_eq!(sent.number("rejected_total"), 26);
    let path = format!("/api/v1/receipts/{}", sent.json["receipt_id"].as_str().unwrap());

    let first = house.read(&house.north.read, &format!("{path}?limit=20")).await.json;
    assert_eq!(first["rejected_total"], 26);
    assert_eq!(first["reasons"][0]["lines"], 25, "{first}");
    assert_eq!(first["reasons"][0]["first_line"], 2);
    assert_eq!(first["reasons"][1]["lines"], 1);
    assert!(first["reasons"][1]["why"].as_str().unwrap().contains("unti"));
    let next = first["next"].as_str().unwrap();
    let second =
        house.read(&house.north.read, &format!("{path}?limit=20&cursor={next}")).await.json;
    let lines: Vec<u64> = [&first, &second]
        .iter()
        .flat_map(|page| page["rejected"].as_array().unwrap())
        .map(|reject| reject["line"].as_u64().unwrap())
        .collect();
    assert_eq!(lines, (2..=27).collect::<Vec<_>>());
    assert_eq!(second["next"], Value::Null);
}

#[tokio::test]
async fn the_list_goes_from_the_newest_back_through_all() {
    let house = House::new().await;
    let mut sent = Vec::new();
    for unit in 0..5 {
        let body = ocp_run(&format!("U{unit}"), "L10", "2026-03-01T00:00:00Z", true);
        let answer = house.upload(&house.north.ingest, OCPTV, body).await;
        sent.push(answer.json["receipt_id"].clone());
    }
    house
        .upload(&house.south.ingest, OCPTV, ocp_run("S", "L10", "2026-03-01T00:00:00Z", true))
        .await;
    sent.reverse();
    let mut listed = Vec::new();
    let mut path = "/api/v1/receipts?limit=2".to_owned();
    loop {
        let page = house.read(&house.north.ingest, &path).await.json;
        for item in page["items"].as_array().unwrap() {
            listed.push(item["receipt_id"].clone());
        }
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/receipts?limit=2&cursor={next}");
    }
    assert_eq!(listed, sent);
    for wrong in ["limit=0", "limit=1001", "limit=x", "cursor=x", "page=2"] {
        let answer = house.read(&house.north.read, &format!("/api/v1/receipts?{wrong}")).await;
        assert_eq!(answer.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn raw_bytes_are_returned_unchanged_to_people_only_and_audited() {
    let house = House::new().await;
    let body = ocp_run("U1", "L10", "2026-03-01T00:00:00Z", true) + "not JSON \u{fffd}\n";
    let sent = house.upload(&house.north.ingest, OCPTV, body.clone()).await;
    let path = format!("/api/v1/receipts/{}/raw", sent.json["receipt_id"].as_str().unwrap());
    assert_eq!(house.read(&house.north.read, &path).await.status, 403);
    assert_eq!(house.read(&house.north.ingest, &path).await.status, 403);
    assert_eq!(house.get(&path, &house.north.viewer).await.status(), 403);
    let raw = house.get(&path, &house.north.engineer).await;
    assert_eq!(raw.status(), 200);
    assert_eq!(raw.headers()[header::CONTENT_TYPE], "application/octet-stream");
    assert!(raw.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().ends_with(".jsonl\""));
    assert_eq!(text(raw).await, body);
    assert_eq!(house.audited("read the raw bytes of a receipt").await, 1);
}

impl House {
    async fn audited(&self, action: &str) -> i64 {
        let mut superuser = self.db.connect("postgres").await;
        sqlx::query_scalar(
            "select count(*) from audit where tenant_id = $1 and action = $2 and actor <> ''",
        )
        .bind(self.north.id.uuid())
        .bind(action)
        .fetch_one(&mut superuser)
        .await
        .unwrap()
    }
}

#[tokio::test]
async fn a_replay_puts_right_what_a_parameter_got_wrong_and_counts_nothing_twice() {
    let house = House::new().await;
    let whole: String = [line("A", "fail", "01:00"), line("B", "pass", "02:00")].concat();
    let right = house.partner("right").await;
    house.upload(&right.ingest, &format!("{FIRSTPASS}?operation=L11"), whole.clone()).await;

    // Golden units with a mistyped operation, and a unit that does not exist.
    let wrong = format!("{FIRSTPASS}?operation=L12&unit_kind=golden");
    let sent = house.upload(&house.north.ingest, &wrong, whole.clone()).await;
    let receipt = &sent.json["receipt_id"];
    let replayed = house.replay(receipt, r#"{"operation":"L13","unit":"X"}"#).await;
    assert_eq!(replayed.json["replay_of"], *receipt, "{replayed:?}");
    assert_eq!(replayed.number("accepted"), 2);
    // The second replay replaces the records of the first, whichever receipt is named.
    for named in [receipt, &replayed.json["receipt_id"]] {
        let again =
            house.replay(named, r#"{"operation":"L11","unit":null,"unit_kind":null}"#).await;
        assert_eq!(again.number("accepted"), 2, "{again:?}");
        assert_eq!(house.kept(house.north.id).await, house.kept(right.id).await);
    }
    let receipts = house.read(&house.north.read, "/api/v1/receipts").await.json;
    assert_eq!(receipts["items"].as_array().unwrap().len(), 4);
    assert_eq!(house.audited("replay a receipt").await, 3);
}

#[tokio::test]
async fn a_replay_without_records_removes_nothing() {
    let house = House::new().await;
    let body = ocp_run("U1", "L10", "2026-03-01T00:00:00Z", true).replace("unit_serial", "other");
    let sent = house.upload(&house.north.ingest, &format!("{OCPTV}?unit=U1"), body).await;
    let before = house.kept(house.north.id).await;
    let replayed = house.replay(&sent.json["receipt_id"], r#"{"unit":null}"#).await;
    assert_eq!(replayed.status, 422, "{replayed:?}");
    assert_eq!(house.kept(house.north.id).await, before);
    for wrong in [r#"{"unti":"U1"}"#, "[]", r#"{"unit":1}"#] {
        assert_eq!(house.replay(&sent.json["receipt_id"], wrong).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_replay_meets_the_other_deliveries_of_its_runs() {
    let house = House::new().await;
    let lesser = r#"{"type":"run","id":"R","unit":{"serial":"U"},"operation":"L10","started_at":"2026-03-01T00:00:00Z","outcome":"fail"}"#;
    let better = lesser.replace("\"fail\"", "\"pass\",\"steps\":[{\"name\":\"s\"}]");
    let first = house.upload(&house.north.ingest, FIRSTPASS, lesser).await;
    house.upload(&house.north.ingest, FIRSTPASS, better).await;
    let before = house.kept(house.north.id).await;
    let replayed = house.replay(&first.json["receipt_id"], "").await;
    assert_eq!(replayed.number("duplicates"), 1, "{replayed:?}");
    assert_eq!(replayed.json["warnings"][0]["code"], "content_differs");
    assert_eq!(house.kept(house.north.id).await, before);
}

#[tokio::test]
async fn a_replay_of_what_was_sent_twice_replaces_it_whichever_time_is_named() {
    let house = House::new().await;
    let path = format!("{FIRSTPASS}?operation=L12");
    let body = line("A", "fail", "01:00");
    house.upload(&house.north.ingest, &path, body.clone()).await;
    let again = house.upload(&house.north.ingest, &path, body).await;
    assert_eq!(again.number("duplicates"), 1);
    let replayed = house.replay(&again.json["receipt_id"], r#"{"operation":"L11"}"#).await;
    assert_eq!(replayed.number("accepted"), 1, "{replayed:?}");
    let kept = house.kept(house.north.id).await;
    assert_eq!(kept.iter().filter(|line| line.starts_with("run ")).count(), 1, "{kept:#?}");
}

#[tokio::test]
async fn what_was_put_right_by_a_replay_stays_so_when_the_station_repeats_itself() {
    let house = House::new().await;
    let path = format!("{FIRSTPASS}?operation=WRONG");
    let body = line("A", "fail", "01:00");
    let first = house.upload(&house.north.ingest, &path, body.clone()).await;
    house.replay(&first.json["receipt_id"], r#"{"operation":"RIGHT"}"#).await;
    let before = house.kept(house.north.id).await;
    let again = house.upload(&house.north.ingest, &path, body).await;
    assert_eq!((again.status, again.number("accepted"), again.number("duplicates")), (200, 0, 1));
    let codes = again.json["warnings"].as_array().unwrap().iter().map(|it| &it["code"]);
    assert!(codes.into_iter().any(|code| code == "replayed"), "{again:?}");
    assert_eq!(house.kept(house.north.id).await, before);
    // Replayed with the original parameters.
    let back = house.replay(&again.json["receipt_id"], "").await;
    assert_eq!(back.number("accepted"), 1, "{back:?}");
    let kept = house.kept(house.north.id).await;
    assert_eq!(kept.iter().filter(|line| line.starts_with("run ")).count(), 1, "{kept:#?}");
}

#[tokio::test]
async fn a_replay_keeps_runs_that_another_upload_delivered_too() {
    let house = House::new().await;
    let repair =
        r#"{"type":"repair","id":"P","unit":"A","at":"2026-03-02T00:00:00Z","action":"replace"}"#;
    let both = format!("{}\n{}\n{repair}", line("A", "fail", "01:00"), line("B", "pass", "02:00"));
    let wrong = format!("{FIRSTPASS}?operation=WRONG");
    let first = house.upload(&house.north.ingest, &wrong, both).await;
    let second = format!("{repair}\n{}", line("A", "fail", "01:00"));
    let other = house.upload(&house.north.ingest, &wrong, second.clone()).await;
    assert_eq!(other.number("duplicates"), 1, "{other:?}");

    let right = r#"{"operation":"RIGHT"}"#;
    let replayed = house.replay(&first.json["receipt_id"], right).await;
    assert_eq!(replayed.number("accepted"), 2, "{replayed:?}");
    // The other upload has WRONG for the first run, and was not corrected.
    let kept = house.kept(house.north.id).await;
    let runs = |kept: &[String]| kept.iter().filter(|it| it.starts_with("run ")).count();
    assert_eq!(runs(&kept), 3, "{kept:#?}");
    assert_eq!(kept.iter().filter(|it| it.starts_with("repair ")).count(), 1, "{kept:#?}");

    let replayed = house.replay(&other.json["receipt_id"], right).await;
    assert_eq!(replayed.number("duplicates"), 1, "{replayed:?}");
    let kept = house.kept(house.north.id).await;
    assert_eq!(runs(&kept), 2, "{kept:#?}");
    assert!(!kept.iter().any(|it| it.contains("WRONG")), "{kept:#?}");

    // The reverse case: the first upload is replayed again, and the second keeps its run.
    house.replay(&first.json["receipt_id"], r#"{"operation":"THIRD"}"#).await;
    let kept = house.kept(house.north.id).await;
    assert_eq!(
        kept.iter().filter(|it| it.starts_with("run ") && it.contains("RIGHT")).count(),
        1,
        "{kept:#?}"
    );
    assert_eq!(runs(&kept), 3, "{kept:#?}");
}

#[tokio::test]
async fn a_replay_puts_a_run_right_that_another_upload_gave_too() {
    let house = House::new().await;
    let two = format!("{}\n{}", line("A", "fail", "01:00"), line("B", "fail", "02:00"));
    let wrong = format!("{FIRSTPASS}?operation=L10&product=WRONG");
    let first = house.upload(&house.north.ingest, &wrong, two).await;
    let second = house.upload(&house.north.ingest, &wrong, line("A", "fail", "01:00")).await;
    assert_eq!(second.number("duplicates"), 1, "{second:?}");
    // Several runs: among equally complete contents, the hash decides which one is kept.
    for product in ["P1", "P2", "P3", "P4", "P5"] {
        let right = format!(r#"{{"product":"{product}"}}"#);
        house.replay(&first.json["receipt_id"], &right).await;
        let kept = house.kept(house.north.id).await;
        let runs: Vec<_> = kept.iter().filter(|it| it.starts_with("run ")).collect();
        assert_eq!(runs.len(), 2, "{kept:#?}");
        assert!(runs.iter().all(|run| run.contains(product)), "{kept:#?}");
    }
}
