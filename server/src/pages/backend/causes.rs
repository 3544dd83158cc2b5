//! What failures go together with, for the pages.

use app::backend::{
    Cause, Drift, FailedParameter, FailedUnit, LimitChange, RetestStation, StandingOut,
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::dimension::{Dimension, Field};
use domain::yields::{Definition, Reason};
use engine::metrics::yields::Basis;
use engine::stats::linear_regression::fit;
use engine::stats::student_t;
use store::TenantTx;
use store::causes::LimitVersion;
use store::yields::Question;

use super::clocks::Clocks;
use super::slices;
use crate::figures;
use crate::frames::spawn_cpu;
use crate::problem::ApiResult;
use crate::queries::causes::{self, MINIMUM_RUNS, MOST_ROWS};

/// Causes that are listed.
const CAUSES: usize = 8;
/// Stations and units that are listed.
const LISTED: usize = 5;
/// Failing runs of a unit in one operation that are many.
const MANY_FAILURES: u32 = 4;
/// Measurements that are listed.
const PARAMETERS: u16 = 5;
/// Versions of limits that are read.
const VERSIONS: u16 = 20;
/// Values that a drift is fitted to, at most.
const DRIFT_VALUES: usize = 20_000;
/// Below this p-value a slope is a drift.
const DRIFT_P: f64 = 1e-4;

/// What failures in a question's period go together with.
pub(super) async fn standing_out(
    tx: &mut TenantTx,
    question: &Question,
    basis: Basis,
    clocks: Clocks,
    today: NaiveDate,
) -> ApiResult<StandingOut> {
    let compared = slices::with_previous(question);
    let rows = tx.failures_by_value(&compared, MINIMUM_RUNS, MOST_ROWS).await?;
    let (mut found, tests) =
        match rows.iter().filter(|row| row.dimension.is_some()).count() > MOST_ROWS {
            true => (Vec::new(), None),
            false => {
                let look = move || Ok::<_, std::convert::Infallible>(causes::causes(&rows));
                let (found, tests) = spawn_cpu("causes", look).await?;
                (found, Some(tests))
            }
        };
    let more = found.len().saturating_sub(CAUSES);
    found.truncate(CAUSES);
    let mut listed = Vec::with_capacity(found.len());
    for cause in found {
        let limit = match cause.dimension == Field::Software.as_str() {
            true => limit_of(tx, &compared, &cause, clocks).await?,
            false => None,
        };
        listed.push(Cause {
            operation: cause.operation,
            code: cause.code,
            dimension: cause.dimension,
            value: cause.value,
            here: cause.here,
            elsewhere: cause.elsewhere,
            q: cause.q,
            seen: (cause.seen.0.to_string(), cause.seen.1.to_string()),
            limit,
        });
    }
    let units = tx.units_most_failed(question, MANY_FAILURES, LISTED as u16).await?;
    Ok(StandingOut {
        causes: listed,
        more,
        tests,
        window: slices::days_of(&compared, today),
        retest_stations: retest_stations(tx, question, basis).await?,
        units: units
            .into_iter()
            .map(|unit| FailedUnit {
                serial: unit.serial,
                operation: unit.operation,
                failed: unit.failed.unsigned_abs(),
            })
            .collect(),
    })
}

/// A limit that changed with a version of the software, of the measurement that fails most.
async fn limit_of(
    tx: &mut TenantTx,
    question: &Question,
    cause: &causes::Cause,
    clocks: Clocks,
) -> ApiResult<Option<LimitChange>> {
    let mut question = question.clone();
    question.filters.add(Field::Operation, cause.operation.clone());
    let failed = tx.failed_parameters(&question, cause.code.as_deref(), 1).await?;
    match failed.first() {
        Some(first) => limit_change(tx, &question, &first.parameter, clocks).await,
        None => Ok(None),
    }
}

/// The latest change of a measurement's limits in the runs that a question is about.
async fn limit_change(
    tx: &mut TenantTx,
    question: &Question,
    parameter: &str,
    clocks: Clocks,
) -> ApiResult<Option<LimitChange>> {
    let Some(measurement) = tx.measurement(parameter).await? else { return Ok(None) };
    let versions = tx.limit_versions(question, &measurement, VERSIONS).await?;
    let [after, before, ..] = &versions[..] else { return Ok(None) };
    let is_new = |software: &&String| {
        !versions.iter().any(|it| it.first_at < after.first_at && it.softwares.contains(software))
    };
    let ends = |version: &LimitVersion| (version.low, version.high);
    Ok(Some(LimitChange {
        parameter: parameter.to_owned(),
        before: ends(before),
        after: ends(after),
        since: clocks.day(after.first_at).to_string(),
        softwares: after.softwares.iter().filter(is_new).take(LISTED).cloned().collect(),
    }))
}

/// The measurements that fail with a code, the changes of their limits, and how the first moves
/// where most of the failures are.
pub(super) async fn failed_parameters(
    tx: &mut TenantTx,
    question: &Question,
    code: &str,
    place: Option<(&str, &str)>,
    clocks: Clocks,
) -> ApiResult<Vec<FailedParameter>> {
    let compared = slices::with_previous(question);
    let rows = tx.failed_parameters(question, Some(code), PARAMETERS).await?;
    let mut parameters = Vec::with_capacity(rows.len());
    for row in rows {
        let limit = limit_change(tx, &compared, &row.parameter, clocks).await?;
        let drift = match place.filter(|_| parameters.is_empty()) {
            Some(place) => drift(tx, question, &row.parameter, place).await?,
            None => None,
        };
        parameters.push(FailedParameter {
            parameter: row.parameter,
            runs: row.runs.unsigned_abs(),
            median: row.median,
            low: row.low,
            high: row.high,
            limit,
            drift,
        });
    }
    Ok(parameters)
}

/// The line through a measurement's values at one value of a dimension, where it is not level.
async fn drift(
    tx: &mut TenantTx,
    question: &Question,
    parameter: &str,
    (dimension, value): (&str, &str),
) -> ApiResult<Option<Drift>> {
    let Some(measurement) = tx.measurement(parameter).await? else { return Ok(None) };
    let Some(filter) = Dimension::parse_filter(dimension) else { return Ok(None) };
    let mut question = question.clone();
    question.filters.add(filter, value.to_owned());
    let values = tx.parameter_values(&question, &measurement, None, DRIFT_VALUES).await?;
    let Some(first) = values.first().map(|it| it.started_at) else { return Ok(None) };
    let days = |at: DateTime<Utc>| (at - first).num_seconds() as f64 / 86_400.0;
    let points: Vec<(f64, f64)> = values
        .iter()
        .filter_map(|it| Some((days(it.started_at), it.value.filter(|value| value.is_finite())?)))
        .collect();
    let look = move || {
        let line = fit(&points).filter(|line| line.slope_p < DRIFT_P);
        Ok::<_, std::convert::Infallible>(line)
    };
    let line = spawn_cpu("drift", look).await?;
    Ok(line.map(|line| {
        let degrees = line.n.saturating_sub(2) as f64;
        let reach = student_t::upper_quantile(0.025, degrees) * line.slope_se;
        Drift {
            dimension: dimension.to_owned(),
            value: value.to_owned(),
            per_day: line.slope,
            ends: (line.slope - reach, line.slope + reach),
            n: line.n,
        }
    }))
}

/// Stations where units ran, but none of them first, those with most units first.
async fn retest_stations(
    tx: &mut TenantTx,
    question: &Question,
    basis: Basis,
) -> ApiResult<Vec<RetestStation>> {
    if basis.definition != Definition::FirstRun {
        return Ok(Vec::new());
    }
    let by = [Field::Station, Field::Operation].map(Dimension::from);
    let question = Question { group_by: by.to_vec(), ..question.clone() };
    let groups = figures::groups(tx, &question, basis).await?;
    let mut stations: Vec<RetestStation> = groups
        .into_iter()
        .filter(|group| group.tally.n == 0)
        .filter_map(|group| {
            let units = *group.tally.excluded.get(&Reason::FirstRunElsewhere)?;
            Some(RetestStation { station: group.key?, operation: group.second?, units })
        })
        .filter(|station| station.units > 0)
        .collect();
    stations.sort_by_key(|station| std::cmp::Reverse(station.units));
    stations.truncate(LISTED);
    Ok(stations)
}
