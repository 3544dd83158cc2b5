//! Rate limits of credentials.

use std::num::NonZeroU32;

use axum::body::Body;
use http::{Response, header};
use server::state::Limits;

use crate::support::{Answer, House, ocp_run, post};

/// A burst of three, and the slowest refill.
fn slow() -> Limits {
    let number = |n| NonZeroU32::new(n).unwrap();
    Limits { upload_rate: number(1), upload_burst: number(3), ..Limits::default() }
}

async fn send(house: &House, token: &str) -> Response<Body> {
    let body = ocp_run("U1", "L10", "2026-03-01T01:00:00Z", true);
    let request = post("/ingest/v1/ocptv")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(body))
        .unwrap();
    house.call(request).await
}

#[tokio::test]
async fn a_credential_over_its_rate_limit_has_to_wait_and_no_other_has() {
    let mut house = House::new().await;
    house.limit(slow());
    let north = house.north.ingest.clone();
    let mut refused = None;
    let mut taken = 0;
    // On a slow machine, tokens of the bucket are refilled during the test.
    while refused.is_none() && taken < 1000 {
        let response = send(&house, &north).await;
        match response.status().as_u16() {
            200 => taken += 1,
            _ => refused = Some(response),
        }
    }
    assert!(taken >= 3, "{taken}");
    let refused = refused.unwrap();
    assert_eq!(refused.headers()[header::RETRY_AFTER], "1");
    assert_eq!(refused.headers()[header::CONTENT_TYPE], "application/problem+json");
    let answer = Answer::of(refused).await;
    assert_eq!(answer.status, 429, "{answer:?}");
    assert!(answer.json["detail"].as_str().unwrap().contains("Nothing was kept"), "{answer:?}");
    let receipts = house.db.count("select count(*) from receipt").await;
    assert_eq!(receipts, taken);

    // A token of another partner, and another person of the same partner.
    assert_eq!(send(&house, &house.south.ingest).await.status(), 200);
    let path = format!("/ingest/v1/receipts/{}/replay", uuid::Uuid::now_v7());
    let person = house.ask("POST", &path, &house.north.engineer, "").await;
    assert_eq!(person.status, 404, "{person:?}");
    // Other requests than ingest are not counted.
    let read = house.get("/api/v1/receipts", &house.north.engineer).await;
    assert_eq!(read.status(), 200);

    let mut waits = 0;
    while send(&house, &north).await.status() != 200 {
        waits += 1;
        assert!(waits < 100_000, "the wait is over after a second");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn asking_whether_bytes_are_there_and_replaying_count_as_well() {
    let mut house = House::new().await;
    house.limit(slow());
    let path = format!("/ingest/v1/ocptv/{}", "0".repeat(64));
    let ask = || async {
        let request = crate::support::get(&path)
            .header(header::AUTHORIZATION, format!("Bearer {}", house.north.ingest));
        house.call(request.body(Body::empty()).unwrap()).await.status().as_u16()
    };
    assert_eq!(ask().await, 404);
    let mut both = false;
    // On a slow machine, tokens of the bucket are refilled between the two.
    for _ in 0..1000 {
        if ask().await == 429 && send(&house, &house.north.ingest).await.status() == 429 {
            both = true;
            break;
        }
    }
    assert!(both);
}
