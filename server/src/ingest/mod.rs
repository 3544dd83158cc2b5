//! `POST /ingest/v1/{format}`: a station's results, kept and counted once.
//!
//! The body is read whole under its limits ([`body`]). It is then parsed on a thread of
//! its own, and its rows are written as they come, in one transaction with the raw bytes
//! and the receipt ([`take`]). Nothing is answered before that is durable.

mod answer;
mod body;
mod early;
pub mod known;
mod raw;
mod refused;
mod remarks;
mod replay;
mod take;

use axum::body::Bytes;
use axum::extract::{Request, State};
use formats::{ParamError, Params};
use futures::Stream;
use http::HeaderMap;
use messages::Locale;
use store::Principal;

pub use self::answer::{Answer, Counts};
pub use self::body::Encoding;
pub(crate) use self::replay::again;
pub use self::replay::replay;
pub use self::take::{Delivery, take};
use crate::auth::Caller;
use crate::problem::{ApiResult, Cause, EN, Problem};
use crate::state::{AppState, Limits};
use crate::web::context::ClientGone;
use crate::web::extract::{Json, Path, Query};

/// `POST /ingest/v1/{format}`
///
/// # Errors
/// 400 for a parameter or a coding, 404 for a format that is not there, 408, 413, 415,
/// 429 and 507 when nothing was kept, 422 when nothing could be used.
pub async fn post(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(format): Path<String>,
    query: Query,
    headers: HeaderMap,
    request: Request,
) -> ApiResult<Json<Answer>> {
    if !formats::FORMATS.iter().any(|known| known.name == format) {
        return Err(Problem::not_found());
    }
    let announced = Announced {
        format: Some(format),
        params: params(&query)?,
        encoding: body::encoding(&headers)?,
        gone: ClientGone::from_extensions(request.extensions()),
    };
    let received = receive(&state, &caller, announced, body::pieces(request.into_body())).await;
    received.map(|(_, answer)| Json(answer))
}

/// What is known of an upload before it arrives.
#[derive(Debug)]
pub struct Announced {
    /// The format's name; none means that the beginning of the body shows it.
    pub format: Option<String>,
    /// What the data cannot say.
    pub params: Params,
    /// How the body is compressed.
    pub encoding: Encoding,
    /// Whether the sender still waits.
    pub gone: ClientGone,
}

/// Receives an upload for the caller's tenant: the one way for stations and for pages.
/// Answers with the format's name, too.
///
/// # Errors
/// Those of [`post`], but for the format's and the parameters'; 400 where the format cannot
/// be detected.
pub async fn receive(
    state: &AppState,
    caller: &Principal,
    announced: Announced,
    pieces: impl Stream<Item = ApiResult<Bytes>> + Unpin,
) -> ApiResult<(String, Answer)> {
    let Announced { format, params, encoding, gone } = announced;
    let tenant = caller.tenant().ok_or(store::Error::NoTenant)?;
    let limits = *state.limits();
    state.disk().room()?;
    let many = || Problem::too_many(EN.upload_too_many(), 5);
    let person = state.try_acquire_upload_of_person(caller).ok_or_else(many)?;
    let permit = state.try_acquire_upload(tenant).ok_or_else(many)?;
    let mut memory = state.body_memory(tenant);
    let bytes = body::read(pieces, &limits, &mut memory).await?;
    let (format, bytes) = match format {
        Some(format) => (format, bytes),
        None => told(bytes, encoding, limits).await?,
    };
    let delivery = Delivery { format: format.clone(), params, encoding, bytes, replays: None };
    let answer = take(state, caller, delivery, &gone).await;
    drop((permit, person, memory));
    Ok((format, answer?))
}

/// The format that the bytes are in, and the bytes.
async fn told(bytes: Vec<u8>, encoding: Encoding, limits: Limits) -> ApiResult<(String, Vec<u8>)> {
    let look = move || -> ApiResult<(String, Vec<u8>)> {
        let beginning = body::beginning(&bytes, encoding, &limits)?;
        match formats::sniff(&beginning) {
            Some(format) => Ok((format.name.to_owned(), bytes)),
            None if bytes.is_empty() => Err(Problem::format_unknown(EN.upload_empty())),
            None => Err(match formats::wrong_with_all(&beginning) {
                Some(wrong) => Problem::format_unknown(&Locale::En.upload_file_is(wrong.why)),
                None => Problem::format_unknown(EN.upload_undetected()),
            }),
        }
    };
    tokio::task::spawn_blocking(look).await.map_err(|_| Problem::internal())?
}

fn params(query: &Query) -> ApiResult<Params> {
    let mut params = Params::default();
    let mut causes = Vec::new();
    for (name, value) in &query.0 {
        if let Err(cause) = set(&mut params, name, value) {
            causes.push(cause);
        }
    }
    if causes.is_empty() { Ok(params) } else { Err(Problem::bad_request(causes)) }
}

/// Sets a parameter of an upload.
pub(crate) fn set(params: &mut Params, name: &str, value: &str) -> Result<(), Cause> {
    if value.chars().any(char::is_control) {
        let why = EN.cause_control().to_owned();
        return Err(Cause { parameter: name.to_owned(), why });
    }
    let set = params.set(name, value);
    set.map_err(|ParamError { parameter, why }| Cause { parameter, why })
}
