//! Uploads over HTTP, and the rows that they write.

use std::path::{Path, PathBuf};

use axum::body::Body;
use http::header;
use sqlx::Row;

use crate::support::{Answer, House, ocp_run, post};

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../core/formats/src/ocptv/fixtures")
        .join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn real_streams_are_taken_with_the_unit_named() {
    let house = House::new().await;
    let files = fixtures("ocptv_run");
    assert!(files.len() >= 5, "{files:?}");
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let operation = if name.contains("gathering_duts") { "&operation=L6" } else { "" };
        let path = format!("/ingest/v1/ocptv?unit=U-1{operation}");
        let body = std::fs::read(&file).unwrap();
        let answer = house.upload(&house.north.ingest, &path, body.clone()).await;
        assert_eq!(answer.status, 200, "{name}: {answer:?}");
        assert_eq!(answer.number("accepted"), 1, "{name}: {answer:?}");
        let again = house.upload(&house.north.ingest, &path, body).await;
        assert_eq!((again.number("accepted"), again.number("duplicates")), (0, 1), "{name}");
        assert_eq!(again.json["first_receipt_id"], answer.json["receipt_id"]);
    }
}

#[tokio::test]
async fn a_run_without_a_unit_is_rejected_with_what_to_add() {
    let house = House::new().await;
    let file = fixtures("ocptv_run").remove(0);
    let body = std::fs::read(file).unwrap();
    let answer = house.upload(&house.north.ingest, "/ingest/v1/ocptv", body).await;
    assert_eq!(answer.status, 422);
    assert!(answer.json["rejected"][0]["why"].as_str().unwrap().contains("`unit`"), "{answer:?}");
    assert!(answer.json["receipt_id"].is_string() && answer.json["request_id"].is_string());
}

#[tokio::test]
async fn attempts_are_numbered_over_the_whole_history_whatever_the_order_of_arrival() {
    let house = House::new().await;
    let run = |at: &str, passed| ocp_run("U1", "L10", at, passed);
    let (first, second, third) = (
        run("2026-03-01T01:00:00Z", false),
        run("2026-03-01T02:00:00Z", true),
        run("2026-03-01T03:00:00Z", true),
    );
    for body in [&third, &first, &second, &first] {
        house.upload(&house.north.ingest, "/ingest/v1/ocptv", body.clone()).await;
    }
    let mut superuser = house.db.connect("postgres").await;
    let rows = sqlx::query("select run_index, outcome from run order by started_at")
        .fetch_all(&mut superuser)
        .await
        .unwrap();
    let rows: Vec<(i32, i16)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(rows, [(1, 1), (2, 0), (3, 0)]);
}

#[tokio::test]
async fn the_complete_run_stands_whichever_came_first() {
    let whole = ocp_run("U1", "L10", "2026-03-01T01:00:00Z", true);
    let cut: String = whole.lines().take(2).map(|line| format!("{line}\n")).collect();
    let mut ends = Vec::new();
    for order in [[&whole, &cut], [&cut, &whole]] {
        let house = House::new().await;
        for body in order {
            let answer = house.upload(&house.north.ingest, "/ingest/v1/ocptv", body.clone()).await;
            assert_eq!(answer.status, 200, "{answer:?}");
        }
        let mut superuser = house.db.connect("postgres").await;
        let row = sqlx::query("select outcome, complete, content_hash from run join run_identity using (tenant_id, id)")
            .fetch_one(&mut superuser)
            .await
            .unwrap();
        let end: (i16, bool, Vec<u8>) = (row.get(0), row.get(1), row.get(2));
        assert_eq!((end.0, end.1), (0, true));
        ends.push(end);
    }
    assert_eq!(ends[0], ends[1]);
}

#[tokio::test]
async fn repetitions_within_an_upload_count_once_and_again_not_at_all() {
    let house = House::new().await;
    let whole = ocp_run("U1", "L10", "2026-03-01T01:00:00Z", true);
    let cut: String = whole.lines().take(2).map(|line| format!("{line}\n")).collect();
    let body = format!("{cut}{whole}{whole}");
    let counts =
        |answer: &Answer| ["accepted", "updated", "duplicates"].map(|name| answer.number(name));
    let first = house.upload(&house.north.ingest, "/ingest/v1/ocptv", body.clone()).await;
    assert_eq!(counts(&first), [1, 1, 1], "{first:?}");
    let codes: Vec<&str> = first.json["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| w["code"].as_str().unwrap())
        .collect();
    assert!(codes.contains(&"content_differs"), "{codes:?}");
    let again = house.upload(&house.north.ingest, "/ingest/v1/ocptv", body).await;
    assert_eq!(counts(&again), [0, 0, 3], "{again:?}");
}

#[tokio::test]
async fn a_unit_stays_golden_whichever_delivery_said_so() {
    let house = House::new().await;
    let path = |kind: &str| format!("/ingest/v1/ocptv?unit_kind={kind}");
    let body = ocp_run("U1", "L10", "2026-03-01T01:00:00Z", true);
    for kind in ["golden", "production"] {
        house.upload(&house.north.ingest, &path(kind), body.clone()).await;
    }
    let mut superuser = house.db.connect("postgres").await;
    let kind: i16 =
        sqlx::query_scalar("select kind from unit").fetch_one(&mut superuser).await.unwrap();
    assert_eq!(kind, 2);
}

#[tokio::test]
async fn a_run_that_moves_to_another_unit_leaves_the_first_one_numbered() {
    let house = House::new().await;
    let run = |unit: &str, id: &str, at: &str, artifacts: bool| {
        let steps = if artifacts { r#","steps":[{"name":"s","status":"pass"}]"# } else { "" };
        format!(
            r#"{{"type":"run","id":"{id}","unit":{{"serial":"{unit}"}},"operation":"L10","started_at":"{at}","outcome":"pass"{steps}}}"#
        ) + "\n"
    };
    let at = "/ingest/v1/firstpass";
    house.upload(&house.north.ingest, at, run("A", "r1", "2026-03-01T01:00:00Z", false)).await;
    house.upload(&house.north.ingest, at, run("A", "r2", "2026-03-01T02:00:00Z", false)).await;
    let moved =
        house.upload(&house.north.ingest, at, run("B", "r1", "2026-03-01T01:00:00Z", true)).await;
    assert_eq!(moved.number("updated"), 1, "{moved:?}");
    let mut superuser = house.db.connect("postgres").await;
    let rows = sqlx::query(
        "select u.serial, r.run_index from run r join unit u on u.id = r.unit_id order by 1",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    let rows: Vec<(String, i32)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(rows, [("A".to_owned(), 1), ("B".to_owned(), 1)]);
}

#[tokio::test]
async fn a_body_of_nothing_but_errors_is_refused_before_it_fills_the_memory() {
    let house = House::new().await;
    // Equal rejects would only be counted.
    let lines: String = (0..200_000).map(|line| format!("x{line}\n")).collect();
    let bomb = zstd::bulk::compress(lines.as_bytes(), 3).unwrap();
    let request = post("/ingest/v1/ocptv")
        .header(header::AUTHORIZATION, format!("Bearer {}", house.north.ingest))
        .header(header::CONTENT_ENCODING, "zstd")
        .body(Body::from(bomb))
        .unwrap();
    assert_eq!(house.call(request).await.status(), 413);
}

#[tokio::test]
async fn compressed_bodies_are_read_and_lies_about_it_are_not() {
    let house = House::new().await;
    let body = ocp_run("U1", "L10", "2026-03-01T01:00:00Z", true);
    let zstd = zstd::bulk::compress(body.as_bytes(), 3).unwrap();
    let send = |encoding: &'static str, body: Vec<u8>| {
        post("/ingest/v1/ocptv")
            .header(header::AUTHORIZATION, format!("Bearer {}", house.north.ingest))
            .header(header::CONTENT_ENCODING, encoding)
            .body(Body::from(body))
            .unwrap()
    };
    for (encoding, body, status) in [
        ("zstd", zstd.clone(), 200),
        ("gzip", zstd, 400),
        ("br", vec![1], 415),
        ("zstd", vec![1, 2], 400),
    ] {
        let answer = Answer::of(house.call(send(encoding, body)).await).await;
        assert_eq!(answer.status, status, "{encoding}: {answer:?}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_named() {
    let house = House::new().await;
    for (query, wrong) in [
        ("unti=U1&statoin=S", &["unti", "statoin"][..]),
        ("unit=&started_at=yesterday", &["unit", "started_at"]),
    ] {
        let path = format!("/ingest/v1/ocptv?{query}");
        let answer = house.upload(&house.north.ingest, &path, "").await;
        assert_eq!(answer.status, 400, "{answer:?}");
        let errors = answer.json["errors"].as_array().unwrap();
        let named: Vec<&str> = errors.iter().map(|it| it["parameter"].as_str().unwrap()).collect();
        assert_eq!(named, wrong, "{query}");
    }
    let control = house.upload(&house.north.ingest, "/ingest/v1/ocptv?unit=%00A", "").await;
    assert_eq!(control.status, 400);
    let garbled = house.upload(&house.north.ingest, "/ingest/v1/%ff", "").await;
    assert_eq!(garbled.status, 404);
    let unknown = house.upload(&house.north.ingest, "/ingest/v1/nonsense", "").await;
    assert_eq!(unknown.status, 404);
    let empty = house.upload(&house.north.ingest, "/ingest/v1/ocptv", "").await;
    assert_eq!(empty.status, 422);
}

#[tokio::test]
async fn nothing_of_an_upload_over_the_limit_is_kept() {
    let house = House::new().await;
    let mut body = ocp_run("U1", "L10", "2026-03-01T01:00:00Z", true);
    body += &format!("{{\"x\":\"{}\"}}\n", "y".repeat(2 << 20));
    let answer = house.upload(&house.north.ingest, "/ingest/v1/ocptv", body).await;
    assert_eq!(answer.status, 413, "{answer:?}");
    let mut superuser = house.db.connect("postgres").await;
    let kept: i64 =
        sqlx::query_scalar("select (select count(*) from run) + (select count(*) from receipt)")
            .fetch_one(&mut superuser)
            .await
            .unwrap();
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn two_uploads_of_the_same_units_at_once_end_in_one_numbering() {
    let house = House::new().await;
    let body = |minute: usize| -> String {
        (0..30)
            .map(|unit| {
                ocp_run(&format!("U{unit}"), "L10", &format!("2026-03-01T01:{minute:02}:00Z"), true)
            })
            .collect()
    };
    let uploads =
        (0..6).map(|minute| house.upload(&house.north.ingest, "/ingest/v1/ocptv", body(minute)));
    for answer in futures::future::join_all(uploads).await {
        assert_eq!(answer.number("accepted"), 30);
    }
    let mut superuser = house.db.connect("postgres").await;
    let wrong: i64 = sqlx::query_scalar(
        "select count(*) from (select run_index, row_number() over (partition by unit_id order by started_at, id) as n from run) t
         where run_index is distinct from n",
    )
    .fetch_one(&mut superuser)
    .await
    .unwrap();
    assert_eq!(wrong, 0);
}

#[tokio::test]
async fn a_body_too_long_to_be_a_decision_is_a_problem_like_any_other() {
    let house = House::new().await;
    let nothing = uuid::Uuid::nil();
    let long = format!(r#"{{"reason":"{}"}}"#, "y".repeat(70 << 10));
    for (method, path) in [
        ("POST", format!("/ingest/v1/receipts/{nothing}/replay")),
        ("PUT", format!("/api/v1/runs/{nothing}/void")),
        ("DELETE", format!("/api/v1/runs/{nothing}/void")),
        ("PUT", "/api/v1/units/U1/kind".to_owned()),
    ] {
        let answer = house.ask(method, &path, &house.north.engineer, &long).await;
        assert_eq!((answer.status, &answer.json["status"]), (413, &413.into()), "{method} {path}");
    }
}
