//! Rolled throughput yield of a product.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::dimension::{Field, Filters};
use domain::yields::{Definition, Reason};
use engine::metrics::rty::{Rty, rty as rolled};
use engine::metrics::yields::Basis;
use engine::proportion::Proportion;
use serde::Serialize;
use store::yields::Question;
use store::{Principal, Store, TenantTx};
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
    let question = by_operation(question, basis);
    let groups = figures::groups(tx, &question, basis).await?;
    let names = operations(&groups);
    let (k, n) = observed_ftt(tx, &question, &names).await?;
    Ok(RolledThroughput::new(groups, Proportion { k, n }))
}

/// Like [`rty_with_basis`], over several tenants: a unit counts as observed if it ran in all
/// operations that any of them has. With the time of the figures.
///
/// # Errors
/// When the database is unreachable.
pub async fn rty_of_tenants(
    store: &Store,
    callers: &[Principal],
    question: &Question,
    basis: Basis,
) -> ApiResult<(RolledThroughput, Timestamp)> {
    let question = by_operation(question, basis);
    let (groups, as_of) = figures::groups_of_tenants(store, callers, &[&question], basis).await?;
    let groups = groups.into_iter().next().unwrap_or_default();
    let names = operations(&groups);
    let mut observed = Proportion { k: 0, n: 0 };
    for caller in callers {
        let (mut tx, _) = figures::begin(store, caller).await?;
        let (k, n) = observed_ftt(&mut tx, &question, &names).await?;
        observed = Proportion { k: observed.k + k, n: observed.n + n };
    }
    Ok((RolledThroughput::new(groups, observed), as_of))
}

impl RolledThroughput {
    fn new(groups: Vec<Group>, observed: Proportion) -> Self {
        let factors: Vec<_> = groups.iter().map(|group| group.tally.proportion()).collect();
        Self { rty: rolled(&factors, LEVEL), groups, observed }
    }
}

fn operations(groups: &[Group]) -> Vec<String> {
    groups.iter().filter_map(|group| group.key.clone()).collect()
}

/// Counts the units with runs in all of the operations, and those of them that passed each first
/// run.
async fn observed_ftt(
    tx: &mut TenantTx,
    question: &Question,
    operations: &[String],
) -> ApiResult<(u64, u64)> {
    match operations {
        [] => Ok((0, 0)),
        operations => Ok(tx.observed_ftt(question, operations).await?),
    }
}

fn by_operation(question: &Question, basis: Basis) -> Question {
    Question {
        definition: basis.definition,
        aborted: basis.aborted(),
        group_by: vec![Field::Operation.into()],
        ..question.clone()
    }
}
