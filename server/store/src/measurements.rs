//! Measured parameters: each has a name in a step of an operation, and one unit of measure.

use sqlx::FromRow;
use uuid::Uuid;

use crate::{Result, TenantTx};

/// A parameter with numeric values.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Measured {
    /// Its operation.
    pub operation: String,
    /// `operation / step / name [unit]`; without brackets if it has no unit.
    pub name: String,
}

/// A parameter that was looked up by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measurement {
    name: String,
    pub(crate) parameters: Vec<i64>,
}

impl Measurement {
    /// Its name, see [`Measured::name`].
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl TenantTx {
    /// Lists the tenant's parameters with numeric values whose name contains `part`, ignoring
    /// case, in the order of operation, step and name; at most `limit`, an exact match first.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn measurements(&mut self, part: &str, limit: u16) -> Result<Vec<Measured>> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_as(include_str!("../sql/tenant/measurements.sql"))
            .bind(tenant)
            .bind(i64::from(limit))
            .bind(part);
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Counts the tenant's parameters with numeric values whose name contains `part`, ignoring
    /// case.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn count_measurements(&mut self, part: &str) -> Result<u64> {
        let query = sqlx::query_scalar(include_str!("../sql/tenant/measurements_count.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(part);
        Ok(query.fetch_one(self.conn()).await.map(i64::unsigned_abs)?)
    }

    /// Finds the parameter with that name.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn measurement(&mut self, name: &str) -> Result<Option<Measurement>> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_scalar(include_str!("../sql/tenant/measurement_named.sql"))
            .bind(tenant)
            .bind(name);
        let parameters: Vec<i64> = query.fetch_all(self.conn()).await?;
        let found = (!parameters.is_empty()).then(|| Measurement { name: name.into(), parameters });
        Ok(found)
    }

    /// Raises `work_mem` for later statements of the transaction, which sort the values of many
    /// runs.
    pub(crate) async fn raise_work_mem(&mut self) -> Result<()> {
        sqlx::query(include_str!("../sql/tenant/plan_roomy.sql")).execute(self.conn()).await?;
        Ok(())
    }
}
