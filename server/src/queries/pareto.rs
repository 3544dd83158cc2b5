//! Pareto of failures by code, step or component.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use domain::Timestamp;
use domain::dimension::Filters;
use engine::metrics::pareto::{Count, Pareto, Population, pareto as ordered};
use serde::Serialize;
use store::yields::{By, Failures, Question};
use store::{Principal, Store, TenantTx};
use utoipa::ToSchema;

use super::{Named, Window};
use crate::clock;
use crate::figures;
use crate::problem::{ApiResult, Problem};

/// Counted runs that did not pass, by code, step or component.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParetoAnswer {
    /// The definition by which runs count.
    pub definition: Named,
    /// The time of the figures.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: domain::Timestamp,
    /// The window.
    pub window: Window,
    /// The filters.
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    pub filters: Filters,
    /// The key of a row: `code`, `step` or `component`.
    pub by: &'static str,
    /// Units with a counted run that did not pass.
    pub n_units: i64,
    /// Counted runs that did not pass.
    pub n_runs: u64,
    /// The first rows, largest first.
    pub rows: Vec<ParetoRow>,
    /// Number of all rows, listed or not.
    pub rows_total: usize,
    /// The rows that are not listed.
    pub left_out: LeftOut,
}

/// A row of a Pareto chart.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParetoRow {
    /// The code, step or component.
    pub key: String,
    /// Units.
    pub units: u64,
    /// Runs.
    pub runs: u64,
    /// Its share of all runs that did not pass.
    pub share: f64,
    /// The cumulative share of this row and those before it; null if a run counts in several rows.
    pub cumulative: Option<f64>,
}

/// Rows that are not listed.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftOut {
    /// Number of rows.
    pub rows: usize,
    /// Their runs; null if a run counts in several rows.
    pub runs: Option<u64>,
}

/// Computes the totals of counted runs that did not pass, and the rows, largest first.
///
/// # Errors
/// When the database is unreachable.
pub async fn pareto(
    tx: &mut TenantTx,
    question: &Question,
    by: By,
) -> ApiResult<(Failures, Pareto<String>)> {
    let (all, keyed) = tx.failures(question, by).await?;
    order(all, keyed, by)
}

/// Like [`pareto`], over several tenants, one transaction after the other; with the time of the
/// figures.
///
/// # Errors
/// When the database is unreachable.
pub async fn pareto_of_tenants(
    store: &Store,
    callers: &[Principal],
    question: &Question,
    by: By,
) -> ApiResult<(Failures, Pareto<String>, Timestamp)> {
    let mut total = Failures { key: None, runs: 0, units: 0 };
    let mut keyed: BTreeMap<Option<String>, Failures> = BTreeMap::new();
    let mut as_of = None;
    for caller in callers {
        let (mut tx, at) = figures::begin(store, caller).await?;
        as_of.get_or_insert(at);
        let (all, of_tenant) = tx.failures(question, by).await?;
        add(&mut total, &all);
        for failures in of_tenant {
            match keyed.entry(failures.key.clone()) {
                Entry::Vacant(entry) => drop(entry.insert(failures)),
                Entry::Occupied(mut entry) => add(entry.get_mut(), &failures),
            }
        }
    }
    let (all, rows) = order(total, keyed.into_values().collect(), by)?;
    Ok((all, rows, as_of.unwrap_or_else(clock::now)))
}

fn add(sum: &mut Failures, more: &Failures) {
    sum.runs += more.runs;
    sum.units += more.units;
}

fn order(all: Failures, keyed: Vec<Failures>, by: By) -> ApiResult<(Failures, Pareto<String>)> {
    let counts = keyed.into_iter().map(|failures| Count {
        key: failures.key.unwrap_or_default(),
        units: failures.units.unsigned_abs(),
        runs: failures.runs.unsigned_abs(),
    });
    let population = match by {
        By::Code => Population::OneKeyPerRun,
        By::Step | By::Component => Population::ManyKeysPerRun { runs: all.runs.unsigned_abs() },
    };
    let rows = ordered(counts.collect(), population).ok_or_else(Problem::internal)?;
    Ok((all, rows))
}
