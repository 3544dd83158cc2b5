//! `GET /api/v1/yield/explain`

use axum::extract::State;
use domain::yields::Definition;
use serde_json::{Value, json};

use super::asked::{Asked, wrong};
use super::{Ci, Named};
use crate::api::{cut_page, invalid_cursor, limit, time};
use crate::auth::Caller;
use crate::extract::{Json, Query};
use crate::figures::{self, Group};
use crate::problem::{ApiResult, EN};
use crate::state::AppState;

/// `GET /api/v1/yield/explain`: the figure under each definition, and page by page the units
/// that are in it (`units=in`) and those that have runs where it looks and are not
/// (`units=out`), with the reasons.
///
/// # Errors
/// 400 for a parameter.
pub async fn explain(
    State(state): State<AppState>,
    Caller(caller): Caller,
    query: Query,
) -> ApiResult<Json<Value>> {
    let mut asked = Asked::read(&query, &["units", "limit", "cursor"])?;
    asked.question.group_by = Vec::new();
    let inside = match asked.own("units") {
        None | Some("in") => true,
        Some("out") => false,
        Some(_) => return Err(wrong("units", EN.cause_one_of("in, out"))),
    };
    let limit = limit(&query)?;
    let after = match asked.own("cursor") {
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
    let mut under = Vec::new();
    for definition in Definition::ALL {
        let asked = asked.under(*definition);
        for Group { tally, .. } in figures::groups(&mut tx, &asked.question, asked.basis()).await? {
            under.push(json!({
                "definition": Named::new(*definition),
                "n": tally.n,
                "passed": tally.passed,
                "yield": tally.proportion().fraction(),
                "ci": Ci::of(tally.proportion(), asked.method),
                "excluded": tally.excluded,
            }));
        }
    }
    let (items, last) = if inside {
        let mut units = tx.units_in(&asked.question, after, limit + 1).await?;
        let more = cut_page(&mut units, limit);
        let last = more.and(units.last()).map(|unit| (unit.serial.clone(), unit.operation.clone()));
        let item = |unit: &store::yields::UnitIn| {
            json!({
                "serial": unit.serial,
                "operation": unit.operation,
                "runs": unit.runs,
                "passed": unit.passed,
                "started_at": time(unit.started_at),
            })
        };
        (units.iter().map(item).collect::<Vec<_>>(), last)
    } else {
        let mut units = tx.units_out(&asked.question, after, limit + 1).await?;
        let more = cut_page(&mut units, limit);
        let last = more.and(units.last()).map(|unit| (unit.serial.clone(), unit.operation.clone()));
        let item = |unit: &store::yields::UnitOut| {
            json!({
                "serial": unit.serial,
                "operation": unit.operation,
                "runs": unit.runs,
                "reasons": unit.reasons,
                "first_run_started_at": unit.first_at.map(time),
            })
        };
        (units.iter().map(item).collect(), last)
    };
    let next = last.map(|last| json!(last).to_string());
    Ok(Json(json!({
        "definition": Named::new(asked.question.definition),
        "as_of": as_of,
        "window": asked.window(),
        "filters": asked.filters(),
        "figures": under,
        "units": if inside { "in" } else { "out" },
        "items": items,
        "next": next,
    })))
}
