//! `GET /data/v1/values`

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::values::{MEDIA_TYPE, encode};
use http::{HeaderMap, HeaderValue, header};

use crate::auth::Caller;
use crate::figures;
use crate::frames::spawn_cpu;
use crate::limits::count_refusal;
use crate::problem::{ApiResult, EN, Problem};
use crate::queries::asked::Asked;
use crate::queries::quality::measurement;
use crate::queries::quality::sample::{PARAMETERS, Sample};
use crate::state::AppState;
use crate::web::compression::Coding;
use crate::web::extract::Query;

use super::TrackedBody;

/// `GET /data/v1/values?parameter=`: the finite values of a parameter in the order of their runs,
/// at most 1,000,000: those that `/api/v1/capability` computes with.
///
/// # Errors
/// 400 for a parameter, or where there are too many runs; 429 where too many bytes of frames
/// are being sent.
pub async fn values(
    State(state): State<AppState>,
    Caller(caller): Caller,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let asked = Asked::read(&query, &PARAMETERS)?;
    let tenant = caller.tenant().ok_or(store::Error::NoTenant)?;
    let (mut tx, _) = figures::begin(state.store(), &caller).await?;
    let measurement = measurement(&mut tx, &asked).await?;
    let sample = Sample::load(&mut tx, &asked, &measurement, None).await?;
    drop(tx);
    let coding = Coding::from_headers(&headers);
    let bytes =
        spawn_cpu("values", move || coding.compress(Bytes::from(encode(&sample.numbers()))))
            .await?;
    let mut memory = state.frame_memory(tenant);
    if !memory.try_grow_to(bytes.len()) {
        count_refusal("frame_memory");
        return Err(Problem::too_many(EN.limit_answers(), 5));
    }
    let mut answer = Bytes::from_owner(TrackedBody::new(bytes, memory)).into_response();
    let head = answer.headers_mut();
    if let Some(name) = coding.name() {
        head.insert(header::CONTENT_ENCODING, name);
    }
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    head.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(answer)
}
