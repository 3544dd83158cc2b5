//! What repairs led to: figures that are counted by hand.

use serde_json::{Value, json};

use crate::support::{House, text};

/// Hours after which the things happened to a unit, from a begin.
struct Story {
    serial: &'static str,
    begin: String,
}

/// A moment so many hours after the begin of March 2026, as the database writes it.
fn at(begin: &str, hours: i64) -> String {
    let begin = begin.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    (begin + chrono::TimeDelta::hours(hours)).to_rfc3339()
}

impl Story {
    fn of(serial: &'static str) -> Self {
        Self { serial, begin: "2026-03-01T00:00:00Z".to_owned() }
    }

    /// A run of L10, or of the operation before the slash: `fail hbm`, `L11/pass`.
    fn run(&self, hours: i64, what: &str) -> Value {
        let (operation, what) = what.split_once('/').unwrap_or(("L10", what));
        let (outcome, code) = what.split_once(' ').unwrap_or((what, ""));
        let mut run = json!({
            "type": "run", "operation": operation, "outcome": outcome,
            "unit": { "serial": self.serial },
            "started_at": at(&self.begin, hours),
        });
        if !code.is_empty() {
            run["findings"] = json!([{ "kind": "diagnosis", "code": code }]);
        }
        run
    }

    /// A repair: `replace GPU`, `reseat`.
    fn repair(&self, hours: i64, what: &str) -> Value {
        let (action, part) = what.split_once(' ').unwrap_or((what, ""));
        let mut repair = json!({
            "type": "repair", "unit": self.serial, "action": action,
            "at": at(&self.begin, hours),
        });
        if !part.is_empty() {
            repair["component_out"] = json!({ "part": part, "serial": format!("{part}-{hours}") });
        }
        repair
    }
}

/// Thirteen units; beside each what it counts as.
fn factory() -> Vec<Value> {
    let mut lines = Vec::new();
    let story = Story::of("U01"); // replaced, passed after 2 h, stayed good
    lines.extend([story.run(0, "fail hbm"), story.repair(1, "replace GPU"), story.run(2, "pass")]);
    let story = Story::of("U02"); // replaced last, passed after 4 h, failed again in ten days
    lines.extend([
        story.run(0, "fail hbm"),
        story.run(1, "fail nvlink"),
        story.repair(2, "reseat GPU"),
        story.repair(3, "replace GPU"),
        story.run(4, "pass"),
        story.run(244, "fail nvlink"),
    ]);
    let story = Story::of("U03"); // replaced, failed next, not repaired again before a run
    lines.extend([
        story.run(0, "fail hbm"),
        story.repair(1, "replace GPU"),
        story.run(2, "fail hbm"),
        story.repair(3, "reseat"),
    ]);
    let story = Story::of("U04"); // reseated, passed after 7 h, failed after more than 30 days
    lines.extend([
        story.run(0, "fail hbm"),
        story.repair(1, "reseat"),
        story.run(7, "pass"),
        story.run(7 + 721, "fail hbm"),
    ]);
    let story = Story::of("U05"); // no repair
    lines.extend([story.run(0, "fail hbm"), story.run(1, "pass")]);
    let story = Story::of("U06"); // no run after the repair
    lines.extend([story.run(0, "fail hbm"), story.repair(1, "replace GPU")]);
    let story = Story::of("U07"); // another code
    lines.extend([story.run(0, "fail nvlink"), story.repair(1, "swap"), story.run(2, "pass")]);
    let story = Story::of("U08"); // the next run is of another operation
    lines.extend([
        story.run(0, "fail hbm"),
        story.repair(1, "replace GPU"),
        story.run(2, "L11/pass"),
    ]);
    let story = Story::of("U09"); // the next run says nothing of the repair, and did not pass
    lines.extend([
        story.run(0, "fail hbm"),
        story.repair(1, "replace GPU"),
        story.run(2, "error"),
        story.run(3, "pass"),
    ]);
    let story = Story::of("U10"); // repaired before it failed, and after it had passed
    lines.extend([
        story.repair(0, "replace GPU"),
        story.run(1, "fail hbm"),
        story.run(2, "pass"),
        story.repair(3, "replace GPU"),
        story.run(4, "pass"),
    ]);
    let story = Story::of("U11"); // reseated without success, then replaced: passed after 5 h, stayed good
    lines.extend([
        story.run(0, "fail hbm"),
        story.repair(1, "reseat GPU"),
        story.run(2, "fail hbm"),
        story.repair(3, "replace GPU"),
        story.run(5, "pass"),
    ]);
    // Replaced ten days ago, passed after 8 h: too early to say that it stayed good.
    let begin = (chrono::Utc::now() - chrono::TimeDelta::days(10)).to_rfc3339();
    let story = Story { serial: "U12", begin };
    lines.extend([story.run(0, "fail hbm"), story.repair(1, "replace GPU"), story.run(8, "pass")]);
    let story = Story::of("U13"); // a golden unit
    let mut golden = [story.run(0, "fail hbm"), story.run(2, "pass")];
    for run in &mut golden {
        run["unit"]["kind"] = json!("golden");
    }
    lines.extend(golden);
    lines.push(story.repair(1, "replace GPU"));
    lines
}

async fn house() -> House {
    let house = House::new().await;
    let lines: Vec<String> = factory().iter().map(Value::to_string).collect();
    let answer = house.upload(&house.north.ingest, "/ingest/v1/firstpass", lines.join("\n")).await;
    assert_eq!((answer.status, answer.number("rejected_total")), (200, 0), "{answer:?}");
    house
}

/// The rows without their intervals.
async fn rows(house: &House, query: &str) -> Vec<Value> {
    let answer = house.read(&house.north.read, &format!("/api/v1/repairs?{query}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let mut rows = answer.json["rows"].as_array().unwrap().clone();
    for row in &mut rows {
        row.as_object_mut().unwrap().remove("ci").unwrap();
    }
    rows
}

fn row(action: &str, part: Option<&str>, of: [u64; 4], median_hours: Option<f64>) -> Value {
    let [n, passed, k, settled] = of;
    json!({
        "action": action, "part": part, "n": n, "passed": passed,
        "stayed": { "k": k, "n": settled }, "median_hours": median_hours,
    })
}

#[tokio::test]
async fn each_episode_counts_under_its_last_repair_that_a_run_followed() {
    let house = house().await;
    assert_eq!(
        rows(&house, "code=hbm").await,
        [
            // U01, U02, U03, U09, U11, U12; hours 2, 4, 5, 8.
            row("replace", Some("GPU"), [6, 4, 2, 3], Some(4.5)),
            row("reseat", None, [1, 1, 1, 1], Some(7.0)),
        ]
    );
    // 2 of 3: Wilson's interval at 95 %, as R's prop.test without continuity correction gives.
    let answer = house.read(&house.north.read, "/api/v1/repairs?code=hbm").await;
    let ci = &answer.json["rows"][0]["ci"];
    assert!((ci["low"].as_f64().unwrap() - 0.207_655).abs() < 5e-6, "{ci}");
    assert!((ci["high"].as_f64().unwrap() - 0.938_508).abs() < 5e-6, "{ci}");
    assert_eq!(ci["method"], "wilson");
    assert_eq!(answer.json["rows_total"], json!(2));
}

#[tokio::test]
async fn filters_and_the_window_are_of_the_first_failure() {
    let house = house().await;
    assert_eq!(rows(&house, "code=hbm&to=2026-03-01").await, Vec::<Value>::new());
    let early = rows(&house, "code=hbm&from=2026-03-01&to=2026-03-02").await;
    assert_eq!(early[0], row("replace", Some("GPU"), [5, 3, 2, 3], Some(4.0)));
    assert_eq!(rows(&house, "code=hbm&operation=L11").await, Vec::<Value>::new());
    assert_eq!(rows(&house, "code=nvlink").await, [row("swap", None, [1, 1, 1, 1], Some(2.0))]);
    assert_eq!(rows(&house, "").await.len(), 3);
    assert_eq!(rows(&house, "limit=1").await.len(), 1);
    let theirs = house.read(&house.south.read, "/api/v1/repairs?code=hbm").await;
    assert_eq!(theirs.json["rows"], json!([]));
    for wrong in ["parameter=L10+%2F+none", "limit=0", "limit=1001", "code=a%00b"] {
        let answer = house.read(&house.north.read, &format!("/api/v1/repairs?{wrong}")).await;
        assert_eq!(answer.status, 400, "{wrong}: {answer:?}");
    }
}

#[tokio::test]
async fn a_parameter_stands_for_the_episodes_that_began_with_its_failure() {
    let house = House::new().await;
    let story = Story::of("U1");
    let measured = |value: f64| {
        json!([{ "name": "thermal", "measurements": [
            { "name": "gpu-temp", "unit": "C", "value": value, "checks": [{ "type": "LESS_THAN", "value": 95 }] },
        ]}])
    };
    let mut failed = story.run(0, "fail");
    failed["steps"] = measured(97.0);
    let mut passed = story.run(2, "pass");
    passed["steps"] = measured(80.0);
    let other = Story::of("U2");
    let mut warm = other.run(0, "fail");
    warm["steps"] = measured(90.0);
    let lines = [
        failed,
        story.repair(1, "regrease"),
        passed,
        warm,
        other.repair(1, "regrease"),
        other.run(2, "pass"),
    ];
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", lines.join("\n")).await;
    let query = "parameter=L10+%2F+thermal+%2F+gpu-temp+%5BC%5D";
    assert_eq!(rows(&house, query).await, [row("regrease", None, [1, 1, 1, 1], Some(2.0))]);
}

#[tokio::test]
async fn the_pages_of_a_code_and_of_a_failing_unit_say_what_fixed_it() {
    let house = house().await;
    let viewer = &house.north.viewer;
    let page = text(house.get("/t/north/failures?days=all&code=hbm", viewer).await).await;
    for part in ["What fixed it last time", "replace", "4 of 6", "2 of 3", "4.5 h"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // Its latest run failed; U01's passed.
    let page = text(house.get("/t/north/units/U03", viewer).await).await;
    assert!(page.contains("What fixed it last time") && page.contains("4 of 6"), "{page}");
    let page = text(house.get("/t/north/units/U01", viewer).await).await;
    assert!(!page.contains("What fixed it last time"), "{page}");
}
