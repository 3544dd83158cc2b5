//! A selected measurement: its values in frames, its ranges in slices, and tenant isolation.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use domain::frame::{Column, Frame};
use domain::yields::Definition;
use engine::explore::{Explorer, Selection};
use engine::metrics::yields::Basis;
use http::header;
use serde_json::{Value, json};
use server::state::Limits;
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use crate::slices::listed;
use crate::support::{House, Partner, get, text};
use crate::tenancy::assume_role;

/// Percent-encoded.
const EYE: &str = "L6+board+test+%2F+links+%2F+eye+%5BmV%5D";

/// The values of `eye` in each run of a unit, in order of measurement.
type Runs = Vec<Vec<Value>>;

/// Units whose runs measure `eye` once, several times, as a text, or never.
fn units() -> BTreeMap<String, Runs> {
    let mut units = BTreeMap::new();
    for unit in 0..60 {
        let first = match unit % 6 {
            0 => vec![],
            1 => vec![json!(f64::from(unit) / 10.0), json!(-3.5)],
            2 => vec![json!(0.25), json!("off the scale")],
            3 => vec![json!("off the scale"), json!(true)],
            _ => vec![json!(f64::from(unit) / 10.0)],
        };
        let again = (unit % 5 == 0).then(|| vec![json!(40), json!(f64::from(unit) / 4.0)]);
        units.insert(format!("U{unit:02}"), std::iter::once(first).chain(again).collect());
    }
    units
}

fn last(values: &[Value]) -> Option<f64> {
    values.iter().rev().find_map(Value::as_f64)
}

async fn deliver(house: &House, partner: &Partner, units: &BTreeMap<String, Runs>) {
    let mut lines = Vec::new();
    for (serial, runs) in units {
        for (attempt, values) in runs.iter().enumerate() {
            let measured =
                |name: &str, value: &Value| json!({ "name": name, "unit": "mV", "value": value });
            // The same name in another step is another measurement. The last value of the step
            // is in its repetition.
            let (rest, of_loop) = values.split_at(values.len().saturating_sub(1));
            let eyes =
                |values: &[Value]| values.iter().map(|it| measured("eye", it)).collect::<Vec<_>>();
            lines.push(
                json!({
                    "type": "run",
                    "unit": { "serial": serial },
                    "operation": "L6 board test",
                    "started_at": format!("2026-03-0{}T08:00:00Z", 1 + attempt),
                    "ended_at": format!("2026-03-0{}T08:01:00Z", 1 + attempt),
                    "outcome": if attempt == 0 { "fail" } else { "pass" },
                    "steps": [
                        { "name": "links", "measurements": eyes(rest) },
                        { "name": "links", "loop": 1, "measurements": eyes(of_loop) },
                        { "name": "power", "measurements": [measured("eye", &json!(7777))] },
                    ],
                })
                .to_string(),
            );
        }
    }
    let answer = house.upload(&partner.ingest, "/ingest/v1/firstpass", lines.join("\n")).await;
    assert_eq!(answer.number("accepted"), lines.len() as u64, "{answer:?}");
}

/// The frame of a query, and its ETag.
async fn frame(house: &House, partner: &Partner, query: &str) -> (Frame, String) {
    let request = get(&format!("/data/v1/runs?{query}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", partner.read));
    let response = house.call(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 200, "{query}");
    let tag = response.headers()[header::ETAG].to_str().unwrap().to_owned();
    let body = to_bytes(response.into_body(), 64 << 20).await.unwrap();
    (Frame::read(&body).unwrap(), tag)
}

/// The bin of a value.
fn bin(frame: &Frame, value: f64) -> usize {
    frame.bins().iter().rposition(|edge| *edge <= value).unwrap_or(0)
}

#[tokio::test]
async fn a_run_is_in_the_bin_of_the_last_number_that_was_measured_in_it() {
    let house = House::new().await;
    let units = units();
    deliver(&house, &house.north, &units).await;
    let (frame, tag) = frame(&house, &house.north, &format!("measurement={EYE}")).await;
    let values: Vec<Option<f64>> = units.values().flatten().map(|run| last(run)).collect();
    assert_eq!(frame.rows(), values.len());
    let mut expected = vec![0_u64; frame.bins().len() + 1];
    for value in &values {
        expected[value.map_or(frame.bins().len(), |value| bin(&frame, value))] += 1;
    }
    let mut found = vec![0_u64; frame.bins().len() + 1];
    frame.codes(Column::Measured).unwrap().iter().for_each(|code| found[code as usize] += 1);
    assert_eq!(found, expected);
    assert!(found.iter().filter(|runs| **runs > 0).count() > 9, "{found:?}");
    let (plain, other) = self::frame(&house, &house.north, "").await;
    assert!(plain.codes(Column::Measured).is_none() && other != tag);
    let (one_day, _) =
        self::frame(&house, &house.north, &format!("measurement={EYE}&from=2026-03-02")).await;
    assert_eq!(one_day.rows(), 12);
    assert!(
        one_day
            .codes(Column::Measured)
            .unwrap()
            .iter()
            .all(|code| (code as usize) < one_day.bins().len())
    );
}

#[tokio::test]
async fn the_units_of_a_range_of_values_are_those_that_the_chart_counts() {
    let house = House::new().await;
    deliver(&house, &house.north, &units()).await;
    let (frame, _) = frame(&house, &house.north, &format!("measurement={EYE}")).await;
    let edges = frame.bins().to_vec();
    let basis = Basis { definition: Definition::FirstRun, aborted: None };
    let mut explorer = Explorer::new(frame, basis, &[Column::Measured]).unwrap();
    let last = edges.len() - 1;
    let mut sizes = Vec::new();
    let wide = [(0, 3), (1, last), (last / 2, last - 1), (0, last)];
    for (first, to) in wide.into_iter().chain((0..=last).map(|bin| (bin, bin))) {
        explorer.select(Column::Measured, &Selection::Range(first as u32..to as u32 + 1));
        let from = if first > 0 { edges[first].to_string() } else { String::new() };
        let until = edges.get(to + 1).map(f64::to_string).unwrap_or_default();
        let slice = format!("days=all&measurement={EYE}&value={from}..{until}");
        let n = explorer.header().n;
        // All first runs are on the first day.
        for (days, expected) in [("", n), ("&day=2026-03-01", n), ("&day=2026-03-02", 0)] {
            let slice = format!("{slice}{days}");
            let listed = listed(&house, &house.north.viewer, &slice, "").await;
            assert_eq!(listed.len() as u64, expected, "{from}..{until}{days}");
        }
        sizes.push(n);
    }
    sizes.sort_unstable();
    sizes.dedup();
    assert!(sizes.len() > 4, "the ranges are too alike: {sizes:?}");
    let nothing = "days=all&measurement=nothing&value=..";
    assert!(listed(&house, &house.north.viewer, nothing, "").await.is_empty());
}

#[tokio::test]
async fn a_measurement_is_one_of_the_partners_own() {
    let house = House::new().await;
    deliver(&house, &house.north, &units()).await;
    let asked = format!("/data/v1/runs?measurement={EYE}");
    let refused = house.read(&house.south.read, &asked).await;
    assert_eq!(refused.status, 400, "{refused:?}");
    assert_eq!(refused.json["errors"][0]["parameter"], "measurement");
    for wrong in
        ["measurement=", "measurement=eye", "measurement=a&measurement=b", "measurement=%00"]
    {
        let refused = house.read(&house.north.read, &format!("/data/v1/runs?{wrong}")).await;
        assert_eq!(refused.status, 400, "{wrong}");
        assert_eq!(refused.json["errors"][0]["parameter"], "measurement");
    }
    let theirs = text(house.get("/explore?days=all", &house.south.viewer).await).await;
    assert!(!theirs.contains("links / eye"), "{theirs}");
    // The other tenant has the same name with other values.
    let own = BTreeMap::from([("S1".to_owned(), vec![vec![json!(1000)]])]);
    deliver(&house, &house.south, &own).await;
    let (frame, _) = frame(&house, &house.south, &format!("measurement={EYE}")).await;
    assert_eq!((frame.rows(), frame.bins()), (1, [1000.0].as_slice()));
}

#[tokio::test]
async fn the_page_offers_what_has_numbers_and_shows_what_is_chosen() {
    let mut house = House::new().await;
    let none = text(house.get("/explore?days=all", &house.north.viewer).await).await;
    assert!(!none.contains("optgroup"));
    deliver(&house, &house.north, &units()).await;
    let texts = BTreeMap::from([("T1".to_owned(), vec![vec![json!("only a text")]])]);
    deliver(&house, &house.north, &texts).await;
    let shown = async |house: &House, query: &str| {
        text(house.get(&format!("/explore?days=all{query}"), &house.north.viewer).await).await
    };
    let page = shown(&house, "&station=").await;
    assert!(page.contains("<optgroup label=\"L6 board test\">"), "{page}");
    assert_eq!(page.matches("</option>").count(), 3, "none, links and power");
    assert!(page.contains("links / eye [mV]") && !page.contains("data-chart=\"measured\""));
    assert!(page.contains("<input type=\"hidden\" name=\"station\" value=\"\">"));
    let page = shown(&house, &format!("&measurement={EYE}&value=..1")).await;
    assert!(
        page.contains("data-chart=\"measured\"") && page.contains("with eye below 1"),
        "{page}"
    );
    assert!(page.contains(&format!("measurement={}", EYE.replace('+', "%20"))), "{page}");
    let unknown = shown(&house, "&measurement=a+%2F+b&value=..1").await;
    assert!(unknown.contains("Nothing called a / b was measured. The filter by value"));
    assert!(!unknown.contains("/data/v1/runs?measurement"));

    house.limit(Limits { frame_runs: 60, ..Limits::default() });
    let cells = shown(&house, &format!("&measurement={EYE}&value=..1")).await;
    assert!(cells.contains("Values are not available for so many runs at once"), "{cells}");
    let csv = format!("/explore/measured.csv?days=all&measurement={EYE}");
    assert_eq!(house.get(&csv, &house.north.viewer).await.status(), 404);
}

#[tokio::test]
async fn values_are_found_by_their_index_in_every_month() {
    let house = House::new().await;
    house.db.store.create_month_partitions().await.unwrap();
    deliver(&house, &house.north, &units()).await;
    // Many other measurements of the same runs, and of months with their own partitions.
    house
        .db
        .superuser(
            "insert into measurement (tenant_id, run_id, run_at, parameter_id, value, step, seq)
             select tenant_id, run_id, run_at, 1000 + n % 50, n, 9, n
             from (select distinct tenant_id, run_id, run_at from measurement limit 20) m, generate_series(1, 1000) n;
             insert into measurement (tenant_id, run_id, run_at, parameter_id, value, step, seq)
             select tenant_id, gen_random_uuid(), now(), 1000 + n % 50, n, 9, n
             from (select tenant_id from measurement limit 1) m, generate_series(1, 20000) n;
             analyze",
        )
        .await;
    let mut login = house.db.connect("firstpass_login").await;
    let mut tx = login.begin().await.unwrap();
    assume_role(&mut tx, "firstpass_app", house.north.id).await;
    let parameter: i64 = sqlx::query_scalar(
        "select id from parameter where measurement_name(operation, step, name, unit) = 'L6 board test / links / eye [mV]'",
    )
    .fetch_one(&mut *tx)
    .await
    .unwrap();
    let runs = include_str!("../../store/sql/tenant/runs_framed.sql");
    let execute = format!(
        "explain execute runs('{}', null, null, null, null, '{{}}', '{{{parameter}}}', null)",
        house.north.id
    );
    let mut plan = String::new();
    sqlx::raw_sql(AssertSqlSafe(format!("prepare runs as {runs}")))
        .execute(&mut *tx)
        .await
        .unwrap();
    for row in sqlx::raw_sql(AssertSqlSafe(execute)).fetch_all(&mut *tx).await.unwrap() {
        plan.push_str(&row.get::<String, _>(0));
        plan.push('\n');
    }
    let month = crate::support::now().to_string()[..7].replace('-', "");
    for table in ["measurement_rest", &format!("measurement_{month}")] {
        let index = format!("Index Only Scan using {table}_tenant_id_parameter_id_run_at");
        assert!(plan.contains(&index), "{table}: {plan}");
        assert!(!plan.contains(&format!("Seq Scan on {table}")), "{plan}");
    }
}
