//! The benchmark queries, for the API and in plain SQL.

use serde_json::Value;

use super::Answer;
use super::peers::Plain;

pub(crate) const OPERATIONS: [&str; 6] =
    ["L11 assembly", "L12 power-on", "L13 burn-in", "L14 fabric", "L15 thermal", "L16 final"];
pub(crate) const FROM: &str = "2025-05-01";
pub(crate) const TO: &str = "2025-05-31";

pub(crate) struct Question {
    pub(crate) name: &'static str,
    /// Target: the highest ratio of our time to that of plain SQL.
    pub(crate) goal: Option<f64>,
    pub(crate) ours: Vec<Request>,
    pub(crate) plain: Vec<Plain>,
}

/// A request, and the function that extracts the numbers of its response.
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) read: Box<dyn Fn(&Value) -> Answer>,
}

pub(crate) fn products() -> Vec<String> {
    (1..=12).map(|number| format!("PN-{number}")).collect()
}

pub(crate) fn questions() -> Vec<Question> {
    let daily = OPERATIONS.map(|operation| {
        request(
            format!("/api/v1/yield?group_by=day&operation={operation}"),
            operation,
            "groups",
            "key",
            &["n", "passed"],
        )
    });
    let rolled = || -> Vec<_> {
        products()
            .iter()
            .map(|product| {
                request(
                    format!("/api/v1/rty?product={product}"),
                    product,
                    "operations",
                    "operation",
                    &["n", "passed"],
                )
            })
            .collect()
    };
    let (from_at, to_at) = (format!("{FROM}T06:30:00Z"), format!("{TO}T06:30:00Z"));
    vec![
        Question {
            name: "Q1 FPY by day and operation",
            goal: Some(0.17),
            ours: daily.into(),
            plain: vec![Plain::by_day_and_operation()],
        },
        Question {
            name: "Q2 FPY, LPY, retests by station, 30 days",
            goal: Some(0.06),
            ours: vec![request(
                format!("/api/v1/yield?group_by=station&from={FROM}&to={TO}"),
                "",
                "groups",
                "key",
                &["n", "passed", "metrics/lpy_last", "metrics/retested_units"],
            )],
            plain: vec![Plain::by_station(FROM, TO)],
        },
        Question {
            name: "Q3 Pareto by code, with units",
            goal: Some(0.17),
            ours: vec![request("/api/v1/pareto".to_owned(), "", "rows", "key", &["units", "runs"])],
            plain: vec![Plain::by_code()],
        },
        Question {
            name: "Q4 rolled throughput yield of 12 products",
            goal: Some(0.06),
            ours: rolled(),
            plain: products().iter().map(|product| Plain::of_product(product)).collect(),
        },
        Question {
            name: "Q4, plain SQL in one statement",
            goal: None,
            ours: rolled(),
            plain: vec![Plain::by_product_and_operation()],
        },
        Question {
            name: "by operation",
            goal: None,
            ours: vec![request(
                "/api/v1/yield?group_by=operation".to_owned(),
                "",
                "groups",
                "key",
                &["n", "passed"],
            )],
            plain: vec![Plain::by_operation()],
        },
        Question {
            name: "by station of a product and a fixture, 30 days (no cells)",
            goal: None,
            ours: vec![request(
                format!(
                    "/api/v1/yield?group_by=station&product=PN-3&fixture=FX-7&from={from_at}&to={to_at}"
                ),
                "",
                "groups",
                "key",
                &["n", "passed"],
            )],
            plain: vec![Plain::by_station_of("PN-3", "FX-7", &from_at, &to_at)],
        },
    ]
}

/// Creates a request whose response is a list: reads the prefixed key and the numbers of each
/// element.
fn request(
    path: String,
    prefix: &str,
    list: &'static str,
    key: &'static str,
    numbers: &'static [&'static str],
) -> Request {
    let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}|") };
    let read = move |answer: &Value| -> Answer {
        let mut read: Answer = answer[list]
            .as_array()
            .unwrap()
            .iter()
            // Plain SQL has no row for a group that only has excluded runs.
            .filter(|line| line["n"] != 0)
            .map(|line| {
                let number = |name: &&str| {
                    line.pointer(&format!("/{name}")).and_then(Value::as_f64).unwrap()
                };
                (
                    format!("{prefix}{}", line[key].as_str().unwrap()),
                    numbers.iter().map(number).collect(),
                )
            })
            .collect();
        if let Some(rolled) = answer.get("rty") {
            read.insert(format!("{prefix}rty"), vec![rolled.as_f64().unwrap()]);
        }
        read
    };
    Request { path, read: Box::new(read) }
}

/// Adds rolled throughput yields, which the SQL does not compute.
pub(crate) fn roll(answer: &mut Answer) {
    let mut rolled = Answer::new();
    for (key, numbers) in answer.iter() {
        let product = key.split('|').next().unwrap();
        let so_far = rolled.entry(format!("{product}|rty")).or_insert_with(|| vec![1.0]);
        so_far[0] *= numbers[1] / numbers[0];
    }
    answer.extend(rolled);
}
