//! Whether an upload is here already.

use domain::ReceiptId;
use sqlx::Row;
use uuid::Uuid;

use crate::{Result, TenantTx};

/// What came of an upload when it first came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Its first receipt.
    pub receipt_id: ReceiptId,
    /// Runs that were new.
    pub accepted: i64,
    /// Runs that replaced a lesser version of themselves.
    pub updated: i64,
    /// Runs that were here already.
    pub duplicates: i64,
    /// Lines that could not be used.
    pub rejected: i64,
    /// What was odd.
    pub warnings: i64,
}

impl TenantTx {
    /// The first receipt of exactly these decoded bytes, in this format and with these
    /// parameters.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn known_upload(
        &mut self,
        sha256: &[u8; 32],
        format: &str,
        params: &serde_json::Value,
    ) -> Result<Option<Known>> {
        let row = sqlx::query(include_str!("../sql/tenant/receipt_known.sql"))
            .bind(sha256.as_slice())
            .bind(format)
            .bind(params)
            .fetch_optional(self.conn())
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Known {
            receipt_id: ReceiptId::from(row.try_get::<Uuid, _>("id")?),
            accepted: row.try_get("accepted")?,
            updated: row.try_get("updated")?,
            duplicates: row.try_get("duplicates")?,
            rejected: row.try_get("rejected")?,
            warnings: row.try_get("warnings")?,
        }))
    }
}
