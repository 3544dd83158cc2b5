//! `GET /api/v1/retest`

use std::collections::BTreeMap;

use domain::yields::Definition;
use engine::quality::retest as engine_retest;
use serde::Serialize;
use store::{Principal, Store};
use utoipa::ToSchema;

use super::sample::{self, Sample};
use super::{Head, Range, measurement};
use crate::figures::{self, LEVEL};
use crate::problem::ApiResult;
use crate::queries::asked::Asked;
use crate::web::extract::Query;

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RetestAnswer {
    #[serde(flatten)]
    pub(crate) head: Head,
    pub(crate) parameter: String,
    /// Units with two values or more.
    pub(crate) pairs: u64,
    pub(crate) excluded: BTreeMap<&'static str, u64>,
    /// Mean of last − first.
    pub(crate) difference: Option<f64>,
    pub(crate) ci: Option<Range>,
    pub(crate) level: f64,
    pub(crate) p: Option<f64>,
    /// Standard deviation of one measurement of the same unit.
    pub(crate) repeatability: Option<f64>,
    /// Units by the outcome of the first and the last run.
    pub(crate) reversals: Reversals,
    pub(crate) notes: Vec<&'static str>,
}

#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = RetestReversals)]
pub(crate) struct Reversals {
    pub(crate) pass_pass: u64,
    pub(crate) pass_fail: u64,
    pub(crate) fail_pass: u64,
    pub(crate) fail_fail: u64,
}

/// `GET /api/v1/retest?parameter=`: the first value of a unit against its last, of units with
/// two runs or more. Without a definition all runs are counted (`report`).
///
/// # Errors
/// 400 for a parameter.
pub(crate) async fn retest(
    store: &Store,
    caller: &Principal,
    query: &Query,
) -> ApiResult<RetestAnswer> {
    let mut query = query.clone();
    if query.get("definition")?.is_none() {
        query.0.push(("definition".to_owned(), Definition::Report.to_string()));
    }
    if query.get("runs")?.is_none() {
        query.0.push(("runs".to_owned(), "all".to_owned()));
    }
    let asked = Asked::read(&query, &sample::PARAMETERS)?;
    let (mut tx, as_of) = figures::begin(store, caller).await?;
    let measurement = measurement(&mut tx, &asked).await?;
    let sample = Sample::load(&mut tx, &asked, &measurement, None).await?;
    drop(tx);
    let pairs = pairs(&sample);
    let result = engine_retest::retest(&pairs, LEVEL);
    let reversals = result.map(|result| result.reversals).unwrap_or_default();
    Ok(RetestAnswer {
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
    })
}

/// What a second test of a unit changes; none without units of two values.
pub(crate) fn of_sample(sample: &Sample) -> Option<engine_retest::Retest> {
    engine_retest::retest(&pairs(sample), LEVEL)
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
