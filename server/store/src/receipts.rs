//! Reads receipts and the raw bytes of their uploads.

use chrono::{DateTime, Utc};
use domain::ReceiptId;
use sqlx::{FromRow, Row as _};
use uuid::Uuid;

use crate::ingest::{REJECT, RemarkKind};
use crate::ingest::{ReplaySource, Tally};
use crate::{Result, TenantTx};

/// A stored receipt.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Its id.
    pub id: ReceiptId,
    /// When the upload was completely received.
    pub received_at: DateTime<Utc>,
    /// The format's name.
    pub format: String,
    /// The upload's parameters.
    pub params: serde_json::Value,
    /// Who sent it.
    pub actor: String,
    /// The SHA-256 of the decoded bytes.
    pub sha256: Vec<u8>,
    /// Decoded size in bytes.
    pub bytes: i64,
    /// The receipt whose bytes were parsed again.
    pub replay_of: Option<ReceiptId>,
    /// The counts of runs.
    pub runs: Tally,
    /// The counts of repairs.
    pub repairs: Tally,
    /// The number of rejected lines.
    pub rejected: i64,
    /// The number of warnings.
    pub warnings: i64,
}

/// A reject or a warning of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct StoredRemark {
    /// 1-based sequence number, in the order of creation.
    pub seq: i32,
    /// 1-based line in the decoded body.
    pub line: i64,
    /// The stored code; see [`code_of`].
    pub code: Option<String>,
    /// The problem and how to fix it.
    pub why: String,
}

/// Remarks grouped by reason.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Reason {
    /// The stored code; see [`code_of`].
    pub code: Option<String>,
    /// The text of the first of them.
    pub why: String,
    /// Their number.
    pub lines: i64,
    /// The line of the first.
    pub first_line: i64,
    /// The lines of the first five.
    pub first_lines: Vec<i64>,
}

/// Parses a stored code: whether it is that of a reject, and the code itself. Rejects that were
/// stored before codes existed have none.
#[must_use]
pub fn code_of(stored: Option<&str>) -> (RemarkKind, Option<&str>) {
    match stored.map(|code| (code, code.strip_prefix(REJECT))) {
        None => (RemarkKind::Reject, None),
        Some((_, Some(code))) => (RemarkKind::Reject, Some(code)),
        Some((code, None)) => (RemarkKind::Warning, Some(code)),
    }
}

/// The input of a replay.
#[derive(Debug, Clone)]
pub struct ReplayInput {
    /// The format's name.
    pub format: String,
    /// The parameters of the upload.
    pub params: serde_json::Value,
    /// The bytes, compressed with zstd.
    pub zstd: Vec<u8>,
    /// The source of the replay.
    pub replays: ReplaySource,
}

impl TenantTx {
    /// Whether the tenant has any receipt.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn has_receipts(&mut self) -> Result<bool> {
        let query = sqlx::query_scalar(include_str!("../sql/tenant/receipt_any.sql"));
        Ok(query.fetch_one(self.conn()).await?)
    }

    /// Lists receipts, newest first (keyset pagination: older than `before`).
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn receipts(&mut self, before: Option<ReceiptId>, limit: u16) -> Result<Vec<Kept>> {
        let tenant = Uuid::from(self.tenant());
        let rows = sqlx::query(include_str!("../sql/tenant/receipts.sql"))
            .bind(tenant)
            .bind(before.map(Uuid::from))
            .bind(i64::from(limit))
            .fetch_all(self.conn())
            .await?;
        rows.iter().map(receipt_from_row).collect()
    }

    /// One receipt.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn receipt(&mut self, id: ReceiptId) -> Result<Option<Kept>> {
        let tenant = Uuid::from(self.tenant());
        let row = sqlx::query(include_str!("../sql/tenant/receipt.sql"))
            .bind(tenant)
            .bind(Uuid::from(id))
            .fetch_optional(self.conn())
            .await?;
        row.as_ref().map(receipt_from_row).transpose()
    }

    /// Lists remarks of a receipt by sequence number (keyset pagination: those after `after`).
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn remarks(
        &mut self,
        id: ReceiptId,
        after: i32,
        limit: u16,
    ) -> Result<Vec<StoredRemark>> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_as(include_str!("../sql/tenant/remarks.sql"))
            .bind(tenant)
            .bind(Uuid::from(id))
            .bind(after)
            .bind(i64::from(limit));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Groups remarks of a receipt by reason: rejects first, then by descending frequency; at
    /// most 100 reasons.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn remark_reasons(&mut self, id: ReceiptId) -> Result<Vec<Reason>> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_as(include_str!("../sql/tenant/remark_reasons.sql"))
            .bind(tenant)
            .bind(Uuid::from(id));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// The receipt of the replay that replaced the records of this one.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn replaced_by(&mut self, id: ReceiptId) -> Result<Option<ReceiptId>> {
        let tenant = Uuid::from(self.tenant());
        let later: Option<Uuid> =
            sqlx::query_scalar(include_str!("../sql/tenant/receipt_replaced.sql"))
                .bind(tenant)
                .bind(Uuid::from(id))
                .fetch_optional(self.conn())
                .await?;
        Ok(later.map(ReceiptId::from))
    }

    /// The number of bytes that [`load_replay_input`](Self::load_replay_input) would load.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn replay_input_bytes(&mut self, id: ReceiptId) -> Result<Option<u64>> {
        let query = sqlx::query_scalar(include_str!("../sql/tenant/replay_bytes.sql"));
        let query = query.bind(Uuid::from(self.tenant())).bind(Uuid::from(id));
        let bytes: Option<i64> = query.fetch_optional(self.conn()).await?;
        Ok(bytes.map(i64::cast_unsigned))
    }

    /// The raw bytes of a receipt, with its format and parameters.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn load_replay_input(&mut self, id: ReceiptId) -> Result<Option<ReplayInput>> {
        let tenant = Uuid::from(self.tenant());
        let row = sqlx::query(include_str!("../sql/tenant/replay_of.sql"))
            .bind(tenant)
            .bind(Uuid::from(id))
            .fetch_optional(self.conn())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let origin = ReceiptId::from(row.try_get::<Uuid, _>("origin_id")?);
        Ok(Some(ReplayInput {
            format: row.try_get("format")?,
            params: row.try_get("params")?,
            zstd: row.try_get("zstd")?,
            replays: ReplaySource { receipt: id, origin },
        }))
    }
}

fn receipt_from_row(row: &sqlx::postgres::PgRow) -> Result<Kept> {
    let count = |name: &str| row.try_get::<i64, _>(name).map(i64::cast_unsigned);
    Ok(Kept {
        id: row.try_get::<Uuid, _>("id")?.into(),
        received_at: row.try_get("received_at")?,
        format: row.try_get("format")?,
        params: row.try_get("params")?,
        actor: row.try_get("actor")?,
        sha256: row.try_get("raw_sha256")?,
        bytes: row.try_get("bytes")?,
        replay_of: row.try_get::<Option<Uuid>, _>("replay_of")?.map(ReceiptId::from),
        runs: Tally {
            accepted: count("accepted")?,
            updated: count("updated")?,
            duplicates: count("duplicates")?,
        },
        repairs: Tally {
            accepted: count("repairs_accepted")?,
            updated: count("repairs_updated")?,
            duplicates: count("repairs_duplicates")?,
        },
        rejected: row.try_get("rejected")?,
        warnings: row.try_get("warnings")?,
    })
}
