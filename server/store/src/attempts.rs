//! Numbers the attempts of units over their whole history, independent of the order in which
//! their runs arrived.

use domain::Timestamp;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::{Result, TenantTx, utc};

/// The units whose attempts are numbered.
#[derive(Debug)]
pub(crate) struct AffectedUnits<'a> {
    /// Units with stored runs.
    pub(crate) known: Vec<i64>,
    /// Units of the staged runs, in the order of the upload's serials.
    pub(crate) staged: &'a [i64],
}

/// Takes the tenant's advisory lock, which serializes changes of its runs, until the transaction
/// ends.
pub(crate) async fn lock(conn: &mut PgConnection, tenant: Uuid) -> Result<()> {
    sqlx::query(include_str!("../sql/tenant/lock.sql")).bind(tenant).execute(&mut *conn).await?;
    sqlx::query(include_str!("../sql/tenant/plan_one_by_one.sql")).execute(conn).await?;
    Ok(())
}

impl TenantTx {
    /// Whether a run that was in the future when it was stored no longer is, and must be numbered.
    pub(crate) async fn has_due(&mut self, until: Timestamp) -> Result<bool> {
        let tenant = Uuid::from(self.tenant());
        Ok(!list_due_units(self.conn(), tenant, until).await?.is_empty())
    }

    /// Numbers the attempts of units with a run that was in the future when it was stored and no
    /// longer is, so that later reads count it. Commit the transaction to store the numbers.
    pub(crate) async fn number_due(&mut self, until: Timestamp) -> Result<()> {
        let tenant = Uuid::from(self.tenant());
        lock(self.conn(), tenant).await?;
        crate::ingest::make_stage(self.conn()).await?;
        let affected = AffectedUnits { known: Vec::new(), staged: &[] };
        let numbered = number(self.conn(), tenant, affected, until).await?;
        let written = write(self.conn(), tenant).await?;
        let marked = mark_episodes(self.conn(), tenant, &numbered).await?;
        if written + marked > 0 {
            add_cells(self.conn(), tenant).await?;
            self.set_data_changed();
        }
        Ok(())
    }
}

async fn list_due_units(
    conn: &mut PgConnection,
    tenant: Uuid,
    until: Timestamp,
) -> Result<Vec<i64>> {
    let query = sqlx::query_scalar(include_str!("../sql/tenant/attempts_due.sql"));
    Ok(query.bind(tenant).bind(utc(until)).fetch_all(conn).await?)
}

/// Computes the attempt numbers of stored and staged runs together, also of units with a run
/// that was in the future when it was stored and no longer is. The staging tables must exist.
/// Returns the units.
pub(crate) async fn number(
    conn: &mut PgConnection,
    tenant: Uuid,
    mut affected: AffectedUnits<'_>,
    until: Timestamp,
) -> Result<Vec<i64>> {
    affected.known.extend(list_due_units(conn, tenant, until).await?);
    sqlx::query(include_str!("../sql/tenant/plan_in_bulk.sql")).execute(&mut *conn).await?;
    sqlx::query(include_str!("../sql/tenant/attempts.sql"))
        .bind(tenant)
        .bind(&affected.known)
        .bind(affected.staged)
        .bind(utc(until))
        .execute(conn)
        .await?;
    affected.known.extend(affected.staged);
    affected.known.sort_unstable();
    affected.known.dedup();
    Ok(affected.known)
}

/// A change of a run is staged for the cells as two rows: before and after.
const ROWS_PER_CHANGE: u64 = 2;

/// Writes the changed attempt numbers of stored runs; returns the number of changed runs.
pub(crate) async fn write(conn: &mut PgConnection, tenant: Uuid) -> Result<u64> {
    sqlx::query(include_str!("../sql/tenant/plan_one_by_one.sql")).execute(&mut *conn).await?;
    let written = sqlx::query(include_str!("../sql/tenant/attempts_write.sql"))
        .bind(tenant)
        .execute(conn)
        .await?;
    Ok(written.rows_affected() / ROWS_PER_CHANGE)
}

/// Sets the flag bits of failing episodes of units, after all changes of their runs and repairs;
/// returns the number of changed runs.
pub(crate) async fn mark_episodes(
    conn: &mut PgConnection,
    tenant: Uuid,
    units: &[i64],
) -> Result<u64> {
    if units.is_empty() {
        return Ok(0);
    }
    let marked = sqlx::query(include_str!("../sql/tenant/episodes.sql"))
        .bind(tenant)
        .bind(units)
        .execute(conn)
        .await?;
    Ok(marked.rows_affected() / ROWS_PER_CHANGE)
}

/// Applies the staged changes of runs in this transaction to the cells, and empties the stage.
/// The caller must call this after its last change.
pub(crate) async fn add_cells(conn: &mut PgConnection, tenant: Uuid) -> Result<()> {
    let query = sqlx::query(include_str!("../sql/tenant/cells_add.sql"));
    query.bind(tenant).execute(&mut *conn).await?;
    sqlx::query("delete from stage_cell").execute(conn).await?;
    Ok(())
}
