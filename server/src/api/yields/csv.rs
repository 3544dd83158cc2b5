//! Yields as CSV: the same digits as in JSON.

use axum::response::{IntoResponse, Response};
use domain::csv;
use domain::yields::Reason;
use http::header;

use super::groups::{Line, Yields};

/// Writes a header line and one row per group. An absent value is an empty field.
pub(super) fn table(answer: &Yields) -> Response {
    let by_two = answer.groups.iter().any(|line| line.keys.is_some());
    let mut text = csv::line(names(by_two));
    text.extend(answer.groups.iter().map(|line| csv::line(fields(line, answer))));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"yield.csv\""),
    ];
    (headers, text).into_response()
}

const METRICS: [&str; 11] = [
    "spy",
    "tpy",
    "lpy_ever",
    "lpy_last",
    "retest_ratio",
    "retested_units",
    "ntf_cleared",
    "ntf_episodes",
    "ntf_resolved",
    "dpmo",
    "ppm",
];

fn names(by_two: bool) -> Vec<String> {
    let keys: &[&str] = if by_two { &["key_1", "key_2"] } else { &["key"] };
    let first = ["n", "passed", "yield", "ci_low", "ci_high", "ci_level", "ci_method"];
    let last = ["definition", "version", "as_of"];
    let reasons = Reason::ALL.iter().map(|reason| format!("excluded_{reason}"));
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    named(keys)
        .into_iter()
        .chain(named(&first))
        .chain(named(&METRICS))
        .chain(reasons)
        .chain(named(&last))
        .collect()
}

fn fields(line: &Line, answer: &Yields) -> Vec<String> {
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let metrics = &line.metrics;
    let keys = line.keys.clone().map_or_else(|| vec![line.key.clone()], Vec::from);
    let mut fields: Vec<String> = keys.into_iter().map(Option::unwrap_or_default).collect();
    fields.extend([
        line.n.to_string(),
        line.passed.to_string(),
        number(line.fraction),
        number(line.ci.map(|ci| ci.low)),
        number(line.ci.map(|ci| ci.high)),
        number(line.ci.map(|ci| ci.level)),
        line.ci.map(|ci| ci.method.to_owned()).unwrap_or_default(),
        number(metrics.spy),
        number(metrics.tpy),
        number(metrics.lpy_ever),
        number(metrics.lpy_last),
        number(metrics.retest_ratio),
        number(metrics.retested_units),
        metrics.ntf.cleared.to_string(),
        metrics.ntf.episodes.to_string(),
        metrics.ntf.resolved.to_string(),
        number(metrics.dpmo),
        number(metrics.ppm),
    ]);
    for reason in Reason::ALL {
        fields.push(line.excluded.get(reason).copied().unwrap_or_default().to_string());
    }
    fields.push(answer.definition.id.to_string());
    fields.push(answer.definition.version.to_string());
    fields.push(answer.as_of.to_string());
    fields
}
