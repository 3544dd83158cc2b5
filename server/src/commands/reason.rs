//! The reason that a person gives for a change.

use crate::problem::{ApiResult, Cause, EN, Problem};

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

/// A reason that may be left empty.
pub(crate) fn optional(text: &str) -> ApiResult<Option<String>> {
    Some(text).filter(|text| !text.trim().is_empty()).map(|text| reason(Some(text))).transpose()
}
