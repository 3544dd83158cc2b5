//! `/api/v1`: what programs read, and what people decide. One file an area.

pub mod receipts;
pub mod runs;
pub mod units;
pub mod yields;

use axum::Json;
use axum::body::Bytes;
use axum::extract::Query;
use axum::extract::rejection::{BytesRejection, JsonRejection, QueryRejection};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::decisions::Moment;

use crate::clock;
use crate::ingest::FUTURE;
use crate::problem::{ApiResult, Cause, Problem};

/// The query, or what is wrong with it.
fn query<Q: DeserializeOwned>(query: Result<Query<Q>, QueryRejection>) -> ApiResult<Q> {
    query.map(|Query(query)| query).map_err(|rejection| {
        Problem::bad_request(vec![Cause { parameter: "query".into(), why: rejection.body_text() }])
    })
}

/// How many things are listed at once, and after which.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    limit: Option<u16>,
    cursor: Option<String>,
}

impl Page {
    /// 100 unless told, at most 1,000.
    fn limit(&self) -> ApiResult<u16> {
        match self.limit {
            None => Ok(100),
            Some(limit @ 1..=1000) => Ok(limit),
            Some(_) => Err(Problem::bad_request(vec![Cause {
                parameter: "limit".into(),
                why: "is to be from 1 to 1000".into(),
            }])),
        }
    }

    /// What to go on after, as a list's `next` said it.
    fn cursor<C: std::str::FromStr>(&self) -> ApiResult<Option<C>> {
        let parse = |text: &String| {
            text.parse().map_err(|_| {
                Problem::bad_request(vec![Cause {
                    parameter: "cursor".into(),
                    why: "is none that a `next` of this list has named".into(),
                }])
            })
        };
        self.cursor.as_ref().map(parse).transpose()
    }
}

/// Cuts rows that were fetched with one more than `limit` to a page of `limit`; the extra row,
/// with which the next page begins, where there is one.
pub(crate) fn cut_page<T>(rows: &mut Vec<T>, limit: u16) -> Option<T> {
    rows.truncate(usize::from(limit) + 1);
    if rows.len() > usize::from(limit) { rows.pop() } else { None }
}

/// Why somebody decides something.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reasoned {
    reason: Option<String>,
}

/// Characters of a reason.
const REASON: usize = 1000;

pub(crate) fn reason(text: Option<&str>) -> ApiResult<String> {
    let text = text.map(str::trim).unwrap_or_default();
    let why = match text.chars().count() {
        0 => "is missing: say why, for whoever reads it later",
        1..=REASON if text.contains('\0') => "has a NUL character in it",
        1..=REASON => return Ok(text.to_owned()),
        _ => "is longer than 1000 characters",
    };
    Err(Problem::bad_request(vec![Cause { parameter: "reason".into(), why: why.into() }]))
}

/// The reason in a body that may be left out.
fn optional_reason(body: Result<Bytes, BytesRejection>) -> ApiResult<Option<String>> {
    let body = body?;
    if body.is_empty() {
        return Ok(None);
    }
    let Reasoned { reason: text } = serde_json::from_slice(&body).map_err(|error| {
        Problem::bad_request(vec![Cause { parameter: "body".into(), why: error.to_string() }])
    })?;
    text.as_deref().map(|text| reason(Some(text))).transpose()
}

/// A reason that may be left empty.
pub(crate) fn optional(text: &str) -> ApiResult<Option<String>> {
    Some(text).filter(|text| !text.trim().is_empty()).map(|text| reason(Some(text))).transpose()
}

fn body<B>(body: Result<Json<B>, JsonRejection>) -> ApiResult<B> {
    Ok(body.map(|Json(body)| body)?)
}

/// A time as every answer writes it.
fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn moment() -> Moment {
    let now = clock::now();
    Moment { now, until: clock::later(now, FUTURE) }
}
