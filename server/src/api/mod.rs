//! `/api/v1`: the API for programs, and decisions of people. One module per area.

pub mod admin;
pub mod jobs;
pub mod quality;
pub mod receipts;
pub mod runs;
pub mod settings;
pub mod units;
pub mod yields;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::problem::{ApiResult, Cause, Problem};

use crate::commands::reason::reason;
pub(crate) use crate::queries::time;
pub(crate) use crate::web::paging::{cursor, cut_page, invalid_cursor, limit};

/// The reason for a decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reasoned {
    /// The reason: 1 to 1000 characters.
    reason: Option<String>,
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
