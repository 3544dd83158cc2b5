//! Writing an upload: rows are copied to a stage as they are read, and at the end merged
//! in one go, in the transaction that also keeps the raw bytes and the receipt. What is
//! not committed never happened.
//!
//! Of several deliveries of one run the same one stands in whatever order they come
//! ([`Standing`](domain::identity::Standing)), and the attempts of every unit that an
//! upload touches are numbered anew over the unit's whole history, so that any order of
//! arrival ends in the same rows.

mod batch;
mod judge;
mod merge;
mod names;
mod receipt;

pub use self::batch::{Batch, Ledger, Staged};
pub use self::judge::Tally;
pub(crate) use self::receipt::REJECT;
pub use self::receipt::{Raw, Receipt, Remark, RemarkKind, Replays};

use domain::{ReceiptId, Timestamp};
use sqlx::postgres::PgConnection;

use crate::copy::{HEADER, Rows, TRAILER};
use crate::{Result, TenantTx};

/// Bytes of rows that are sent at once.
const PIECE_BYTES: usize = 1 << 20;

/// An upload that is being written. Dropping it with its transaction leaves no trace.
#[derive(Debug)]
pub struct Upload<'a> {
    tx: &'a mut TenantTx,
}

/// What came of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipted {
    /// The earlier receipt of the same bytes and parameters.
    pub first_receipt: Option<ReceiptId>,
    /// What came of the runs.
    pub runs: Tally,
    /// What came of the repairs.
    pub repairs: Tally,
}

impl<'a> Upload<'a> {
    /// Begins to write an upload.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
    pub async fn begin(tx: &'a mut TenantTx) -> Result<Self> {
        make_stage(tx.conn()).await?;
        Ok(Self { tx })
    }

    /// Copies rows to the stage.
    ///
    /// # Errors
    /// When the database refuses or is out of reach; drop the transaction then.
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

    /// Merges what is staged into the principal's tenant, keeps the raw bytes and the
    /// receipt, and numbers the attempts of the touched units. Runs that start after
    /// `until` are from the future and no attempts yet. Deliveries of one run that differ become
    /// warnings on the receipt. Commit the transaction to make it last.
    ///
    /// # Errors
    /// When the database refuses or is out of reach; drop the transaction then.
    pub async fn finish(
        self,
        ledger: Ledger,
        receipt: &mut Receipt,
        until: Timestamp,
    ) -> Result<Receipted> {
        merge::merge(self.tx, ledger, receipt, until).await
    }
}

/// Makes the tables of the stage, where this connection has none yet.
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
