//! Searching units, and the history of one.

use axum::body::Body;
use http::header;
use serde_json::{Value, json};

use crate::support::{Answer, House, get, ocp_run};

impl House {
    async fn units(&self, path: &str) -> Answer {
        let request =
            get(path).header(header::AUTHORIZATION, format!("Bearer {}", self.north.read));
        Answer::of(self.call(request.body(Body::empty()).unwrap()).await).await
    }
}

fn serials(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|unit| unit["serial"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_part_of_a_serial_in_any_case_finds_its_units_page_by_page() {
    let house = House::new().await;
    let runs: String = ["sn-ab-1", "SN-AB-2", "SN-%-3", "ZZ", "Ünit-ß"]
        .iter()
        .map(|serial| ocp_run(serial, "L10", "2026-03-01T00:00:00Z", true))
        .collect();
    house.upload(&house.north.ingest, "/ingest/v1/ocptv", runs).await;
    let body = ocp_run("SN-AB-9", "L10", "2026-03-01T00:00:00Z", true);
    house.upload(&house.south.ingest, "/ingest/v1/ocptv", body).await;

    let all = house.units("/api/v1/units").await.json;
    assert_eq!(serials(&all), ["SN-%-3", "SN-AB-2", "ZZ", "sn-ab-1", "Ünit-ß"]);
    assert_eq!(serials(&house.units("/api/v1/units?q=Ab-").await.json), ["SN-AB-2", "sn-ab-1"]);
    assert_eq!(serials(&house.units("/api/v1/units?q=%25").await.json), ["SN-%-3"]);
    assert_eq!(serials(&house.units("/api/v1/units?q=%C3%BCNIT").await.json), ["Ünit-ß"]);
    assert_eq!(house.units("/api/v1/units?q=%00").await.status, 200);

    let first = house.units("/api/v1/units?limit=3").await.json;
    let next = first["next"].as_str().unwrap();
    let second = house.units(&format!("/api/v1/units?limit=3&cursor={next}")).await.json;
    assert_eq!([serials(&first), serials(&second)].concat(), serials(&all));
    assert_eq!(second["next"], Value::Null);
    assert_eq!(house.units("/api/v1/units?limit=0").await.status, 400);
    assert_eq!(house.units("/api/v1/units?serial=x").await.status, 400);
}

#[tokio::test]
async fn every_serial_finds_itself_whatever_its_letters_become_in_lower_case() {
    let house = House::new().await;
    // A final sigma, a letter whose lower case is two letters, one without upper case, an accent.
    let all = ["ÉΣ-1", "İ-2", "ẞ-3", "é", "Ǆ-5", "ΌΔΟΣ"];
    let runs: String =
        all.iter().map(|serial| ocp_run(serial, "L10", "2026-03-01T00:00:00Z", true)).collect();
    house.upload(&house.north.ingest, "/ingest/v1/ocptv", runs).await;
    for serial in all {
        let escaped: String = serial.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let found = house.units(&format!("/api/v1/units?q={escaped}")).await.json;
        assert!(serials(&found).contains(&serial), "{serial}: {found}");
    }
}

#[tokio::test]
async fn a_unit_shows_its_runs_parts_and_repairs_and_its_latest_product() {
    let house = House::new().await;
    let body = r#"{"type":"run","id":"R1","unit":{"serial":"A/1","product":"P1","revision":"A"},"operation":"L10","station":"ST","started_at":"2026-03-01T00:00:00Z","ended_at":"2026-03-01T01:00:00Z","outcome":"fail","findings":[{"kind":"defect","code":"D1"}],"components":[{"serial":"G1","part":"P","slot":"0"}]}
{"type":"run","unit":{"serial":"A/1","product":"P1","revision":"B"},"operation":"L10","started_at":"2026-03-02T00:00:00Z","outcome":"pass","components":[{"serial":"G2","part":"P","slot":"0"}]}
{"type":"run","unit":{"serial":"A/1","product":"P1","revision":"B"},"operation":"L11","started_at":"2026-03-03T00:00:00Z","outcome":"skip"}
{"type":"repair","unit":"A/1","at":"2026-03-01T12:00:00Z","action":"replace","run":"R1","component_out":{"serial":"G1"},"component_in":{"serial":"G2"}}"#;
    let sent = house.upload(&house.north.ingest, "/ingest/v1/firstpass", body).await;
    let unit = house.units("/api/v1/units/A%2F1").await.json;
    assert_eq!(unit["serial"], "A/1");
    assert_eq!(
        (&unit["kind"], &unit["product"], &unit["revision"]),
        (&json!("production"), &json!("P1"), &json!("B"))
    );
    let runs = unit["runs"].as_array().unwrap();
    let brief: Vec<Value> = runs
        .iter()
        .map(|run| json!([run["operation"], run["index"], run["outcome"], run["code"]]))
        .collect();
    assert_eq!(
        brief,
        [
            json!(["L10", 1, "fail", "D1"]),
            json!(["L10", 2, "pass", null]),
            json!(["L11", null, "skip", null])
        ]
    );
    assert_eq!(runs[0]["started_at"], "2026-03-01T00:00:00.000000Z");
    assert_eq!(runs[0]["ended_at"], "2026-03-01T01:00:00.000000Z");
    assert_eq!((&runs[0]["voided"], &runs[0]["flags"]), (&json!(false), &json!([])));
    assert_eq!(runs[0]["receipt_id"], sent.json["receipt_id"]);
    let parts: Vec<&Value> =
        unit["components"].as_array().unwrap().iter().map(|part| &part["serial"]).collect();
    assert_eq!(parts, ["G1", "G2"]);
    assert_eq!(unit["repairs"][0]["run"], runs[0]["id"]);
    assert_eq!(unit["repairs"][0]["component_in"], json!({ "serial": "G2" }));
    assert_eq!(house.units("/api/v1/units/nobody").await.status, 404);
}
