//! `POST /ingest/v1/{format}`: a station's results, kept and counted once.
//!
//! The body is read whole under its limits, parsed on a thread of its own, and written
//! in one transaction with its raw bytes and its receipt. Nothing is answered before
//! that is durable.

mod body;

use std::cell::RefCell;
use std::io::Write;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use domain::{IngestRecord, ReceiptId};
use formats::{Event, ParamError, Params, Tenant, TooMuch};
use http::HeaderMap;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::ingest::{Batch, Raw, Receipt, Receipted, Remark};
use store::{Principal, TenantTx};
use uuid::Uuid;

pub use self::body::Encoding;
use crate::auth::Caller;
use crate::clock;
use crate::problem::{ApiResult, Cause, Problem};
use crate::state::{AppState, Limits};

/// A run that starts later than this from now is from the future, and not counted yet.
pub const FUTURE: Duration = Duration::from_secs(86_400);

/// Rejects and warnings in an answer, each; the receipt has them all.
const LISTED: usize = 1000;

/// Rejects and warnings that a receipt holds; a body with more is refused.
const REMARKS: usize = 100_000;

/// What came of an upload.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The receipt of this upload.
    pub receipt_id: ReceiptId,
    /// The earlier receipt of the same bytes and parameters.
    pub first_receipt_id: Option<ReceiptId>,
    /// Runs that were new.
    pub accepted: u64,
    /// Runs that replaced a lesser version of themselves.
    pub updated: u64,
    /// Runs that were here already.
    pub duplicates: u64,
    /// Lines that could not be used, the first thousand.
    pub rejected: Vec<Reject>,
    /// All of them.
    pub rejected_total: u64,
    /// What was odd, the first thousand.
    pub warnings: Vec<Warning>,
    /// All of them.
    pub warnings_total: u64,
}

/// A line that could not be used.
#[derive(Debug, Serialize)]
pub struct Reject {
    line: u64,
    why: String,
}

/// Something odd.
#[derive(Debug, Serialize)]
pub struct Warning {
    line: u64,
    code: &'static str,
    why: String,
}

/// `POST /ingest/v1/{format}`
///
/// # Errors
/// 400 for a parameter or a coding, 404 for a format that is not there, 408, 413, 415 and
/// 429 when nothing was kept, 422 when nothing could be used.
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
    if caller.tenant().is_none() {
        return Err(store::Error::NoTenant.into());
    }
    let params = params(query)?;
    let encoding = body::encoding(&headers)?;
    let limits = *state.limits();
    let place = state.upload_place(&caller).ok_or_else(|| {
        Problem::too_many("Too many uploads are under way. Nothing was kept; send it again.", 5)
    })?;
    let bytes = body::read(request.into_body(), &limits).await?;
    let answer = take(&state, &caller, &format, params, encoding, bytes).await;
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

/// Takes a body for the caller's tenant.
///
/// # Errors
/// 413 when a limit of the format is passed, 422 when nothing in it could be used.
pub async fn take(
    state: &AppState,
    caller: &Principal,
    format: &str,
    params: Params,
    encoding: Encoding,
    bytes: Vec<u8>,
) -> ApiResult<Answer> {
    let kept_params = serde_json::to_value(&params).map_err(|_| Problem::internal())?;
    let parse = {
        let format = format.to_owned();
        let limits = *state.limits();
        move || parse(&format, params, &limits, encoding, &bytes)
    };
    let turn = state.parser_turn().await;
    let (batch, remarks, raw) =
        tokio::task::spawn_blocking(parse).await.map_err(|_| Problem::internal())??;
    drop(turn);
    let mut receipt = Receipt {
        id: ReceiptId::from(Uuid::now_v7()),
        received_at: clock::now(),
        format: format.to_owned(),
        params: kept_params,
        raw,
        remarks,
    };
    let mut tx = TenantTx::begin(state.store(), caller).await?;
    let receipted = batch.write(&mut tx, &mut receipt).await?;
    tx.commit().await?;
    answer(&receipt, &receipted)
}

/// Decodes, hashes, compresses and parses in one go: memory holds the body as it was
/// sent, its largest run, and a line a run.
fn parse(
    format: &str,
    params: Params,
    limits: &Limits,
    encoding: Encoding,
    bytes: &[u8],
) -> ApiResult<(Batch, Vec<Remark>, Raw)> {
    let mut batch = Batch::default();
    let remarks = RefCell::new(Vec::new());
    let remark = |line, code, why| remarks.borrow_mut().push(Remark { line, code, why });
    let mut sink = |event| match event {
        Event::Record { line, record: IngestRecord::Run(run) } => batch.add(format, line, &run),
        Event::Record { line, record: IngestRecord::Repair(_) } => {
            remark(
                line,
                None,
                "repairs are not kept by this version; the raw bytes are".to_owned(),
            );
        }
        Event::Reject { line, why } => remark(line, None, why),
        Event::Warning { line, code, why } => remark(line, Some(code), why),
    };
    let of_format = formats::Limits { runs: limits.upload_runs, ..formats::Limits::default() };
    let mut parser = formats::open(format, params, Tenant::default(), of_format)
        .map_err(|_| Problem::not_found())?;
    let mut sha256 = Sha256::new();
    let mut raw = zstd::Encoder::new(Vec::new(), 3).map_err(compressing)?;
    let length = body::decode(bytes, encoding, limits.decoded_bytes, |piece| {
        sha256.update(piece);
        raw.write_all(piece).map_err(compressing)?;
        parser.push(piece, &mut sink).map_err(over_limit)?;
        if remarks.borrow().len() > REMARKS { Err(too_many_remarks()) } else { Ok(()) }
    })?;
    parser.finish(&mut sink).map_err(over_limit)?;
    let zstd = raw.finish().map_err(compressing)?;
    Ok((batch, remarks.into_inner(), Raw { sha256: sha256.finalize().into(), bytes: length, zstd }))
}

fn too_many_remarks() -> Problem {
    Problem::too_large(format!(
        "More than {REMARKS} lines are wrong or odd: this is not a body of that format. Nothing was kept."
    ))
}

fn over_limit(too_much: TooMuch) -> Problem {
    Problem::too_large(format!("{too_much}. Nothing was kept."))
}

fn compressing(error: std::io::Error) -> Problem {
    tracing::error!(%error, "cannot compress an upload");
    Problem::internal()
}

fn answer(receipt: &Receipt, receipted: &Receipted) -> ApiResult<Answer> {
    let tally = receipted.tally;
    let (mut rejected, mut warnings) = (Vec::new(), Vec::new());
    let (mut rejected_total, mut warnings_total) = (0, 0);
    for Remark { line, code, why } in &receipt.remarks {
        let (line, why) = (*line, why.clone());
        match code {
            None => {
                rejected_total += 1;
                rejected.push(Reject { line, why });
            }
            Some(code) => {
                warnings_total += 1;
                warnings.push(Warning { line, code, why });
            }
        }
    }
    rejected.truncate(LISTED);
    warnings.truncate(LISTED);
    let answer = Answer {
        receipt_id: receipt.id,
        first_receipt_id: receipted.first_receipt,
        accepted: tally.accepted,
        updated: tally.updated,
        duplicates: tally.duplicates,
        rejected,
        rejected_total,
        warnings,
        warnings_total,
    };
    for (counted, runs) in
        [("accepted", tally.accepted), ("updated", tally.updated), ("duplicates", tally.duplicates)]
    {
        metrics::counter!("ingested_runs_total", "result" => counted).increment(runs);
    }
    metrics::counter!("ingest_rejected_lines_total").increment(rejected_total);
    if tally.accepted + tally.updated + tally.duplicates > 0 {
        return Ok(answer);
    }
    let detail = match answer.rejected.first() {
        Some(first) => format!("Nothing could be used. Line {}: {}", first.line, first.why),
        None => "The body has no run in it.".to_owned(),
    };
    let extra = match serde_json::to_value(&answer) {
        Ok(Value::Object(extra)) => extra,
        _ => serde_json::Map::new(),
    };
    Err(Problem::unprocessable(detail, extra))
}
