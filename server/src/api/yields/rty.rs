//! `GET /api/v1/rty`

use axum::extract::State;
use domain::dimension::Field;
use domain::yields::Definition;
use engine::metrics::rty as engine_rty;
use serde_json::{Value, json};

use super::asked::{Asked, wrong};
use super::{Ci, Named};
use crate::auth::Caller;
use crate::extract::{Json, Query};
use crate::figures::{self, LEVEL};
use crate::problem::{ApiResult, EN};
use crate::state::AppState;

/// `GET /api/v1/rty`: the product of the first-run yields of a product's operations, and the
/// share of units that really went through all of them.
///
/// # Errors
/// 400 for a parameter, and without `product`.
pub async fn rty(
    State(state): State<AppState>,
    Caller(caller): Caller,
    query: Query,
) -> ApiResult<Json<Value>> {
    let mut asked = Asked::read(&query, &[])?;
    if asked.question.filters.get(Field::Product).iter().all(String::is_empty) {
        return Err(wrong("product", EN.cause_rty_product()));
    }
    if asked.question.definition != Definition::FirstRun {
        return Err(wrong("definition", EN.cause_rty_definition()));
    }
    asked.question.group_by = vec![Field::Operation.into()];
    let (mut tx, as_of) = figures::begin(state.store(), &caller).await?;
    let groups = figures::groups(&mut tx, &asked.question, asked.basis()).await?;
    let proportions: Vec<_> = groups.iter().map(|group| group.tally.proportion()).collect();
    let rolled = engine_rty::rty(&proportions, LEVEL);
    let names: Vec<String> = groups.iter().filter_map(|group| group.key.clone()).collect();
    let (k, n) = match names.as_slice() {
        [] => (0, 0),
        names => tx.observed_ftt(&asked.question, names).await?,
    };
    let operations: Vec<Value> = groups
        .iter()
        .map(|group| {
            let yielded = group.tally.proportion();
            json!({
                "operation": group.key,
                "n": yielded.n,
                "passed": yielded.k,
                "yield": yielded.fraction(),
                "ci": Ci::of(yielded, asked.method),
                "excluded": group.tally.excluded,
            })
        })
        .collect();
    Ok(Json(json!({
        "definition": Named::new(Definition::FirstRun),
        "as_of": as_of,
        "window": asked.window(),
        "filters": asked.filters(),
        "operations": operations,
        "rty": rolled.map(|rolled| rolled.value),
        "ci": rolled.map(|rolled| json!({ "low": rolled.low, "high": rolled.high, "level": rolled.level })),
        "observed_ftt": { "k": k, "n": n },
    })))
}
