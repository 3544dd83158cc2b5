//! The yield datasets.

use chrono::{DateTime, Utc};
use domain::Timestamp;
use sqlx::FromRow;

use crate::{Result, TenantTx, utc};

/// First-pass yield of one operation under the definition first-run, version 1, and the
/// runs that were left out of it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OperationFpy {
    /// The operation.
    pub operation: String,
    /// Production units whose first run has come.
    pub n: i64,
    /// Those of them whose first run passed.
    pub passed: i64,
    /// Runs of golden units.
    pub golden: i64,
    /// Runs of reference units.
    pub reference: i64,
    /// Runs that were skipped.
    pub skipped: i64,
    /// Runs that say they start later than `as_of`.
    pub future: i64,
    /// Runs that a person took out of the figures.
    pub voided: i64,
    /// When the latest run that is not from the future started.
    pub latest: Option<DateTime<Utc>>,
}

impl TenantTx {
    /// First-pass yield by operation, in the operations' order; a run that starts after
    /// `until` is from the future.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn fpy_by_operation(&mut self, until: Timestamp) -> Result<Vec<OperationFpy>> {
        let query = sqlx::query_as(include_str!("../sql/tenant/fpy_by_operation.sql"));
        Ok(query.bind(utc(until)).fetch_all(self.conn()).await?)
    }
}
