//! What repairs led to.

use domain::Timestamp;
use domain::yields::Aborted;
use sqlx::FromRow;

use crate::measurements::Measurement;
use crate::yields::Question;
use crate::{Result, TenantTx, utc};

/// Failing episodes whose last repair was of one kind.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct RepairOutcome {
    /// What was done.
    pub action: String,
    /// The part number of what was taken out, else of what was put in.
    pub part: Option<String>,
    /// Episodes.
    pub n: i64,
    /// Those whose next run passed.
    pub passed: i64,
    /// Of these, those that passed 30 days ago or earlier.
    pub settled: i64,
    /// Of these, those that did not fail in the operation within 30 days.
    pub stayed: i64,
    /// The median of hours from the first FAIL to the PASS; none where none passed.
    pub median_hours: Option<f64>,
    /// How many kinds there are, listed or not.
    pub total: i64,
}

impl TenantTx {
    /// What repairs led to as of a moment, by action and part: the first `limit` kinds, the
    /// most frequent first.
    ///
    /// Counted are failing episodes (see `episodes.sql`) whose first FAIL is in the question's
    /// window and filters and, where a measurement is given, failed in it. Each counts under its
    /// last repair that another run of the operation followed; episodes without one do not count.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn repair_outcomes(
        &mut self,
        question: &Question,
        measurement: Option<&Measurement>,
        as_of: Timestamp,
        limit: u16,
    ) -> Result<Vec<RepairOutcome>> {
        let rows = self
            .filtered_statement(include_str!("../sql/tenant/repair_outcomes.sql"), question)
            .bind(question.aborted == Aborted::Excluded)
            .bind(measurement.map(|it| it.parameters.clone()))
            .bind(utc(as_of))
            .bind(i64::from(limit))
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(RepairOutcome::from_row).collect::<Result<_, _>>()?)
    }
}
