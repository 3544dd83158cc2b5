//! Writing an upload: COPY into a stage, then one merge, in the transaction that also
//! keeps the raw bytes and the receipt. What is not committed never happened.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::identity::Standing;
use domain::{ContentHash, Outcome, ReceiptId, RunId, RunRecord, Timestamp, UnitKind};
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::copy::Row;
use crate::{Result, TenantTx, utc};

/// Staged rows are sent in pieces of about this size.
const PIECE_BYTES: usize = 1 << 20;

/// The runs of one upload, gathered without a connection and then written at once.
#[derive(Debug, Default)]
pub struct Batch {
    /// The best version so far of each run, with its line for COPY.
    best: HashMap<RunId, (Standing, Vec<u8>)>,
    tally: Tally,
}

/// What came of an upload's runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Runs that were new.
    pub accepted: u64,
    /// Runs that replaced a lesser version of themselves.
    pub updated: u64,
    /// Runs that were here already, the same or a better version.
    pub duplicates: u64,
}

/// One line of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// 1-based line in the decoded body.
    pub line: u64,
    /// The warning's code; none for a reject.
    pub code: Option<&'static str>,
    /// What was wrong and how to mend it.
    pub why: String,
}

/// The raw bytes of an upload.
#[derive(Debug, Clone)]
pub struct Raw {
    /// Of the decoded bytes.
    pub sha256: [u8; 32],
    /// How many they are, decoded.
    pub bytes: u64,
    /// The bytes, compressed with zstd.
    pub zstd: Vec<u8>,
}

/// What makes a receipt.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Its id.
    pub id: ReceiptId,
    /// When the upload was read to its end.
    pub received_at: Timestamp,
    /// The format's id.
    pub format: String,
    /// The upload's parameters.
    pub params: serde_json::Value,
    /// The raw bytes.
    pub raw: Raw,
    /// Rejects and warnings in the upload's order.
    pub remarks: Vec<Remark>,
}

/// What is answered to whoever sent the upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipted {
    /// The earlier receipt of the same bytes and parameters.
    pub first_receipt: Option<ReceiptId>,
    /// What came of the runs.
    pub tally: Tally,
}

impl Batch {
    /// Takes one run. The same run again in this upload is settled here.
    pub fn add(&mut self, format: &str, run: &RunRecord) {
        let id = RunId::from(run.identity(format));
        let content = run.content_hash();
        let standing = Standing::new(run.complete, run.artifacts, content);
        match self.best.entry(id) {
            Entry::Vacant(entry) => {
                entry.insert((standing, row(id, run, content)));
            }
            Entry::Occupied(mut entry) if standing > entry.get().0 => {
                entry.insert((standing, row(id, run, content)));
                self.tally.updated += 1;
            }
            Entry::Occupied(_) => self.tally.duplicates += 1,
        }
    }

    /// Merges what was taken into the principal's tenant, keeps the raw bytes and the receipt, and renumbers the
    /// attempts of the touched units. Commit the transaction to make it last.
    ///
    /// # Errors
    /// When the database refuses or is out of reach; drop the transaction then.
    pub async fn write(mut self, tx: &mut TenantTx, receipt: &Receipt) -> Result<Receipted> {
        let tenant = Uuid::from(tx.tenant());
        let conn = tx.conn();
        let first: Option<Uuid> =
            sqlx::query_scalar(include_str!("../sql/tenant/receipt_first.sql"))
                .bind(receipt.raw.sha256.as_slice())
                .bind(&receipt.format)
                .bind(&receipt.params)
                .fetch_optional(&mut *conn)
                .await?;
        if !self.best.is_empty() {
            stage(conn, std::mem::take(&mut self.best)).await?;
            let merged = merge(conn, tenant, Uuid::from(receipt.id)).await?;
            self.tally.accepted += merged.accepted;
            self.tally.updated += merged.updated;
            self.tally.duplicates += merged.duplicates;
        }
        keep_receipt(tx, tenant, receipt, &self.tally).await?;
        Ok(Receipted { first_receipt: first.map(ReceiptId::from), tally: self.tally })
    }
}

impl TenantTx {
    /// Whether anything was ever uploaded.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn has_receipts(&mut self) -> Result<bool> {
        let query = sqlx::query_scalar(include_str!("../sql/tenant/receipt_any.sql"));
        Ok(query.fetch_one(self.conn()).await?)
    }
}

async fn stage(conn: &mut PgConnection, runs: HashMap<RunId, (Standing, Vec<u8>)>) -> Result<()> {
    sqlx::query(include_str!("../sql/tenant/stage_create.sql")).execute(&mut *conn).await?;
    let mut copy = conn.copy_in_raw(include_str!("../sql/tenant/stage_copy.sql")).await?;
    let mut piece = Vec::with_capacity(PIECE_BYTES);
    for (_, line) in runs.into_values() {
        piece.extend_from_slice(&line);
        if piece.len() >= PIECE_BYTES {
            copy.send(std::mem::take(&mut piece)).await?;
        }
    }
    copy.send(piece).await?;
    copy.finish().await?;
    Ok(())
}

async fn merge(conn: &mut PgConnection, tenant: Uuid, receipt: Uuid) -> Result<Tally> {
    sqlx::query(include_str!("../sql/tenant/units_merge.sql"))
        .bind(tenant)
        .execute(&mut *conn)
        .await?;
    let mut moved_from: Vec<i64> = sqlx::query_scalar(include_str!("../sql/tenant/runs_known.sql"))
        .fetch_all(&mut *conn)
        .await?;
    moved_from.sort_unstable();
    moved_from.dedup();

    let merged: Vec<bool> = sqlx::query_scalar(include_str!("../sql/tenant/runs_merge.sql"))
        .bind(tenant)
        .bind(receipt)
        .fetch_all(&mut *conn)
        .await?;
    let staged: i64 = sqlx::query_scalar(include_str!("../sql/tenant/stage_count.sql"))
        .fetch_one(&mut *conn)
        .await?;
    sqlx::query(include_str!("../sql/tenant/runs_number.sql"))
        .bind(moved_from)
        .execute(&mut *conn)
        .await?;

    let accepted = merged.iter().filter(|inserted| **inserted).count() as u64;
    let all = merged.len() as u64;
    Ok(Tally {
        accepted,
        updated: all - accepted,
        duplicates: staged.unsigned_abs().saturating_sub(all),
    })
}

async fn keep_receipt(
    tx: &mut TenantTx,
    tenant: Uuid,
    receipt: &Receipt,
    tally: &Tally,
) -> Result<()> {
    let actor = tx.actor().to_owned();
    let conn = tx.conn();
    let Receipt { raw, remarks, .. } = receipt;
    let rejected = remarks.iter().filter(|remark| remark.code.is_none()).count() as u64;
    sqlx::query(include_str!("../sql/tenant/raw_insert.sql"))
        .bind(tenant)
        .bind(raw.sha256.as_slice())
        .bind(count(raw.bytes))
        .bind(&raw.zstd)
        .bind(utc(receipt.received_at))
        .execute(&mut *conn)
        .await?;
    sqlx::query(include_str!("../sql/tenant/receipt_insert.sql"))
        .bind(tenant)
        .bind(Uuid::from(receipt.id))
        .bind(utc(receipt.received_at))
        .bind(&receipt.format)
        .bind(&receipt.params)
        .bind(raw.sha256.as_slice())
        .bind(actor)
        .bind(count(tally.accepted))
        .bind(count(tally.updated))
        .bind(count(tally.duplicates))
        .bind(count(rejected))
        .bind(count(remarks.len() as u64 - rejected))
        .execute(&mut *conn)
        .await?;
    sqlx::query(include_str!("../sql/tenant/remark_insert.sql"))
        .bind(tenant)
        .bind(Uuid::from(receipt.id))
        .bind(remarks.iter().map(|remark| count(remark.line)).collect::<Vec<_>>())
        .bind(remarks.iter().map(|remark| remark.code).collect::<Vec<_>>())
        .bind(remarks.iter().map(|remark| remark.why.as_str()).collect::<Vec<_>>())
        .execute(&mut *conn)
        .await?;
    Ok(())
}

fn row(id: RunId, run: &RunRecord, content: ContentHash) -> Vec<u8> {
    let (defects, opportunities) = run.opportunities();
    let mut row = Row::default();
    row.uuid(Uuid::from(id));
    row.text(&run.unit.serial);
    row.display(kind(run.unit.kind));
    row.text(&run.operation);
    row.time(utc(run.started_at));
    row.optional_time(run.ended_at.map(utc));
    row.display(outcome(run.outcome));
    row.optional(run.failure_code().as_deref());
    row.optional(run.test_name.as_deref());
    row.optional(run.unit.product.as_deref());
    row.optional(run.unit.revision.as_deref());
    row.optional(run.level.as_deref());
    row.optional(run.station.as_deref());
    row.optional(run.fixture.as_deref());
    row.optional(run.slot.as_deref());
    row.optional(run.operator.as_deref());
    row.optional(run.software.as_deref());
    row.display(count(defects));
    row.display(count(opportunities));
    row.display(run.flags.bits());
    row.bool(run.complete);
    row.display(count(run.artifacts));
    row.bytes(&<[u8; 32]>::from(content));
    row.end()
}

/// The number that stands for a unit's kind in the database: the greater wins.
fn kind(kind: UnitKind) -> i16 {
    match kind {
        UnitKind::Production => 0,
        UnitKind::Reference => 1,
        UnitKind::Golden => 2,
    }
}

/// The number that stands for an outcome in the database.
fn outcome(outcome: Outcome) -> i16 {
    match outcome {
        Outcome::Pass => 0,
        Outcome::Fail => 1,
        Outcome::Error => 2,
        Outcome::Timeout => 3,
        Outcome::Aborted => 4,
        Outcome::Skip => 5,
    }
}

/// PostgreSQL has no unsigned integers; no count of ours comes near the difference.
fn count(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
