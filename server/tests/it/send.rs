//! The upload form of the page: it uses the same ingest as stations.

use std::io::Write;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use http::{Response, header};
use server::state::Limits;

use crate::support::{Answer, House, ocp_run, post, text};

const BOUNDARY: &str = "----boundary7MA4YWxk";

/// A field of a form: name, file name, bytes.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

fn form(parts: &[Part]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        write!(body, "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"").unwrap();
        if let Some(file) = file {
            write!(body, "; filename=\"{file}\"\r\nContent-Type: application/octet-stream")
                .unwrap();
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    write!(body, "--{BOUNDARY}--\r\n").unwrap();
    body
}

fn file<'a>(name: &'a str, bytes: &'a [u8]) -> Part<'a> {
    ("file", Some(name), bytes)
}

/// A line of the format `firstpass`.
fn run(serial: &str) -> String {
    format!(
        "{{\"type\":\"run\",\"unit\":{{\"serial\":\"{serial}\"}},\"operation\":\"L10\",\"started_at\":\"2026-03-01T00:00:00Z\",\"outcome\":\"pass\"}}\n"
    )
}

impl House {
    async fn send_body(&self, accept: &str, kind: &str, body: Vec<u8>) -> Response<Body> {
        let request = post("/uploads")
            .header(header::COOKIE, &self.north.engineer)
            .header(header::ACCEPT, accept)
            .header(header::CONTENT_TYPE, kind);
        self.call(request.body(Body::from(body)).unwrap()).await
    }

    /// As the browser sends the form.
    async fn send(&self, parts: &[Part<'_>]) -> Response<Body> {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send_body("text/html,application/xhtml+xml", &kind, form(parts)).await
    }

    /// As the page's script sends it.
    async fn send_by_script(&self, parts: &[Part<'_>]) -> Answer {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        Answer::of(self.send_body("application/json", &kind, form(parts)).await).await
    }
}

fn location(response: &Response<Body>) -> String {
    assert_eq!(response.status(), 303, "{response:?}");
    response.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_leads_to_its_receipt_which_says_so_once() {
    let house = House::new().await;
    let body = run("U1") + "not json\n";
    let response = house.send(&[("format", None, b""), file("a.jsonl", body.as_bytes())]).await;
    let to = location(&response);
    assert!(to.starts_with("/t/north/uploads/"), "{to}");
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    for strict in ["__Host-notice=arrived", "HttpOnly", "SameSite=Strict", "Secure", "Max-Age=60"] {
        assert!(cookie.contains(strict), "{cookie}");
    }
    let both = format!("{}; __Host-notice=arrived", house.north.engineer);
    let told = house.get(&to, &both).await;
    let gone = told.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(gone.starts_with("__Host-notice=;") && gone.contains("Max-Age=0"), "{gone}");
    let page = text(told).await;
    assert!(page.contains("The file was received.") && page.contains("role=\"status\""), "{page}");
    assert!(page.contains("firstpass") && page.contains("1 line was rejected"), "{page}");
    assert!(page.contains("nothing before the brace"), "no remedy in {page}");
    let again = text(house.get(&to, &house.north.engineer).await).await;
    assert!(!again.contains("The file was received."));
    let other = format!("{}; __Host-notice=you-won", house.north.engineer);
    assert!(!text(house.get(&to, &other).await).await.contains("you-won"));
}

#[tokio::test]
async fn thirty_files_lead_to_the_list_where_they_are_marked() {
    let house = House::new().await;
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", run("before")).await;
    let files: Vec<_> = (0..30).map(|n| (format!("{n}.jsonl"), run(&format!("U{n}")))).collect();
    let parts: Vec<_> = files.iter().map(|(name, body)| file(name, body.as_bytes())).collect();
    let to = location(&house.send(&parts).await);
    assert_eq!(to.strip_prefix("/t/north/uploads?new=").unwrap().split(',').count(), 30, "{to}");
    let page = text(house.get(&to, &house.north.engineer).await).await;
    assert_eq!(page.matches("just sent").count(), 30);
    assert_eq!(house.db.count("select count(*) from receipt").await, 31);
    let page =
        text(house.get("/uploads?new=%3Cb%3Ewon%3C/b%3E", &house.north.engineer).await).await;
    assert!(!page.contains("won"), "{page}");
}

#[tokio::test]
async fn a_file_is_what_a_station_sends() {
    let house = House::new().await;
    let body = ocp_run("U1", "L10", "2026-03-01T00:00:00Z", true);
    let station =
        house.upload(&house.north.ingest, "/ingest/v1/ocptv?station=ST-1", body.clone()).await;
    let parts =
        [("station", None, &b" ST-1 "[..]), ("unit", None, b""), file("a.jsonl", body.as_bytes())];
    let page = house.send_by_script(&parts).await;
    assert_eq!((page.status, &page.json["format"]), (200, &"ocptv".into()), "{page:?}");
    assert_eq!(page.json["first_receipt_id"], station.json["receipt_id"], "{page:?}");
    assert_eq!((page.number("accepted"), page.number("duplicates")), (0, 1));
    let empty = house.send_by_script(&[("format", None, b"ocptv"), file("a.jsonl", b"")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.json["receipt_id"].is_string(), "{empty:?}");
}

#[tokio::test]
async fn a_compressed_file_is_detected_by_its_name() {
    let house = House::new().await;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(run("U1").as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = zstd::bulk::compress(run("U2").as_bytes(), 1).unwrap();
    for (name, bytes) in [("a.jsonl.GZ", &gzip), ("b.zst", &zstd)] {
        let answer = house.send_by_script(&[file(name, bytes)]).await;
        assert_eq!((answer.status, answer.number("accepted")), (200, 1), "{name}: {answer:?}");
    }
    let misnamed = house.send_by_script(&[file("c.gz", run("U3").as_bytes())]).await;
    assert_eq!(misnamed.status, 400);
    assert!(misnamed.json["detail"].as_str().unwrap().contains("gzip"), "{misnamed:?}");
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_said_and_nothing_is_kept() {
    let house = House::new().await;
    let good = run("U1");
    let good = file("a.jsonl", good.as_bytes());
    let long = "x".repeat(5000);
    let cases: [(&str, Vec<Part>, u16, &str); 12] = [
        ("no file", vec![("format", None, b"")], 400, "choose at least one"),
        ("none chosen", vec![("file", Some(""), b"")], 400, "choose at least one"),
        ("a text for a file", vec![("file", None, b"{}")], 400, "choose at least one"),
        ("an empty file", vec![file("a.jsonl", b"")], 400, "The file is empty"),
        ("a table", vec![file("a.csv", b"serial,result\n")], 400, "looks like a CSV file"),
        ("a field that is none", vec![("serial", None, b"U1"), good], 400, "serial"),
        (
            "a parameter twice",
            vec![("unit", None, b"U1"), ("unit", None, b"U2"), good],
            400,
            "twice",
        ),
        ("a parameter too late", vec![good, ("unit", None, b"U1")], 400, "comes after a file"),
        ("a NUL in a parameter", vec![("unit", None, b"U\0"), good], 400, "control character"),
        ("no text", vec![("unit", None, b"\xff"), good], 400, "UTF-8"),
        ("a long parameter", vec![("unit", None, long.as_bytes()), good], 400, "longer"),
        ("another format", vec![("format", None, b"csv"), good], 400, "ocptv, firstpass"),
    ];
    for (what, parts, status, says) in cases {
        let answer = house.send_by_script(&parts).await;
        assert_eq!(answer.status, status, "{what}: {answer:?}");
        let detail = answer.json["detail"].as_str().unwrap();
        assert!(detail.contains(says), "{what}: {detail}");
        let page = house.send(&parts).await;
        assert_eq!(page.status(), status, "{what}");
        let page = text(page).await;
        assert!(page.contains("<h1>") && !page.contains("request_id"), "{what}: {page}");
    }
    // The file before the misplaced parameter was kept: the parameter does not apply to it.
    assert_eq!(house.db.count("select count(*) from receipt").await, 2);
}

#[tokio::test]
async fn a_form_that_is_broken_is_said_to_be_and_takes_no_memory() {
    let house = House::new().await;
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let whole = form(&[file("a.jsonl", run("U1").as_bytes())]);
    let cut = whole[..whole.len() - 40].to_vec();
    let other = String::from_utf8(whole.clone()).unwrap().replace(BOUNDARY, "other").into_bytes();
    let head = [format!("--{BOUNDARY}\r\nX: ").into_bytes(), vec![b'x'; 4 << 20]].concat();
    for (what, kind, body, status) in [
        ("no form", "application/json", whole.clone(), 415),
        ("no boundary", "multipart/form-data", whole.clone(), 415),
        ("another boundary", kind.as_str(), other, 400),
        ("an end that is cut off", &kind, cut, 400),
        ("nothing", &kind, Vec::new(), 400),
        ("a head without an end", &kind, head, 400),
    ] {
        let answer = house.send_body("application/json", kind, body).await;
        assert_eq!(answer.status(), status, "{what}");
    }
    assert_eq!(house.left().await, 0);
}

#[tokio::test]
async fn of_what_stands_beside_the_files_little_is_kept_and_ten_causes_are_said() {
    let house = House::new().await;
    let good = run("U1");
    let good = file("a.jsonl", good.as_bytes());
    let blank =
        |fields: usize| [vec![("unit", None, b" ".as_slice()); fields], vec![good]].concat();
    assert_eq!(house.send_by_script(&blank(32)).await.status, 200);
    let long = "n".repeat(70 << 10);
    for parts in [blank(33), vec![("file", None, b"".as_slice()); 33], vec![(&long, None, b"1")]] {
        let answer = house.send_by_script(&parts).await;
        assert_eq!(answer.status, 400);
        let detail = answer.json["detail"].as_str().unwrap();
        assert!(detail.contains("more than 32 fields or 64 KiB"), "{}", detail.len());
    }
    let names: Vec<_> = (10..30).map(|n| format!("field-{n}")).collect();
    let unknown: Vec<Part> = names.iter().map(|name| (name.as_str(), None, &b"1"[..])).collect();
    let answer = house.send_by_script(&unknown).await;
    let causes = answer.json["errors"].as_array().unwrap();
    assert_eq!((answer.status, causes.len()), (400, 10), "{answer:?}");
}

#[tokio::test]
async fn of_a_form_that_is_too_much_little_is_read() {
    let mut house = House::new().await;
    house.limit(Limits { upload_bytes: 1000, ..Limits::default() });
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let named = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"
    );
    for (begin, status) in [(format!("--{BOUNDARY}\r\nX: "), 400), (named, 413)] {
        let read = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&read);
        let pieces = (0..200).map(move |place| {
            counted.fetch_add(1, Ordering::Relaxed);
            let piece = if place == 0 { begin.clone() } else { "x".repeat(256 << 10) };
            Ok::<_, std::io::Error>(piece)
        });
        let body = Body::from_stream(futures::stream::iter(pieces));
        let request = post("/uploads")
            .header(header::COOKIE, &house.north.engineer)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, &kind);
        assert_eq!(house.call(request.body(body).unwrap()).await.status(), status);
        let read = read.load(Ordering::Relaxed);
        assert!(read < 20, "{read} pieces were read");
    }
}

#[tokio::test]
async fn a_name_is_shown_without_what_could_do_harm() {
    let house = House::new().await;
    let names = ["../../<i>x.jsonl", "C:\\\\folder\\\\null.jsonl", "é.jsonl"];
    let parts: Vec<_> = names.iter().map(|name| file(name, b"nothing")).collect();
    let page = house.send(&parts).await;
    assert_eq!(page.status(), 400);
    let page = text(page).await;
    for shown in [">&lt;i&gt;x.jsonl<", ">null.jsonl<", ">é.jsonl<"] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    // Such a part header is invalid.
    assert_eq!(house.send_by_script(&[file("n\0ul.jsonl", b"nothing")]).await.status, 400);
}

#[tokio::test]
async fn of_several_files_each_is_answered_for_itself() {
    let mut house = House::new().await;
    house.limit(Limits { upload_bytes: 1000, ..Limits::default() });
    let (good, large) = (run("U1"), run("U2").repeat(10));
    let parts = [
        file("large.jsonl", large.as_bytes()),
        file("good.jsonl", good.as_bytes()),
        file("table.csv", b"serial\n"),
    ];
    let page = house.send(&parts).await;
    assert_eq!(page.status(), 413);
    let page = text(page).await;
    for expected in ["large.jsonl", "more than 1000 bytes", "good.jsonl", "/uploads/", "table.csv"]
    {
        assert!(page.contains(expected), "{expected} is not in {page}");
    }
    assert_eq!(house.db.count("select count(*) from run").await, 1);
    let more = house.send_by_script(&[parts[1], parts[1]]).await;
    assert_eq!(more.status, 400, "{more:?}");
}

#[tokio::test]
async fn files_count_for_the_rate_like_those_of_a_station() {
    let mut house = House::new().await;
    let upload_burst = NonZeroU32::new(2).unwrap();
    house.limit(Limits { upload_rate: NonZeroU32::MIN, upload_burst, ..Limits::default() });
    let files: Vec<_> = (0..4).map(|n| run(&format!("U{n}"))).collect();
    let parts: Vec<_> = files.iter().map(|body| file("a.jsonl", body.as_bytes())).collect();
    assert_eq!(house.send(&parts).await.status(), 429);
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let one = house.send_body("application/json", &kind, form(&parts[..1])).await;
    assert_eq!(one.status(), 429);
    assert!(one.headers().contains_key(header::RETRY_AFTER));
    assert_eq!(house.db.count("select count(*) from receipt").await, 2);
}

#[tokio::test]
async fn too_many_files_for_one_form_are_refused_at_the_first_that_is() {
    let house = House::new().await;
    let body = run("U1");
    let parts = vec![file("a.jsonl", body.as_bytes()); 101];
    let page = house.send(&parts).await;
    assert_eq!(page.status(), 400);
    assert!(text(page).await.contains("more than 100"));
    assert_eq!(house.db.count("select count(*) from receipt").await, 100);
}

#[tokio::test]
async fn a_viewer_sees_why_there_is_no_form_and_nobody_from_another_site_sends_one() {
    let house = House::new().await;
    let page = text(house.get("/uploads", &house.north.viewer).await).await;
    assert!(
        page.contains("Your role can only read") && !page.contains("<form class=\"send-form\""),
        "{page}"
    );
    let page = text(house.get("/uploads", &house.north.engineer).await).await;
    assert!(page.contains("enctype=\"multipart/form-data\""), "{page}");
    for (cookie, site, status) in [
        (&house.north.viewer, "same-origin", 403),
        (&house.north.engineer, "cross-site", 403),
        (&house.north.expired_session, "same-origin", 401),
    ] {
        let request = post("/t/north/uploads")
            .header(header::COOKIE, cookie)
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", site)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
        let body = form(&[file("a.jsonl", run("U1").as_bytes())]);
        let page = house.call(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(page.status(), status, "{site}");
        assert!(text(page).await.contains("The request was refused"));
    }
    assert_eq!(house.left().await, 0);
}

#[tokio::test]
async fn who_has_nothing_yet_is_led_to_the_first_file() {
    let house = House::new().await;
    for path in ["/", "/units", "/uploads"] {
        let page = text(house.get(path, &house.north.engineer).await).await;
        for expected in [
            "https://firstpass.example/ingest/v1/ocptv?unit=SERIAL",
            "firstpass token add --tenant north --scope ingest",
            "type=\"file\"",
        ] {
            assert!(page.contains(expected), "{path}: {expected} is not in {page}");
        }
        let page = text(house.get(path, &house.north.viewer).await).await;
        assert!(
            page.contains("Your role can only read") && !page.contains("type=\"file\""),
            "{path}"
        );
    }
}
