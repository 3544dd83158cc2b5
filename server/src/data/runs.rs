//! `GET /data/v1/runs`

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::dimension::AttributeName;
use domain::frame::{Column, MEDIA_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Map, json};

use store::frames::Wanted;

use crate::api::yields::asked::{Asked, wrong};
use crate::auth::Caller;
use crate::figures;
use crate::frames::{Runs, Tag};
use crate::limits::count_refusal;
use crate::problem::{ApiResult, EN, Problem};
use crate::resources::memory::BodyMemory;
use crate::state::AppState;
use crate::web::accept;
use crate::web::compression::Coding;
use crate::web::extract::Query;

/// `GET /data/v1/runs`: the runs in a window that match filters, counted or not, as a frame,
/// laid out by station. What its engine counts of them is what `/api/v1/yield` answers. Where
/// there are more runs than a frame has rows, its rows are cells of those that are alike. With
/// `measurement` it also has the value of that in each run, in bins; cells have none. With
/// `attribute` it has the value of that attribute. With
/// `columns` it has these alone.
///
/// # Errors
/// 400 for a parameter; 413 where there are more cells too, with the first day from which on
/// there are not more runs than rows; 429 where too many bytes of frames are
/// being sent; 503 where too many others wait for frames.
pub async fn runs(
    State(state): State<AppState>,
    Caller(caller): Caller,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let asked = Asked::narrowing(&query, &["attribute", "columns", "measurement"])?;
    let without = asked.own("columns").map(all_but).transpose()?.unwrap_or_default();
    let attribute = match asked.own("attribute") {
        None => None,
        Some(name) => Some(
            AttributeName::parse(name).ok_or_else(|| wrong("attribute", EN.cause_attribute()))?,
        ),
    };
    let most = state.limits().frame_runs;
    let tenant = caller.tenant().ok_or(store::Error::NoTenant)?;
    let (mut tx, _) = figures::begin(state.store(), &caller).await?;
    let measurement = match asked.own("measurement") {
        None => None,
        Some(name) => Some(
            tx.measurement(name)
                .await?
                .ok_or_else(|| wrong("measurement", EN.cause_measurement()))?,
        ),
    };
    let wanted = Wanted { question: asked.question, most, measurement, attribute, without };
    let tag = Tag::of(&mut tx, &wanted).await?;
    let mut answer = if accept::holds(&headers, &tag.header()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let built = state.frames().get(tag, state.store(), tx, &wanted).await?;
        if let Runs::TooMany(fits) = &built.runs {
            return Err(too_many(most, fits.map(|day| day.to_string())));
        }
        let coding = Coding::of(&headers);
        let packed = built.packed(coding).await?.unwrap_or_default();
        let mut memory = state.frame_memory(tenant);
        if !memory.try_grow_to(packed.len()) {
            count_refusal("frame_memory");
            let why = EN.limit_answers();
            return Err(Problem::too_many(why, 5));
        }
        let sent = Sent { bytes: packed, _memory: memory };
        let mut answer = Bytes::from_owner(sent).into_response();
        if let Some(name) = coding.name() {
            answer.headers_mut().insert(header::CONTENT_ENCODING, name);
        }
        answer
    };
    let told = answer.headers_mut();
    told.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    told.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    told.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::try_from(tag.header()) {
        told.insert(header::ETAG, tag);
    }
    Ok(answer)
}

/// A frame on its way to a reader, counted until the last of it was sent.
struct Sent {
    bytes: Bytes,
    _memory: BodyMemory,
}

impl AsRef<[u8]> for Sent {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// What a frame lacks that has only these columns.
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
