//! The tenant is in the address, and is used only if the caller has access to it.

use axum::body::Body;
use domain::Role;
use http::{Response, header};

use crate::support::{House, get, ocp_run, post, text};

fn location(response: &Response<Body>) -> &str {
    response.headers()[header::LOCATION].to_str().unwrap()
}

fn without_nonces(page: &str) -> String {
    let mut parts = page.split("nonce=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.filter_map(|part| part.split_once('"')).fold(first, |page, (_, rest)| page + rest)
}

fn multipart(body: &str) -> (String, String) {
    let form = format!(
        "--b\r\ncontent-disposition: form-data; name=\"format\"\r\n\r\nocptv\r\n\
         --b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"r.jsonl\"\r\n\r\n{body}\r\n--b--\r\n"
    );
    ("multipart/form-data; boundary=b".to_owned(), form)
}

#[tokio::test]
async fn two_tabs_of_an_internal_person_are_about_two_partners() {
    let house = House::new().await;
    let admin = house.internal(Role::Admin).await;
    let north = text(house.get("/t/north/", &admin).await).await;
    let south = text(house.get("/t/south/", &admin).await).await;
    assert!(north.contains("north &amp; Sons") && !north.contains("south"), "{north}");
    assert!(south.contains("south &amp; Sons") && !south.contains("north"), "{south}");

    // Sent from the first tab after the second was opened.
    let (kind, form) = multipart(&ocp_run("TAB-1", "L10", "2026-03-01T00:00:00Z", true));
    let request = post("/t/north/uploads")
        .header(header::COOKIE, &admin)
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(form))
        .unwrap();
    let sent = house.call(request).await;
    assert_eq!(sent.status(), 303);
    assert!(location(&sent).starts_with("/t/north/uploads/"), "{}", location(&sent));
    let of = |id: domain::TenantId| format!("select count(*) from run where tenant_id = '{id}'");
    assert_eq!(house.db.count(&of(house.north.id)).await, 1);
    assert_eq!(house.db.count(&of(house.south.id)).await, 0);
    let unit = text(house.get("/t/north/units/TAB-1", &admin).await).await;
    assert!(unit.contains("href=\"/t/north/units\""), "links stay with the partner: {unit}");
}

#[tokio::test]
async fn a_partners_people_reach_their_own_pages_and_learn_of_no_others() {
    let house = House::new().await;
    let viewer = &house.north.viewer;
    let led = house.get_as_is("/?days=7", viewer).await;
    assert_eq!((led.status().as_u16(), location(&led)), (303, "/t/north/?days=7"));
    for (old, new) in [
        ("/explore?days=all", "/t/north/explore?days=all"),
        ("/units/A%2F1?from=x", "/t/north/units/A%2F1?from=x"),
        ("/uploads", "/t/north/uploads"),
        ("/t/north", "/t/north/"),
    ] {
        let moved = house.get_as_is(old, viewer).await;
        assert_eq!((moved.status().as_u16(), location(&moved)), (308, new), "{old}");
    }
    let mut answers = Vec::new();
    for slug in ["south", "nobody", "NORTH", "%6eorth"] {
        let refused = house.get_as_is(&format!("/t/{slug}/units"), viewer).await;
        assert_eq!(refused.status(), 404, "{slug}");
        answers.push(text(refused).await.replace(slug, ""));
    }
    assert!(answers[0].contains("Page not found"), "{}", answers[0]);
    assert_eq!(
        without_nonces(&answers[0]),
        without_nonces(&answers[1]),
        "a partner looks like none"
    );
    let internal = house.get_as_is("/units", &house.operator).await;
    assert_eq!((internal.status().as_u16(), location(&internal)), (303, "/"));
}

#[tokio::test]
async fn programs_name_the_tenant_where_their_credential_stands_for_several() {
    let house = House::new().await;
    let body = ocp_run("SOUTH-1", "L10", "2026-03-01T00:00:00Z", true);
    house.upload(&house.south.ingest, "/ingest/v1/ocptv", body).await;
    let units = async |query: &str, cookie: &str| {
        let answer = house.ask("GET", &format!("/api/v1/units{query}"), cookie, "").await;
        (answer.status, answer.json["items"].as_array().map_or(0, Vec::len))
    };
    assert_eq!(units("", &house.operator).await, (400, 0));
    assert_eq!(units("?tenant=south", &house.operator).await, (200, 1));
    assert_eq!(units("?tenant=north&limit=5", &house.operator).await, (200, 0));
    assert_eq!(units("?tenant=nobody", &house.operator).await, (404, 0));
    assert_eq!(units("?tenant=south&tenant=south", &house.operator).await, (400, 0));
    assert_eq!(units("?tenant=south&no-such=1", &house.operator).await, (400, 0));
    assert_eq!(units("?tenant=south&view=new", &house.operator).await, (400, 0));
    assert_eq!(units("?tenant=south", &house.south.viewer).await, (200, 1));
    assert_eq!(units("?tenant=south", &house.north.viewer).await, (404, 0));
    assert_eq!(house.read(&house.south.read, "/api/v1/units?tenant=south").await.status, 400);
    assert_eq!(house.read(&house.north.read, "/api/v1/units?tenant=south").await.status, 400);
}

#[tokio::test]
async fn internal_people_query_all_tenants_at_once() {
    let house = House::new().await;
    let upload = async |token: &str, serials: &[(&str, bool)]| {
        for (serial, passed) in serials {
            let body = ocp_run(serial, "L10", "2026-03-01T00:00:00Z", *passed);
            house.upload(token, "/ingest/v1/ocptv", body).await;
        }
    };
    upload(&house.north.ingest, &[("N-1", true), ("N-2", false), ("BOTH", true)]).await;
    upload(&house.south.ingest, &[("S-1", false), ("BOTH", true)]).await;
    let ask = async |target: &str| house.ask("GET", target, &house.operator, "").await;

    let all = ask("/api/v1/yield?tenant=*").await;
    assert_eq!((all.status, &all.json["groups_total"]), (200, &1.into()));
    let group = &all.json["groups"][0];
    assert_eq!((&group["n"], &group["passed"]), (&5.into(), &3.into()), "{group}");
    let divided = ask("/api/v1/yield?tenant=*&group_by=operation,tenant").await;
    let lines: Vec<_> = divided.json["groups"].as_array().unwrap().iter().collect();
    let lines: Vec<_> = lines.iter().map(|it| (&it["keys"], &it["n"], &it["passed"])).collect();
    let (north, south) = (serde_json::json!(["L10", "north"]), serde_json::json!(["L10", "south"]));
    assert_eq!(lines, [(&north, &3.into(), &2.into()), (&south, &2.into(), &1.into())]);
    let one = ask("/api/v1/yield?tenant=south&group_by=tenant").await;
    assert_eq!(one.json["groups"][0]["key"], "south");

    let pareto = ask("/api/v1/pareto?tenant=*").await;
    assert_eq!((&pareto.json["n_runs"], &pareto.json["n_units"]), (&2.into(), &2.into()));
    assert_eq!(ask("/api/v1/rty?tenant=*&product=none").await.status, 200);

    // Page by page: units of one serial number are units of each tenant.
    let (mut target, mut seen) = ("/api/v1/units?tenant=*&limit=2".to_owned(), Vec::new());
    loop {
        let page = ask(&target).await;
        for unit in page.json["items"].as_array().unwrap() {
            seen.push(format!(
                "{}/{}",
                unit["tenant"].as_str().unwrap(),
                unit["serial"].as_str().unwrap()
            ));
        }
        let Some(next) = page.json["next"].as_str() else { break };
        target = format!("/api/v1/units?tenant=*&limit=2&cursor={}", next.replace('/', "%2F"));
    }
    assert_eq!(seen, ["north/BOTH", "north/N-1", "north/N-2", "south/BOTH", "south/S-1"]);

    assert_eq!(ask("/api/v1/receipts?tenant=*").await.status, 400);
    let viewer = house.ask("GET", "/api/v1/yield?tenant=*", &house.north.viewer, "").await;
    assert_eq!(viewer.status, 404);
    assert_eq!(house.read(&house.north.read, "/api/v1/yield?tenant=*").await.status, 400);
}

#[tokio::test]
async fn a_page_takes_its_tenant_from_its_path_alone() {
    let house = House::new().await;
    let (north, operator) = (&house.north, &house.operator);
    for (path, cookie) in [
        ("/?tenant=north", operator),
        ("/t/north/?tenant=north", &north.viewer),
        ("/t/north/units?tenant=south", &north.viewer),
        ("/t/north/units?view=1", &north.viewer),
        ("/units?tenant=north", &north.viewer),
        ("/account?tenant=north", &north.viewer),
    ] {
        let refused = house.get_as_is(path, cookie).await;
        assert_eq!(refused.status(), 400, "{path}");
    }
    for query in ["tenant=north", "tenant=south", "view=1"] {
        let request = post(&format!("/t/north/explore/views?{query}"))
            .header(header::COOKIE, &north.engineer)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("name=Mine&state=days%3Dall"));
        assert_eq!(house.call_as_is(request.unwrap()).await.status(), 400, "{query}");
    }
    assert_eq!(house.db.count("select count(*) from saved_view").await, 0);
}

#[tokio::test]
async fn access_of_internal_people_is_audited_once_a_view() {
    let house = House::new().await;
    let looks = async || {
        let sql =
            "select count(*) from audit where action = 'look' and actor = 'operator@maker.example'";
        house.db.count(sql).await
    };
    let page = text(house.get("/t/south/", &house.operator).await).await;
    assert_eq!(looks().await, 1);
    let view = page.split("data-view=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let again = async |path: &str, cookie: &str| {
        let request = get(path).header(header::COOKIE, cookie).header("x-view-id", &view);
        house.call(request.body(Body::empty()).unwrap()).await.status().as_u16()
    };
    assert_eq!(again("/t/south/", &house.operator).await, 200);
    assert_eq!(again("/api/v1/yield?tenant=south", &house.operator).await, 200);
    let stream = house.get(&format!("/live?tenant=south&view={view}"), &house.operator).await;
    assert_eq!(stream.status(), 200);
    assert_eq!(looks().await, 1, "requests of the same view add none");
    // With another partner, another person, or without a view id, each access is audited.
    assert_eq!(again("/api/v1/yield?tenant=north", &house.operator).await, 200);
    house.get("/api/v1/yield?tenant=south", &house.operator).await;
    assert_eq!(looks().await, 3);
    let admin = house.internal(Role::Admin).await;
    assert_eq!(again("/t/south/", &admin).await, 200);
    assert_eq!(house.db.count("select count(*) from audit where action = 'look'").await, 4);
    let at = "select count(*) from audit where action = 'look' and detail ->> 'request' = 'GET /t/south/'";
    assert_eq!(house.db.count(at).await, 2, "a look says at what");
    assert_eq!(again("/t/nobody/", &house.operator).await, 404);
    let tried = "select count(*) from audit where action = 'look at a partner that is not there'";
    assert_eq!(house.db.count(tried).await, 1);
}
