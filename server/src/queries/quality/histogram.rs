//! `GET /api/v1/histogram`

use std::collections::BTreeMap;
use std::convert::Infallible;

use engine::quality::histogram as engine_histogram;
use engine::quality::part_average;
use engine::stats::quantiles;
use serde::Serialize;
use store::{Principal, Store};
use utoipa::ToSchema;

use super::sample::{self, Sample, Version};
use super::{Head, Range, measurement};
use crate::figures;
use crate::frames::spawn_cpu;
use crate::problem::ApiResult;
use crate::queries::asked::Asked;
use crate::web::extract::Query;

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistogramAnswer {
    #[serde(flatten)]
    pub(crate) head: Head,
    pub(crate) parameter: String,
    pub(crate) runs: usize,
    pub(crate) n: usize,
    pub(crate) excluded: BTreeMap<&'static str, u64>,
    pub(crate) limits: Vec<Version>,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    /// One more than counts.
    pub(crate) edges: Vec<f64>,
    pub(crate) counts: Vec<u64>,
    /// Values below the lower limit.
    pub(crate) below: u64,
    /// Values above the upper limit.
    pub(crate) above: u64,
    pub(crate) density: Vec<Point>,
    /// `linear` or `log`.
    pub(crate) axis: &'static str,
    /// Median ± 6 robust sigma: values outside are unlike the others.
    pub(crate) part_average: Option<Range>,
    pub(crate) notes: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HistogramPoint)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// `GET /api/v1/histogram?parameter=`: how a parameter's values are distributed.
///
/// # Errors
/// 400 for a parameter.
pub(crate) async fn histogram(
    store: &Store,
    caller: &Principal,
    query: &Query,
) -> ApiResult<HistogramAnswer> {
    let asked = Asked::read(query, &sample::PARAMETERS)?;
    let (mut tx, as_of) = figures::begin(store, caller).await?;
    let measurement = measurement(&mut tx, &asked).await?;
    let sample = Sample::load(&mut tx, &asked, &measurement, None).await?;
    drop(tx);
    let head = Head::new(&asked, as_of);
    spawn_cpu("a histogram", move || Ok::<_, Infallible>(answer(head, &sample))).await
}

pub(crate) fn answer(head: Head, sample: &Sample) -> HistogramAnswer {
    let numbers = sample.numbers();
    let (below, above) = sample.limits.count_outside(&numbers);
    let bins = engine_histogram::histogram(&numbers);
    let is_log = bins.as_ref().is_some_and(|bins| bins.is_log);
    let mut notes = Vec::new();
    if numbers.is_empty() {
        notes.push("no-values");
    }
    if sample.versions.len() > 1 {
        notes.push("limits-changed");
    }
    if is_log {
        notes.push("log-axis");
    }
    let (edges, counts, density) =
        bins.map_or_else(Default::default, |bins| (bins.edges, bins.counts, bins.density));
    HistogramAnswer {
        head,
        parameter: sample.parameter.clone(),
        runs: sample.runs,
        n: numbers.len(),
        excluded: sample.excluded.clone(),
        limits: sample.listed_versions(),
        low: sample.limits.low,
        high: sample.limits.high,
        edges,
        counts,
        below,
        above,
        density: density.into_iter().map(|(x, y)| Point { x, y }).collect(),
        axis: if is_log { "log" } else { "linear" },
        part_average: part_average::limits(&quantiles::sorted(&numbers)).map(Range::from),
        notes,
    }
}
