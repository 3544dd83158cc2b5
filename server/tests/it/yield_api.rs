//! The yield API with known data, and with invalid queries.

use serde_json::{Value, json};

use crate::ingest_model::{FIXTURE, history};
use crate::support::{House, get, text};
use axum::body::Body;
use http::header;

/// The fixture's days 1 and 2.
const WINDOW: &str = "from=2026-03-11&to=2026-03-13";

impl House {
    async fn yields(&self, query: &str) -> Value {
        let answer = self.read(&self.north.read, &format!("/api/v1/yield?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {answer:?}");
        answer.json
    }

    /// `passed/n` of the only group.
    async fn fraction(&self, query: &str) -> String {
        let group = &self.yields(&format!("{WINDOW}&{query}")).await["groups"][0];
        format!("{}/{}", group["passed"], group["n"])
    }

    async fn wrong(&self, path: &str) -> Vec<String> {
        let answer = self.read(&self.north.read, path).await;
        assert_eq!(answer.status, 400, "{path}: {answer:?}");
        let errors = answer.json["errors"].as_array().unwrap();
        errors.iter().map(|error| error["parameter"].as_str().unwrap().to_owned()).collect()
    }
}

async fn house(text: &str) -> House {
    let house = House::new().await;
    let answer = house.upload(&house.north.ingest, "/ingest/v1/firstpass", history(text)).await;
    assert_eq!((answer.status, answer.number("rejected_total")), (200, 0), "{answer:?}");
    house
}

#[tokio::test]
async fn the_first_fixture_gives_the_published_figures() {
    let house = house(FIXTURE).await;
    for (query, published) in [
        ("", "2/8"),
        ("aborted=counted", "2/8"),
        ("aborted=excluded", "3/8"),
        ("definition=first-attempt-of-day", "6/12"),
        ("definition=first-attempt-of-day&aborted=counted", "5/12"),
        ("definition=report", "8/16"),
        ("definition=report&aborted=excluded", "8/15"),
    ] {
        assert_eq!(house.fraction(query).await, published, "{query}");
    }
    let answer = house.yields(WINDOW).await;
    assert_eq!(answer["definition"], json!({"id": "first-run", "version": 1}));
    let group = &answer["groups"][0];
    assert_eq!((&group["key"], &group["yield"]), (&Value::Null, &json!(0.25)));
    for (end, published) in [("low", 0.07148), ("high", 0.59072)] {
        assert!((group["ci"][end].as_f64().unwrap() - published).abs() < 5e-6, "{group}");
    }
    assert_eq!(group["excluded"], json!({"golden": 1, "first-run-before-window": 1}));
    let metrics = json!({
        "spy": 0.75, "tpy": 0.875, "lpy_ever": 0.875, "lpy_last": 0.875,
        "retest_ratio": 0.875, "retested_units": 0.75,
        "ntf": {"cleared": 2, "episodes": 4, "resolved": 3},
        "dpmo": null, "ppm": 750_000.0,
    });
    assert_eq!(group["metrics"], metrics);
    let group = &house.yields(&format!("{WINDOW}&aborted=excluded")).await["groups"][0];
    assert_eq!(group["metrics"]["retest_ratio"], json!(0.75));
    assert_eq!(group["metrics"]["retested_units"], json!(0.625));
}

#[tokio::test]
async fn the_second_fixture_gives_the_published_figures() {
    let house = house(&format!("{FIXTURE} · U11: P(d1) F(d2)")).await;
    for (query, published) in [
        ("", "3/9"),
        ("aborted=excluded", "4/9"),
        ("definition=report", "9/18"),
        ("definition=report&aborted=excluded", "9/17"),
        ("definition=first-attempt-of-day", "7/14"),
        ("definition=first-attempt-of-day&aborted=counted", "6/14"),
    ] {
        assert_eq!(house.fraction(query).await, published, "{query}");
    }
    let of_nine = |parts: u64| json!(parts as f64 / 9.0);
    let metrics = &house.yields(WINDOW).await["groups"][0]["metrics"];
    for (name, parts) in [
        ("spy", 7),
        ("tpy", 8),
        ("lpy_ever", 8),
        ("lpy_last", 7),
        ("retest_ratio", 8),
        ("retested_units", 7),
    ] {
        assert_eq!(metrics[name], of_nine(parts), "{name}");
    }
    assert_eq!(metrics["ntf"], json!({"cleared": 2, "episodes": 5, "resolved": 3}));
    let metrics =
        &house.yields(&format!("{WINDOW}&aborted=excluded")).await["groups"][0]["metrics"];
    for (name, parts) in [("spy", 7), ("tpy", 8), ("retest_ratio", 7), ("retested_units", 6)] {
        assert_eq!(metrics[name], of_nine(parts), "{name} without aborted runs");
    }
}

#[tokio::test]
async fn a_check_that_fails_and_then_passes_is_the_same_check() {
    let house = House::new().await;
    let run = |hour: u32, value: f64, outcome: &str| {
        let checks = json!([{"type": "LESS_THAN", "value": 95}]);
        let measured = json!({"name": "temp", "value": value, "checks": checks});
        json!({
            "type": "run", "unit": {"serial": "U1"}, "operation": "L10", "outcome": outcome,
            "started_at": format!("2026-03-01T0{hour}:00:00Z"),
            "steps": [{"name": "thermal", "measurements": [measured]}],
        })
    };
    let text = format!("{}\n{}\n", run(1, 97.5, "fail"), run(2, 90.0, "pass"));
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", text).await;
    let group = &house.yields("").await["groups"][0];
    assert_eq!(group["metrics"]["ntf"], json!({"cleared": 1, "episodes": 1, "resolved": 1}));
}

#[tokio::test]
async fn a_period_is_held_against_the_one_before() {
    let house = house(FIXTURE).await;
    let answer =
        house.yields("from=2026-03-12&to=2026-03-13&group_by=operation&compare=previous").await;
    let group = &answer["groups"][0];
    assert_eq!(
        (&group["key"], &group["passed"], &group["n"]),
        (&json!("L10"), &json!(1), &json!(1))
    );
    let previous = &group["previous"];
    assert_eq!((&previous["passed"], &previous["n"]), (&json!(1), &json!(7)));
    let difference = engine::difference::difference(
        engine::proportion::Proportion { k: 1, n: 1 },
        engine::proportion::Proportion { k: 1, n: 7 },
        0.95,
    )
    .unwrap();
    assert_eq!(previous["difference"]["estimate"], json!(difference.estimate));
    assert_eq!(previous["difference"]["low"], json!(difference.low));
    assert_eq!(previous["difference"]["method"], "newcombe");
    // Without data to compare with, the difference is null.
    let answer = house.yields("from=2026-03-10&to=2026-03-11&compare=previous").await;
    assert_eq!(answer["groups"][0]["previous"]["difference"], Value::Null);
}

#[tokio::test]
async fn the_table_has_the_digits_of_the_answer() {
    let house = house(FIXTURE).await;
    let query = format!("{WINDOW}&group_by=day");
    let answer = house.yields(&query).await;
    let request = get(&format!("/api/v1/yield?{query}&format=csv"))
        .header(header::AUTHORIZATION, format!("Bearer {}", house.north.read));
    let response = house.call(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/csv; charset=utf-8; header=present");
    let table = text(response).await;
    let mut rows = table.split_terminator("\r\n").map(|row| row.split(',').collect::<Vec<_>>());
    let names = rows.next().unwrap();
    let rows: Vec<_> = rows.collect();
    let groups = answer["groups"].as_array().unwrap();
    assert_eq!((rows.len(), groups.len()), (2, 2));
    for (row, group) in rows.iter().zip(groups) {
        let field = |name: &str| row[names.iter().position(|it| *it == name).unwrap()];
        assert_eq!(json!(field("key")), group["key"]);
        for (name, value) in [
            ("n", &group["n"]),
            ("passed", &group["passed"]),
            ("yield", &group["yield"]),
            ("ci_low", &group["ci"]["low"]),
            ("ci_high", &group["ci"]["high"]),
            ("spy", &group["metrics"]["spy"]),
            ("retest_ratio", &group["metrics"]["retest_ratio"]),
            ("ntf_episodes", &group["metrics"]["ntf"]["episodes"]),
            ("excluded_golden", group["excluded"].get("golden").unwrap_or(&json!(0))),
            (
                "excluded_first-run-elsewhere",
                group["excluded"].get("first-run-elsewhere").unwrap_or(&json!(0)),
            ),
        ] {
            let parsed: f64 = field(name).parse().unwrap();
            assert_eq!(parsed.to_bits(), value.as_f64().unwrap().to_bits(), "{name}: {row:?}");
        }
        assert_eq!(field("dpmo"), "", "nothing was checked");
        assert_eq!((field("definition"), field("version")), ("first-run", "1"));
    }
}

#[tokio::test]
async fn a_key_that_looks_like_a_formula_is_a_text_in_the_table() {
    let house = House::new().await;
    let run = r#"{"type":"run","unit":{"serial":"U"},"operation":"=HYPERLINK(\"x\"),1","started_at":"2026-03-01T00:00:00Z","outcome":"pass"}"#;
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", run).await;
    let request = get("/api/v1/yield?group_by=operation&format=csv")
        .header(header::AUTHORIZATION, format!("Bearer {}", house.north.read));
    let table = text(house.call(request.body(Body::empty()).unwrap()).await).await;
    let row = table.split("\r\n").nth(1).unwrap();
    assert!(row.starts_with(r#""'=HYPERLINK(""x""),1",1,1,1,"#), "{row}");
}

#[tokio::test]
async fn what_makes_no_sense_is_named() {
    let house = House::new().await;
    for (path, parameters) in [
        (
            "/api/v1/yield?definition=first&group_by=second&aborted=no&interval=wald",
            vec!["definition", "group_by", "aborted", "interval"],
        ),
        ("/api/v1/yield?from=2026-02-30&to=yesterday", vec!["from", "to"]),
        ("/api/v1/yield?from=2026-03-01T00:00:00", vec!["from"]),
        // An unescaped + is a space.
        ("/api/v1/yield?from=2026-03-01T00:00:00+08:00", vec!["from"]),
        ("/api/v1/yield?stations=ST-1", vec!["stations"]),
        ("/api/v1/yield?from=2026-03-01&from=2026-03-02", vec!["from"]),
        ("/api/v1/yield?station=%00", vec!["station"]),
        ("/api/v1/yield?by=code", vec!["by"]),
        ("/api/v1/yield?format=xlsx", vec!["format"]),
        ("/api/v1/yield?compare=previous", vec!["compare"]),
        ("/api/v1/yield?compare=previous&from=0001-01-01&to=9999-12-31", vec!["compare"]),
        ("/api/v1/yield?compare=previous&from=2026-03-02&to=2026-03-01", vec!["compare"]),
        (
            "/api/v1/yield?compare=previous&from=2026-03-01&to=2026-03-02&group_by=day",
            vec!["compare"],
        ),
        ("/api/v1/yield?compare=last&from=2026-03-01&to=2026-03-02", vec!["compare"]),
        ("/api/v1/pareto?by=station", vec!["by"]),
        ("/api/v1/rty", vec!["product"]),
        ("/api/v1/rty?product=P&definition=report", vec!["definition"]),
        ("/api/v1/rty?product=P&group_by=day", vec!["group_by"]),
        ("/api/v1/yield/explain?units=some", vec!["units"]),
        ("/api/v1/yield/explain?limit=0", vec!["limit"]),
        ("/api/v1/yield/explain?limit=x", vec!["limit"]),
        ("/api/v1/yield/explain?cursor=x", vec!["cursor"]),
        ("/api/v1/yield/explain?cursor=%5B%22%5Cu0000%22%2C%22%22%5D", vec!["cursor"]),
    ] {
        assert_eq!(house.wrong(path).await, parameters, "{path}");
    }
}

#[tokio::test]
async fn groups_past_the_limit_are_counted_and_left_out() {
    let house = House::new().await;
    let run = |station: u32| {
        json!({"type": "run", "unit": {"serial": "U1"}, "operation": "L6", "station": format!("S{station}"),
               "started_at": format!("2026-03-01T00:0{station}:00Z"), "outcome": "pass"})
        .to_string()
    };
    let lines: Vec<String> = (0..5).map(run).collect();
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", lines.join("\n")).await;
    for (limit, listed) in [("", 5), ("&limit=2", 2)] {
        let answer = house.yields(&format!("group_by=station&definition=report{limit}")).await;
        assert_eq!(answer["groups"].as_array().unwrap().len(), listed);
        assert_eq!((&answer["groups_total"], &answer["left_out"]), (&json!(5), &json!(5 - listed)));
    }
    let refused = house.read(&house.north.read, "/api/v1/yield?limit=0").await;
    assert_eq!((refused.status, &refused.json["errors"][0]["parameter"]), (400, &json!("limit")));
}

#[tokio::test]
async fn nothing_is_a_group_of_nothing() {
    let house = House::new().await;
    for query in
        ["", "from=2026-03-02&to=2026-03-01", "station=none", "from=0001-01-01&to=9999-12-31"]
    {
        let answer = house.yields(query).await;
        let group = &answer["groups"][0];
        assert_eq!(
            (&group["n"], &group["yield"], &group["ci"], &group["excluded"]),
            (&json!(0), &Value::Null, &Value::Null, &json!({})),
            "{query}"
        );
        assert_eq!(house.yields(&format!("{query}&group_by=station")).await["groups"], json!([]));
    }
    let rty = house.read(&house.north.read, "/api/v1/rty?product=none").await.json;
    assert_eq!((&rty["rty"], &rty["ci"]), (&Value::Null, &Value::Null));
    assert_eq!(rty["observed_ftt"], json!({"k": 0, "n": 0}));
    let pareto = house.read(&house.north.read, "/api/v1/pareto?by=step").await.json;
    assert_eq!((&pareto["n_runs"], &pareto["rows"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn an_hour_is_one_of_the_sites_clocks() {
    let house = House::new().await;
    let run = |serial: &str, at: &str| {
        format!(
            r#"{{"type":"run","unit":{{"serial":"{serial}"}},"operation":"L6","started_at":"{at}","outcome":"pass"}}"#
        )
    };
    let keys = async |zone: &str, from: &str| -> Vec<String> {
        house
            .db
            .superuser(&format!("update tenant set timezone = '{zone}' where slug = 'north'"))
            .await;
        let answer = house.yields(&format!("group_by=hour&from={from}")).await;
        let groups = answer["groups"].as_array().unwrap();
        groups.iter().map(|group| group["key"].as_str().unwrap().to_owned()).collect()
    };
    // In Berlin, the clocks are set back at 01:00 UTC: the hour 02 occurs twice.
    let runs = [run("A", "2025-10-26T00:30:00Z"), run("B", "2025-10-26T01:30:00Z")].join("\n");
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", runs).await;
    let berlin = ["2025-10-26T02:00+01:00", "2025-10-26T02:00+02:00"];
    assert_eq!(keys("Europe/Berlin", "2025-10-26T00:00:00Z").await, berlin);
    let kolkata = ["2025-10-26T06:00+05:30", "2025-10-26T07:00+05:30"];
    assert_eq!(keys("Asia/Kolkata", "2025-10-26T00:00:00Z").await, kolkata);
    let newfoundland = ["2025-10-25T22:00-02:30", "2025-10-25T23:00-02:30"];
    assert_eq!(keys("America/St_Johns", "2025-10-26T00:00:00Z").await, newfoundland);
}
