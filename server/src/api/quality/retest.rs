//! `GET /api/v1/retest`

use std::collections::BTreeMap;

use axum::extract::State;
use domain::yields::Definition;
use engine::quality::retest as engine_retest;
use serde::Serialize;

use super::sample::{self, Sample};
use super::{Head, Range, measurement};
use crate::api::yields::Asked;
use crate::auth::Caller;
use crate::figures::{self, LEVEL};
use crate::problem::ApiResult;
use crate::state::AppState;
use crate::web::extract::{Json, Query};

/// The answer.
#[derive(Debug, Serialize)]
pub struct Answer {
    #[serde(flatten)]
    head: Head,
    parameter: String,
    /// Units with two values or more.
    pairs: u64,
    excluded: BTreeMap<&'static str, u64>,
    /// Mean of last − first.
    difference: Option<f64>,
    ci: Option<Range>,
    level: f64,
    p: Option<f64>,
    /// Standard deviation of one measurement of the same unit.
    repeatability: Option<f64>,
    /// Units by the outcome of the first and the last run.
    reversals: Reversals,
    notes: Vec<&'static str>,
}

#[derive(Debug, Default, Serialize)]
struct Reversals {
    pass_pass: u64,
    pass_fail: u64,
    fail_pass: u64,
    fail_fail: u64,
}

/// `GET /api/v1/retest?parameter=`: the first value of a unit against its last, of units with
/// two runs or more. Without a definition all runs are counted (`report`).
///
/// # Errors
/// 400 for a parameter.
pub async fn retest(
    State(state): State<AppState>,
    Caller(caller): Caller,
    mut query: Query,
) -> ApiResult<Json<Answer>> {
    if query.get("definition")?.is_none() {
        query.0.push(("definition".to_owned(), Definition::Report.to_string()));
    }
    if query.get("runs")?.is_none() {
        query.0.push(("runs".to_owned(), "all".to_owned()));
    }
    let asked = Asked::read(&query, &sample::PARAMETERS)?;
    let (mut tx, as_of) = figures::begin(state.store(), &caller).await?;
    let measurement = measurement(&mut tx, &asked).await?;
    let sample = Sample::load(&mut tx, &asked, &measurement, None).await?;
    drop(tx);
    let pairs = pairs(&sample);
    let result = engine_retest::retest(&pairs, LEVEL);
    let reversals = result.map(|result| result.reversals).unwrap_or_default();
    Ok(Json(Answer {
        head: Head::new(&asked, as_of),
        parameter: sample.parameter.clone(),
        pairs: result.map_or(0, |result| result.pairs),
        excluded: sample.excluded.clone(),
        difference: result.map(|result| result.difference),
        ci: result.and_then(|result| result.ci).map(Range::from),
        level: LEVEL,
        p: result.and_then(|result| result.p),
        repeatability: result.and_then(|result| result.repeatability),
        reversals: Reversals {
            pass_pass: reversals.pass_pass,
            pass_fail: reversals.pass_fail,
            fail_pass: reversals.fail_pass,
            fail_fail: reversals.fail_fail,
        },
        notes: if pairs.is_empty() { vec!["no-retests"] } else { Vec::new() },
    }))
}

/// The first and the last value of each unit that has two or more.
fn pairs(sample: &Sample) -> Vec<engine_retest::Pair> {
    let mut units: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
    for (index, value) in sample.values.iter().enumerate() {
        units.entry(value.unit).or_insert((index, index)).1 = index;
    }
    let repeated = units.values().filter(|(first, last)| first != last);
    repeated
        .map(|(first, last)| {
            let (first, last) = (&sample.values[*first], &sample.values[*last]);
            engine_retest::Pair {
                first: first.value,
                last: last.value,
                passed: (first.passed, last.passed),
            }
        })
        .collect()
}
