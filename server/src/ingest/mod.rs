//! `POST /ingest/v1/{format}`: a station's results, kept and counted once.
//!
//! The body is read whole under its limits ([`body`]). It is then parsed on a thread of
//! its own, and its rows are written as they come, in one transaction with the raw bytes
//! and the receipt ([`take`]). Nothing is answered before that is durable.

mod answer;
mod body;
pub mod known;
mod raw;
mod replay;
mod take;

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use formats::{ParamError, Params};
use http::HeaderMap;

pub use self::answer::{Answer, Counts};
pub use self::body::Encoding;
pub use self::replay::replay;
pub use self::take::{Delivery, take};
use crate::auth::Caller;
use crate::problem::{ApiResult, Cause, Problem};
use crate::state::AppState;

/// A run that starts later than this from now is from the future, and not counted yet.
pub const FUTURE: Duration = Duration::from_secs(86_400);

/// `POST /ingest/v1/{format}`
///
/// # Errors
/// 400 for a parameter or a coding, 404 for a format that is not there, 408, 413, 415,
/// 429 and 507 when nothing was kept, 422 when nothing could be used.
pub async fn post(
    State(state): State<AppState>,
    Caller(caller): Caller,
    format: Result<Path<String>, PathRejection>,
    query: Result<Query<Vec<(String, String)>>, QueryRejection>,
    headers: HeaderMap,
    request: Request,
) -> ApiResult<Json<Answer>> {
    let Path(format) = format.map_err(|_| Problem::not_found())?;
    if !formats::FORMATS.iter().any(|known| known.name == format) {
        return Err(Problem::not_found());
    }
    let Some(tenant) = caller.tenant() else { return Err(store::Error::NoTenant.into()) };
    let params = params(query)?;
    let encoding = body::encoding(&headers)?;
    let limits = *state.limits();
    state.disk().room()?;
    let place = state.upload_place(tenant).ok_or_else(|| {
        Problem::too_many("Too many uploads are under way. Nothing was kept; send it again.", 5)
    })?;
    let bytes = body::read(request.into_body(), &limits).await?;
    let delivery = Delivery { format, params, encoding, bytes, replays: None };
    let answer = take(&state, &caller, delivery).await;
    drop(place);
    answer.map(Json)
}

fn params(query: Result<Query<Vec<(String, String)>>, QueryRejection>) -> ApiResult<Params> {
    let Query(query) = query.map_err(|rejection| {
        Problem::bad_request(vec![Cause { parameter: "query".into(), why: rejection.body_text() }])
    })?;
    let mut params = Params::default();
    let mut causes = Vec::new();
    for (name, value) in query {
        if value.chars().any(char::is_control) {
            let why = "has a control character in it".to_owned();
            causes.push(Cause { parameter: name, why });
            continue;
        }
        if let Err(ParamError { parameter, why }) = params.set(&name, &value) {
            causes.push(Cause { parameter, why });
        }
    }
    if causes.is_empty() { Ok(params) } else { Err(Problem::bad_request(causes)) }
}
