//! Unbounded lists are paginated. Responses have a bounded size and state what they omit, and
//! their cost is not quadratic in the rows.

use std::collections::HashSet;
use std::time::Instant;

use serde_json::{Value, json};

use crate::support::{House, text};

const FIRSTPASS: &str = "/ingest/v1/firstpass";
/// Number of runs of the large unit.
const RUNS: usize = 20_000;

impl House {
    /// Uploads one run a line.
    async fn keep_lines(&self, lines: impl Iterator<Item = String>) {
        let body: Vec<_> = lines.collect();
        let answer = self.upload(&self.north.ingest, FIRSTPASS, body.join("\n")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    async fn shown(&self, path: &str) -> (u16, String) {
        let response = self.get(path, &self.north.engineer).await;
        (response.status().as_u16(), text(response).await)
    }

    async fn answered(&self, path: &str) -> Value {
        let answer = self.read(&self.north.read, path).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json
    }
}

/// Runs of a unit, a minute apart, in three operations, from the start of 2026 on. Every tenth
/// failed.
fn runs(serial: &str, count: usize) -> impl Iterator<Item = String> {
    (0..count).map(move |minute| {
        let (day, hour) = (minute / 1440, minute / 60 % 24);
        let at = format!("2026-01-{:02}T{hour:02}:{:02}:00Z", day + 1, minute % 60);
        let failed = minute % 10 == 0;
        let operation = ["L6", "L10", "L11"][minute % 3];
        let mut run = json!({
            "type": "run", "unit": { "serial": serial }, "operation": operation,
            "started_at": at, "outcome": if failed { "fail" } else { "pass" },
        });
        if failed {
            run["findings"] = json!([{ "kind": "diagnosis", "code": "hot" }]);
        }
        run.to_string()
    })
}

/// The address of the page of older runs.
fn older(page: &str) -> Option<String> {
    let link = page.split("<a ").find(|link| link.contains(">Older runs<"))?;
    let href = link.split("href=\"").nth(1)?.split('"').next()?;
    Some(href.replace("&amp;", "&"))
}

#[tokio::test]
async fn a_unit_with_twenty_thousand_runs_is_paged_everywhere_and_costs_no_more_than_its_page() {
    let house = House::new().await;
    house.keep_lines(runs("SMALL", 100)).await;
    house.keep_lines(runs("LARGE", RUNS)).await;

    let begun = Instant::now();
    let (_, small) = house.shown("/units/SMALL").await;
    let cost = begun.elapsed();
    let begun = Instant::now();
    let (status, page) = house.shown("/units/LARGE").await;
    let large_cost = begun.elapsed();
    assert_eq!(status, 200);
    // Rendering the whole history took a minute.
    assert!(large_cost < 10 * cost + std::time::Duration::from_secs(2), "{large_cost:?}, {cost:?}");
    let sizes = (page.len(), small.len());
    assert!(page.len() < 500_000 && page.len() < 2 * small.len(), "{sizes:?}: {page}");
    assert!(page.contains("20\u{202f}000\u{a0}runs"), "the head counts all runs");
    assert!(page.contains("Runs 1 to 100 of 20\u{202f}000, newest first"));
    assert!(!small.contains(", newest first"), "a page with all runs says nothing of others");

    // The forms and files of the next page keep the cursor.
    let next = older(&page).expect("a link to older runs");
    let (_, page) = house.shown(&next).await;
    let query = next.split_once('?').unwrap().1;
    assert!(page.contains("Runs 101 to 200 of 20\u{202f}000"), "{page}");
    assert!(page.contains(&format!("/void?{query}\"")), "{query}");
    assert!(page.contains(&format!("timeline.csv?{query}\"")), "{query}");
    assert!(page.contains(">Newest runs<"));
    let (_, csv) = house.shown(&format!("/units/LARGE/timeline.csv?{query}")).await;
    assert_eq!(csv.lines().count(), 101);
    let (_, svg) = house.shown("/units/LARGE/timeline.svg").await;
    assert!(svg.len() < 100_000 && svg.contains("20\u{202f}000"), "{svg}");
    assert_eq!(house.shown("/units/LARGE?from=x").await.0, 404);

    // The pages of the API contain every run exactly once.
    let mut seen = HashSet::new();
    let mut path = "/api/v1/units/LARGE?limit=1000".to_owned();
    let mut before: Option<String> = None;
    loop {
        let unit = house.answered(&path).await;
        assert_eq!(unit["runs_total"], RUNS);
        let runs = unit["runs"].as_array().unwrap();
        let at = |run: &Value| run["started_at"].as_str().unwrap().to_owned();
        assert!(runs.is_sorted_by_key(at), "by start within a page");
        assert!(before.is_none_or(|before| at(runs.last().unwrap()) < before), "pages go back");
        before = runs.first().map(at);
        seen.extend(runs.iter().map(|run| run["id"].as_str().unwrap().to_owned()));
        let Some(next) = unit["next"].as_str() else { break };
        path = format!("/api/v1/units/LARGE?limit=1000&cursor={next}");
    }
    assert_eq!(seen.len(), RUNS);
    let unit = house.answered("/api/v1/units/LARGE").await;
    assert_eq!(unit["runs"].as_array().unwrap().len(), 100);
    for wrong in ["limit=0", "limit=1001", "cursor=x", "cursor=1_2", "page=2"] {
        let answer = house.read(&house.north.read, &format!("/api/v1/units/LARGE?{wrong}")).await;
        assert_eq!(answer.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_run_is_voided_from_the_page_that_it_is_on() {
    let house = House::new().await;
    house.keep_lines(runs("U", 150)).await;
    let (_, page) = house.shown("/units/U").await;
    let (_, page) = house.shown(&older(&page).unwrap()).await;
    let action = page.split("action=\"").find(|it| it.contains("/void?")).unwrap();
    let action = action.split('"').next().unwrap();
    let request = crate::support::post(action)
        .header(http::header::COOKIE, &house.north.engineer)
        .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body("reason=wrong+fixture".into())
        .unwrap();
    let response = house.call(request).await;
    assert_eq!(response.status(), 303);
    let to = response.headers()[http::header::LOCATION].to_str().unwrap().to_owned();
    let (path, run) = to.split_once('#').unwrap();
    let (_, page) = house.shown(path).await;
    assert!(page.contains("Runs 101 to 150 of 150") && page.contains("wrong fixture"), "{page}");
    assert!(page.contains(&format!("id=\"{run}\"")), "{to}");
}

#[tokio::test]
async fn a_run_with_many_failing_measurements_says_how_many_are_not_listed() {
    let house = House::new().await;
    let failed = |at: usize| json!({ "name": format!("m{at}"), "value": 2, "high": 1 });
    let parts =
        |at: usize| json!({ "serial": format!("P{at:04}"), "part": "P", "slot": at.to_string() });
    let run = json!({
        "type": "run", "unit": { "serial": "U" }, "operation": "L10",
        "started_at": "2026-01-01T00:00:00Z", "outcome": "fail",
        "steps": [{ "name": "s", "measurements": (0..130).map(failed).collect::<Vec<_>>() }],
        "components": (0..1100).map(parts).collect::<Vec<_>>(),
    });
    house.keep_lines([run.to_string()].into_iter()).await;
    let (_, page) = house.shown("/units/U").await;
    assert_eq!(page.matches("in <bdi class=\"name\">s<").count(), 50, "{page}");
    assert!(page.contains("80 more failing measurements are not listed"), "{page}");
    assert!(page.contains("The latest 500 of 1\u{202f}100 components"), "{page}");
    let unit = house.answered("/api/v1/units/U").await;
    assert_eq!(unit["components"].as_array().unwrap().len(), 1000);
    assert_eq!(unit["components_total"], 1100);
}

#[tokio::test]
async fn the_last_page_of_a_list_says_that_there_is_no_next_also_where_it_is_full() {
    let house = House::new().await;
    for unit in 0..4 {
        let mut lines: Vec<_> = runs(&format!("U{unit}"), 1).collect();
        lines.extend(["junk", "more junk"].map(str::to_owned));
        house.keep_lines(lines.into_iter()).await;
    }
    let receipts = house.answered("/api/v1/receipts?limit=4").await;
    let receipt = receipts["items"][0]["receipt_id"].as_str().unwrap();
    let receipt = format!("/api/v1/receipts/{receipt}");
    for (path, full) in [
        ("/api/v1/receipts", 4),
        (receipt.as_str(), 2),
        ("/api/v1/units", 4),
        ("/api/v1/units/U0", 1),
        ("/api/v1/yield/explain", 4),
    ] {
        let page = house.answered(&format!("{path}?limit={full}")).await;
        assert_eq!(page["next"], Value::Null, "{path}");
        if full > 1 {
            let page = house.answered(&format!("{path}?limit={}", full - 1)).await;
            let next = page["next"].as_str().unwrap_or_else(|| panic!("{path}: {page}"));
            let next: String = next.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let rest = house.answered(&format!("{path}?limit={}&cursor={next}", full - 1)).await;
            assert_eq!(rest["next"], Value::Null, "{path}");
        }
    }
}

/// A failing run with its own unit and its own failure code.
fn failing(code: usize) -> String {
    json!({
        "type": "run", "unit": { "serial": format!("U{code}") }, "operation": "L10",
        "started_at": "2026-01-01T00:00:00Z", "outcome": "fail",
        "findings": [{ "kind": "diagnosis", "code": format!("code-{code:05}") }],
    })
    .to_string()
}

#[tokio::test]
async fn a_pareto_of_twenty_thousand_codes_is_cut_and_says_what_it_leaves_out() {
    let house = House::new().await;
    let twice = failing(7).replace("2026-01-01", "2026-01-02");
    house.keep_lines((0..20_000).map(failing).chain([twice])).await;
    let path = "/api/v1/pareto?definition=report";
    let pareto = house.answered(path).await;
    let rows = pareto["rows"].as_array().unwrap();
    assert_eq!((rows.len(), &pareto["rows_total"]), (1000, &json!(20_000)));
    assert_eq!(pareto["n_runs"], 20_001);
    assert_eq!(pareto["left_out"], json!({ "rows": 19_000, "runs": 19_000 }));
    assert_eq!((&rows[0]["key"], &rows[0]["runs"]), (&json!("code-00007"), &json!(2)));
    assert_eq!(rows[0]["share"], 2.0 / 20_001.0, "of all, not of what is listed");
    let ten = house.answered(&format!("{path}&limit=10")).await;
    assert_eq!(ten["rows"].as_array().unwrap()[..], rows[..10]);
    let most = house.answered(&format!("{path}&limit=10000")).await;
    assert_eq!(most["left_out"]["rows"], 10_000);
    for wrong in ["0", "10001", "x", "-1"] {
        let answer = house.read(&house.north.read, &format!("{path}&limit={wrong}")).await;
        assert_eq!(answer.status, 400, "{wrong}");
    }
    for page in ["/?days=all", "/explore?days=all", "/units"] {
        let (status, page_text) = house.shown(page).await;
        assert_eq!(status, 200, "{page}");
        assert!(page_text.len() < 500_000, "{page}: {} bytes", page_text.len());
    }
}

#[tokio::test]
async fn a_table_of_more_groups_than_it_may_have_is_refused_and_not_cut() {
    let house = House::new().await;
    let run = |at: usize| failing(at).replace("\"L10\"", &format!("\"T{at}\""));
    house.keep_lines((0..10_001).map(run)).await;
    let path = "/api/v1/yield?group_by=operation";
    let answer = house.answered(path).await;
    assert_eq!((&answer["groups_total"], &answer["left_out"]), (&json!(10_001), &json!(1)));
    let refused = house.read(&house.north.read, &format!("{path}&format=csv")).await;
    assert_eq!(refused.status, 400, "{:.300}", refused.json.to_string());
    let why = refused.json["errors"][0]["why"].as_str().unwrap();
    assert!(why.contains("10\u{202f}001 groups at 10\u{202f}000"), "{why}");
    let (status, table) = house.shown(&format!("{path}&format=csv&limit=10")).await;
    assert_eq!((status, table.lines().count()), (200, 11));
}

#[tokio::test]
async fn every_measurement_can_be_found_by_a_part_of_its_name() {
    let house = House::new().await;
    let measured = |at: usize| json!({ "name": format!("Rail-{at:04}"), "value": at });
    let run = json!({
        "type": "run", "unit": { "serial": "U" }, "operation": "L10",
        "started_at": "2026-01-01T00:00:00Z", "outcome": "pass",
        "steps": [{ "name": "s", "measurements": (0..4097).map(measured).collect::<Vec<_>>() }],
    });
    house.keep_lines([run.to_string()].into_iter()).await;
    let (_, page) = house.shown("/explore?days=all").await;
    assert!(
        page.contains("The first 1\u{202f}000 of 4\u{202f}097 measurements are listed"),
        "{page}"
    );
    assert!(!page.contains("Rail-4096"));
    // The search keeps the filters and the selected measurement.
    let path = "/explore?days=all&station=&measurement=L10+/+s+/+Rail-0001&q=rail-4096";
    let (_, page) = house.shown(path).await;
    assert!(page.contains("<option value=\"L10 / s / Rail-4096\">"), "{page}");
    assert!(page.contains("1 measurement with “rail-4096” in its name"), "{page}");
    let forms: Vec<_> = page.split("<form").filter(|it| it.contains("id=\"measurement")).collect();
    assert_eq!(forms.len(), 2);
    for form in forms {
        assert!(form.contains("name=\"days\" value=\"all\""), "{form}");
        assert!(form.contains("L10 / s / Rail-0001"), "{form}");
    }
    let (_, page) = house.shown("/explore?days=all&q=RAIL-").await;
    assert!(
        page.contains("The first 1\u{202f}000 of 4\u{202f}097 measurements with “RAIL-”"),
        "{page}"
    );
    let (_, page) = house.shown("/explore?days=all&q=nothing").await;
    assert!(page.contains("No measurement has “nothing” in its name"), "{page}");
}

#[tokio::test]
async fn a_selection_that_a_proxy_would_refuse_is_refused_in_a_sentence() {
    let house = House::new().await;
    let station =
        |at: usize| format!("Halle 7 / Prüfplatz {at:03} / Gestell mit langem Namen ({at})");
    let run = |at: usize| {
        json!({
            "type": "run", "unit": { "serial": format!("U{at}") }, "operation": "L10",
            "station": station(at), "started_at": "2026-01-01T00:00:00Z", "outcome": "pass",
        })
        .to_string()
    };
    house.keep_lines((0..300).map(run)).await;
    let select = |count: usize| {
        let pair = |at: usize| {
            let code = |byte: u8| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            };
            let name: String = station(at).bytes().map(code).collect();
            format!("&station={name}")
        };
        let pairs: String = (0..count).map(pair).collect();
        format!("days=all{pairs}")
    };
    for path in [
        format!("/explore?{}", select(300)),
        format!("/explore?{}", select(95)),
        format!("/explore/station.csv?{}", select(300)),
        format!("/units?slice={}", select(300).replace('%', "%25").replace('&', "%26")),
    ] {
        let (status, page) = house.shown(&path).await;
        assert_eq!(status, 400, "{}", &path[..40]);
        assert!(page.contains("too long"), "{page}");
    }
    // The largest allowed selection gives a small page, and a list of its units.
    let (status, page) = house.shown(&format!("/explore?{}", select(30))).await;
    assert_eq!(status, 200);
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    assert!(page.contains("have no links until they are loaded"), "{page}");
    let units = page.split("href=\"").find(|it| it.starts_with("/t/north/units?slice=")).unwrap();
    let units = units.split('"').next().unwrap().replace("&amp;", "&");
    assert!(units.len() <= 6 << 10, "{} bytes", units.len());
    let (status, page) = house.shown(&units).await;
    assert_eq!(status, 200);
    assert!(page.contains("Units of a slice"), "{page}");
}

#[tokio::test]
async fn an_overview_of_many_operations_lists_the_largest_and_says_so() {
    let house = House::new().await;
    let run = |at: usize| {
        json!({
            "type": "run", "unit": { "serial": format!("U{at}") }, "outcome": "pass",
            "operation": format!("T{}", at % 1000), "started_at": "2026-01-01T00:00:00Z",
        })
        .to_string()
    };
    // The first operation has one unit more.
    house.keep_lines((0..1001).map(run)).await;
    let (status, page) = house.shown("/?days=all").await;
    assert_eq!(status, 200);
    assert!(page.contains("The 100 of 1\u{202f}000 operations with the most counted"), "{page}");
    assert!(page.contains(">T0<") && page.len() < 1_000_000, "{} bytes", page.len());
    let (_, csv) = house.shown("/overview/operations.csv?days=all").await;
    assert_eq!(csv.lines().count(), 1001);
}
