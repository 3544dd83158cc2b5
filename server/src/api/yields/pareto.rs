//! `GET /api/v1/pareto`

use axum::extract::State;
use engine::metrics::pareto::Row;
use store::yields::By;

use super::{Asked, wrong};
use crate::auth::Tenants;
use crate::problem::{ApiResult, EN};
use crate::queries::Named;
use crate::queries::pareto::{LeftOut, ParetoAnswer, ParetoRow, pareto_of_tenants};
use crate::state::AppState;
use crate::web::extract::{Json, Query};

/// Default and maximum of `limit`: rows per response.
const DEFAULT_ROWS: usize = 1000;
const MAX_ROWS: usize = 10_000;

/// `GET /api/v1/pareto`: counted runs that did not pass, by code, step or component: the first
/// `limit` rows, with shares and totals over all rows.
///
/// # Errors
/// 400 for a parameter.
pub async fn pareto(
    State(state): State<AppState>,
    tenants: Tenants,
    query: Query,
) -> ApiResult<Json<ParetoAnswer>> {
    let request = Asked::read(&query, &["by", "limit"])?;
    let (word, by) = match request.own("by") {
        None | Some("code") => ("code", By::Code),
        Some("step") => ("step", By::Step),
        Some("component") => ("component", By::Component),
        Some(_) => return Err(wrong("by", EN.cause_one_of("code, step, component"))),
    };
    let limit = match request.own("limit").map(str::parse) {
        None => DEFAULT_ROWS,
        Some(Ok(limit @ 1..=MAX_ROWS)) => limit,
        Some(_) => return Err(wrong("limit", EN.cause_number_10000())),
    };
    let (all, bars, as_of) =
        pareto_of_tenants(state.store(), &tenants.callers, &request.question, by).await?;
    let rows_total = bars.rows.len();
    let left_out = bars.rows.get(limit..).unwrap_or_default();
    let runs_left_out = match by {
        By::Code => Some(left_out.iter().map(|row| row.runs).sum::<u64>()),
        // A run counts in several rows: the counts of the omitted rows cannot be added up.
        By::Step | By::Component => None,
    };
    let left_out = LeftOut { rows: left_out.len(), runs: runs_left_out };
    let row = |row: Row<String>| ParetoRow {
        key: row.key,
        units: row.units,
        runs: row.runs,
        share: row.share,
        cumulative: row.cumulative,
    };
    Ok(Json(ParetoAnswer {
        definition: Named::new(request.question.definition),
        as_of,
        window: request.window(),
        filters: request.filters(),
        by: word,
        n_units: all.units,
        n_runs: all.runs.unsigned_abs(),
        rows: bars.rows.into_iter().take(limit).map(row).collect(),
        rows_total,
        left_out,
    }))
}
