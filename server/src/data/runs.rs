//! `GET /data/v1/runs`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::TenantId;
use domain::frame::{Builder, Column, MEDIA_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Map, json};
use sha2::{Digest as _, Sha256};
use store::frames::Framed;

use crate::api::yields::asked::{Asked, Pairs};
use crate::auth::Caller;
use crate::packed::Coding;
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;
use crate::{accept, figures};

/// `GET /data/v1/runs`: the runs in a window that match filters, counted or not, as a frame,
/// laid out by station. What its engine counts of them is what `/api/v1/yield` answers. Where
/// there are more runs than a frame has rows, its rows are cells of those that are alike.
///
/// # Errors
/// 400 for a parameter; 413 where there are more cells too, with the first day from which on
/// there are not more runs than rows.
pub async fn runs(
    State(state): State<AppState>,
    Caller(caller): Caller,
    headers: HeaderMap,
    pairs: Pairs,
) -> ApiResult<Response> {
    let asked = Asked::narrowing(pairs)?;
    let (mut tx, _) = figures::begin(state.store(), &caller).await?;
    let tag = tag(&asked, tx.tenant(), tx.watermark().await?);
    let coding = Coding::of(&headers);
    let mut answer = if accept::holds(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let most = state.limits().frame_runs;
        let builder = match tx.runs_framed(&asked.question, most).await? {
            Framed::Runs(builder) | Framed::Cells(builder, _) => builder,
            Framed::TooMany(from) => return Err(too_many(most, from.map(|day| day.to_string()))),
        };
        drop(tx);
        packed(coding, builder).await?
    };
    let told = answer.headers_mut();
    told.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    told.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    told.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        told.insert(header::ETAG, tag);
    }
    Ok(answer)
}

/// Changes with whatever can change the frame: this program, whose data, what was asked, and
/// the tenant's mark, which moves also where a run's time has come. Weak, for it is that of
/// every coding.
fn tag(asked: &Asked, tenant: TenantId, mark: i64) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let of = json!([version, tenant, asked.window(), asked.filters(), mark]).to_string();
    format!("W/\"{}\"", hex::encode(&Sha256::digest(of)[..16]))
}

async fn packed(coding: Coding, builder: Box<Builder>) -> ApiResult<Response> {
    let packing = tokio::task::spawn_blocking(move || coding.pack(builder.finish(Column::Station)));
    let body = packing.await.map_err(std::io::Error::other).flatten().map_err(|error| {
        tracing::error!(%error, "packing a frame");
        Problem::internal()
    })?;
    let mut answer = body.into_response();
    if let Some(name) = coding.name() {
        answer.headers_mut().insert(header::CONTENT_ENCODING, name);
    }
    Ok(answer)
}

fn too_many(most: usize, from: Option<String>) -> Problem {
    let narrower = match &from {
        Some(from) => format!("With from={from} there are not so many runs."),
        None => {
            "There are more runs on the last day alone: name a station or a product too.".to_owned()
        }
    };
    let mut fits = Map::new();
    fits.insert("fits".into(), json!({ "from": from }));
    Problem::too_much(
        format!("There are more than {most} runs, and of cells too. {narrower}"),
        fits,
    )
}
