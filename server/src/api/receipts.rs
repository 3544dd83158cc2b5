//! `/api/v1/receipts`: what came of every upload, and the bytes of it.

use std::io::{Cursor, Read};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::SecondsFormat;
use domain::{ReceiptId, Zone};
use futures::stream;
use http::header;
use serde_json::{Value, json};
use store::TenantTx;
use store::ingest::RemarkKind;
use store::receipts::{Kept, KeptRemark, code_of};

use super::{cursor, cut_page, limit};
use crate::auth::Caller;
use crate::clock;
use crate::extract::{Json, Path, Query};
use crate::ingest::Counts;
use crate::problem::{ApiResult, EN, Problem};
use crate::state::{AppState, PersonPermit, SharedPermit};

/// Bytes that are decoded at once while they are sent.
const PIECE_BYTES: usize = 64 << 10;

/// `GET /api/v1/receipts?limit=&cursor=`: the newest first.
///
/// # Errors
/// 400 for the query.
pub async fn list(
    State(state): State<AppState>,
    Caller(caller): Caller,
    query: Query,
) -> ApiResult<Json<Value>> {
    let (limit, before) = (limit(&query)?, cursor::<ReceiptId>(&query)?);
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    let mut receipts = tx.receipts(before, limit + 1).await?;
    let next = cut_page(&mut receipts, limit).and(receipts.last());
    Ok(Json(json!({
        "next": next.map(|last| last.id),
        "items": receipts.iter().map(receipt).collect::<Vec<_>>(),
    })))
}

/// `GET /api/v1/receipts/{id}?limit=&cursor=`: the receipt, its remarks by reason, and
/// page by page one by one.
///
/// # Errors
/// 404 when there is no such receipt, 400 for the query.
pub async fn one(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<ReceiptId>,
    query: Query,
) -> ApiResult<Json<Value>> {
    let (limit, after) = (limit(&query)?, cursor::<i32>(&query)?);
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    let kept = tx.receipt(id).await?.ok_or_else(Problem::not_found)?;
    let reasons: Vec<Value> = tx
        .remark_reasons(id)
        .await?
        .iter()
        .map(|it| {
            let (kind, code) = code_of(it.code.as_deref());
            let rejected = kind == RemarkKind::Reject;
            json!({ "code": code, "rejected": rejected, "why": it.why, "lines": it.lines, "first_line": it.first_line })
        })
        .collect();
    let mut remarks = tx.remarks(id, after.unwrap_or(0), limit + 1).await?;
    let next = cut_page(&mut remarks, limit).and(remarks.last()).map(|last| last.seq.to_string());
    let (rejected, warnings): (Vec<_>, Vec<_>) =
        remarks.iter().partition(|it| code_of(it.code.as_deref()).0 == RemarkKind::Reject);
    let mut body = receipt(&kept);
    if let Value::Object(members) = &mut body {
        members.insert("reasons".into(), json!(reasons));
        members.insert("rejected".into(), rejected.into_iter().map(listed).collect());
        members.insert("warnings".into(), warnings.into_iter().map(listed).collect());
        // Not a number to count with.
        members.insert("next".into(), json!(next));
    }
    Ok(Json(body))
}

/// `GET /api/v1/receipts/{id}/raw`: the bytes as they were sent, decoded.
///
/// # Errors
/// 404 when there is no such receipt, 429 where too many such downloads are under way.
pub async fn raw(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<ReceiptId>,
) -> ApiResult<Response> {
    let tenant = caller.tenant().ok_or(store::Error::NoTenant)?;
    let many = || Problem::too_many(EN.limit_downloads(), 5);
    let person = state.try_acquire_download_of_person(&caller).ok_or_else(many)?;
    let permit = (person, state.try_acquire_download(tenant).ok_or_else(many)?);
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    let found = tx.replayable(id).await?.ok_or_else(Problem::not_found)?;
    tx.audit(clock::now(), "read the raw bytes of a receipt", &json!({ "receipt": id })).await?;
    tx.commit().await?;
    let name = format!("attachment; filename=\"{id}.{}\"", ending(&found.format));
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    let body = decoded(found.zstd, permit).map_err(|error| {
        tracing::error!(%error, receipt = %id, "the kept bytes cannot be decoded");
        Problem::internal()
    })?;
    Ok((headers, body).into_response())
}

fn ending(format: &str) -> String {
    format!("{format}.jsonl")
}

/// A body that is decoded as its reader takes it, without a thread: a reader that stalls
/// holds its compressed bytes and its permit, and nothing else.
fn decoded(zstd: Vec<u8>, permit: (PersonPermit, SharedPermit)) -> std::io::Result<Body> {
    let decoder = zstd::Decoder::with_buffer(Cursor::new(zstd))?;
    Ok(Body::from_stream(stream::try_unfold((decoder, permit), |(mut decoder, permit)| async {
        let mut piece = vec![0; PIECE_BYTES];
        let length = decoder.read(&mut piece)?;
        piece.truncate(length);
        std::io::Result::Ok((length > 0).then(|| (Bytes::from(piece), (decoder, permit))))
    })))
}

fn receipt(kept: &Kept) -> Value {
    json!({
        "receipt_id": kept.id,
        "received_at": kept.received_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "format": kept.format,
        "params": params(&kept.params),
        "actor": kept.actor,
        "sha256": kept.sha256.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
        "bytes": kept.bytes,
        "replay_of": kept.replay_of,
        "accepted": kept.runs.accepted,
        "updated": kept.runs.updated,
        "duplicates": kept.runs.duplicates,
        "repairs": Counts::from(kept.repairs),
        "rejected_total": kept.rejected,
        "warnings_total": kept.warnings,
    })
}

/// The parameters as an address or a replay gives them: a time is a text, which names its
/// zone if the one that was sent did.
pub(crate) fn params(kept: &Value) -> Value {
    let mut params = kept.clone();
    if let Some(time) = params.get_mut("started_at")
        && let Ok(moment) = serde_json::from_value::<formats::Moment>(time.clone())
    {
        let text = moment.at.to_string();
        *time = match moment.zone {
            Zone::Stated => text.into(),
            Zone::Assumed => text.trim_end_matches('Z').into(),
        };
    }
    params
}

fn listed(remark: &KeptRemark) -> Value {
    let (_, code) = code_of(remark.code.as_deref());
    json!({ "line": remark.line, "code": code, "why": remark.why })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_shows_parameters_as_they_may_be_given_again() {
        for sent in ["2026-03-01T08:00:00+08:00", "2026-03-01T00:00:00"] {
            let mut given = formats::Params::default();
            given.set("unit", "U1").unwrap();
            given.set("started_at", sent).unwrap();
            let shown = params(&serde_json::to_value(&given).unwrap());
            let mut again = formats::Params::default();
            for (name, text) in shown.as_object().unwrap() {
                again.set(name, text.as_str().unwrap()).unwrap();
            }
            assert_eq!(again, given, "{shown}");
        }
    }
}
