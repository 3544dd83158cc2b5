//! What failures go together with: values of dimensions, measurements, limits and units.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;

use crate::measurements::Measurement;
use crate::yields::Question;
use crate::{Result, TenantTx};

/// Counted runs of an operation with one code and one value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ValueFailures {
    /// The operation.
    pub operation: String,
    /// The dimension; none where the row is of all runs.
    pub dimension: Option<String>,
    /// Its value.
    pub value: Option<String>,
    /// The failure code; none of passing runs.
    pub code: Option<String>,
    /// How many runs.
    pub runs: i64,
    /// The day of the first.
    pub first_day: NaiveDate,
    /// The day of the last.
    pub last_day: NaiveDate,
}

/// A measurement that failed in runs.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct FailedParameter {
    /// `operation / step / name [unit]`.
    pub parameter: String,
    /// Runs in which it failed.
    pub runs: i64,
    /// The median of the values that failed; none where none is a number.
    pub median: Option<f64>,
    /// The newest lower limit.
    pub low: Option<f64>,
    /// The newest upper limit.
    pub high: Option<f64>,
}

/// Limits of a measurement, and the runs that have them.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct LimitVersion {
    /// The lower limit.
    pub low: Option<f64>,
    /// The upper limit.
    pub high: Option<f64>,
    /// Runs.
    pub n: i64,
    /// When the first of them started.
    pub first_at: DateTime<Utc>,
    /// When the last of them started.
    pub last_at: DateTime<Utc>,
    /// The versions of the test software that have them.
    pub softwares: Vec<String>,
}

/// A unit with many runs that did not pass.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct FailedUnit {
    /// The unit.
    pub serial: String,
    /// The operation.
    pub operation: String,
    /// Runs that did not pass.
    pub failed: i64,
}

impl TenantTx {
    /// Counted runs by operation, code and each value of each dimension that at least `minimum`
    /// runs have; one more row than `limit` at most, beside those of all runs.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn failures_by_value(
        &mut self,
        question: &Question,
        minimum: u32,
        limit: usize,
    ) -> Result<Vec<ValueFailures>> {
        let rows = self
            .counted_statement(include_str!("../sql/tenant/failures_by_value.sql"), question)
            .bind(i64::from(minimum))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1)
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(ValueFailures::from_row).collect::<Result<_, _>>()?)
    }

    /// The `limit` measurements that failed in most counted runs with a code, or in any that did
    /// not pass.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn failed_parameters(
        &mut self,
        question: &Question,
        code: Option<&str>,
        limit: u16,
    ) -> Result<Vec<FailedParameter>> {
        let rows = self
            .counted_statement(include_str!("../sql/tenant/failed_parameters.sql"), question)
            .bind(code.map(str::to_owned))
            .bind(i64::from(limit))
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(FailedParameter::from_row).collect::<Result<_, _>>()?)
    }

    /// The limits on a measurement in counted runs, the newest `limit` of them, the newest first.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn limit_versions(
        &mut self,
        question: &Question,
        measurement: &Measurement,
        limit: u16,
    ) -> Result<Vec<LimitVersion>> {
        self.raise_work_mem().await?;
        self.plan_in_bulk().await?;
        let rows = self
            .counted_statement(include_str!("../sql/tenant/limit_versions.sql"), question)
            .bind(measurement.parameters.clone())
            .bind(i64::from(limit))
            .fetch_all(self.conn())
            .await?;
        self.plan_freely().await?;
        Ok(rows.iter().map(LimitVersion::from_row).collect::<Result<_, _>>()?)
    }

    /// Units of which at least `least` runs in one operation did not pass, the `limit` with the
    /// most of them.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn units_most_failed(
        &mut self,
        question: &Question,
        least: u32,
        limit: u16,
    ) -> Result<Vec<FailedUnit>> {
        let rows = self
            .filtered_statement(include_str!("../sql/tenant/units_most_failed.sql"), question)
            .bind(i64::from(least))
            .bind(i64::from(limit))
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(FailedUnit::from_row).collect::<Result<_, _>>()?)
    }
}
