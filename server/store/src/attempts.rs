//! Numbering the attempts of units over their whole history, whatever the order in which
//! their runs arrived.

use domain::Timestamp;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::{Result, TenantTx, utc};

/// The units to number.
#[derive(Debug)]
pub(crate) struct Touched<'a> {
    /// Those that runs are kept of.
    pub(crate) known: Vec<i64>,
    /// Those of the staged runs, in the order in which these name them.
    pub(crate) staged: &'a [i64],
}

/// Makes whoever changes runs of the tenant wait for their turn, until the transaction
/// ends.
pub(crate) async fn lock(conn: &mut PgConnection, tenant: Uuid) -> Result<()> {
    sqlx::query(include_str!("../sql/tenant/lock.sql")).bind(tenant).execute(&mut *conn).await?;
    sqlx::query(include_str!("../sql/tenant/plan_one_by_one.sql")).execute(conn).await?;
    Ok(())
}

impl TenantTx {
    /// Whether a run's time has come since it was kept, so that it is to be numbered.
    pub(crate) async fn has_due(&mut self, until: Timestamp) -> Result<bool> {
        let tenant = Uuid::from(self.tenant());
        Ok(!due(self.conn(), tenant, until).await?.is_empty())
    }

    /// Numbers the attempts of units with a run whose time has come since it was kept, so
    /// that what is read next counts it. Commit the transaction to keep the numbers.
    pub(crate) async fn number_due(&mut self, until: Timestamp) -> Result<()> {
        let tenant = Uuid::from(self.tenant());
        lock(self.conn(), tenant).await?;
        crate::ingest::make_stage(self.conn()).await?;
        let touched = Touched { known: Vec::new(), staged: &[] };
        let numbered = number(self.conn(), tenant, touched, until).await?;
        let written = write(self.conn(), tenant).await?;
        let marked = episodes(self.conn(), tenant, &numbered).await?;
        if written + marked > 0 {
            add_cells(self.conn(), tenant).await?;
            self.set_data_changed();
        }
        Ok(())
    }
}

async fn due(conn: &mut PgConnection, tenant: Uuid, until: Timestamp) -> Result<Vec<i64>> {
    let query = sqlx::query_scalar(include_str!("../sql/tenant/attempts_due.sql"));
    Ok(query.bind(tenant).bind(utc(until)).fetch_all(conn).await?)
}

/// Works out the numbers, kept runs and staged ones together; also of units with a run
/// whose time has come since it was kept. The stage must be there. Returns the units.
pub(crate) async fn number(
    conn: &mut PgConnection,
    tenant: Uuid,
    mut touched: Touched<'_>,
    until: Timestamp,
) -> Result<Vec<i64>> {
    touched.known.extend(due(conn, tenant, until).await?);
    sqlx::query(include_str!("../sql/tenant/plan_in_bulk.sql")).execute(&mut *conn).await?;
    sqlx::query(include_str!("../sql/tenant/attempts.sql"))
        .bind(tenant)
        .bind(&touched.known)
        .bind(touched.staged)
        .bind(utc(until))
        .execute(conn)
        .await?;
    touched.known.extend(touched.staged);
    touched.known.sort_unstable();
    touched.known.dedup();
    Ok(touched.known)
}

/// A change of a run is staged for the cells as two rows: as it was and as it is.
const ROWS_OF_CHANGE: u64 = 2;

/// Writes the numbers of kept runs, where they changed; of how many they did.
pub(crate) async fn write(conn: &mut PgConnection, tenant: Uuid) -> Result<u64> {
    sqlx::query(include_str!("../sql/tenant/plan_one_by_one.sql")).execute(&mut *conn).await?;
    let written = sqlx::query(include_str!("../sql/tenant/attempts_write.sql"))
        .bind(tenant)
        .execute(conn)
        .await?;
    Ok(written.rows_affected() / ROWS_OF_CHANGE)
}

/// Marks the failing episodes of units, when their runs and repairs are as they are to be;
/// how many marks changed.
pub(crate) async fn episodes(conn: &mut PgConnection, tenant: Uuid, units: &[i64]) -> Result<u64> {
    if units.is_empty() {
        return Ok(0);
    }
    let marked = sqlx::query(include_str!("../sql/tenant/episodes.sql"))
        .bind(tenant)
        .bind(units)
        .execute(conn)
        .await?;
    Ok(marked.rows_affected() / ROWS_OF_CHANGE)
}

/// Applies to the cells what was changed of runs in this transaction since the last time. To be
/// called after the last change.
pub(crate) async fn add_cells(conn: &mut PgConnection, tenant: Uuid) -> Result<()> {
    let query = sqlx::query(include_str!("../sql/tenant/cells_add.sql"));
    query.bind(tenant).execute(&mut *conn).await?;
    sqlx::query("delete from stage_cell").execute(conn).await?;
    Ok(())
}
