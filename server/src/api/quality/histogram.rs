//! `GET /api/v1/histogram`

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::State;
use engine::quality::histogram as engine_histogram;
use engine::quality::part_average;
use engine::stats::quantiles;
use serde::Serialize;

use super::sample::{self, Sample, Version};
use super::{Head, Range, measurement};
use crate::api::yields::Asked;
use crate::auth::Caller;
use crate::figures;
use crate::frames::spawn_cpu;
use crate::problem::ApiResult;
use crate::state::AppState;
use crate::web::extract::{Json, Query};

/// The answer.
#[derive(Debug, Serialize)]
pub struct Answer {
    #[serde(flatten)]
    head: Head,
    parameter: String,
    runs: usize,
    n: usize,
    excluded: BTreeMap<&'static str, u64>,
    limits: Vec<Version>,
    low: Option<f64>,
    high: Option<f64>,
    /// One more than counts.
    edges: Vec<f64>,
    counts: Vec<u64>,
    /// Values below the lower limit.
    below: u64,
    /// Values above the upper limit.
    above: u64,
    density: Vec<Point>,
    /// `linear` or `log`.
    axis: &'static str,
    /// Median ± 6 robust sigma: values outside are unlike the others.
    part_average: Option<Range>,
    notes: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct Point {
    x: f64,
    y: f64,
}

/// `GET /api/v1/histogram?parameter=`: how a parameter's values are distributed.
///
/// # Errors
/// 400 for a parameter.
pub async fn histogram(
    State(state): State<AppState>,
    Caller(caller): Caller,
    query: Query,
) -> ApiResult<Json<Answer>> {
    let asked = Asked::read(&query, &sample::PARAMETERS)?;
    let (mut tx, as_of) = figures::begin(state.store(), &caller).await?;
    let measurement = measurement(&mut tx, &asked).await?;
    let sample = Sample::load(&mut tx, &asked, &measurement, None).await?;
    drop(tx);
    let head = Head::new(&asked, as_of);
    spawn_cpu("a histogram", move || Ok::<_, Infallible>(answer(head, &sample))).await.map(Json)
}

fn answer(head: Head, sample: &Sample) -> Answer {
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
    Answer {
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
