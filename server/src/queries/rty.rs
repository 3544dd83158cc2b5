//! Rolled throughput yield of a product.

use std::collections::BTreeMap;

use domain::dimension::{Field, Filters};
use domain::yields::{Definition, Reason};
use engine::metrics::rty::{Rty, rty as rolled};
use engine::metrics::yields::Basis;
use engine::proportion::Proportion;
use serde::Serialize;
use store::TenantTx;
use store::yields::Question;
use utoipa::ToSchema;

use super::{Ci, Named, Window};
use crate::figures::{self, Group, LEVEL};
use crate::problem::ApiResult;

/// Rolled throughput yield with its factors.
#[derive(Debug, Serialize, ToSchema)]
pub struct RtyAnswer {
    /// The definition: first runs.
    pub definition: Named,
    /// The time of the figures.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: domain::Timestamp,
    /// The window.
    pub window: Window,
    /// The filters.
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    pub filters: Filters,
    /// The factors, by operation.
    pub operations: Vec<RtyOperation>,
    /// Their product; null without factors.
    pub rty: Option<f64>,
    /// Its interval.
    pub ci: Option<RtyInterval>,
    /// Units that passed the first run of every operation, of those with runs in all operations.
    pub observed_ftt: ObservedFtt,
}

/// The first-run yield of one operation.
#[derive(Debug, Serialize, ToSchema)]
pub struct RtyOperation {
    /// The operation.
    pub operation: Option<String>,
    /// Counted units.
    pub n: u64,
    /// Those that passed.
    pub passed: u64,
    /// The yield; null if n = 0.
    #[serde(rename = "yield")]
    pub fraction: Option<f64>,
    /// Its interval.
    pub ci: Option<Ci>,
    /// Runs and units that are not counted, by reason.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub excluded: BTreeMap<Reason, u64>,
}

/// The interval of rolled throughput yield.
#[derive(Debug, Serialize, ToSchema)]
pub struct RtyInterval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The confidence level.
    pub level: f64,
}

/// Observed first-time-through.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ObservedFtt {
    /// Units that passed the first run of every operation.
    pub k: u64,
    /// Units with runs in every operation.
    pub n: u64,
}

/// The factors of a rolled throughput yield, and their product.
#[derive(Debug)]
pub struct RolledThroughput {
    /// The first-run yields, by operation.
    pub groups: Vec<Group>,
    /// Their product.
    pub rty: Option<Rty>,
    /// Observed first-time-through.
    pub observed: Proportion,
}

/// Computes the rolled throughput yield of the selected runs. Its factors are first-run yields by
/// operation, whatever the definition of the query.
///
/// # Errors
/// When the database is unreachable.
pub async fn rty(tx: &mut TenantTx, question: &Question) -> ApiResult<RolledThroughput> {
    let basis = Basis { definition: Definition::FirstRun, aborted: None };
    rty_with_basis(tx, question, basis).await
}

/// Like [`rty`], with a setting for aborted runs.
///
/// # Errors
/// When the database is unreachable.
pub async fn rty_with_basis(
    tx: &mut TenantTx,
    question: &Question,
    basis: Basis,
) -> ApiResult<RolledThroughput> {
    let question = Question {
        definition: basis.definition,
        aborted: basis.aborted(),
        group_by: vec![Field::Operation.into()],
        ..question.clone()
    };
    let groups = figures::groups(tx, &question, basis).await?;
    let factors: Vec<_> = groups.iter().map(|group| group.tally.proportion()).collect();
    let names: Vec<String> = groups.iter().filter_map(|group| group.key.clone()).collect();
    let (k, n) = match names.as_slice() {
        [] => (0, 0),
        names => tx.observed_ftt(&question, names).await?,
    };
    Ok(RolledThroughput { groups, rty: rolled(&factors, LEVEL), observed: Proportion { k, n } })
}
