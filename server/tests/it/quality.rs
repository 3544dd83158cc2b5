//! Measurements and quality over known data. Expected figures are computed here with the
//! textbook formulas, from the same values.

use chrono::{Duration, TimeZone as _, Utc};
use http::header;
use serde_json::{Value, json};

use crate::support::{Answer, House, post};

const CURRENT: &str = "L10 / power / current [A]";
/// The same, percent-encoded.
const PARAMETER: &str = "parameter=L10+/+power+/+current+%5BA%5D";

/// One unit every three hours from 1 March 2026, 120 of them.
struct Unit {
    serial: String,
    station: &'static str,
    lot: &'static str,
    software: &'static str,
    current: f64,
    passed: bool,
}

/// Station ST-2 measures 0.4 A more; from unit 80 on there is a new software and 1.0 A more; lot
/// L-BAD fails, nearly always on fixture FX-9.
fn units() -> Vec<Unit> {
    (0..120_u32)
        .map(|i| {
            let is_bad = i % 10 == 7;
            // A spread without a trend in time: multiples of 0.37 modulo 1.
            let noise = (f64::from(i) * 0.37).fract() - 0.5;
            let station = if i % 4 == 1 { "ST-2" } else { "ST-1" };
            let offset = if station == "ST-2" { 0.4 } else { 0.0 };
            let shift = if i >= 80 { 1.0 } else { 0.0 };
            Unit {
                serial: format!("Q{i:03}"),
                station,
                lot: if is_bad { "L-BAD" } else { "L-GOOD" },
                software: if i >= 80 { "2.0" } else { "1.0" },
                current: 10.0 + noise + offset + shift,
                passed: !is_bad && i != 3,
            }
        })
        .collect()
}

fn line(i: usize, unit: &Unit, attempt: u32, current: f64, passed: bool) -> String {
    let first = Utc.with_ymd_and_hms(2026, 3, 1, 0, 0, 0).unwrap();
    let at = first + Duration::hours(3 * i as i64) + Duration::minutes(i64::from(attempt) * 20);
    let code = if unit.lot == "L-BAD" { "OVERHEAT" } else { "NOISE" };
    let mut run = json!({
        "type": "run",
        "unit": { "serial": unit.serial },
        "operation": "L10",
        "station": unit.station,
        "fixture": if unit.lot == "L-BAD" { "FX-9" } else { "FX-1" },
        "software": unit.software,
        "started_at": at.to_rfc3339(),
        "outcome": if passed { "pass" } else { "fail" },
        "steps": [{ "name": "power", "measurements": [
            { "name": "current", "unit": "A", "value": current, "low": 8.5, "high": 12.5 },
        ]}],
        "components": [{ "serial": format!("C-{}", unit.serial), "part": "GPU", "lot": unit.lot }],
    });
    if !passed {
        run["findings"] = json!([{ "kind": "diagnosis", "code": code, "outcome": "fail" }]);
    }
    run.to_string()
}

/// All units once, and the first twenty a second time with 0.05 A less.
async fn house() -> (House, Vec<Unit>) {
    let house = House::new().await;
    let units = units();
    let mut lines: Vec<String> = Vec::new();
    for (i, unit) in units.iter().enumerate() {
        lines.push(line(i, unit, 0, unit.current, unit.passed));
        if i < 20 {
            lines.push(line(i, unit, 1, unit.current - 0.05, true));
        }
    }
    let text = lines.join("\n");
    let answer = house.upload(&house.north.ingest, "/ingest/v1/firstpass", text).await;
    assert_eq!((answer.status, answer.number("rejected_total")), (200, 0), "{answer:?}");
    (house, units)
}

impl House {
    async fn quality(&self, path: &str) -> Value {
        let answer = self.read(&self.north.read, &format!("/api/v1/{path}")).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json
    }

    async fn refused(&self, path: &str) -> String {
        let answer = self.read(&self.north.read, &format!("/api/v1/{path}")).await;
        assert_eq!(answer.status, 400, "{path}: {answer:?}");
        answer.json["errors"][0]["parameter"].as_str().unwrap().to_owned()
    }
}

/// The pages show what the API answers.
#[tokio::test]
async fn pages_of_measurements_show_the_figures_of_the_api() {
    let (house, _) = house().await;
    let page = async |path: &str| {
        let answer = house.get(path, &house.north.viewer).await;
        (answer.status(), crate::support::text(answer).await)
    };
    let window = "from=2026-03-01&to=2026-03-31";
    let (status, list) = page(&format!("/measurements?{window}")).await;
    assert_eq!(status, 200);
    let items = house.quality("measurements?from=2026-03-01&to=2026-04-01").await;
    let ppk = items["items"][0]["ppk"].as_f64().unwrap();
    let shown = format!("{ppk:.2}");
    let missing = |page: &str, says: &[&str]| -> Vec<String> {
        says.iter().filter(|says| !page.contains(**says)).map(|says| (*says).to_owned()).collect()
    };
    let says = ["Unstable", shown.trim_end_matches('0'), "1 to 1 of 1", "class=\"chart spark\""];
    assert_eq!(missing(&list, &says), [""; 0], "{list}");
    assert!(list.contains("/measurements/L10%20%2F%20power%20%2F%20current%20%5BA%5D?from="));
    let (_, none) = page(&format!("/measurements?{window}&q=voltage")).await;
    assert!(none.contains("No parameter with"), "{none}");

    let path = "/measurements/L10%20%2F%20power%20%2F%20current%20%5BA%5D";
    let (status, one) = page(&format!("{path}?{window}")).await;
    assert_eq!(status, 200);
    let says = [
        "Individuals chart, because points are single values.",
        "The process is not stable",
        "software 2.0",
        "Stations differ",
        "First against last value of 20",
        "120\u{a0}runs with a value",
        "USL 12.5",
    ];
    assert_eq!(missing(&one, &says), [""; 0], "{one}");
    for choice in [
        "runs=last",
        "chart=ewma",
        "chart=cusum",
        "rules=nelson",
        "phases=none",
        "subgroup=5",
        "low=9.5",
    ] {
        let (status, text) = page(&format!("{path}?{window}&{choice}")).await;
        assert_eq!(status, 200, "{choice}: {text}");
    }
    let (status, _) = page("/measurements/L10%20%2F%20power%20%2F%20voltage").await;
    assert_eq!(status, 404);
    for figure in ["distribution", "control", "stations", "drift"] {
        let (status, csv) = page(&format!("{path}/{figure}.csv?{window}")).await;
        assert_eq!(status, 200, "{figure}");
        assert!(csv.lines().count() > 2, "{csv}");
        let (status, svg) = page(&format!("{path}/{figure}.svg?{window}")).await;
        assert!(status == 200 && svg.starts_with("<svg") && !svg.contains("class="), "{svg}");
    }
    // Another partner has no such parameter.
    let theirs = house.get(&format!("{path}?{window}"), &house.south.viewer).await;
    assert_eq!(theirs.status(), 404);
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn sd(values: &[f64]) -> f64 {
    let centre = mean(values);
    let squares: f64 = values.iter().map(|x| (x - centre) * (x - centre)).sum();
    (squares / (values.len() as f64 - 1.0)).sqrt()
}

#[track_caller]
fn close(got: &Value, expected: f64, what: &str) {
    let got = got.as_f64().unwrap_or_else(|| panic!("{what}: {got}"));
    let scale = expected.abs().max(1.0);
    assert!((got - expected).abs() <= 1e-9 * scale, "{what}: {got} against {expected}");
}

fn currents(units: &[Unit]) -> Vec<f64> {
    units.iter().map(|unit| unit.current).collect()
}

#[tokio::test]
async fn capability_follows_the_textbook() {
    let (house, units) = house().await;
    let values = currents(&units);
    let answer = house.quality(&format!("capability?{PARAMETER}&target=10.5")).await;
    assert_eq!((&answer["parameter"], &answer["n"]), (&json!(CURRENT), &json!(120)));
    let (m, s) = (mean(&values), sd(&values));
    let moved: Vec<f64> = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let within = mean(&moved) / (2.0 / std::f64::consts::PI.sqrt());
    close(&answer["mean"], m, "mean");
    close(&answer["sd_overall"], s, "s");
    close(&answer["sd_within"], within, "sigma within");
    assert_eq!(answer["sigma"], "mr");
    close(&answer["pp"], 4.0 / (6.0 * s), "Pp");
    close(&answer["ppk"], ((12.5 - m).min(m - 8.5)) / (3.0 * s), "Ppk");
    close(&answer["cp"], 4.0 / (6.0 * within), "Cp");
    close(&answer["cpl"], (m - 8.5) / (3.0 * within), "CPL");
    let off = m - 10.5;
    close(&answer["cpm"], 4.0 / (6.0 * (s * s + off * off).sqrt()), "Cpm");
    let ppk = answer["ppk"].as_f64().unwrap();
    assert!(answer["ci"]["ppk"]["low"].as_f64().unwrap() < ppk);
    assert!(answer["ci"]["ppk"]["high"].as_f64().unwrap() > ppk);
    assert_eq!(answer["limits"][0]["n"], 120);
    // The shift at unit 80 and the station offset are reported.
    let notes = answer["notes"].as_array().unwrap();
    assert!(!notes.contains(&json!("limits-changed")), "{notes:?}");

    // Subgroups of five consecutive values, with the range.
    let answer = house.quality(&format!("capability?{PARAMETER}&subgroup=5")).await;
    let ranges: Vec<f64> = values
        .chunks(5)
        .map(|five| {
            let high = five.iter().copied().fold(f64::MIN, f64::max);
            high - five.iter().copied().fold(f64::MAX, f64::min)
        })
        .collect();
    close(&answer["sd_within"], mean(&ranges) / 2.325_928_947_279_36, "R̄/d2");
    assert_eq!(answer["subgroups"], json!({ "size": 5, "count": 24, "left_out": 0 }));
    let answer = house.quality(&format!("capability?{PARAMETER}&subgroup=7")).await;
    assert_eq!(answer["subgroups"], json!({ "size": 7, "count": 17, "left_out": 1 }));

    // What-if limits, one-sided.
    let answer = house.quality(&format!("capability?{PARAMETER}&high=11")).await;
    close(&answer["ppk"], (11.0 - m) / (3.0 * s), "one-sided Ppk");
    assert_eq!((&answer["pp"], &answer["low"]), (&Value::Null, &Value::Null));
    let above = values.iter().filter(|x| **x > 11.0).count() as f64;
    close(&answer["ppm"]["observed"]["above"], above / 120.0 * 1e6, "observed ppm");

    // All runs of the definition `report`: twenty more, and the last value of a unit.
    let answer = house.quality(&format!("capability?{PARAMETER}&definition=report&runs=all")).await;
    assert_eq!(answer["n"], 140);
    let answer =
        house.quality(&format!("capability?{PARAMETER}&definition=report&runs=last")).await;
    let last = |i: usize, x: f64| if i < 20 { x - 0.05 } else { x };
    let last: Vec<f64> = values.iter().enumerate().map(|(i, x)| last(i, *x)).collect();
    close(&answer["mean"], mean(&last), "mean of last values");
    // With a filter.
    let answer = house.quality(&format!("capability?{PARAMETER}&station=ST-2")).await;
    assert_eq!(answer["n"], 30);
    let answer = house.quality(&format!("capability?{PARAMETER}&component_lot=L-BAD")).await;
    assert_eq!(answer["n"], 12);
}

#[tokio::test]
async fn every_parameter_is_listed_the_least_capable_first() {
    let (house, units) = house().await;
    let values = currents(&units);
    let answer = house.quality("measurements").await;
    let item = &answer["items"][0];
    assert_eq!((&item["parameter"], &item["n"]), (&json!(CURRENT), &json!(120)));
    let (m, s) = (mean(&values), sd(&values));
    close(&item["mean"], m, "mean");
    close(&item["sd"], s, "sd");
    close(&item["ppk"], ((12.5 - m).min(m - 8.5)) / (3.0 * s), "Ppk");
    assert_eq!((&item["outside"], &item["limits_changed"]), (&json!(0), &json!(false)));
    assert_eq!((&answer["next"], &answer["total"]), (&Value::Null, &json!(1)));
    assert_eq!(house.quality("measurements?q=CURR").await["total"], 1);
    assert_eq!(house.quality("measurements?q=voltage").await["items"], json!([]));
    assert_eq!(house.refused("measurements?sort=worst").await, "sort");
    assert_eq!(house.refused("measurements?cursor=nothing").await, "cursor");
}

#[tokio::test]
async fn histograms_count_every_value() {
    let (house, units) = house().await;
    let values = currents(&units);
    let answer = house.quality(&format!("histogram?{PARAMETER}&high=11")).await;
    let counts: u64 =
        answer["counts"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(counts, 120);
    let least = values.iter().copied().fold(f64::MAX, f64::min);
    close(&answer["edges"][0], least, "first edge");
    let edges = answer["edges"].as_array().unwrap();
    // Freedman–Diaconis with quartiles of type 7.
    let mut sorted = values.clone();
    sorted.sort_by(f64::total_cmp);
    let quartile = |p: f64| {
        let h = 119.0 * p;
        let below = h.floor() as usize;
        sorted[below] + (h - h.floor()) * (sorted[below + 1] - sorted[below])
    };
    let width = 2.0 * (quartile(0.75) - quartile(0.25)) / 120_f64.cbrt();
    close(&edges[1], least + width, "width");
    assert_eq!(
        answer["above"].as_u64().unwrap(),
        values.iter().filter(|x| **x > 11.0).count() as u64
    );
    assert_eq!((&answer["below"], &answer["axis"]), (&json!(0), &json!("linear")));
    assert_eq!(house.refused("histogram").await, "parameter");
    assert_eq!(house.refused("histogram?parameter=none").await, "parameter");
    assert_eq!(house.refused(&format!("histogram?{PARAMETER}&low=2&high=1")).await, "low");
}

#[tokio::test]
async fn control_charts_have_phases_at_changes_and_limits_of_their_own() {
    let (house, units) = house().await;
    let values = currents(&units);
    let answer = house.quality(&format!("control-chart?{PARAMETER}")).await;
    assert_eq!((&answer["chart"], &answer["because"]), (&json!("i-mr"), &json!("single values")));
    let phases = answer["phases"].as_array().unwrap();
    assert_eq!(phases.len(), 2, "{phases:?}");
    assert_eq!(phases[1]["event"], json!({ "kind": "software", "what": "2.0" }));
    assert_eq!((&phases[0]["n"], &phases[1]["n"]), (&json!(80), &json!(40)));
    for (phase, part) in phases.iter().zip([&values[..80], &values[80..]]) {
        let moved: Vec<f64> = part.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
        let sigma = mean(&moved) / (2.0 / std::f64::consts::PI.sqrt());
        close(&phase["centre"], mean(part), "centre");
        close(&phase["sigma"], sigma, "sigma");
        close(&phase["upper"], mean(part) + 3.0 * sigma, "upper limit");
    }
    assert_eq!(answer["points"].as_array().unwrap().len(), 120);
    close(&answer["points"][1]["spread"], (values[1] - values[0]).abs(), "moving range");
    assert!(answer["false_alarms"]["per_point"].as_f64().unwrap() > 0.0027);

    // One phase, frozen on the first eighty: the shift is out of control.
    let frozen = house
        .quality(&format!(
            "control-chart?{PARAMETER}&phases=none&freeze=2026-03-01T00:00:00Z..2026-03-11T00:00:00Z&rules=1"
        ))
        .await;
    assert_eq!(frozen["phases"][0]["frozen"], true);
    close(&frozen["phases"][0]["centre"], mean(&values[..80]), "frozen centre");
    assert_eq!(frozen["false_alarms"]["method"], "exact");

    // Yield by day: eight units a day; p chart or Laney's, each point k/n.
    let answer = house.quality("control-chart?figure=yield&phases=none&chart=p").await;
    let days = answer["points"].as_array().unwrap();
    let n: u64 = days.iter().map(|day| day["n"].as_u64().unwrap()).sum();
    assert_eq!(n, 120);
    let passed = units.iter().filter(|unit| unit.passed).count() as f64;
    close(&answer["phases"][0]["centre"], passed / 120.0, "mean yield");
    let answer = house.quality("control-chart?figure=retests").await;
    assert!(["c", "u", "laney-u"].contains(&answer["chart"].as_str().unwrap()), "{answer}");
    for chart in ["ewma", "cusum", "xbar-r&subgroup=4", "xbar-s&subgroup=4"] {
        house.quality(&format!("control-chart?{PARAMETER}&chart={chart}")).await;
    }
    for (query, parameter) in [
        ("figure=yield&chart=c", "chart"),
        ("figure=wrong", "figure"),
        ("figure=yield&group_by=hour", "group_by"),
        ("rules=9", "rules"),
        ("lambda=0", "lambda"),
        ("phases=yesterday", "phases"),
    ] {
        let with =
            if query.starts_with("figure") { String::new() } else { format!("{PARAMETER}&") };
        assert_eq!(
            house.refused(&format!("control-chart?{with}{query}")).await,
            parameter,
            "{query}"
        );
    }
}

#[tokio::test]
async fn commonality_finds_the_lot_and_names_its_companion() {
    let (house, units) = house().await;
    let answer = house.quality("commonality?failing=code:OVERHEAT").await;
    assert_eq!((&answer["n"], &answer["failing"]), (&json!(120), &json!(12)));
    let rows = answer["rows"].as_array().unwrap();
    let row = |dimension: &str, value: &str| {
        let found = rows.iter().find(|row| row["dimension"] == dimension && row["value"] == value);
        found.unwrap_or_else(|| panic!("{dimension} {value}: {rows:?}"))
    };
    let lot = row("component_lot", "L-BAD");
    for (cell, expected) in [("a", 12), ("b", 0), ("c", 0), ("d", 108)] {
        assert_eq!(lot[cell], expected, "{cell}");
    }
    // One way in C(120, 12) to draw all twelve.
    let ways: f64 = (0..12).map(|i| f64::from(120 - i) / f64::from(12 - i)).product();
    let p = lot["p"].as_f64().unwrap();
    assert!((p * ways - 1.0).abs() < 1e-9, "{p}");
    assert!(lot["rank"].as_u64().unwrap() <= 2);
    // The fixture coincides with the lot in every run.
    let companion = &lot["confounded_with"][0];
    assert_eq!((&companion["dimension"], &companion["value"]), (&json!("fixture"), &json!("FX-9")));
    close(&companion["cramers_v"], 1.0, "Cramér's V");
    for cells in rows {
        let sum: u64 = ["a", "b", "c", "d"].iter().map(|cell| cells[*cell].as_u64().unwrap()).sum();
        assert_eq!(sum, 120, "{cells}");
    }
    // Every run has these values: there is no comparison group.
    assert!(rows.iter().all(|row| row["dimension"] != "operation" && row["value"] != "GPU"));
    assert_eq!(answer["tests"].as_u64().unwrap() as usize, rows.len());
    // Benjamini–Hochberg by hand over all tests.
    let mut all: Vec<f64> = rows.iter().map(|row| row["p"].as_f64().unwrap()).collect();
    all.sort_by(f64::total_cmp);
    let mut least = 1.0_f64;
    for (i, p) in all.iter().enumerate().rev() {
        least = least.min(p * all.len() as f64 / (i as f64 + 1.0));
        let found = rows.iter().find(|row| row["p"].as_f64() == Some(*p)).unwrap();
        close(&found["q"], least, "q");
    }
    let any = house.quality("commonality?dimensions=station,component_lot&minimum=40").await;
    assert_eq!(
        any["failing"].as_u64().unwrap() as usize,
        units.iter().filter(|u| !u.passed).count()
    );
    assert_eq!(any["tests"], 2, "{any}");
    let measured = house
        .quality(&format!(
            "commonality?failing={}",
            PARAMETER.replacen("parameter=", "parameter:", 1)
        ))
        .await;
    assert_eq!(
        (&measured["failing"], &measured["notes"]),
        (&json!(0), &json!(["no-failing-runs"]))
    );
    for (query, parameter) in [
        ("failing=none", "failing"),
        ("dimensions=day", "dimensions"),
        ("minimum=0", "minimum"),
        ("side=both", "side"),
    ] {
        assert_eq!(house.refused(&format!("commonality?{query}")).await, parameter);
    }
}

#[tokio::test]
async fn changepoints_are_found_beside_the_change_that_coincides() {
    let (house, units) = house().await;
    let values = currents(&units);
    let answer = house.quality(&format!("changepoints?{PARAMETER}")).await;
    let points = answer["points"].as_array().unwrap();
    assert_eq!(points.len(), 1, "{points:?}");
    assert_eq!(points[0]["at"], "2026-03-11T00:00:00.000000Z");
    assert_eq!(points[0]["after_key"], "2026-03-10T21:00:00.000000Z");
    close(&points[0]["before"], mean(&values[..80]), "before");
    close(&points[0]["after"], mean(&values[80..]), "after");
    close(&points[0]["p"], 0.001, "p");
    let near = &points[0]["coincides_with"][0];
    assert_eq!(
        (&near["kind"], &near["what"], &near["distance"]),
        (&json!("software"), &json!("2.0"), &json!(0))
    );
    let answer = house.quality("changepoints?figure=yield").await;
    assert_eq!((&answer["figure"], &answer["points"]), (&json!("yield"), &json!([])));
    assert_eq!(answer["n"].as_u64().unwrap(), 16);
    house.quality("changepoints?figure=failures:OVERHEAT").await;
    assert_eq!(house.refused("changepoints?figure=defects").await, "figure");
}

#[tokio::test]
async fn groups_and_retests_are_compared() {
    let (house, units) = house().await;
    let answer = house.quality(&format!("compare?{PARAMETER}&by=station&to=2026-03-11")).await;
    let part = |station: &str| -> Vec<f64> {
        units[..80].iter().filter(|unit| unit.station == station).map(|unit| unit.current).collect()
    };
    let (one, two) = (part("ST-1"), part("ST-2"));
    let groups = answer["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 2);
    let counted = groups[0]["n"].as_u64().unwrap() + groups[1]["n"].as_u64().unwrap();
    // The window ends with the site's day, in Taipei: 16:00 UTC of the day before.
    assert!((77..=80).contains(&counted), "{counted}");
    assert!(groups[1]["mean"].as_f64().unwrap() > groups[0]["mean"].as_f64().unwrap());
    let whole = house.quality(&format!("compare?{PARAMETER}&by=station&software=1.0")).await;
    close(&whole["groups"][0]["mean"], mean(&one), "mean of ST-1");
    close(&whole["groups"][1]["sd"], sd(&two), "sd of ST-2");
    // Welch's F of two groups is t².
    let variance = sd(&one) * sd(&one) / one.len() as f64 + sd(&two) * sd(&two) / two.len() as f64;
    let t = (mean(&two) - mean(&one)) / variance.sqrt();
    close(&whole["welch"]["f"], t * t, "F");
    assert_eq!(house.refused(&format!("compare?{PARAMETER}&by=day")).await, "by");

    let retest = house.quality(&format!("retest?{PARAMETER}")).await;
    assert_eq!(retest["pairs"], 20);
    close(&retest["difference"], -0.05, "difference");
    // Among the first twenty, units 3, 7 and 17 failed first; all passed last.
    assert_eq!(
        retest["reversals"],
        json!({ "pass_pass": 17, "pass_fail": 0, "fail_pass": 3, "fail_fail": 0 })
    );
}

#[tokio::test]
async fn gage_studies_come_as_json_as_csv_and_from_the_data() {
    let (house, _) = house().await;
    let mut csv = "part,operator,trial,value\n".to_owned();
    let mut readings = Vec::new();
    for (part, operator, values) in [
        ("p1", "a", [1.0, 3.0]),
        ("p1", "b", [2.0, 4.0]),
        ("p2", "a", [11.0, 13.0]),
        ("p2", "b", [12.0, 14.0]),
    ] {
        for (trial, value) in (1..).zip(values) {
            csv += &format!("{part},{operator},{trial},{value}\n");
            readings.push(
                json!({ "part": part, "operator": operator, "trial": trial, "value": value }),
            );
        }
    }
    let send = async |kind: &str, body: String| {
        let request = post("/api/v1/gage?low=0&high=20")
            .header(header::AUTHORIZATION, format!("Bearer {}", house.north.read))
            .header(header::CONTENT_TYPE, kind);
        Answer::of(house.call(request.body(body.into()).unwrap()).await).await
    };
    let study = send("application/json", json!({ "readings": readings }).to_string()).await;
    assert_eq!(study.status, 200, "{study:?}");
    // By hand: parts 200, operators 2, error 8; pooled MS 1.6; part (200 − 1.6)/4.
    assert_eq!(
        (&study.json["anova"][0]["source"], &study.json["anova"][0]["ss"]),
        (&json!("part"), &json!(200.0))
    );
    let part = study.json["components"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["source"] == "part")
        .unwrap();
    close(&part["variance"], 49.6, "part variance");
    close(&part["tolerance"], 6.0 * 49.6_f64.sqrt() / 20.0, "tolerance");
    assert!(study.json["misclassification"]["false_reject"].as_f64().unwrap() > 0.0);
    let same = send("text/csv", csv).await;
    assert_eq!(same.json, study.json);
    let unbalanced = send("text/csv", "part,operator,trial,value\np1,a,1,2\n".to_owned()).await;
    assert_eq!(unbalanced.status, 400);
    // Twenty units that one of two stations measured twice: the station with most of them.
    let found = house.quality(&format!("gage?{PARAMETER}")).await;
    assert_eq!(
        (&found["operators"], &found["parts"], &found["repeats"]),
        (&json!(1), &json!(15), &json!(2))
    );
    assert_eq!(found["notes"], json!(["repeated-runs"]));
}

#[tokio::test]
async fn change_events_are_recorded_and_found() {
    let (house, _) = house().await;
    let body = r#"{"at":"2026-03-05T08:00:00Z","kind":"maintenance","what":"new probe cards","scope":{"station":"ST-1"}}"#;
    let viewer = house.ask("POST", "/api/v1/events", &house.north.viewer, body).await;
    assert_eq!(viewer.status, 403);
    let done = house.ask("POST", "/api/v1/events", &house.north.engineer, body).await;
    assert_eq!(done.status, 201, "{done:?}");
    let wrong = house
        .ask(
            "POST",
            "/api/v1/events",
            &house.north.engineer,
            r#"{"at":"2026-03-05","kind":"","what":"x"}"#,
        )
        .await;
    assert_eq!(wrong.status, 400);
    let events = house.quality("events").await;
    let items = events["items"].as_array().unwrap();
    let kinds: Vec<&str> = items.iter().map(|item| item["kind"].as_str().unwrap()).collect();
    // ST-2 and FX-9 began within the first day; the new software did not.
    assert_eq!(kinds, ["software", "maintenance"], "{items:?}");
    assert_eq!((&items[0]["recorded"], &items[1]["recorded"]), (&json!(false), &json!(true)));
    let other = house.quality("events?station=ST-2").await;
    assert_eq!(other["items"].as_array().unwrap().len(), 1);
    // Another tenant sees no events.
    let south = house.read(&house.south.read, "/api/v1/events").await;
    assert_eq!(south.json["items"], json!([]));
}
