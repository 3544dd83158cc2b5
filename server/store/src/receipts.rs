//! Reading receipts and the bytes that they stand for.

use chrono::{DateTime, Utc};
use domain::ReceiptId;
use sqlx::{FromRow, Row as _};
use uuid::Uuid;

use crate::ingest::{REJECT, RemarkKind};
use crate::ingest::{Replays, Tally};
use crate::{Result, TenantTx};

/// A receipt as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Its id.
    pub id: ReceiptId,
    /// When the upload was read to its end.
    pub received_at: DateTime<Utc>,
    /// The format's name.
    pub format: String,
    /// The upload's parameters.
    pub params: serde_json::Value,
    /// Who sent it.
    pub actor: String,
    /// Of the decoded bytes.
    pub sha256: Vec<u8>,
    /// How many they are.
    pub bytes: i64,
    /// The receipt whose bytes were parsed again.
    pub replay_of: Option<ReceiptId>,
    /// What came of the runs.
    pub runs: Tally,
    /// What came of the repairs.
    pub repairs: Tally,
    /// Lines that could not be used.
    pub rejected: i64,
    /// Things that were odd.
    pub warnings: i64,
}

/// A reject or a warning, by its place on the receipt.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct KeptRemark {
    /// From 1, in the order in which they were made.
    pub seq: i32,
    /// 1-based line in the decoded body.
    pub line: i64,
    /// As it is stored; see [`code_of`].
    pub code: Option<String>,
    /// What was wrong and how to mend it.
    pub why: String,
}

/// Remarks of one reason.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Reason {
    /// As it is stored; see [`code_of`].
    pub code: Option<String>,
    /// What the first of them says.
    pub why: String,
    /// How many there are.
    pub lines: i64,
    /// The line of the first.
    pub first_line: i64,
    /// The lines of the first five.
    pub first_lines: Vec<i64>,
}

/// Whether a stored code is that of a reject, and the code itself. Rejects from before they had
/// codes have none.
#[must_use]
pub fn code_of(stored: Option<&str>) -> (RemarkKind, Option<&str>) {
    match stored.map(|code| (code, code.strip_prefix(REJECT))) {
        None => (RemarkKind::Reject, None),
        Some((_, Some(code))) => (RemarkKind::Reject, Some(code)),
        Some((code, None)) => (RemarkKind::Warning, Some(code)),
    }
}

/// What a replay needs.
#[derive(Debug, Clone)]
pub struct Replayable {
    /// The format's name.
    pub format: String,
    /// The parameters of the upload.
    pub params: serde_json::Value,
    /// The bytes, compressed with zstd.
    pub zstd: Vec<u8>,
    /// What it replays.
    pub replays: Replays,
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

    /// Receipts from the newest on, those before `before`.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn receipts(&mut self, before: Option<ReceiptId>, limit: u16) -> Result<Vec<Kept>> {
        let tenant = Uuid::from(self.tenant());
        let rows = sqlx::query(include_str!("../sql/tenant/receipts.sql"))
            .bind(tenant)
            .bind(before.map(Uuid::from))
            .bind(i64::from(limit))
            .fetch_all(self.conn())
            .await?;
        rows.iter().map(kept).collect()
    }

    /// One receipt.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn receipt(&mut self, id: ReceiptId) -> Result<Option<Kept>> {
        let tenant = Uuid::from(self.tenant());
        let row = sqlx::query(include_str!("../sql/tenant/receipt.sql"))
            .bind(tenant)
            .bind(Uuid::from(id))
            .fetch_optional(self.conn())
            .await?;
        row.as_ref().map(kept).transpose()
    }

    /// Remarks of a receipt in their order, those after `after`.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn remarks(
        &mut self,
        id: ReceiptId,
        after: i32,
        limit: u16,
    ) -> Result<Vec<KeptRemark>> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_as(include_str!("../sql/tenant/remarks.sql"))
            .bind(tenant)
            .bind(Uuid::from(id))
            .bind(after)
            .bind(i64::from(limit));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Remarks of a receipt by reason: rejects first, the most frequent first; at most a
    /// hundred reasons.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn remark_reasons(&mut self, id: ReceiptId) -> Result<Vec<Reason>> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_as(include_str!("../sql/tenant/remark_reasons.sql"))
            .bind(tenant)
            .bind(Uuid::from(id));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// The receipt of the replay that replaced what came of this one.
    ///
    /// # Errors
    /// When the database is out of reach.
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

    /// How many bytes [`replayable`](Self::replayable) would load.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn replayable_bytes(&mut self, id: ReceiptId) -> Result<Option<u64>> {
        let query = sqlx::query_scalar(include_str!("../sql/tenant/replay_bytes.sql"));
        let query = query.bind(Uuid::from(self.tenant())).bind(Uuid::from(id));
        let bytes: Option<i64> = query.fetch_optional(self.conn()).await?;
        Ok(bytes.map(i64::cast_unsigned))
    }

    /// The bytes of a receipt and how they were read.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn replayable(&mut self, id: ReceiptId) -> Result<Option<Replayable>> {
        let tenant = Uuid::from(self.tenant());
        let row = sqlx::query(include_str!("../sql/tenant/replay_of.sql"))
            .bind(tenant)
            .bind(Uuid::from(id))
            .fetch_optional(self.conn())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let origin = ReceiptId::from(row.try_get::<Uuid, _>("origin_id")?);
        Ok(Some(Replayable {
            format: row.try_get("format")?,
            params: row.try_get("params")?,
            zstd: row.try_get("zstd")?,
            replays: Replays { receipt: id, origin },
        }))
    }
}

fn kept(row: &sqlx::postgres::PgRow) -> Result<Kept> {
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
