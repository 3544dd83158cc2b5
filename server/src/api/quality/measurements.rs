//! `GET /api/v1/measurements`

use std::cmp::Ordering;

use axum::extract::State;
use engine::spc::capability::{Indices, Limits, overall};
use engine::spc::constants::{Precision, constants};
use engine::stats::moments::Moments;
use serde::Serialize;
use store::quality::Summary;

use super::{Head, Range, word};
use crate::api::yields::{Asked, wrong};
use crate::api::{invalid_cursor, limit};
use crate::auth::Caller;
use crate::figures::{self, LEVEL};
use crate::problem::ApiResult;
use crate::state::AppState;
use crate::web::extract::{Json, Query};

/// Most parameters that are put in order.
const MOST_PARAMETERS: usize = 50_000;

/// A page of the list.
#[derive(Debug, Serialize)]
pub struct Answer {
    #[serde(flatten)]
    head: Head,
    items: Vec<Item>,
    next: Option<String>,
    total: usize,
}

/// A parameter.
#[derive(Debug, Serialize)]
struct Item {
    parameter: String,
    operation: String,
    step: String,
    name: String,
    unit: Option<String>,
    n: u64,
    mean: f64,
    sd: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    ppk: Option<f64>,
    ppk_ci: Option<Range>,
    outside: u64,
    /// Whether no value is beyond three sigma of the individuals chart; null of one value.
    stable: Option<bool>,
    limits_changed: bool,
}

/// What the list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    PpkLow,
    Outside,
    Name,
}

/// `GET /api/v1/measurements`: every parameter of the counted runs, the least capable first.
///
/// # Errors
/// 400 for a parameter, or where there are too many parameters.
pub async fn measurements(
    State(state): State<AppState>,
    Caller(caller): Caller,
    query: Query,
) -> ApiResult<Json<Answer>> {
    let asked = Asked::read(&query, &["sort", "q", "limit", "cursor"])?;
    let sorts = [("ppk_low", Sort::PpkLow), ("outside", Sort::Outside), ("name", Sort::Name)];
    let sort = word(&asked, "sort", &sorts)?.unwrap_or(Sort::PpkLow);
    let limit = usize::from(limit(&query)?);
    let part = asked.own("q").unwrap_or_default();
    let (mut tx, as_of) = figures::begin(state.store(), &caller).await?;
    let summaries = tx.parameter_summaries(&asked.question, part, MOST_PARAMETERS).await?;
    drop(tx);
    if summaries.len() > MOST_PARAMETERS {
        return Err(wrong("q", "is needed: there are more than 50,000 parameters"));
    }
    let d2 = constants(2, Precision::Exact).map_or(f64::NAN, |two| two.d2);
    let mut items: Vec<Item> = summaries.into_iter().map(|summary| item(summary, d2)).collect();
    items.sort_by(|one, other| order(sort, one, other));
    let total = items.len();
    let start = match asked.own("cursor") {
        None => 0,
        Some(last) => {
            let place = items.iter().position(|item| item.parameter == last);
            place.ok_or_else(|| wrong("cursor", invalid_cursor()))? + 1
        }
    };
    let page: Vec<Item> = items.into_iter().skip(start).take(limit).collect();
    let next = page.last().filter(|_| start + page.len() < total);
    let next = next.map(|item| item.parameter.clone());
    Ok(Json(Answer { head: Head::new(&asked, as_of), items: page, next, total }))
}

fn item(summary: Summary, d2: f64) -> Item {
    let n = summary.n.max(0).cast_unsigned();
    let m2 = summary.variance.map_or(0.0, |variance| variance * (n - 1) as f64);
    let moments = Moments { n, mean: summary.mean, m2 };
    let limits = Limits { low: summary.low, high: summary.high, target: None };
    let least = overall(moments, limits, LEVEL).and_then(|indices: Indices| indices.least);
    let stable = summary.moved.map(|moved| {
        let reach = 3.0 * moved / d2;
        summary.most <= summary.mean + reach && summary.least >= summary.mean - reach
    });
    Item {
        parameter: summary.parameter,
        operation: summary.operation,
        step: summary.step,
        name: summary.name,
        unit: summary.unit,
        n,
        mean: summary.mean,
        sd: moments.sd(),
        low: summary.low,
        high: summary.high,
        ppk: least.map(|index| index.value),
        ppk_ci: least.and_then(|index| index.ci).map(Range::from),
        outside: summary.outside.max(0).cast_unsigned(),
        stable,
        limits_changed: summary.limits_changed,
    }
}

/// The worst first, then by name; parameters without the figure come last.
fn order(sort: Sort, one: &Item, other: &Item) -> Ordering {
    let low = |item: &Item| item.ppk_ci.map_or(f64::INFINITY, |ci| ci.low);
    let first = match sort {
        Sort::PpkLow => low(one).total_cmp(&low(other)),
        Sort::Outside => other.outside.cmp(&one.outside),
        Sort::Name => Ordering::Equal,
    };
    first.then_with(|| one.parameter.cmp(&other.parameter))
}
