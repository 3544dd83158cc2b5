//! Checking whether an upload is already stored.

use axum::body::Body;
use http::header;
use sha2::{Digest, Sha256};

use crate::support::{Answer, House, get, ocp_run};

fn at(body: &str) -> String {
    format!("/ingest/v1/ocptv/{}", hex::encode(Sha256::digest(body)))
}

impl House {
    async fn ask_with(&self, token: &str, path: &str) -> Answer {
        let request = get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        Answer::of(self.call(request.body(Body::empty()).unwrap()).await).await
    }
}

#[tokio::test]
async fn a_sent_upload_is_known_with_its_first_receipt() {
    let house = House::new().await;
    let token = &house.north.ingest;
    let body = ocp_run("U1", "L10", "2026-03-01T01:00:00Z", true) + "lost\n";
    let path = at(&body);
    assert_eq!(house.ask_with(token, &path).await.status, 404);

    let first = house.upload(token, "/ingest/v1/ocptv", body.clone()).await;
    house.upload(token, "/ingest/v1/ocptv", body.clone()).await;
    let known = house.ask_with(token, &path).await;
    assert_eq!(known.status, 200, "{known:?}");
    assert_eq!(known.json["receipt_id"], first.json["receipt_id"]);
    let counts = ["accepted", "updated", "duplicates", "rejected_total", "warnings_total"];
    assert_eq!(counts.map(|name| known.number(name)), [1, 0, 0, 1, 0]);
    assert_eq!(counts.map(|name| known.number(name)), counts.map(|name| first.number(name)));

    let other_case = path.to_uppercase().replace("/INGEST/V1/OCPTV/", "/ingest/v1/ocptv/");
    assert_eq!(house.ask_with(token, &other_case).await.status, 200);
}

#[tokio::test]
async fn only_the_same_bytes_format_parameters_and_tenant_are_known() {
    let house = House::new().await;
    let token = &house.north.ingest;
    let body = ocp_run("U1", "L10", "2026-03-01T01:00:00Z", true);
    let path = at(&body);
    let sent = "?station=ST-1&started_at=2026-03-01T09:00:00%2B08:00";
    house.upload(token, &format!("/ingest/v1/ocptv{sent}"), body).await;

    let same = "?started_at=2026-03-01T01:00:00Z&station=%20ST-1";
    assert_eq!(house.ask_with(token, &format!("{path}{same}")).await.status, 200);
    let missing = house.ask_with(token, &at("never sent")).await;
    let elsewhere = house.ask_with(&house.south.ingest, &format!("{path}{sent}")).await;
    for (what, answer) in [
        ("other bytes", &missing),
        ("another tenant's", &elsewhere),
        ("no parameters", &house.ask_with(token, &path).await),
        ("another parameter", &house.ask_with(token, &format!("{path}{sent}&slot=3")).await),
        (
            "another format",
            &house.ask_with(token, &format!("{}{sent}", path.replace("ocptv", "firstpass"))).await,
        ),
        ("no such format", &house.ask_with(token, &path.replace("ocptv", "excel")).await),
        ("no hash", &house.ask_with(token, "/ingest/v1/ocptv/00ff").await),
        ("half a digit", &house.ask_with(token, &format!("{path}0{sent}")).await),
        (
            "no digits",
            &house.ask_with(token, &format!("/ingest/v1/ocptv/{}", "+f".repeat(32))).await,
        ),
        ("no text", &house.ask_with(token, "/ingest/v1/ocptv/%ff").await),
    ] {
        assert_eq!(answer.status, 404, "{what}: {answer:?}");
        assert_eq!(answer.json["detail"], missing.json["detail"], "{what}");
    }
    let unknown = house.ask_with(token, &format!("{path}?unti=U1")).await;
    assert_eq!((unknown.status, &unknown.json["errors"][0]["parameter"]), (400, &"unti".into()));
}
