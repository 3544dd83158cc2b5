//! `GET /api/v1/measurements`

use std::cmp::Ordering;

use engine::spc::capability::{Indices, Limits, overall};
use engine::spc::constants::{Precision, constants};
use engine::stats::moments::Moments;
use serde::Serialize;
use store::quality::Summary;
use store::yields::Question;
use store::{Principal, Store, TenantTx};
use utoipa::ToSchema;

use super::{Head, Range, word};
use crate::figures::{self, LEVEL};
use crate::problem::ApiResult;
use crate::queries::asked::{Asked, wrong};
use crate::web::extract::Query;
use crate::web::paging::{invalid_cursor, limit};

/// Most parameters that are put in order.
const MOST_PARAMETERS: usize = 50_000;

/// A page of the list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasurementList {
    #[serde(flatten)]
    pub(crate) head: Head,
    pub(crate) items: Vec<Item>,
    pub(crate) next: Option<String>,
    pub(crate) total: usize,
}

/// A parameter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MeasurementSummary)]
pub(crate) struct Item {
    #[serde(skip)]
    pub(crate) id: i64,
    pub(crate) parameter: String,
    pub(crate) operation: String,
    pub(crate) step: String,
    pub(crate) name: String,
    pub(crate) unit: Option<String>,
    pub(crate) n: u64,
    pub(crate) mean: f64,
    pub(crate) sd: Option<f64>,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    pub(crate) ppk: Option<f64>,
    pub(crate) ppk_ci: Option<Range>,
    pub(crate) outside: u64,
    /// Whether no value is beyond three sigma of the individuals chart; null of one value.
    pub(crate) stable: Option<bool>,
    pub(crate) limits_changed: bool,
}

/// What the list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    PpkLow,
    Outside,
    Name,
}

/// `GET /api/v1/measurements`: every parameter of the counted runs, the least capable first.
///
/// # Errors
/// 400 for a parameter, or where there are too many parameters.
pub(crate) async fn measurements(
    store: &Store,
    caller: &Principal,
    query: &Query,
) -> ApiResult<MeasurementList> {
    let asked = Asked::read(query, &["sort", "q", "limit", "cursor"])?;
    let sort = Sort::read(&asked)?;
    let limit = usize::from(limit(query)?);
    let part = asked.own("q").unwrap_or_default();
    let (mut tx, as_of) = figures::begin(store, caller).await?;
    let page = page(&mut tx, &asked.question, sort, part, asked.own("cursor"), limit).await?;
    drop(tx);
    let page = page.ok_or_else(|| wrong("cursor", invalid_cursor()))?;
    Ok(MeasurementList {
        head: Head::new(&asked, as_of),
        items: page.items,
        next: page.next,
        total: page.total,
    })
}

/// Parameters from one on.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) items: Vec<Item>,
    /// The parameter after which the next page begins.
    pub(crate) next: Option<String>,
    /// How many there are before the page.
    pub(crate) before: usize,
    /// How many there are.
    pub(crate) total: usize,
}

impl Sort {
    /// # Errors
    /// 400 for another word.
    pub(crate) fn read(asked: &Asked) -> ApiResult<Self> {
        let sorts = [("ppk_low", Self::PpkLow), ("outside", Self::Outside), ("name", Self::Name)];
        Ok(word(asked, "sort", &sorts)?.unwrap_or(Self::PpkLow))
    }
}

/// The parameters with `part` in their names that come after one (none: from the first on);
/// none where there is no such parameter.
///
/// # Errors
/// 400 where there are too many parameters.
pub(crate) async fn page(
    tx: &mut TenantTx,
    question: &Question,
    sort: Sort,
    part: &str,
    after: Option<&str>,
    limit: usize,
) -> ApiResult<Option<Page>> {
    let summaries = tx.parameter_summaries(question, part, MOST_PARAMETERS).await?;
    if summaries.len() > MOST_PARAMETERS {
        return Err(wrong("q", "is needed: there are more than 50,000 parameters"));
    }
    let d2 = constants(2, Precision::Exact).map_or(f64::NAN, |two| two.d2);
    let mut items: Vec<Item> = summaries.into_iter().map(|summary| item(summary, d2)).collect();
    items.sort_by(|one, other| order(sort, one, other));
    let total = items.len();
    let before = match after {
        None => 0,
        Some(last) => match items.iter().position(|item| item.parameter == last) {
            Some(place) => place + 1,
            None => return Ok(None),
        },
    };
    let items: Vec<Item> = items.into_iter().skip(before).take(limit).collect();
    let next = items.last().filter(|_| before + items.len() < total);
    let next = next.map(|item| item.parameter.clone());
    Ok(Some(Page { items, next, before, total }))
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
        id: summary.id,
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
