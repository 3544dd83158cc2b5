//! Attempt numbers and history flags, computed at ingest, against the reference model: random
//! factories with retests, aborted runs, golden units, voids, runs from the future and ties, in any
//! order of arrival.

use std::collections::BTreeMap;

use axum::body::Body;
use domain::{Identity, RunId};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Row};

use crate::reference::facts::{Attribute, Factory, Kind};
use crate::reference::figures;
use crate::reference::generate::factories;
use crate::reference::lines::delivery;
use crate::reference::query::{Aborted, Definition, GroupBy, Interval, Query};
use crate::support::{House, Partner, now};

/// n, passed, and for first-run: passed by run 2, by run 3, ever, last, retests, retested units.
type Figures = BTreeMap<String, Vec<i64>>;

/// The figures by operation, from the attempt numbers and history flags in the database.
async fn marked(
    house: &House,
    partner: &Partner,
    definition: Definition,
    counted: bool,
) -> Figures {
    let (index, attempts, shift) = if counted {
        ("run_index", "attempts", 0)
    } else {
        ("unaborted_index", "unaborted_attempts", 5)
    };
    let counts = match definition {
        Definition::FirstRun => format!("{index} = 1"),
        Definition::FirstAttemptOfDay => format!("marks & {} > 0", 1 << shift),
        Definition::Report => format!("{index} is not null"),
    };
    let mark = |bit: i32| format!("count(*) filter (where marks & {} > 0)", bit << shift);
    let later = match definition {
        Definition::FirstRun => format!(
            "{}, {}, {}, {}, sum({attempts} - 1)::bigint, count(*) filter (where {attempts} > 1)",
            mark(2),
            mark(4),
            mark(8),
            mark(16)
        ),
        _ => "0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint".to_owned(),
    };
    let sql = format!(
        "select operation, count(*), count(*) filter (where outcome = 0), {later}
         from run join unit u on u.tenant_id = run.tenant_id and u.id = unit_id
         where run.tenant_id = $1 and u.kind = 0 and {counts} group by operation"
    );
    let mut superuser = house.db.connect("postgres").await;
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(partner.id.uuid())
        .fetch_all(&mut superuser)
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), (1..9).map(|at| row.get(at)).collect())).collect()
}

/// The same figures from the reference model.
fn expected(factory: &Factory, definition: Definition, aborted: Aborted, as_of: i64) -> Figures {
    let query = Query {
        definition,
        group_by: Some(GroupBy::Attribute(Attribute::Operation)),
        from: None,
        to: None,
        filters: Vec::new(),
        aborted: Some(aborted),
        interval: Interval::Wilson,
        as_of,
    };
    let answer = figures::answer(factory, &query);
    let mut all = Figures::new();
    for group in answer["groups"].as_array().unwrap() {
        let n = group["n"].as_i64().unwrap();
        if n == 0 {
            continue;
        }
        let of_n = |metric: &Value| (metric.as_f64().unwrap() * n as f64).round() as i64;
        let metrics = &group["metrics"];
        let mut figures = vec![n, group["passed"].as_i64().unwrap()];
        figures.extend(
            ["spy", "tpy", "lpy_ever", "lpy_last", "retest_ratio", "retested_units"].map(|name| {
                if definition == Definition::FirstRun { of_n(&metrics[name]) } else { 0 }
            }),
        );
        all.insert(group["key"].as_str().unwrap().to_owned(), figures);
    }
    all
}

/// Columns of a run that [`deliver`] also sends as another field, with the dimension that then
/// has the same values.
pub const COPIES: [(&str, &str); 4] = [
    ("fixture", "attr.fixture,again"),
    ("level", "slot"),
    ("operator", "component_lot"),
    ("software", "component_part"),
];

/// The line of a run with the [`COPIES`] of its columns.
fn with_copies(line: &str) -> String {
    let mut record: Value = serde_json::from_str(line).unwrap();
    if record["type"] != "run" {
        return line.to_owned();
    }
    record["slot"] = record["level"].clone();
    if record["fixture"].is_string() {
        record["attributes"] = json!({ "fixture,again": record["fixture"], "other": "x" });
    }
    let part = json!({ "lot": record["operator"], "part": record["software"], "slot": "1" });
    record["components"] = json!([part, { "slot": "2" }, part]);
    record.to_string()
}

pub async fn deliver(house: &House, partner: &Partner, factory: &Factory, order: usize) {
    let delivery = delivery(factory);
    let mut lines: Vec<String> = delivery.lines.lines().map(with_copies).collect();
    if !lines.is_empty() {
        let turn = order % lines.len();
        lines.rotate_left(turn);
    }
    if order.is_multiple_of(2) {
        lines.reverse();
    }
    for some in lines.chunks(1 + order % 7) {
        let body = Body::from(some.join("\n"));
        let answer = house.upload(&partner.ingest, "/ingest/v1/firstpass", body).await;
        assert_eq!((answer.status, answer.number("rejected_total")), (200, 0), "{answer:?}");
    }
    for (name, _) in delivery.voids {
        let run = RunId::from(Identity::from_producer_run(&name));
        let path = format!("/api/v1/runs/{run}/void");
        let done = house.ask("PUT", &path, &partner.engineer, r#"{"reason":"a test"}"#).await;
        assert_eq!(done.status, 200, "{done:?}");
    }
    for (serial, kind) in delivery.kinds {
        let kind = match kind {
            Kind::Production => "production",
            Kind::Golden => "golden",
            Kind::Reference => "reference",
        };
        let body = format!(r#"{{"kind":"{kind}","reason":"a test"}}"#);
        let path = format!("/api/v1/units/{serial}/kind");
        let done = house.ask("PUT", &path, &partner.engineer, &body).await;
        // A unit without a delivered run does not exist.
        assert!([200, 404].contains(&done.status), "{done:?}");
    }
}

#[test]
fn numbers_and_marks_are_those_of_the_definitions_whatever_the_order_of_arrival() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let house = runtime.block_on(House::new());
    let as_of = now().micros();
    let partners = std::cell::Cell::new(0);
    let config = Config { cases: 25, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&(factories(as_of), any::<u16>()), |(factory, order)| {
            partners.set(partners.get() + 1);
            let slug = format!("p{}", partners.get());
            let factory = factory.identified(|name| {
                *RunId::from(Identity::from_producer_run(name)).uuid().as_bytes()
            });
            let partner = runtime.block_on(house.partner(&slug));
            let zone = factory.zone.name();
            runtime.block_on(house.db.superuser(&format!(
                "update tenant set timezone = '{zone}' where slug = '{slug}'"
            )));
            runtime.block_on(deliver(&house, &partner, &factory, usize::from(order)));
            for definition in
                [Definition::FirstRun, Definition::FirstAttemptOfDay, Definition::Report]
            {
                for (aborted, counted) in [(Aborted::Counted, true), (Aborted::Excluded, false)] {
                    let marked = runtime.block_on(marked(&house, &partner, definition, counted));
                    let expected = expected(&factory, definition, aborted, as_of);
                    prop_assert_eq!(marked, expected, "{:?} {:?}", definition, aborted);
                }
            }
            Ok(())
        })
        .unwrap();
}
