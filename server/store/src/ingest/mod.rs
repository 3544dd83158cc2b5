//! Writes an upload: copies rows to staging tables as they are parsed, and merges them at the
//! end, in one transaction that also stores the raw bytes and the receipt. An upload that is
//! not committed leaves no trace.
//!
//! The result is independent of the order of arrival. Of several deliveries of one run, the one
//! with the highest priority is stored ([`DeliveryPriority`](domain::identity::DeliveryPriority)), and the
//! attempts of every unit in an upload are renumbered over the unit's whole history.

mod batch;
mod duplicates;
mod merge;
mod names;
mod receipt;

pub use self::batch::{Batch, Ledger, Staged};
pub use self::duplicates::Tally;
pub(crate) use self::receipt::REJECT;
pub use self::receipt::{Raw, Receipt, Remark, RemarkKind, ReplaySource};

use domain::{ReceiptId, Timestamp};
use sqlx::postgres::PgConnection;

use crate::copy::{HEADER, Rows, TRAILER};
use crate::{Result, TenantTx};

/// Size of one chunk of COPY data, in bytes.
const PIECE_BYTES: usize = 1 << 20;

/// An upload in progress. Dropping it with its transaction rolls it back.
#[derive(Debug)]
pub struct Upload<'a> {
    tx: &'a mut TenantTx,
}

/// The result of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadResult {
    /// The earlier receipt of the same bytes and parameters.
    pub first_receipt: Option<ReceiptId>,
    /// The counts of runs.
    pub runs: Tally,
    /// The counts of repairs.
    pub repairs: Tally,
}

impl<'a> Upload<'a> {
    /// Begins an upload: creates the staging tables.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn begin(tx: &'a mut TenantTx) -> Result<Self> {
        make_stage(tx.conn()).await?;
        Ok(Self { tx })
    }

    /// Copies rows to the staging tables.
    ///
    /// # Errors
    /// When the database refuses or is unreachable; drop the transaction then.
    pub async fn stage(&mut self, staged: Staged) -> Result<()> {
        let Staged { runs, steps, measurements, findings, components, repairs } = staged;
        for (statement, rows) in [
            (include_str!("../../sql/tenant/copy_run.sql"), runs),
            (include_str!("../../sql/tenant/copy_step.sql"), steps),
            (include_str!("../../sql/tenant/copy_measurement.sql"), measurements),
            (include_str!("../../sql/tenant/copy_finding.sql"), findings),
            (include_str!("../../sql/tenant/copy_component.sql"), components),
            (include_str!("../../sql/tenant/copy_repair.sql"), repairs),
        ] {
            copy(self.tx.conn(), statement, rows).await?;
        }
        Ok(())
    }

    /// Merges the staging tables into the principal's tenant, stores the raw bytes and the
    /// receipt, and numbers the attempts of the affected units. Runs that start after `until`
    /// are in the future and not attempts yet. Differing deliveries of one run become warnings
    /// on the receipt. The caller commits the transaction.
    ///
    /// # Errors
    /// When the database refuses or is unreachable; drop the transaction then.
    pub async fn finish(
        self,
        ledger: Ledger,
        receipt: &mut Receipt,
        until: Timestamp,
    ) -> Result<UploadResult> {
        merge::merge(self.tx, ledger, receipt, until).await
    }
}

/// Creates the staging tables, if this connection does not have them yet.
pub(crate) async fn make_stage(conn: &mut PgConnection) -> Result<()> {
    sqlx::raw_sql(include_str!("../../sql/tenant/stage_create.sql")).execute(conn).await?;
    Ok(())
}

async fn copy(conn: &mut PgConnection, statement: &'static str, rows: Rows) -> Result<()> {
    let rows = rows.into_bytes();
    if rows.is_empty() {
        return Ok(());
    }
    let mut copy = conn.copy_in_raw(statement).await?;
    copy.send(HEADER).await?;
    for piece in rows.chunks(PIECE_BYTES) {
        copy.send(piece).await?;
    }
    copy.send(TRAILER).await?;
    copy.finish().await?;
    Ok(())
}
