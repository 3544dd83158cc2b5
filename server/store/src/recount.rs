//! Recomputes the derived data of every run and cell, and counts the errors in it.

use domain::Timestamp;
use uuid::Uuid;

use crate::attempts::{self, AffectedUnits};
use crate::{Result, TenantTx, ingest};

/// The counts of checked units and of incorrect rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recount {
    /// Units checked.
    pub units: u64,
    /// Runs with an incorrect attempt number, flag bits (`marks`) or reason.
    pub runs_wrong: u64,
    /// Failing episodes with incorrect or missing flag bits.
    pub episodes_wrong: u64,
    /// Cells that differ from the sums of the current runs.
    pub cells_wrong: u64,
}

impl Recount {
    /// Whether all derived data were correct.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.runs_wrong + self.episodes_wrong + self.cells_wrong == 0
    }
}

/// The number of units per batch.
const UNITS_PER_BATCH: i64 = 5_000;

impl TenantTx {
    /// Recomputes all derived data from the runs and repairs: attempts, flag bits, reasons,
    /// episodes, cells. Holds the tenant's advisory lock, so its runs do not change meanwhile.
    /// Commit the transaction to store the corrections, or drop it for a dry run.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn recount(
        &mut self,
        until: Timestamp,
        mut progress: impl FnMut(u64),
    ) -> Result<Recount> {
        let tenant = Uuid::from(self.tenant());
        let conn = self.conn();
        attempts::lock(conn, tenant).await?;
        ingest::make_stage(conn).await?;
        sqlx::query(include_str!("../sql/tenant/plan_freely.sql")).execute(&mut *conn).await?;
        let cells_wrong: i64 = sqlx::query_scalar(include_str!("../sql/tenant/cells_wrong.sql"))
            .bind(tenant)
            .fetch_one(&mut *conn)
            .await?;
        let mut recount = Recount { cells_wrong: cells_wrong.unsigned_abs(), ..Recount::default() };
        let mut after = i64::MIN;
        loop {
            let units: Vec<i64> = sqlx::query_scalar(include_str!("../sql/tenant/units_after.sql"))
                .bind(tenant)
                .bind(after)
                .bind(UNITS_PER_BATCH)
                .fetch_all(&mut *conn)
                .await?;
            let Some(last) = units.last() else { break };
            after = *last;
            recount.units += units.len() as u64;
            let affected = AffectedUnits { known: units, staged: &[] };
            let numbered = attempts::number(conn, tenant, affected, until).await?;
            recount.runs_wrong += attempts::write(conn, tenant).await?;
            recount.episodes_wrong += attempts::mark_episodes(conn, tenant, &numbered).await?;
            sqlx::query("delete from stage_attempt").execute(&mut *conn).await?;
            // All cells are rebuilt at the end.
            sqlx::query("delete from stage_cell").execute(&mut *conn).await?;
            progress(recount.units);
        }
        sqlx::query(include_str!("../sql/tenant/plan_freely.sql")).execute(&mut *conn).await?;
        for statement in [
            include_str!("../sql/tenant/cells_delete.sql"),
            include_str!("../sql/tenant/cells_insert.sql"),
            include_str!("../sql/tenant/tenant_fresh.sql"),
        ] {
            sqlx::query(statement).bind(tenant).execute(&mut *conn).await?;
        }
        if !recount.is_clean() {
            self.set_data_changed();
        }
        Ok(recount)
    }
}
