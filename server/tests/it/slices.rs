//! Slices of Explore: their units, and saved views.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{House, text};

/// Forty units over three days, in two operations, at two stations or none, with retests,
/// aborted runs and a golden unit.
async fn forty_units(house: &House) {
    let mut lines = Vec::new();
    for unit in 0..40 {
        for (place, operation) in ["L6", "L10"].into_iter().enumerate() {
            let day = 1 + (unit + place) % 3;
            for attempt in 0..=(unit % 3) / 2 {
                let outcome = match (unit + place + attempt) % 5 {
                    0 => "fail",
                    1 if attempt == 0 => "aborted",
                    _ => "pass",
                };
                let mut run = json!({
                    "type": "run",
                    "unit": { "serial": format!("U{unit:02}"), "kind": if unit == 7 { "golden" } else { "production" } },
                    "operation": operation,
                    "started_at": format!("2026-03-{day:02}T{:02}:{unit:02}:00Z", 2 * place + attempt),
                    "ended_at": format!("2026-03-{day:02}T{:02}:{unit:02}:30Z", 2 * place + attempt + unit % 2),
                    "outcome": outcome,
                });
                if unit % 4 != 0 {
                    run["station"] = json!(format!("ST-{}", 1 + (unit + attempt) % 2));
                }
                if outcome == "fail" {
                    run["findings"] =
                        json!([{ "kind": "diagnosis", "code": format!("C{}", unit % 2) }]);
                }
                lines.push(run.to_string());
            }
        }
    }
    let answer = house.upload(&house.north.ingest, "/ingest/v1/firstpass", lines.join("\n")).await;
    assert_eq!(answer.number("rejected_total"), 0);
}

/// The units that the page lists for a slice.
pub async fn listed(house: &House, cookie: &str, slice: &str, rest: &str) -> BTreeSet<String> {
    let slice = slice.replace('%', "%25").replace('&', "%26").replace('=', "%3D");
    let page = text(house.get(&format!("/units?slice={slice}{rest}"), cookie).await).await;
    let links = page.split("href=\"/t/north/units/U").skip(1);
    links.map(|rest| format!("U{}", &rest[..2])).collect()
}

#[tokio::test]
async fn the_units_of_a_slice_are_those_that_its_figure_counts() {
    let house = House::new().await;
    forty_units(&house).await;
    let mut sizes = BTreeSet::new();
    for definition in ["first-run", "first-attempt-of-day", "report"] {
        for aborted in ["counted", "excluded"] {
            for filters in
                ["", "&station=ST-1", "&station=ST-1&operation=L10", "&operation=L6&operation=L10"]
            {
                let question = format!("definition={definition}&aborted={aborted}{filters}");
                let window = "&from=2026-03-02&to=2026-03-04&units=in&limit=1000";
                let path = format!("/api/v1/yield/explain?{question}{window}");
                let explained = house.read(&house.north.read, &path).await.json;
                let items = explained["items"].as_array().unwrap();
                let serial = |item: &serde_json::Value| item["serial"].as_str().unwrap().to_owned();
                let expected: BTreeSet<String> = items.iter().map(serial).collect();
                let failed = items.iter().filter(|item| item["runs"] != item["passed"]);
                let failed: BTreeSet<String> = failed.map(serial).collect();
                let slice = format!("days=all&{question}&day=2026-03-02..2026-03-03");
                let viewer = &house.north.viewer;
                assert_eq!(listed(&house, viewer, &slice, "").await, expected, "{question}");
                let found = listed(&house, viewer, &slice, "&ended=not-passed").await;
                assert_eq!(found, failed, "{question}");
                sizes.insert((expected.len(), failed.len()));
            }
        }
    }
    assert!(sizes.len() > 6, "the questions are too alike: {sizes:?}");
}

#[tokio::test]
async fn a_slice_may_be_of_runs_that_name_nothing_of_a_code_or_of_a_length() {
    let house = House::new().await;
    forty_units(&house).await;
    let viewer = &house.north.viewer;
    let all: Vec<u32> = (0..40).filter(|unit| *unit != 7).collect();
    let those = |which: &dyn Fn(u32) -> bool| -> BTreeSet<String> {
        all.iter().filter(|unit| which(**unit)).map(|unit| format!("U{unit:02}")).collect()
    };
    for (slice, expected) in [
        ("days=all&station=", those(&|unit| unit % 4 == 0)),
        ("days=all&duration=0..60", those(&|unit| unit % 2 == 0)),
        ("days=all&duration=3600..", those(&|unit| unit % 2 == 1)),
        ("days=all&code=C1", those(&|unit| unit % 2 == 1 && [0, 4].contains(&(unit % 5)))),
        ("days=all&day=2026-04-01", those(&|_| false)),
    ] {
        assert_eq!(listed(&house, viewer, slice, "").await, expected, "{slice}");
    }
    let second = listed(&house, viewer, "days=all", "&q=u1&ended=").await;
    assert_eq!(second, those(&|unit| (10..20).contains(&unit)));
    assert!(listed(&house, &house.south.viewer, "days=all", "").await.is_empty());
}

#[tokio::test]
async fn a_view_has_one_name_for_all_of_a_partner_and_nobody_else() {
    let house = House::new().await;
    forty_units(&house).await;
    let save = "name=+Bad+%3Cfixture%3E&state=days%3Dall%26station%3DST-1%26nonsense%3D1";
    let page = house.done("/explore/views", save).await;
    assert!(page.contains("The view is saved"), "{page}");
    let page = house.done("/explore/views", save).await;
    assert!(page.contains("there is another view with this name"), "{page}");
    let seen = text(house.get("/explore", &house.north.viewer).await).await;
    let link = "<a href=\"/t/north/explore?days=all&amp;station=ST-1\"><bdi class=\"name\">Bad &lt;fixture&gt;<";
    assert!(seen.contains(link) && seen.contains("engineer@north.example"), "{seen}");
    assert!(!seen.contains("/remove"), "a viewer removes nothing");
    let theirs = text(house.get("/explore", &house.south.viewer).await).await;
    assert!(!theirs.contains("Bad &lt;fixture"), "{theirs}");

    let mut superuser = house.db.connect("postgres").await;
    let id: uuid::Uuid =
        sqlx::query_scalar("select id from saved_view").fetch_one(&mut superuser).await.unwrap();
    let page = house.done(&format!("/explore/views/{id}/remove"), "state=days%3Dall").await;
    assert!(
        page.contains("The view is removed") && page.contains("No view is saved yet"),
        "{page}"
    );
    let written = "select count(*) from audit where action in ('save a view', 'remove a view')";
    assert_eq!(house.db.count(written).await, 2);
}

#[tokio::test]
async fn a_partner_has_a_hundred_views_at_most_and_names_are_names() {
    let house = House::new().await;
    forty_units(&house).await;
    house
        .db
        .superuser(
            "insert into saved_view (tenant_id, id, name, state, saved_by, saved_at)
             select t.id, gen_random_uuid(), 'View ' || n, '', 'somebody', now()
             from tenant t, generate_series(1, 100) n where t.slug = 'north'",
        )
        .await;
    let page = house.done("/explore/views", "name=One+more&state=").await;
    assert!(page.contains("up to 100 views"), "{page}");
    for name in ["", "+", "a%00b", &"n".repeat(81)] {
        let form = format!("name={name}&state=");
        let refused = house.fill(&house.north.engineer, "/explore/views", &form).await;
        assert_eq!(refused.status(), 400, "{name}");
    }
}

#[tokio::test]
async fn a_downloaded_chart_equals_the_one_on_the_page() {
    let house = House::new().await;
    forty_units(&house).await;
    let take = async |file: &str| {
        let response = house.get(&format!("/explore/{file}"), &house.north.viewer).await;
        (response.status().as_u16(), text(response).await)
    };
    let (status, stations) = take("station.csv?days=all&definition=report&operation=L6").await;
    assert_eq!(status, 200);
    let mut lines = stations.lines();
    assert_eq!(lines.next(), Some("\u{feff}station,yield,low,high,passed,n"));
    let answer = "/api/v1/yield?definition=report&operation=L6&group_by=station";
    let answer = house.read(&house.north.read, answer).await.json;
    let groups = answer["groups"].as_array().unwrap();
    assert_eq!(lines.clone().count(), groups.len());
    for group in groups {
        let name = group["key"].as_str().unwrap_or("(no station)");
        let found = lines.clone().find(|line| line.starts_with(&format!("{name},")));
        let figures = format!("{},{}", group["passed"], group["n"]);
        assert!(found.is_some_and(|line| line.ends_with(&figures)), "{name} {figures}: {stations}");
    }
    let (_, drawing) = take("code.svg?days=all&station=ST-1").await;
    assert!(drawing.starts_with("<svg") && drawing.contains("Failure codes"), "{drawing}");
    assert!(drawing.contains("Runs at ST-1 of all days") && !drawing.contains("href"));
    let (_, empty) = take("day.svg?days=all&station=none").await;
    assert!(empty.starts_with("<svg"), "{empty}");
    for wrong in ["nothing.csv", "revision.csv", "station.exe", "station"] {
        assert_eq!(take(wrong).await.0, 404, "{wrong}");
    }
    let theirs = house.get("/explore/station.csv?days=all", &house.south.viewer).await;
    assert_eq!(text(theirs).await, "\u{feff}station,yield,low,high,passed,n\r\n");
}

#[tokio::test]
async fn a_partner_without_results_sees_how_to_send_the_first() {
    let house = House::new().await;
    let some = text(house.get("/explore", &house.north.engineer).await).await;
    assert!(some.contains("Show all days"), "{some}");
    let all = text(house.get("/explore?days=all", &house.north.engineer).await).await;
    assert!(all.contains("No results yet"), "{all}");
}
