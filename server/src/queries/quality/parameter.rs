//! Everything about one parameter, from one reading of its values.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;

use chrono::{DateTime, Utc};
use domain::dimension::Field;
use engine::quality::drift::{Drift, drift};
use engine::quality::retest::Retest;
use engine::spc::constants::Precision;
use engine::stats::quantiles;
use store::TenantTx;
use store::measurements::Measurement;

use super::capability::{self, CapabilityAnswer};
use super::compare::{self, ComparisonAnswer};
use super::control_chart::{self, ControlChart, Plan};
use super::histogram::{self, HistogramAnswer};
use super::sample::{Sample, Value};
use super::subgroups::{Groups, Subgroup};
use super::{Head, events, retest};
use crate::figures::LEVEL;
use crate::frames::spawn_cpu;
use crate::problem::ApiResult;
use crate::queries::asked::Asked;

/// The parameters of the question, as the API names them.
pub(crate) const PARAMETERS: [&str; 9] =
    ["parameter", "runs", "low", "high", "target", "chart", "rules", "phases", "subgroup"];
/// Points of the chart.
const MOST_POINTS: usize = 2_000;
/// Groups that are compared.
const MOST_GROUPS: usize = 100;
/// Fewest values of a station whose drift is looked at.
const LEAST_DRIFTING: usize = 30;
/// Values that are listed as outliers, and signals.
const LISTED: usize = 50;

/// What is known of a parameter.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) sample: Sample,
    pub(crate) capability: CapabilityAnswer,
    pub(crate) histogram: HistogramAnswer,
    pub(crate) chart: ControlChart,
    /// The unit of each point of the chart; empty where points are subgroups.
    pub(crate) point_units: Vec<i64>,
    /// None where the values are of too many stations.
    pub(crate) stations: Option<ComparisonAnswer>,
    /// The ends of the whiskers of each station, by its name.
    pub(crate) whiskers: HashMap<Option<String>, (f64, f64)>,
    /// Drift of each station with enough values, the surest first.
    pub(crate) drifts: Vec<StationDrift>,
    /// Stations that were tested for a drift, listed or not.
    pub(crate) drifts_tested: usize,
    pub(crate) retest: Option<Retest>,
    /// Values outside the limits or the part-average limits, the farthest first.
    pub(crate) outliers: Vec<Value>,
    pub(crate) outliers_total: usize,
    /// Serial numbers of the units that are named.
    pub(crate) serials: HashMap<i64, String>,
}

/// The drift of what a station measured.
#[derive(Debug, Clone)]
pub(crate) struct StationDrift {
    pub(crate) station: Option<String>,
    pub(crate) drift: Drift,
    /// Day 0 of the line.
    pub(crate) begin: DateTime<Utc>,
    /// The last value.
    pub(crate) end: DateTime<Utc>,
}

/// Reads the values of a measurement and makes every figure of them; `retests` asks for all
/// runs of the same window.
///
/// # Errors
/// 400 for a parameter, or where there are too many runs.
pub(crate) async fn report(
    tx: &mut TenantTx,
    head: Head,
    asked: &Asked,
    retests: &Asked,
    measurement: &Measurement,
) -> ApiResult<Report> {
    let plan = Plan::read(asked)?;
    let subgroup = Subgroup::read(asked)?;
    let station = Field::Station.into();
    let sample = Sample::load(tx, asked, measurement, Some(&station)).await?;
    let all = Sample::load(tx, retests, measurement, None).await?;
    let operations = tx.measurement_operations(measurement).await?;
    let events = events::of_sample(tx, asked, &operations, &sample).await?;
    let work = move || {
        let retest = retest::of_sample(&all);
        let chart = control_chart::of_sample(&sample, &subgroup, plan, &events, MOST_POINTS);
        Ok::<_, Infallible>(chart.map(|chart| compute(head, sample, &subgroup, chart, retest)))
    };
    let mut report = spawn_cpu("a parameter", work).await??;
    let mut units: Vec<i64> = report.outliers.iter().map(|value| value.unit).collect();
    let signals = report.chart.points.iter().zip(&report.point_units).rev();
    units.extend(signals.filter(|(point, _)| !point.rules.is_empty()).take(LISTED).map(|it| *it.1));
    report.serials = tx.unit_serials(&units).await?.into_iter().collect();
    Ok(report)
}

fn compute(
    head: Head,
    sample: Sample,
    subgroup: &Subgroup,
    chart: ControlChart,
    retest: Option<Retest>,
) -> Report {
    let capability =
        capability::answer(head.clone(), &sample, subgroup, None, Precision::default());
    let histogram = histogram::answer(head.clone(), &sample);
    let by_station = Subgroup::By(Field::Station.into());
    let groups = Groups::new(&sample, &by_station);
    let is_comparable = groups.firsts.len() <= MOST_GROUPS;
    let stations = is_comparable.then(|| compare::answer(head, &sample, &by_station, &groups));
    let keys = groups.firsts.iter().map(|first| sample.values.get(*first)?.key.clone());
    let whiskers = keys.zip(groups.slices().into_iter().map(whiskers)).collect();
    let point_units = match subgroup {
        Subgroup::Consecutive(1) => {
            sample.values.iter().skip(chart.cut).map(|value| value.unit).collect()
        }
        _ => Vec::new(),
    };
    let (outliers, outliers_total) = outliers(&sample, &histogram);
    let (drifts, drifts_tested) = drifts(&sample);
    Report {
        capability,
        histogram,
        chart,
        point_units,
        stations,
        whiskers,
        drifts,
        drifts_tested,
        retest,
        outliers,
        outliers_total,
        serials: HashMap::new(),
        sample,
    }
}

/// The farthest values that are no more than one and a half interquartile ranges from the box.
fn whiskers(values: &[f64]) -> (f64, f64) {
    let ascending = quantiles::sorted(values);
    let (q1, q3) = quantiles::quartiles(&ascending).unwrap_or((0.0, 0.0));
    let reach = 1.5 * (q3 - q1);
    let low = ascending.iter().find(|value| **value >= q1 - reach);
    let high = ascending.iter().rev().find(|value| **value <= q3 + reach);
    (low.copied().unwrap_or(q1), high.copied().unwrap_or(q3))
}

/// Values outside the limits, or outside the part-average limits; how many there are.
fn outliers(sample: &Sample, histogram: &HistogramAnswer) -> (Vec<Value>, usize) {
    let bounds = histogram.part_average.map(|range| (range.low, range.high));
    let low = [sample.limits.low, bounds.map(|bounds| bounds.0)].into_iter().flatten();
    let high = [sample.limits.high, bounds.map(|bounds| bounds.1)].into_iter().flatten();
    let (low, high) = (low.fold(f64::NEG_INFINITY, f64::max), high.fold(f64::INFINITY, f64::min));
    let distance = |value: &Value| (low - value.value).max(value.value - high);
    let mut outside: Vec<&Value> =
        sample.values.iter().filter(|value| distance(value) > 0.0).collect();
    outside.sort_by(|one, other| distance(other).total_cmp(&distance(one)));
    let total = outside.len();
    (outside.into_iter().take(LISTED).cloned().collect(), total)
}

/// The drift of each station.
fn drifts(sample: &Sample) -> (Vec<StationDrift>, usize) {
    let mut stations: BTreeMap<&Option<String>, Vec<&Value>> = BTreeMap::new();
    for value in &sample.values {
        stations.entry(&value.key).or_default().push(value);
    }
    let mut drifts: Vec<StationDrift> = stations
        .into_iter()
        .filter(|(_, values)| values.len() >= LEAST_DRIFTING)
        .filter_map(|(station, values)| {
            let (begin, end) = (values.first()?.at, values.last()?.at);
            let points: Vec<(f64, f64)> =
                values.iter().map(|value| (days(begin, value.at), value.value)).collect();
            let drift = drift(&points, sample.limits, LEVEL)?;
            Some(StationDrift { station: station.clone(), drift, begin, end })
        })
        .collect();
    drifts.sort_by(|one, other| one.drift.p.total_cmp(&other.drift.p));
    let tested = drifts.len();
    drifts.truncate(LISTED);
    (drifts, tested)
}

/// Days from one moment to another.
pub(crate) fn days(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    (to - from).num_seconds() as f64 / 86_400.0
}
