//! `GET /data/v1/runs`

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::dimension::AttributeName;
use domain::frame::{Column, MEDIA_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Map, json};

use store::frames::FrameQuery;

use super::TrackedBody;
use crate::auth::Caller;
use crate::figures;
use crate::frames::{Runs, Tag};
use crate::limits::count_refusal;
use crate::problem::{ApiResult, EN, Problem};
use crate::queries::asked::{Asked, wrong};
use crate::state::AppState;
use crate::web::accept;
use crate::web::compression::Coding;
use crate::web::extract::Query;

/// `GET /data/v1/runs`: the runs in a window that match filters, counted or not, as a frame,
/// laid out by station. The engine computes the same figures from it as `/api/v1/yield`. If
/// there are more runs than a frame may have rows, its rows are cells of equal runs. With
/// `measurement` it also has the value of that measurement in each run, in bins; cells have
/// none. With `attribute` it has the value of that attribute. With `columns` it has only these.
///
/// # Errors
/// 400 for a parameter; 413 if there are too many cells too, with the first day from which
/// the runs fit into the rows; 429 if too many bytes of frames are being
/// sent; 503 if too many others wait for frames.
pub async fn runs(
    State(state): State<AppState>,
    Caller(caller): Caller,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let request = Asked::narrowing(&query, &["attribute", "columns", "measurement"])?;
    let without = request.own("columns").map(all_but).transpose()?.unwrap_or_default();
    let attribute = match request.own("attribute") {
        None => None,
        Some(name) => Some(
            AttributeName::parse(name).ok_or_else(|| wrong("attribute", EN.cause_attribute()))?,
        ),
    };
    let most = state.limits().frame_runs;
    let tenant = caller.tenant().ok_or(store::Error::NoTenant)?;
    let (mut tx, _) = figures::begin(state.store(), &caller).await?;
    let measurement = match request.own("measurement") {
        None => None,
        Some(name) => Some(
            tx.measurement(name)
                .await?
                .ok_or_else(|| wrong("measurement", EN.cause_measurement()))?,
        ),
    };
    let wanted = FrameQuery { question: request.question, most, measurement, attribute, without };
    let tag = Tag::of(&mut tx, &wanted).await?;
    let mut answer = if accept::if_none_match(&headers, &tag.header()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let built = state.frames().get(tag, state.store(), tx, &wanted).await?;
        if let Runs::TooMany(fits) = &built.runs {
            return Err(too_many(most, fits.map(|day| day.to_string())));
        }
        let coding = Coding::from_headers(&headers);
        let compressed = built.compressed(coding).await?.unwrap_or_default();
        let mut memory = state.frame_memory(tenant);
        if !memory.try_grow_to(compressed.len()) {
            count_refusal("frame_memory");
            let why = EN.limit_answers();
            return Err(Problem::too_many(why, 5));
        }
        let body = TrackedBody::new(compressed, memory);
        let mut answer = Bytes::from_owner(body).into_response();
        if let Some(name) = coding.name() {
            answer.headers_mut().insert(header::CONTENT_ENCODING, name);
        }
        answer
    };
    let response_headers = answer.headers_mut();
    response_headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    response_headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response_headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::try_from(tag.header()) {
        response_headers.insert(header::ETAG, tag);
    }
    Ok(answer)
}

/// The columns that a frame with only these columns omits.
fn all_but(columns: &str) -> ApiResult<Vec<Column>> {
    let columns: Result<Vec<Column>, _> = columns.split(',').map(str::parse).collect();
    let columns = columns.map_err(|unknown| wrong("columns", unknown.to_string()))?;
    Ok(Column::all_but(&columns))
}

fn too_many(most: usize, from: Option<String>) -> Problem {
    let narrower = match &from {
        Some(from) => EN.runs_narrower_from(most, from),
        None => EN.runs_narrower(most),
    };
    let mut fits = Map::new();
    fits.insert("fits".into(), json!({ "from": from }));
    Problem::too_much(narrower, fits)
}
