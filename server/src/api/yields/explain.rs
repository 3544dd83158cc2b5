//! `GET /api/v1/yield/explain`

use axum::extract::State;
use domain::yields::Definition;
use engine::metrics::yields::Tally;
use serde_json::json;

use super::{Asked, wrong};
use crate::api::{cut_page, invalid_cursor, limit};
use crate::auth::Caller;
use crate::figures;
use crate::problem::{ApiResult, EN};
use crate::queries::explain::{
    ExplainAnswer, ExplainFigure, ExplainItem, ExplainedIn, ExplainedOut, under_each_definition,
};
use crate::queries::{Ci, Named};
use crate::state::AppState;
use crate::web::extract::{Json, Query};

/// `GET /api/v1/yield/explain`: the figure under each definition, and a page of the units
/// that it counts (`units=in`) or of the units that have selected runs and are not counted
/// (`units=out`), with the reasons.
///
/// # Errors
/// 400 for a parameter.
pub async fn explain(
    State(state): State<AppState>,
    Caller(caller): Caller,
    query: Query,
) -> ApiResult<Json<ExplainAnswer>> {
    let mut request = Asked::read(&query, &["units", "limit", "cursor"])?;
    request.question.group_by = Vec::new();
    let inside = match request.own("units") {
        None | Some("in") => true,
        Some("out") => false,
        Some(_) => return Err(wrong("units", EN.cause_one_of("in, out"))),
    };
    let limit = limit(&query)?;
    let after = match request.own("cursor") {
        None => (String::new(), String::new()),
        Some(cursor) => serde_json::from_str(cursor)
            .ok()
            .filter(|(serial, operation): &(String, String)| {
                !serial.contains('\0') && !operation.contains('\0')
            })
            .ok_or_else(|| wrong("cursor", invalid_cursor()))?,
    };
    let after = (after.0.as_str(), after.1.as_str());

    let (mut tx, as_of) = figures::begin(state.store(), &caller).await?;
    let by_definition = under_each_definition(&mut tx, &request.question, request.aborted).await?;
    let figure = |(definition, tally): (Definition, Tally)| ExplainFigure {
        definition: Named::new(definition),
        n: tally.n,
        passed: tally.passed,
        fraction: tally.proportion().fraction(),
        ci: Ci::from_proportion(tally.proportion(), request.method),
        excluded: tally.excluded,
    };
    let (items, last) = if inside {
        let mut units = tx.list_counted_units(&request.question, after, limit + 1).await?;
        let more = cut_page(&mut units, limit);
        let last = more.and(units.last()).map(|unit| (unit.serial.clone(), unit.operation.clone()));
        let item = |unit: store::yields::CountedUnit| {
            ExplainItem::In(ExplainedIn {
                serial: unit.serial,
                operation: unit.operation,
                runs: unit.runs,
                passed: unit.passed,
                started_at: unit.started_at,
            })
        };
        (units.into_iter().map(item).collect::<Vec<_>>(), last)
    } else {
        let mut units = tx.list_uncounted_units(&request.question, after, limit + 1).await?;
        let more = cut_page(&mut units, limit);
        let last = more.and(units.last()).map(|unit| (unit.serial.clone(), unit.operation.clone()));
        let item = |unit: store::yields::UncountedUnit| {
            ExplainItem::Out(ExplainedOut {
                serial: unit.serial,
                operation: unit.operation,
                runs: unit.runs,
                reasons: unit.reasons,
                first_run_started_at: unit.first_at,
            })
        };
        (units.into_iter().map(item).collect(), last)
    };
    let next = last.map(|last| json!(last).to_string());
    Ok(Json(ExplainAnswer {
        definition: Named::new(request.question.definition),
        as_of,
        window: request.window(),
        filters: request.filters(),
        figures: by_definition.into_iter().map(figure).collect(),
        units: if inside { "in" } else { "out" },
        items,
        next,
    }))
}
