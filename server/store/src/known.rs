//! Looks up repeated uploads (idempotency).

use domain::ReceiptId;
use sqlx::Row;
use uuid::Uuid;

use crate::ingest::Tally;
use crate::{Result, TenantTx};

/// The result of the first upload of the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Its first receipt.
    pub receipt_id: ReceiptId,
    /// The counts of runs.
    pub runs: Tally,
    /// The counts of repairs.
    pub repairs: Tally,
    /// The number of rejected lines.
    pub rejected: i64,
    /// The number of warnings.
    pub warnings: i64,
}

impl TenantTx {
    /// Finds the first receipt of exactly these decoded bytes, in this format and with these
    /// parameters.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn find_known_upload(
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
        let count = |name: &str| row.try_get::<i64, _>(name).map(i64::cast_unsigned);
        Ok(Some(Known {
            receipt_id: ReceiptId::from(row.try_get::<Uuid, _>("id")?),
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
        }))
    }
}
