//! Writing an upload: COPY into a stage, then one merge, in the transaction that also
//! keeps the raw bytes and the receipt. What is not committed never happened.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use domain::identity::Standing;
use domain::{ContentHash, Outcome, ReceiptId, RunId, RunRecord, Timestamp, UnitKind};
use sqlx::Row as _;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::copy::Row;
use crate::{Result, TenantTx, utc};

/// Staged rows are sent in pieces of about this size.
const PIECE_BYTES: usize = 1 << 20;

/// The runs of one upload, gathered without a connection and then written at once.
#[derive(Debug, Default)]
pub struct Batch {
    /// Every delivery of a run, in order.
    arrivals: Vec<Arrival>,
    /// The best of each run, as a line for COPY.
    best: HashMap<RunId, (Standing, Vec<u8>)>,
    /// The kind of each unit: golden beats reference beats production, also where the
    /// run that says so is not the one that stands.
    kinds: BTreeMap<String, i16>,
}

/// One delivery of a run.
#[derive(Debug, Clone, Copy)]
struct Arrival {
    id: RunId,
    line: u64,
    standing: Standing,
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
    /// Takes one run, which began on that line of the upload.
    pub fn add(&mut self, format: &str, line: u64, run: &RunRecord) {
        let id = RunId::from(run.identity(format));
        let content = run.content_hash();
        let standing = Standing::new(run.complete, run.artifacts, content);
        self.arrivals.push(Arrival { id, line, standing });
        let known = self.kinds.entry(run.unit.serial.clone()).or_default();
        *known = kind(run.unit.kind).max(*known);
        match self.best.entry(id) {
            Entry::Occupied(best) if best.get().0 >= standing => {}
            Entry::Occupied(mut best) => drop(best.insert((standing, row(id, run, content)))),
            Entry::Vacant(none) => drop(none.insert((standing, row(id, run, content)))),
        }
    }

    /// Merges what was taken into the principal's tenant, keeps the raw bytes and the
    /// receipt, and renumbers the attempts of the touched units. Deliveries of one run
    /// that differ become warnings on the receipt. Commit the transaction to make it last.
    ///
    /// # Errors
    /// When the database refuses or is out of reach; drop the transaction then.
    pub async fn write(mut self, tx: &mut TenantTx, receipt: &mut Receipt) -> Result<Receipted> {
        let tenant = Uuid::from(tx.tenant());
        let conn = tx.conn();
        sqlx::query(include_str!("../sql/tenant/lock.sql"))
            .bind(tenant)
            .execute(&mut *conn)
            .await?;
        let first: Option<Uuid> =
            sqlx::query_scalar(include_str!("../sql/tenant/receipt_first.sql"))
                .bind(receipt.raw.sha256.as_slice())
                .bind(&receipt.format)
                .bind(&receipt.params)
                .fetch_optional(&mut *conn)
                .await?;
        let mut tally = Tally::default();
        if !self.arrivals.is_empty() {
            let (known, moved_from) = self.known(conn).await?;
            tally = judge(&self.arrivals, known.clone(), &mut receipt.remarks);
            self.best
                .retain(|id, (standing, _)| known.get(id).is_none_or(|kept| *kept < *standing));
            self.merge(conn, tenant, Uuid::from(receipt.id), moved_from).await?;
        }
        keep_receipt(tx, tenant, receipt, &tally).await?;
        Ok(Receipted { first_receipt: first.map(ReceiptId::from), tally })
    }

    /// What is kept of these runs already, and the units that they belong to so far.
    async fn known(&self, conn: &mut PgConnection) -> Result<(HashMap<RunId, Standing>, Vec<i64>)> {
        let ids: Vec<Uuid> = self.best.keys().map(|id| id.uuid()).collect();
        let rows = sqlx::query(include_str!("../sql/tenant/runs_known.sql"))
            .bind(ids)
            .fetch_all(conn)
            .await?;
        let mut known = HashMap::with_capacity(rows.len());
        let mut units = Vec::with_capacity(rows.len());
        for row in rows {
            let content: Vec<u8> = row.try_get("content_hash")?;
            let content: [u8; 32] = content.try_into().unwrap_or_default();
            let artifacts: i64 = row.try_get("artifacts")?;
            let standing = Standing::new(
                row.try_get("complete")?,
                artifacts.unsigned_abs(),
                ContentHash::from(content),
            );
            known.insert(RunId::from(row.try_get::<Uuid, _>("id")?), standing);
            units.push(row.try_get("unit_id")?);
        }
        units.sort_unstable();
        units.dedup();
        Ok((known, units))
    }

    async fn merge(
        self,
        conn: &mut PgConnection,
        tenant: Uuid,
        receipt: Uuid,
        moved_from: Vec<i64>,
    ) -> Result<()> {
        let mut touched = moved_from;
        let (serials, kinds): (Vec<String>, Vec<i16>) = self.kinds.into_iter().unzip();
        sqlx::query(include_str!("../sql/tenant/units_merge.sql"))
            .bind(tenant)
            .bind(&serials)
            .bind(kinds)
            .execute(&mut *conn)
            .await?;
        if self.best.is_empty() {
            return Ok(());
        }
        stage(conn, self.best).await?;
        sqlx::query(include_str!("../sql/tenant/runs_merge.sql"))
            .bind(tenant)
            .bind(receipt)
            .execute(&mut *conn)
            .await?;
        let units: Vec<i64> = sqlx::query_scalar(include_str!("../sql/tenant/unit_ids.sql"))
            .bind(tenant)
            .bind(serials)
            .fetch_all(&mut *conn)
            .await?;
        touched.extend(units);
        sqlx::query(include_str!("../sql/tenant/runs_number_plan.sql")).execute(&mut *conn).await?;
        sqlx::query(include_str!("../sql/tenant/runs_number.sql"))
            .bind(tenant)
            .bind(touched)
            .execute(&mut *conn)
            .await?;
        Ok(())
    }
}

/// Judges every delivery in the order of arrival against what stands by then.
fn judge(
    arrivals: &[Arrival],
    mut standing: HashMap<RunId, Standing>,
    remarks: &mut Vec<Remark>,
) -> Tally {
    let mut tally = Tally::default();
    for arrival in arrivals {
        let why = match standing.entry(arrival.id) {
            Entry::Vacant(none) => {
                none.insert(arrival.standing);
                tally.accepted += 1;
                continue;
            }
            Entry::Occupied(kept) if *kept.get() == arrival.standing => {
                tally.duplicates += 1;
                continue;
            }
            Entry::Occupied(mut kept) if *kept.get() < arrival.standing => {
                kept.insert(arrival.standing);
                tally.updated += 1;
                "this run was here with other content, which it replaces"
            }
            Entry::Occupied(_) => {
                tally.duplicates += 1;
                "this run is here with other content, which stays: it is complete where this is not, has more artifacts, or wins the tie"
            }
        };
        remarks.push(Remark {
            line: arrival.line,
            code: Some("content_differs"),
            why: why.to_owned(),
        });
    }
    tally
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
    // Nobody else will: autovacuum does not see temporary tables.
    sqlx::query(include_str!("../sql/tenant/stage_analyze.sql")).execute(conn).await?;
    Ok(())
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
