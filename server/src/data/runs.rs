//! `GET /data/v1/runs`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::frame::{Column, MEDIA_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Map, json};
use sha2::{Digest as _, Sha256};
use store::frames::Framed;

use super::packed::Coding;
use crate::api::yields::asked::{Asked, Pairs};
use crate::auth::Caller;
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;
use crate::{accept, figures};

/// `GET /data/v1/runs`: the runs in a window that match filters, counted or not, as a frame,
/// laid out by station. What its engine counts of them is what `/api/v1/yield` answers.
///
/// # Errors
/// 400 for a parameter; 413 where there are more runs than are handed out at once, with the
/// first day from which on there are not.
pub async fn runs(
    State(state): State<AppState>,
    Caller(caller): Caller,
    headers: HeaderMap,
    pairs: Pairs,
) -> ApiResult<Response> {
    let asked = Asked::narrowing(pairs)?;
    let most = state.limits().frame_runs;
    let (mut tx, _) = figures::begin(state.store(), &caller).await?;
    let builder = match tx.runs_framed(&asked.question, most).await? {
        Framed::All(builder) => builder,
        Framed::TooMany(from) => return Err(too_many(most, from.map(|day| day.to_string()))),
    };
    drop(tx);

    let coding = Coding::of(&headers);
    let packing = tokio::task::spawn_blocking(move || {
        let frame = builder.finish(Column::Station);
        let tag = format!("W/\"{}\"", hex::encode(&Sha256::digest(&frame)[..16]));
        let held = accept::holds(&headers, &tag);
        let body = if held { None } else { Some(coding.pack(frame)?) };
        Ok::<_, std::io::Error>((tag, body))
    });
    let (tag, body) = packing.await.map_err(std::io::Error::other).flatten().map_err(|error| {
        tracing::error!(%error, "packing a frame");
        Problem::internal()
    })?;
    let mut response = match body {
        Some(body) => body.into_response(),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    let encoding = coding.name().filter(|_| response.status() == StatusCode::OK);
    let answers = response.headers_mut();
    answers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    if let Some(name) = encoding {
        answers.insert(header::CONTENT_ENCODING, name);
    }
    answers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        answers.insert(header::ETAG, tag);
    }
    Ok(response)
}

fn too_many(most: usize, from: Option<String>) -> Problem {
    let narrower = match &from {
        Some(from) => format!("With from={from} there are not."),
        None => "There are on the last day alone: name a station or a product too.".to_owned(),
    };
    let mut fits = Map::new();
    fits.insert("fits".into(), json!({ "from": from }));
    Problem::too_much(format!("There are more than {most} runs. {narrower}"), fits)
}
