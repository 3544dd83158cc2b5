//! Server-rendered pages, without WASM.

use axum::body::Body;
use http::header;

use crate::support::{House, get, ocp_run, post, text};

#[tokio::test]
async fn an_upload_becomes_a_first_pass_yield_on_the_page() {
    let house = House::new().await;
    let mut body = String::new();
    // Four units. The second needs two runs, the third never passes.
    for (serial, at, passed) in [
        ("U1", "2026-03-01T01:00:00Z", true),
        ("U2", "2026-03-01T02:00:00Z", false),
        ("U2", "2026-03-01T03:00:00Z", true),
        ("U3", "2026-03-01T04:00:00Z", false),
        ("U4", "2026-03-01T05:00:00Z", true),
    ] {
        body += &ocp_run(serial, "L10 burn-in", at, passed);
    }
    house.upload(&house.north.ingest, "/ingest/v1/ocptv", body).await;
    let page = text(house.get("/?days=all", &house.north.viewer).await).await;
    for expected in
        ["L10 burn-in", "50.00\u{a0}%", "15.00\u{a0}% – 85.00\u{a0}%", "first-run v1", "<svg"]
    {
        assert!(page.contains(expected), "{expected} is not in {page}");
    }
    let exact = text(
        house.get("/?days=all&interval=clopper-pearson&confidence=0.9", &house.north.viewer).await,
    )
    .await;
    assert!(exact.contains("9.76\u{a0}% – 90.24\u{a0}%"), "{exact}");

    let other = text(house.get("/", &house.south.viewer).await).await;
    assert!(other.contains("No results yet") && !other.contains("L10"), "{other}");
}

#[tokio::test]
async fn a_page_has_the_title_of_its_view() {
    let house = House::new().await;
    for (path, title) in [("/login", "Sign in"), ("/api/v1/docs", "API reference")] {
        let page = text(house.call(get(path).body(Body::empty()).unwrap()).await).await;
        assert!(page.contains(&format!("<title>{title} · Firstpass</title>")), "{page:.400}");
    }
    let page = text(house.get("/t/north/uploads", &house.north.viewer).await).await;
    assert!(page.contains("<title>Uploads · Firstpass</title>"), "{page:.400}");
}

#[tokio::test]
async fn a_wrong_address_is_a_page_for_people_and_a_problem_for_programs() {
    let house = House::new().await;
    let page = house.call(get("/nowhere").body(Body::empty()).unwrap()).await;
    assert_eq!(page.status(), 404);
    assert!(text(page).await.contains("Page not found"));
    let problem = house.call(get("/api/v1/nowhere").body(Body::empty()).unwrap()).await;
    assert_eq!(problem.status(), 404);
    assert_eq!(problem.headers()[header::CONTENT_TYPE], "application/problem+json");
}

#[tokio::test]
async fn scripts_of_a_page_carry_its_own_nonce_and_styles_are_not_inline() {
    let house = House::new().await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let response = house.get("/", &house.north.viewer).await;
        let policy =
            response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        assert!(
            policy.contains("'strict-dynamic'") && !policy.contains("unsafe-inline"),
            "{policy}"
        );
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        let page = text(response).await;
        let scripts = page.matches("<script").count();
        let signed = page.matches(&format!("nonce=\"{nonce}\"")).count();
        assert!(scripts > 0 && signed >= scripts, "{page}");
        assert!(!page.contains("style="), "{page}");
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn a_page_without_islands_loads_no_wasm() {
    let house = House::new().await;
    let page = text(house.call(get("/login").body(Body::empty()).unwrap()).await).await;
    assert!(page.contains("Sign in") && !page.contains(".wasm"), "{page}");
}

#[tokio::test]
async fn assets_come_compressed_and_stay() {
    let house = House::new().await;
    let page = text(house.call(get("/login").body(Body::empty()).unwrap()).await).await;
    if !page.contains("firstpass.css") {
        assert!(std::env::var_os("CI").is_none(), "built without the browser's part");
        eprintln!("skipped: built without the browser's part (cargo xtask site)");
        return;
    }
    let address = page.split("href=\"").find(|rest| rest.starts_with("/pkg/")).unwrap();
    let address = address.split('"').next().unwrap();
    let mut plain = None;
    for (accepted, encoding) in
        [("", None), ("gzip", Some("gzip")), ("gzip, br;q=0.9", Some("br")), ("br;q=0", None)]
    {
        let request = get(address).header(header::ACCEPT_ENCODING, accepted).body(Body::empty());
        let response = house.call(request.unwrap()).await;
        let header =
            |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header(header::CONTENT_ENCODING).as_deref(), encoding, "{accepted}");
        assert_eq!(header(header::CONTENT_TYPE).as_deref(), Some("text/css; charset=utf-8"));
        assert!(header(header::CACHE_CONTROL).unwrap().contains("immutable"));
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        match encoding {
            None => assert_eq!(*plain.get_or_insert(bytes.clone()), bytes),
            Some(_) => assert!(bytes.len() < plain.as_ref().unwrap().len()),
        }
    }
    let stale = address.replace("/pkg/", "/pkg/0");
    let response = house.call(get(&stale).body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
}

#[tokio::test]
async fn without_a_database_pages_say_so_and_the_server_stays_ready() {
    let house = House::new().await;
    house.state.store().close().await;
    let page = house.get("/", &house.north.viewer).await;
    assert_eq!(page.status(), 503);
    assert!(text(page).await.contains("The database does not answer"));
    let ready = house.call(get("/readyz").body(Body::empty()).unwrap()).await;
    assert_eq!(ready.status(), 200);
    assert!(text(ready).await.contains("\"database\":false"));
    let alive = house.call(get("/livez").body(Body::empty()).unwrap()).await;
    assert_eq!(alive.status(), 200);
}

/// Three units: one passed at the first run, one at the second, one never.
async fn three_units(house: &House) {
    let run = |serial: &str, at: &str, outcome: &str, code: &str| {
        let findings = match code {
            "" => serde_json::json!([]),
            code => serde_json::json!([{ "kind": "diagnosis", "code": code }]),
        };
        serde_json::json!({
            "type": "run", "unit": { "serial": serial }, "operation": "L10, burn-in",
            "station": "ST-1", "started_at": at, "outcome": outcome, "findings": findings,
        })
        .to_string()
    };
    let lines = [
        run("U1", "2026-03-01T01:00:00Z", "pass", ""),
        run("U2", "2026-03-01T02:00:00Z", "fail", "=hot"),
        run("U2", "2026-03-01T03:00:00Z", "pass", ""),
        run("U3", "2026-03-01T04:00:00Z", "fail", "nic-down"),
    ];
    let answer = house.upload(&house.north.ingest, "/ingest/v1/firstpass", lines.join("\n")).await;
    assert_eq!(answer.number("accepted"), 4);
}

#[tokio::test]
async fn a_figure_is_downloaded_with_every_digit_and_no_formula() {
    let house = House::new().await;
    three_units(&house).await;
    let take = async |file: &str| {
        let response = house.get(&format!("/overview/{file}?days=all"), &house.north.viewer).await;
        (response.status().as_u16(), text(response).await)
    };
    let (status, operations) = take("operations.csv").await;
    assert_eq!(status, 200);
    let lines: Vec<_> = operations.lines().collect();
    assert!(lines[1].starts_with("\"L10, burn-in\",0.3333333333333333,"), "{operations}");
    let (_, failures) = take("failures.csv").await;
    assert_eq!(
        failures,
        "\u{feff}code,runs,units,share,cumulative,meaning\r\n'=hot,1,1,0.5,0.5,\r\nnic-down,1,1,0.5,1,\r\n"
    );
    let (_, drawing) = take("failures.svg").await;
    assert!(drawing.starts_with("<svg") && drawing.contains("What fails most?"), "{drawing}");
    assert!(drawing.contains("first-run v1") && !drawing.contains("class="), "{drawing}");
    for wrong in ["nothing.csv", "failures.exe", "failures", "daily.csv", "%FF.csv"] {
        assert_eq!(take(wrong).await.0, 404, "{wrong}");
    }
    for wrong in ["/units/%FF/timeline.csv", "/units/U1/%FF.csv", "/explore/%FF.csv"] {
        assert_eq!(house.get(wrong, &house.north.viewer).await.status(), 404, "{wrong}");
    }
    // The days of an operation; a filter that leaves nothing of it leaves no days.
    let daily = "/overview/daily.csv?days=all&explain=L10,+burn-in";
    assert_eq!(house.get(daily, &house.north.viewer).await.status(), 200);
    let station = format!("{daily}&station=none");
    assert_eq!(house.get(&station, &house.north.viewer).await.status(), 404);
    for wrong in [
        "days=0",
        "from=2026-03-01",
        "period=soon",
        "granularity=hour",
        "dimension=x&value=y",
        "shape=round",
    ] {
        for page in ["/", "/t/north/failures", "/overview/daily.csv"] {
            let answer = house.get(&format!("{page}?{wrong}"), &house.north.viewer).await;
            assert_eq!(answer.status(), 400, "{page}?{wrong}");
        }
    }
    let theirs = house.get("/overview/failures.csv?days=all", &house.south.viewer).await;
    assert_eq!(text(theirs).await, "\u{feff}code,runs,units,share,cumulative,meaning\r\n");
}

#[tokio::test]
async fn what_a_page_claims_is_what_its_definition_counts() {
    let house = House::new().await;
    let today = server::clock::now().micros() / 1_000_000;
    let run = |unit: &str, operation: &str, days: i64, outcome: &str| {
        let unit = serde_json::json!({ "serial": unit });
        let day = today - days * 86_400;
        let at = chrono::DateTime::from_timestamp(day, 0).unwrap().to_rfc3339();
        serde_json::json!({ "type": "run", "unit": unit, "operation": operation, "started_at": at, "outcome": outcome, "station": format!("{operation} {outcome}") })
            .to_string()
    };
    let mut lines: Vec<_> = (0..12).map(|n| run(&format!("A{n}"), "L6", 10, "pass")).collect();
    lines.push(run("A0", "L10", 1, "pass"));
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", lines.join("\n")).await;
    let page = async |query: &str| text(house.get(query, &house.north.viewer).await).await;

    let apart = page("/?days=7").await;
    for says in
        ["nothing to compare", "No station lost any counted run", "First-pass yield by operation"]
    {
        assert!(apart.contains(says), "{says} is not in {apart}");
    }
    for claims in ["Bonferroni", "than chance would explain"] {
        assert!(!apart.contains(claims), "{claims} is in {apart}");
    }
    let more = [run("A1", "L6", 1, "fail"), run("A2", "L6", 2, "pass")].join("\n");
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", more).await;
    let report = page("/?days=7&definition=report").await;
    for says in [
        "with a joint error of 5\u{a0}%",
        "It may be larger where a unit counts in both periods, by different runs.",
        "Report yield by operation",
        "1 of 2\u{a0}runs, 50.00",
        "The 1\u{a0}station with",
    ] {
        assert!(report.contains(says), "{says} is not in {report}");
    }
    assert!(!report.contains("First-pass yield"), "{report}");
}

#[tokio::test]
async fn units_are_found_by_code_state_and_kind() {
    let house = House::new().await;
    three_units(&house).await;
    let golden = house
        .ask(
            "PUT",
            "/api/v1/units/U1/kind",
            &house.north.engineer,
            r#"{"kind":"golden","reason":"kept"}"#,
        )
        .await;
    assert_eq!(golden.status / 100, 2);
    for (asked, found) in [
        ("", vec!["U1", "U2", "U3"]),
        ("?code=nic-down", vec!["U3"]),
        ("?code=%3Dhot", vec!["U2"]),
        ("?code=%3Dhot&state=not-passed", vec![]),
        ("?state=not-passed", vec!["U3"]),
        ("?kind=golden", vec!["U1"]),
        ("?kind=production&q=u", vec!["U2", "U3"]),
        ("?code=%00", vec![]),
    ] {
        let page = text(house.get(&format!("/units{asked}"), &house.north.viewer).await).await;
        let links: Vec<_> = ["U1", "U2", "U3"]
            .into_iter()
            .filter(|serial| page.contains(&format!("href=\"/t/north/units/{serial}\"")))
            .collect();
        assert_eq!(links, found, "{asked}");
    }
}

#[tokio::test]
async fn internal_people_see_all_partners_and_each_access_is_audited() {
    let house = House::new().await;
    three_units(&house).await;
    let page = text(house.get("/", &house.operator).await).await;
    assert!(page.contains("north &amp; Sons") && page.contains("No runs in this period"), "{page}");
    let looks = house.db.count(
        "select count(*) from audit where actor = 'operator@maker.example' and tenant_id is not null",
    );
    assert_eq!(looks.await, 2, "one for each partner");
}

#[tokio::test]
async fn a_page_is_packed_for_who_unpacks_it_and_is_the_same() {
    let house = House::new().await;
    let ask = async |taken: &str| {
        let request = get("/units")
            .header(header::COOKIE, &house.north.viewer)
            .header(header::ACCEPT_ENCODING, taken)
            .body(Body::empty())
            .unwrap();
        house.call(request).await
    };
    let plain = ask("identity").await;
    assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
    assert_eq!(plain.headers()[header::VARY], "accept-encoding");
    let packed = ask("gzip, br, zstd").await;
    assert_eq!(packed.headers()[header::CONTENT_ENCODING], "zstd");
    let bytes = axum::body::to_bytes(packed.into_body(), 1 << 20).await.unwrap();
    let page = String::from_utf8(zstd::decode_all(bytes.as_ref()).unwrap()).unwrap();
    // The surrounding page has a new nonce each time.
    let main = |page: &str| {
        let (_, page) = page.split_once("<main").unwrap();
        page.split_once("</main>").unwrap().0.to_owned()
    };
    assert_eq!(main(&page), main(&text(plain).await));
    assert!(page.contains("Which unit?") && bytes.len() * 2 < page.len());
}

#[tokio::test]
async fn a_file_is_never_the_log_in_page() {
    let house = House::new().await;
    for file in [
        "/t/north/overview/operations.csv",
        "/t/north/explore/station.svg",
        "/t/north/units/U1/timeline.csv",
    ] {
        for cookie in ["", house.north.expired_session.as_str()] {
            let response = house.get(file, cookie).await;
            assert_eq!(response.status(), 401, "{file}");
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
            assert!(text(response).await.contains("Sign in, then download the file again."));
        }
    }
}

#[tokio::test]
async fn nothing_of_the_site_stays_in_a_browser_that_logs_out() {
    let house = House::new().await;
    three_units(&house).await;
    for file in ["/overview/operations.csv?days=all", "/units/U1/timeline.svg"] {
        let response = house.get(file, &house.north.viewer).await;
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store", "{file}");
    }
    let frame = house.get("/data/v1/runs", &house.north.viewer).await;
    assert_eq!(frame.headers()[header::CACHE_CONTROL], "private, no-cache");
    for (path, cookie) in
        [("/account/sign-out", &house.north.viewer), ("/logout", &house.north.engineer)]
    {
        let request = post(path).header(header::COOKIE, cookie);
        let response = house.call(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 303, "{path}");
        assert_eq!(response.headers()["clear-site-data"], "\"cache\"", "{path}");
    }
}
