//! What repairs led to.

use domain::dimension::Filters;
use engine::proportion::{Method, Proportion};
use serde::Serialize;
use store::TenantTx;
use store::measurements::Measurement;
use store::yields::Question;
use utoipa::ToSchema;

use super::{Ci, Window};
use crate::problem::ApiResult;

/// Failing episodes by the repair that ended them, or did not.
///
/// An episode begins with a FAIL of a unit in an operation and ends with its next PASS there; it
/// is dated and filtered by its first FAIL. It counts under its last repair that another run of
/// the operation followed. Episodes without such a repair do not count.
#[derive(Debug, Serialize, ToSchema)]
pub struct RepairsAnswer {
    /// The moment of which the figures are.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: domain::Timestamp,
    /// The window.
    pub window: Window,
    /// The filters.
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    pub filters: Filters,
    /// By action and part, the most frequent first.
    pub rows: Vec<RepairRow>,
    /// How many rows there are, listed or not.
    pub rows_total: u64,
}

/// Repairs of one kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RepairRow {
    /// What was done.
    pub action: String,
    /// The part number of what was taken out, else of what was put in.
    pub part: Option<String>,
    /// Failing episodes.
    pub n: u64,
    /// Those whose next run passed.
    pub passed: u64,
    /// Those that passed 30 days before `as_of` or earlier, and stayed good.
    pub stayed: Stayed,
    /// The Wilson interval of `stayed`; null where its n is 0.
    pub ci: Option<Ci>,
    /// The median of hours from the first FAIL to the PASS; null where none passed.
    pub median_hours: Option<f64>,
}

/// Units that stayed good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stayed {
    /// Episodes without a FAIL in the operation for 30 days after they passed.
    pub k: u64,
    /// Episodes that passed 30 days before `as_of` or earlier.
    pub n: u64,
}

/// The first `limit` rows and how many there are.
///
/// # Errors
/// When the database is unreachable.
pub async fn repairs(
    tx: &mut TenantTx,
    question: &Question,
    measurement: Option<&Measurement>,
    as_of: domain::Timestamp,
    limit: u16,
) -> ApiResult<(Vec<RepairRow>, u64)> {
    let outcomes = tx.repair_outcomes(question, measurement, as_of, limit).await?;
    let total = outcomes.first().map_or(0, |row| row.total.unsigned_abs());
    let rows = outcomes.into_iter().map(|row| {
        let stayed = Stayed { k: row.stayed.unsigned_abs(), n: row.settled.unsigned_abs() };
        RepairRow {
            action: row.action,
            part: row.part,
            n: row.n.unsigned_abs(),
            passed: row.passed.unsigned_abs(),
            stayed,
            ci: Ci::from_proportion(Proportion { k: stayed.k, n: stayed.n }, Method::Wilson),
            median_hours: row.median_hours,
        }
    });
    Ok((rows.collect(), total))
}
