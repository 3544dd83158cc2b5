//! `/api/v1`: what programs read, and what people decide. One file an area.

pub mod admin;
pub mod jobs;
pub mod quality;
pub mod receipts;
pub mod runs;
pub mod serial;
pub mod settings;
pub mod units;
pub mod yields;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;
use store::decisions::Moment;
use utoipa::ToSchema;

use crate::clock;
use crate::extract::Query;
use crate::ingest::FUTURE;
use crate::problem::{ApiResult, Cause, EN, Problem};

/// How many items of a list are answered at once: 100 by default, at most 1,000.
fn limit(query: &Query) -> ApiResult<u16> {
    let expected = EN.cause_limit_1000();
    match query.parse("limit", expected)? {
        None => Ok(100),
        Some(limit @ 1..=1000) => Ok(limit),
        Some(_) => Err(Problem::invalid("limit", expected)),
    }
}

/// Cuts rows that were fetched with one more than `limit` to a page of `limit`; the extra row,
/// with which the next page begins, where there is one.
pub(crate) fn cut_page<T>(rows: &mut Vec<T>, limit: u16) -> Option<T> {
    rows.truncate(usize::from(limit) + 1);
    if rows.len() > usize::from(limit) { rows.pop() } else { None }
}

/// The cursor that the `next` of a list named, to go on after it.
fn cursor<C: std::str::FromStr>(query: &Query) -> ApiResult<Option<C>> {
    query.parse("cursor", invalid_cursor())
}

/// What is wrong with a cursor that no list named.
pub(crate) fn invalid_cursor() -> &'static str {
    EN.cause_cursor()
}

/// Why somebody decides something.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reasoned {
    /// The reason: 1 to 1000 characters.
    reason: Option<String>,
}

/// Characters of a reason.
const REASON: usize = 1000;

pub(crate) fn reason(text: Option<&str>) -> ApiResult<String> {
    let text = text.map(str::trim).unwrap_or_default();
    let why = match text.chars().count() {
        0 => EN.cause_reason_missing(),
        1..=REASON if text.contains('\0') => EN.cause_nul(),
        1..=REASON => return Ok(text.to_owned()),
        _ => EN.cause_reason_long(),
    };
    Err(Problem::bad_request(vec![Cause { parameter: "reason".into(), why: why.into() }]))
}

/// The reason in a body that may be left out.
fn optional_reason(body: &[u8]) -> ApiResult<Option<String>> {
    if body.is_empty() {
        return Ok(None);
    }
    let Reasoned { reason: text } = serde_json::from_slice(body).map_err(|error| {
        Problem::bad_request(vec![Cause { parameter: "body".into(), why: error.to_string() }])
    })?;
    text.as_deref().map(|text| reason(Some(text))).transpose()
}

/// A reason that may be left empty.
pub(crate) fn optional(text: &str) -> ApiResult<Option<String>> {
    Some(text).filter(|text| !text.trim().is_empty()).map(|text| reason(Some(text))).transpose()
}

/// A time as every answer writes it.
fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn moment() -> Moment {
    let now = clock::now();
    Moment { now, until: now.saturating_add(FUTURE) }
}
