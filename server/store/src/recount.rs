//! Working out anew what is kept for every run and cell, and how much of it was wrong.

use domain::Timestamp;
use uuid::Uuid;

use crate::attempts::{self, Touched};
use crate::{Result, TenantTx, ingest};

/// What was looked at, and what was not as it should be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recount {
    /// Units.
    pub units: u64,
    /// Runs whose number, marks or reason were wrong.
    pub runs_wrong: u64,
    /// Failing episodes that were marked wrongly, or not.
    pub episodes_wrong: u64,
    /// Cells that did not hold what the runs of the moment add up to.
    pub cells_wrong: u64,
}

impl Recount {
    /// Whether all was as it should be.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.runs_wrong + self.episodes_wrong + self.cells_wrong == 0
    }
}

/// Units that are numbered at once.
const UNITS: i64 = 5_000;

impl TenantTx {
    /// Works out everything anew from the runs and repairs: attempts, marks, reasons,
    /// episodes, cells. Nobody changes the tenant's runs meanwhile. Commit the transaction
    /// to keep what was mended, or drop it to have looked only.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
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
                .bind(UNITS)
                .fetch_all(&mut *conn)
                .await?;
            let Some(last) = units.last() else { break };
            after = *last;
            recount.units += units.len() as u64;
            let touched = Touched { known: units, staged: &[] };
            let numbered = attempts::number(conn, tenant, touched, until).await?;
            recount.runs_wrong += attempts::write(conn, tenant).await?;
            recount.episodes_wrong += attempts::episodes(conn, tenant, &numbered).await?;
            sqlx::query("delete from stage_attempt").execute(&mut *conn).await?;
            // The cells are counted anew at the end.
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
