//! What is measured: the same name in the same step of the same operation, in one unit.

use sqlx::FromRow;
use uuid::Uuid;

use crate::{Result, TenantTx};

/// Something of which there are numbers.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Measured {
    /// In which operation.
    pub operation: String,
    /// `operation / step / name [unit]`; no brackets where it has no unit.
    pub name: String,
}

/// A measurement that was asked for by its name.
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
    /// What the tenant has numbers of with `part` in its name, in any case, in the order of
    /// operation, step and name; the first so many, one of exactly that name before all others.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn measurements(&mut self, part: &str, limit: u16) -> Result<Vec<Measured>> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_as(include_str!("../sql/tenant/measurements.sql"))
            .bind(tenant)
            .bind(i64::from(limit))
            .bind(part);
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// How much the tenant has numbers of with `part` in its name, in any case.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn count_measurements(&mut self, part: &str) -> Result<u64> {
        let query = sqlx::query_scalar(include_str!("../sql/tenant/measurements_count.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(part);
        Ok(query.fetch_one(self.conn()).await.map(i64::unsigned_abs)?)
    }

    /// The measurement of that name; none where the tenant has none.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn measurement(&mut self, name: &str) -> Result<Option<Measurement>> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_scalar(include_str!("../sql/tenant/measurement_named.sql"))
            .bind(tenant)
            .bind(name);
        let parameters: Vec<i64> = query.fetch_all(self.conn()).await?;
        let found = (!parameters.is_empty()).then(|| Measurement { name: name.into(), parameters });
        Ok(found)
    }

    /// Makes room for the values of many runs in what follows.
    pub(crate) async fn expect_values(&mut self) -> Result<()> {
        sqlx::query(include_str!("../sql/tenant/plan_roomy.sql")).execute(self.conn()).await?;
        Ok(())
    }
}
