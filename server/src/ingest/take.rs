//! From the bytes of an upload to its receipt.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use domain::{IngestRecord, ReceiptId, TenantId, Timestamp};
use formats::lots::{LotRule, LotRules};
use formats::{Event, Params, Parser, RejectCode, TooMuch, warning};
use store::ingest::{
    Batch, Ledger, Raw, Receipt, Remark, RemarkKind, ReplaySource, Staged, Upload, UploadResult,
};
use store::{Principal, TenantTx};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;
use uuid::Uuid;

use super::answer::{Answer, answer};
use super::raw::raw;
use super::refused::{self, Selection};
use super::remarks::Remarks;
use super::{Encoding, body, early};
use crate::clock;
use crate::limits::FUTURE;
use crate::problem::{ApiResult, EN, Problem};
use crate::resources::disk::Claim;
use crate::state::{AppState, Limits, SharedPermit};
use crate::web::context::ClientGone;

/// Rejects and warnings that a receipt holds; a body with more is refused.
const REMARKS: usize = 100_000;

/// Different things that one upload may measure; their names are held in memory.
const PARAMETERS: usize = 100_000;

/// What a byte of staged rows may become on the disk: rows, their indexes, and both once
/// more in PostgreSQL's log of changes. Measured: 2.5 for measurements, 3.4 for steps, 6 for
/// runs of nothing else.
const WRITTEN: u64 = 6;

/// Pieces of rows that wait to be written while the next is parsed.
const AHEAD: usize = 2;

/// An upload that has arrived.
#[derive(Debug)]
pub struct Delivery {
    /// The format's name.
    pub format: String,
    /// What the data cannot say.
    pub params: Params,
    /// How the bytes are compressed.
    pub encoding: Encoding,
    /// The body as it was sent.
    pub bytes: Vec<u8>,
    /// What is parsed again, if it is that.
    pub replays: Option<ReplaySource>,
}

/// Takes a delivery for the caller's tenant.
///
/// # Errors
/// 408 when it takes too long, 413 when a limit of the format is passed, 422 when nothing in it could be used, 507 when
/// there is no room for it.
pub async fn take(
    state: &AppState,
    caller: &Principal,
    delivery: Delivery,
    gone: &ClientGone,
) -> ApiResult<Answer> {
    let tenant = caller.tenant().ok_or(store::Error::NoTenant)?;
    let turn = turn(state, tenant, gone).await?;
    write(state, caller, delivery, turn).await
}

/// Waits for the tenant's turn to parse and write.
pub(super) async fn turn(
    state: &AppState,
    tenant: TenantId,
    gone: &ClientGone,
) -> ApiResult<SharedPermit> {
    // A station that gives up and sends again does not queue behind itself. Once begun, an
    // upload continues without its client, so that the same bytes find it when they come again.
    tokio::select! {
        permit = state.acquire_writer(tenant) => permit.ok_or_else(Problem::busy),
        () = gone.wait() => Err(Problem::busy()),
    }
}

/// Parses and writes a delivery whose turn it is.
pub(super) async fn write(
    state: &AppState,
    caller: &Principal,
    delivery: Delivery,
    turn: SharedPermit,
) -> ApiResult<Answer> {
    let most = state.limits().shares.write_time;
    // Ends before the commit: while that is under way nobody can say that nothing was kept.
    let written = timeout(most, parse_and_write(state, caller, delivery)).await;
    let written = written.unwrap_or_else(|_| Err(too_slow(most)))?;
    let answer = conclude(state, caller, written).await;
    drop(turn);
    answer
}

/// An upload that is parsed and written, and not committed.
pub(super) struct Written<'a> {
    receipt: Receipt,
    /// How many remarks parsing made.
    said: usize,
    until: Timestamp,
    /// How many runs and repairs the body has.
    pub(super) records: u64,
    /// What was merged, or why the database refused a row: then nothing is held any more.
    pub(super) merged: Result<Merged<'a>, String>,
}

/// What was merged, and what commits it.
pub(super) struct Merged<'a> {
    tx: TenantTx,
    /// Kept until all is committed: those who merge at the same time want room as well.
    room: Claim<'a>,
    result: UploadResult,
}

fn too_slow(most: Duration) -> Problem {
    Problem::timeout(EN.upload_slow(most.as_secs()))
}

/// What is parsed and written, as often as it takes to find the rows that the database refuses.
pub(super) struct Body {
    format: String,
    params: Params,
    encoding: Encoding,
    bytes: Bytes,
    replays: Option<ReplaySource>,
    limits: Limits,
}

/// The bytes to keep: those that a thread still compresses, or those that it has.
pub(super) enum Keeping {
    Pending(JoinHandle<ApiResult<Raw>>),
    Done(Raw),
}

async fn parse_and_write<'a>(
    state: &'a AppState,
    caller: &Principal,
    delivery: Delivery,
) -> ApiResult<Written<'a>> {
    let Delivery { format, params, encoding, bytes, replays } = delivery;
    let mut limits = *state.limits();
    if replays.is_none() {
        limits.decoded_bytes = body::decoded_limit(bytes.len(), &limits);
    }
    let bytes = Bytes::from(bytes);
    let body = Body { format, params, encoding, bytes, replays, limits };
    let given_up = Arc::new(AtomicBool::new(false));
    let _giving_up = GiveUp(Arc::clone(&given_up));
    let keeping = Keeping::Pending({
        let (bytes, keeps) = (body.bytes.clone(), replays.is_none());
        spawn_blocking(move || raw(&bytes, encoding, limits.decoded_bytes, keeps, &given_up))
    });
    let written = attempt(state, caller, &body, keeping, Selection::all()).await?;
    if written.merged.is_ok() {
        return Ok(written);
    }
    let most = limits.shares.write_time / 2;
    // The bytes of a dry run are not stored.
    let Raw { sha256, bytes, zstd: _ } = written.receipt.raw;
    let raw = Raw { sha256, bytes, zstd: Vec::new() };
    let found = timeout(most, refused::find(state, caller, &body, &raw, written.records)).await;
    let refused = match found {
        Ok(found) => found?,
        Err(_) => return Ok(written), // which says so of the whole body
    };
    attempt(state, caller, &body, Keeping::Done(written.receipt.raw), Selection::but(refused)).await
}

/// Parses the body and writes the selected runs and repairs, without committing them.
pub(super) async fn attempt<'a>(
    state: &'a AppState,
    caller: &Principal,
    body: &Body,
    keeping: Keeping,
    selection: Selection,
) -> ApiResult<Written<'a>> {
    let Body { format, params, encoding, bytes, replays, limits } = body;
    let (encoding, replays, limits) = (*encoding, *replays, *limits);
    let kept_params = serde_json::to_value(params).map_err(|_| Problem::internal())?;
    let of_format = formats::Limits {
        line_bytes: limits.line_bytes,
        depth: limits.line_depth,
        runs: limits.upload_runs,
        ..formats::Limits::default()
    };
    let mut tx = TenantTx::begin(state.store(), caller).await?;
    let tenant = tx.this_tenant().await?;
    let first = tx.earliest_run(formats::warning::CLOCK_SET).await?;
    let known = early::Known {
        added: tenant.created_at.try_into().unwrap_or(Timestamp::MIN),
        first: first.and_then(|at| at.try_into().ok()),
    };
    // They were checked before they were kept.
    let lot_rules: Vec<LotRule> = serde_json::from_value(tenant.lot_rules).unwrap_or_default();
    let lot_rules = LotRules::compile(&lot_rules).unwrap_or_default();
    let tenant = formats::Tenant {
        chassis_part_type: tenant.chassis_part_type,
        attribute_part_types: tenant.attribute_part_types,
    };
    let parser = formats::open(format, params.clone(), tenant, of_format)
        .map_err(|_| Problem::not_found())?;
    let mut upload = Upload::begin(&mut tx).await?;

    // The thread below cannot be dropped with this future; it checks the flag.
    let given_up = Arc::new(AtomicBool::new(false));
    let _giving_up = GiveUp(Arc::clone(&given_up));
    let (ripe, mut staged) = mpsc::channel(AHEAD);
    let reading = Reading {
        format: format.clone(),
        parser,
        lot_rules,
        limits,
        until: clock::now().saturating_add(FUTURE),
        known,
        selection,
        ripe,
        given_up,
    };
    let bytes = bytes.clone();
    let parsing = spawn_blocking(move || reading.read(encoding, &bytes));
    let mut staged_bytes = 0;
    let mut refusal = None;
    while let Some(rows) = staged.recv().await {
        // The rest is parsed to count the runs among which the refused one is found.
        if refusal.is_some() {
            continue;
        }
        state.disk().room()?;
        staged_bytes += rows.bytes();
        if let Err(error) = upload.stage(rows).await {
            refusal = Some(refused::why(error)?);
        }
    }
    let Parsed { rest, ledger, remarks, records } =
        parsing.await.map_err(|_| Problem::internal())??;
    let raw = match keeping {
        Keeping::Pending(raw) => raw.await.map_err(|_| Problem::internal())??,
        Keeping::Done(raw) => raw,
    };
    let written = WRITTEN * (staged_bytes + rest.bytes()) + 2 * raw.zstd.len() as u64;
    let room = state.disk().claim(written)?;
    let received_at = clock::now();
    let mut receipt = Receipt {
        id: ReceiptId::from(Uuid::now_v7()),
        received_at,
        format: format.clone(),
        params: kept_params,
        raw,
        remarks,
        replays,
    };
    let until = received_at.saturating_add(FUTURE);
    let said = receipt.remarks.len();
    let merged = match refusal {
        Some(why) => Err(why),
        None => {
            let merged = async {
                upload.stage(rest).await?;
                upload.finish(ledger, &mut receipt, until).await
            };
            match merged.await {
                Ok(receipted) => Ok(receipted),
                Err(error) => Err(refused::why(error)?),
            }
        }
    };
    // A refused write has nothing to commit: its connection and its room are free again.
    let merged = merged.map(|result| Merged { tx, room, result });
    Ok(Written { receipt, said, until, records, merged })
}

/// Commits what was written; where the database refused a row that was not found, keeps the
/// bytes alone.
async fn conclude(state: &AppState, caller: &Principal, written: Written<'_>) -> ApiResult<Answer> {
    let Written { mut receipt, said, until, merged, records: _ } = written;
    let receipted = match merged {
        Ok(Merged { tx, room, result }) => {
            tx.commit().await?;
            drop(room);
            result
        }
        Err(why) => {
            receipt.remarks.truncate(said);
            let (code, why) = (RejectCode::NotStorable.as_str(), EN.reject_body_not_storable(why));
            receipt.remarks.push(Remark { line: 1, kind: RemarkKind::Reject, code, why, lines: 1 });
            keep_unread(state, caller, &mut receipt, until).await?
        }
    };
    answer(&receipt, &receipted)
}

/// Keeps the bytes and the receipt of an upload of which the database refused a row: it
/// can be replayed once that is put right.
async fn keep_unread(
    state: &AppState,
    caller: &Principal,
    receipt: &mut Receipt,
    until: Timestamp,
) -> ApiResult<UploadResult> {
    let mut tx = TenantTx::begin(state.store(), caller).await?;
    let upload = Upload::begin(&mut tx).await?;
    let receipted = upload.finish(Ledger::default(), receipt, until).await?;
    tx.commit().await?;
    Ok(receipted)
}

/// What a thread of its own does with the bytes: decode and parse. Memory holds the body
/// as it was sent, its largest run, and the rows that wait.
struct Reading {
    format: String,
    parser: Parser,
    lot_rules: LotRules,
    limits: Limits,
    /// What is later than this is ahead of the clock.
    until: Timestamp,
    /// What the starts of runs are compared with.
    known: early::Known,
    selection: Selection,
    ripe: mpsc::Sender<Staged>,
    given_up: Arc<AtomicBool>,
}

/// Says, when it is dropped, that nobody waits for the upload any more.
struct GiveUp(Arc<AtomicBool>);

impl Drop for GiveUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[derive(Default)]
struct Parsed {
    rest: Staged,
    ledger: Ledger,
    remarks: Vec<Remark>,
    /// Runs and repairs of the body, selected or not.
    records: u64,
}

impl Reading {
    fn read(self, encoding: Encoding, bytes: &[u8]) -> ApiResult<Parsed> {
        let Self { format, mut parser, lot_rules, limits, until, known, selection, ripe, given_up } =
            self;
        // The parser speaks while it is pushed, and is asked about in between.
        let batch = RefCell::new(Batch::with_lot_derivation(move |part| lot_rules.derive(part)));
        let remarks = RefCell::new(Remarks::default());
        let remark = |line, kind, code, why| {
            remarks.borrow_mut().add(Remark { line, kind, code, why, lines: 1 });
        };
        let mut records = 0;
        let mut starts = Vec::new();
        let mut sink = |event| match event {
            Event::Record { line, record } => {
                let place = records;
                records += 1;
                if let Some(why) = selection.refusal(place) {
                    let code = RejectCode::NotStorable.as_str();
                    remark(line, RemarkKind::Reject, code, EN.reject_not_storable(why));
                }
                if !selection.takes(place) {
                    return;
                }
                if let IngestRecord::Run(run) = &record
                    && run.started_at <= until
                {
                    starts.push((line, run.started_at));
                }
                if let Some(why) = ahead(&record, until) {
                    remark(line, RemarkKind::Warning, warning::IN_FUTURE, why);
                }
                batch.borrow_mut().add(&format, line, &record);
            }
            Event::Reject { line, reject } => {
                remark(line, RemarkKind::Reject, reject.code.as_str(), reject.why);
            }
            Event::Warning { line, code, why } => remark(line, RemarkKind::Warning, code, why),
        };
        body::decode(bytes, encoding, limits.decoded_bytes, |piece| {
            if given_up.load(Ordering::Relaxed) {
                return Err(Problem::internal());
            }
            parser.push(piece, &mut sink).map_err(over_limit)?;
            if let Some(rows) = batch.borrow_mut().take_full_batch() {
                // Nobody takes them any more: the database refused, and that is answered.
                ripe.blocking_send(rows).map_err(|_| Problem::internal())?;
            }
            if batch.borrow().parameters() > PARAMETERS {
                return Err(too_many_parameters());
            }
            if remarks.borrow().len() > REMARKS { Err(too_many_remarks()) } else { Ok(()) }
        })?;
        parser.finish(&mut sink).map_err(over_limit)?;
        let (rest, ledger) = batch.into_inner().end();
        for (line, why) in early::early(&starts, known) {
            remark(line, RemarkKind::Warning, warning::EARLY_START, why);
        }
        Ok(Parsed { rest, ledger, remarks: remarks.into_inner().end(), records })
    }
}

/// The sentence about a record that is ahead of the clock.
fn ahead(record: &IngestRecord, until: Timestamp) -> Option<String> {
    let mut first = None;
    record.each_time(&mut |name, at| {
        if at > until {
            first.get_or_insert((name, at));
        }
    });
    first.map(|(name, at)| EN.warning_in_future(name, at))
}

fn too_many_parameters() -> Problem {
    Problem::too_large(EN.upload_measurements(PARAMETERS))
}

fn too_many_remarks() -> Problem {
    Problem::too_large(EN.upload_remarks(REMARKS))
}

fn over_limit(too_much: TooMuch) -> Problem {
    Problem::too_large(EN.upload_nothing_kept(too_much))
}
