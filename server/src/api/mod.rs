//! `/api/v1`: the API for programs, and decisions of people. One module per area.

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

/// Parses the page size of a list: 100 by default, at most 1,000.
fn limit(query: &Query) -> ApiResult<u16> {
    let expected = EN.cause_limit_1000();
    match query.parse("limit", expected)? {
        None => Ok(100),
        Some(limit @ 1..=1000) => Ok(limit),
        Some(_) => Err(Problem::invalid("limit", expected)),
    }
}

/// Keyset pagination: truncates rows that were fetched with `limit + 1` to a page of `limit`.
/// Returns the extra row, with which the next page begins, if there is one.
pub(crate) fn cut_page<T>(rows: &mut Vec<T>, limit: u16) -> Option<T> {
    rows.truncate(usize::from(limit) + 1);
    if rows.len() > usize::from(limit) { rows.pop() } else { None }
}

/// Parses the keyset pagination cursor: the `next` of the previous page.
fn cursor<C: std::str::FromStr>(query: &Query) -> ApiResult<Option<C>> {
    query.parse("cursor", invalid_cursor())
}

/// Error message for an invalid cursor.
pub(crate) fn invalid_cursor() -> &'static str {
    EN.cause_cursor()
}

/// The reason for a decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reasoned {
    /// The reason: 1 to 1000 characters.
    reason: Option<String>,
}

/// Maximum length of a reason, in characters.
const MAX_REASON_CHARS: usize = 1000;

pub(crate) fn reason(text: Option<&str>) -> ApiResult<String> {
    let text = text.map(str::trim).unwrap_or_default();
    let why = match text.chars().count() {
        0 => EN.cause_reason_missing(),
        1..=MAX_REASON_CHARS if text.contains('\0') => EN.cause_nul(),
        1..=MAX_REASON_CHARS => return Ok(text.to_owned()),
        _ => EN.cause_reason_long(),
    };
    Err(Problem::bad_request(vec![Cause { parameter: "reason".into(), why: why.into() }]))
}

/// Parses the reason in an optional body.
fn optional_reason(body: &[u8]) -> ApiResult<Option<String>> {
    if body.is_empty() {
        return Ok(None);
    }
    let Reasoned { reason: text } = serde_json::from_slice(body).map_err(|error| {
        Problem::bad_request(vec![Cause { parameter: "body".into(), why: error.to_string() }])
    })?;
    text.as_deref().map(|text| reason(Some(text))).transpose()
}

/// Validates a reason that may be empty.
pub(crate) fn optional(text: &str) -> ApiResult<Option<String>> {
    Some(text).filter(|text| !text.trim().is_empty()).map(|text| reason(Some(text))).transpose()
}

/// Formats a time for responses.
fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn moment() -> Moment {
    let now = clock::now();
    Moment { now, until: now.saturating_add(FUTURE) }
}
