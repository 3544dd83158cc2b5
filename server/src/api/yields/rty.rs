//! `GET /api/v1/rty`

use axum::extract::State;
use domain::dimension::Field;
use domain::yields::Definition;

use super::{Asked, wrong};
use crate::auth::Tenants;
use crate::figures::Group;
use crate::problem::{ApiResult, EN};
use crate::queries::rty::{ObservedFtt, RtyAnswer, RtyInterval, RtyOperation, rty_of_tenants};
use crate::queries::{Ci, Named};
use crate::state::AppState;
use crate::web::extract::{Json, Query};

/// `GET /api/v1/rty`: the product of the first-run yields of a product's operations, and the
/// observed first-time-through.
///
/// # Errors
/// 400 for a parameter, and without `product`.
pub async fn rty(
    State(state): State<AppState>,
    tenants: Tenants,
    query: Query,
) -> ApiResult<Json<RtyAnswer>> {
    let request = Asked::read(&query, &[])?;
    if request.question.filters.get(Field::Product).iter().all(String::is_empty) {
        return Err(wrong("product", EN.cause_rty_product()));
    }
    if request.question.definition != Definition::FirstRun {
        return Err(wrong("definition", EN.cause_rty_definition()));
    }
    let (rolled, as_of) =
        rty_of_tenants(state.store(), &tenants.callers, &request.question, request.basis()).await?;
    let operation = |Group { key, tally, .. }: Group| RtyOperation {
        operation: key,
        n: tally.n,
        passed: tally.passed,
        fraction: tally.proportion().fraction(),
        ci: Ci::from_proportion(tally.proportion(), request.method),
        excluded: tally.excluded,
    };
    Ok(Json(RtyAnswer {
        definition: Named::new(Definition::FirstRun),
        as_of,
        window: request.window(),
        filters: request.filters(),
        operations: rolled.groups.into_iter().map(operation).collect(),
        rty: rolled.rty.map(|rty| rty.value),
        ci: rolled.rty.map(|rty| RtyInterval { low: rty.low, high: rty.high, level: rty.level }),
        observed_ftt: ObservedFtt { k: rolled.observed.k, n: rolled.observed.n },
    }))
}
