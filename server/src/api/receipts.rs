//! `/api/v1/receipts`: the result of every upload, and its raw bytes.

use std::io::{Cursor, Read};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::ReceiptId;
use futures::stream;
use http::header;
use serde::Serialize;
use serde_json::{Value, json};
use store::TenantTx;
use store::ingest::RemarkKind;
use store::receipts::{Kept, Reason, StoredRemark, code_of};
use utoipa::ToSchema;

use super::{cursor, cut_page, limit};
use crate::auth::Caller;
use crate::clock;
use crate::ingest::Counts;
use crate::problem::{ApiResult, EN, Problem};
use crate::queries::receipts::params;
use crate::queries::schema;
use crate::state::{AppState, PersonPermit, SharedPermit};
use crate::web::extract::{Json, Path, Query};

/// Chunk size of a streamed download, in decoded bytes.
const CHUNK_BYTES: usize = 64 << 10;

/// `GET /api/v1/receipts?limit=&cursor=`: newest first.
///
/// # Errors
/// 400 for the query.
pub async fn list(
    State(state): State<AppState>,
    Caller(caller): Caller,
    query: Query,
) -> ApiResult<Json<ReceiptPage>> {
    let (limit, before) = (limit(&query)?, cursor::<ReceiptId>(&query)?);
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    let mut receipts = tx.receipts(before, limit + 1).await?;
    let next = cut_page(&mut receipts, limit).and(receipts.last());
    let next = next.map(|last| last.id);
    Ok(Json(ReceiptPage { items: receipts.iter().map(ReceiptItem::new).collect(), next }))
}

/// `GET /api/v1/receipts/{id}?limit=&cursor=`: the receipt, its remarks by reason, and
/// a page of its individual remarks.
///
/// # Errors
/// 404 when there is no such receipt, 400 for the query.
pub async fn one(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<ReceiptId>,
    query: Query,
) -> ApiResult<Json<ReceiptAnswer>> {
    let (limit, after) = (limit(&query)?, cursor::<i32>(&query)?);
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    let stored = tx.receipt(id).await?.ok_or_else(Problem::not_found)?;
    let reasons = tx.remark_reasons(id).await?;
    let mut remarks = tx.remarks(id, after.unwrap_or(0), limit + 1).await?;
    let next = cut_page(&mut remarks, limit).and(remarks.last()).map(|last| last.seq.to_string());
    let (mut rejected, mut warnings) = (Vec::new(), Vec::new());
    for StoredRemark { line, code, why, .. } in remarks {
        let (kind, code) = code_of(code.as_deref());
        let item = RemarkItem { line, code: code.map(str::to_owned), why };
        match kind {
            RemarkKind::Reject => rejected.push(item),
            RemarkKind::Warning => warnings.push(item),
        }
    }
    let reasons = reasons.into_iter().map(ReasonItem::from).collect();
    Ok(Json(ReceiptAnswer {
        receipt: ReceiptItem::new(&stored),
        reasons,
        rejected,
        warnings,
        next,
    }))
}

/// `GET /api/v1/receipts/{id}/raw`: the bytes as they were sent, decoded.
///
/// # Errors
/// 404 when there is no such receipt, 429 when too many such downloads are in progress.
pub async fn raw(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<ReceiptId>,
) -> ApiResult<Response> {
    let tenant = caller.tenant().ok_or(store::Error::NoTenant)?;
    let too_many = || Problem::too_many(EN.limit_downloads(), 5);
    let person = state.try_acquire_download_of_person(&caller).ok_or_else(too_many)?;
    let permit = (person, state.try_acquire_download(tenant).ok_or_else(too_many)?);
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    let found = tx.load_replay_input(id).await?.ok_or_else(Problem::not_found)?;
    tx.audit(clock::now(), "read the raw bytes of a receipt", &json!({ "receipt": id })).await?;
    tx.commit().await?;
    let name = format!("attachment; filename=\"{id}.{}\"", file_extension(&found.format));
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    let body = decoding_body(found.zstd, permit).map_err(|error| {
        tracing::error!(%error, receipt = %id, "the kept bytes cannot be decoded");
        Problem::internal()
    })?;
    Ok((headers, body).into_response())
}

fn file_extension(format: &str) -> String {
    format!("{format}.jsonl")
}

/// Creates a streaming body that decodes on demand, without a thread: a reader that stalls
/// holds its compressed bytes and its permit, and nothing else.
fn decoding_body(zstd: Vec<u8>, permit: (PersonPermit, SharedPermit)) -> std::io::Result<Body> {
    let decoder = zstd::Decoder::with_buffer(Cursor::new(zstd))?;
    Ok(Body::from_stream(stream::try_unfold((decoder, permit), |(mut decoder, permit)| async {
        let mut chunk = vec![0; CHUNK_BYTES];
        let length = decoder.read(&mut chunk)?;
        chunk.truncate(length);
        std::io::Result::Ok((length > 0).then(|| (Bytes::from(chunk), (decoder, permit))))
    })))
}

/// A page of receipts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptPage {
    items: Vec<ReceiptItem>,
    /// The cursor of the next page.
    #[schema(value_type = Option<String>, format = Uuid)]
    next: Option<ReceiptId>,
}

/// The result of one upload.
#[derive(Debug, Serialize, ToSchema)]
struct ReceiptItem {
    #[schema(value_type = String, format = Uuid)]
    receipt_id: ReceiptId,
    #[serde(serialize_with = "schema::time")]
    #[schema(value_type = String, format = DateTime)]
    received_at: DateTime<Utc>,
    /// The format's name.
    format: String,
    /// The upload's parameters, by name.
    #[schema(value_type = BTreeMap<String, String>)]
    params: Value,
    /// The user or token that sent it.
    actor: String,
    /// SHA-256 of the decoded bytes, in hexadecimal.
    sha256: String,
    /// Number of decoded bytes.
    bytes: i64,
    /// The receipt whose bytes were parsed again.
    #[schema(value_type = Option<String>, format = Uuid)]
    replay_of: Option<ReceiptId>,
    /// Runs that were new.
    accepted: u64,
    /// Runs that replaced a less complete version.
    updated: u64,
    /// Runs that were already stored.
    duplicates: u64,
    /// The same counts for repairs.
    repairs: Counts,
    /// Lines that could not be used.
    rejected_total: i64,
    warnings_total: i64,
}

impl ReceiptItem {
    fn new(stored: &Kept) -> Self {
        Self {
            receipt_id: stored.id,
            received_at: stored.received_at,
            format: stored.format.clone(),
            params: params(&stored.params),
            actor: stored.actor.clone(),
            sha256: hex::encode(&stored.sha256),
            bytes: stored.bytes,
            replay_of: stored.replay_of,
            accepted: stored.runs.accepted,
            updated: stored.runs.updated,
            duplicates: stored.runs.duplicates,
            repairs: Counts::from(stored.repairs),
            rejected_total: stored.rejected,
            warnings_total: stored.warnings,
        }
    }
}

/// A receipt, its remarks by reason, and a page of individual remarks.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptAnswer {
    #[serde(flatten)]
    receipt: ReceiptItem,
    reasons: Vec<ReasonItem>,
    rejected: Vec<RemarkItem>,
    warnings: Vec<RemarkItem>,
    /// The cursor of the next page.
    next: Option<String>,
}

/// Remarks of one reason.
#[derive(Debug, Serialize, ToSchema)]
struct ReasonItem {
    /// Their code.
    code: Option<String>,
    /// Whether these are rejects; otherwise they are warnings.
    rejected: bool,
    /// The text of the first.
    why: String,
    /// Number of lines.
    lines: i64,
    /// The line of the first.
    first_line: i64,
}

impl From<Reason> for ReasonItem {
    fn from(reason: Reason) -> Self {
        let Reason { code, why, lines, first_line, .. } = reason;
        let (kind, code) = code_of(code.as_deref());
        let rejected = kind == RemarkKind::Reject;
        Self { code: code.map(str::to_owned), rejected, why, lines, first_line }
    }
}

/// A reject or a warning about a line.
#[derive(Debug, Serialize, ToSchema)]
struct RemarkItem {
    line: i64,
    /// Its code.
    code: Option<String>,
    why: String,
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
