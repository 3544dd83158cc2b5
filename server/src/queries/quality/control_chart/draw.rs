//! The points of a chart, phase by phase.

use chrono::{DateTime, TimeDelta, Utc};
use engine::spc::attributes::{self, Count};
use engine::spc::rules::evaluate;
use engine::spc::variables::{self, Baseline, Kind as Variable};
use engine::spc::within::Estimator;
use engine::spc::{Point as Drawn, arl, cusum, ewma, laney};
use engine::stats::moments::Moments;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Data, Event, FalseAlarms, PhaseEvent, Plan, Series, Word};
use crate::queries::quality::phases::{Phase as Division, divide};
use crate::queries::time;

/// A phase with limits of its own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ControlChartPhase)]
pub(crate) struct Phase {
    /// Start of the first point and of the last.
    pub(crate) from: String,
    pub(crate) to: String,
    /// What it begins with; null at the beginning and for phases that the request names.
    pub(crate) event: Option<PhaseEvent>,
    /// Its first point.
    #[serde(skip)]
    pub(crate) start: usize,
    /// Points.
    pub(crate) n: usize,
    pub(crate) centre: Option<f64>,
    /// Of single values; of Laney's charts the factor of the limits.
    pub(crate) sigma: Option<f64>,
    /// Limits of the last point.
    pub(crate) lower: Option<f64>,
    pub(crate) upper: Option<f64>,
    /// Whether the limits come from another window.
    pub(crate) frozen: bool,
}

impl Phase {
    /// True where its points vary too little, or are too few, for limits.
    pub(crate) fn has_no_limits(&self) -> bool {
        self.sigma.is_none()
    }
}

/// A point.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ControlChartPoint)]
pub(crate) struct Point {
    pub(crate) at: String,
    #[serde(skip)]
    pub(crate) moment: DateTime<Utc>,
    pub(crate) key: String,
    pub(crate) n: u64,
    pub(crate) value: f64,
    /// Moving range, range or standard deviation; of a CUSUM the lower sum.
    pub(crate) spread: Option<f64>,
    pub(crate) centre: Option<f64>,
    pub(crate) lower: Option<f64>,
    pub(crate) upper: Option<f64>,
    pub(crate) spread_limits: Option<SpreadLimits>,
    pub(crate) rules: Vec<u8>,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = ControlChartSpreadLimits)]
pub(crate) struct SpreadLimits {
    pub(crate) centre: f64,
    pub(crate) lower: f64,
    pub(crate) upper: f64,
}

/// What a phase's limits rest on.
#[derive(Debug, Clone, Copy)]
enum Basis {
    Values(Baseline),
    Rate { rate: f64, sigma_z: Option<f64> },
}

/// A value with its limits, before it is written.
struct Marked {
    value: f64,
    spread: Option<f64>,
    limits: Option<Drawn>,
    spread_limits: Option<SpreadLimits>,
}

/// Draws every phase of a series.
pub(crate) fn draw(series: &Series, plan: &Plan, events: &[Event]) -> (Vec<Phase>, Vec<Point>) {
    let frozen = plan.freeze.map(|(from, to)| {
        let place = |at| series.times.partition_point(|time| *time < at);
        basis(series, plan, place(from)..place(to).max(place(from)))
    });
    let mut phases = Vec::new();
    let mut points = Vec::new();
    if series.keys.is_empty() {
        return (phases, points);
    }
    for Division { points: range, event } in divide(&series.times, &plan.phases, events) {
        let basis = frozen.unwrap_or_else(|| basis(series, plan, range.clone()));
        let marked = basis.map_or_else(
            || plain(series, range.clone()),
            |basis| mark(series, plan, basis, range.clone()),
        );
        let z: Vec<f64> = marked
            .iter()
            .map(|mark| mark.limits.map_or(0.0, |point| point.z()))
            .map(|z| if z.is_nan() { 0.0 } else { z })
            .collect();
        // The points of EWMA and CUSUM depend on each other: run rules are not for them.
        let hits = match plan.word {
            Word::Ewma | Word::Cusum => marked
                .iter()
                .map(|mark| if is_signal(mark, plan.word) { vec![1] } else { Vec::new() })
                .collect(),
            _ => evaluate(&z, &plan.rules),
        };
        let last = marked.last().and_then(|mark| mark.limits);
        phases.push(Phase {
            from: time(series.times[range.start]),
            to: time(series.times[range.end - 1]),
            event: event.map(PhaseEvent::from),
            start: range.start,
            n: range.len(),
            centre: basis.map(|basis| match basis {
                Basis::Values(baseline) => baseline.centre,
                Basis::Rate { rate, .. } => rate,
            }),
            sigma: basis.and_then(|basis| match basis {
                Basis::Values(baseline) => Some(baseline.sigma),
                Basis::Rate { sigma_z, .. } => sigma_z.or(Some(1.0)),
            }),
            lower: last.map(|point| point.lower),
            upper: last.map(|point| point.upper),
            frozen: plan.freeze.is_some(),
        });
        for ((index, mark), rules) in range.zip(marked).zip(hits) {
            points.push(Point {
                at: time(series.times[index]),
                moment: series.times[index],
                key: series.keys[index].clone(),
                n: size(series, index),
                value: mark.value,
                spread: mark.spread,
                centre: mark.limits.map(|point| point.centre),
                lower: mark.limits.map(|point| point.lower),
                upper: mark.limits.map(|point| point.upper),
                spread_limits: mark.spread_limits,
                rules,
            });
        }
    }
    (phases, points)
}

fn size(series: &Series, index: usize) -> u64 {
    match &series.data {
        Data::Values(groups) => groups[index].len() as u64,
        Data::Counts(counts, _) => counts[index].n,
    }
}

/// The values of a range as subgroups: rates are single values.
fn groups(series: &Series, range: std::ops::Range<usize>) -> Vec<Vec<f64>> {
    match &series.data {
        Data::Values(groups) => groups[range].to_vec(),
        Data::Counts(counts, _) => {
            counts[range].iter().map(|count| vec![count.k as f64 / count.n as f64]).collect()
        }
    }
}

fn counts(series: &Series, range: std::ops::Range<usize>) -> Vec<Count> {
    match &series.data {
        Data::Values(_) => Vec::new(),
        Data::Counts(counts, _) => counts[range].to_vec(),
    }
}

/// None where a range has too few points.
fn basis(series: &Series, plan: &Plan, range: std::ops::Range<usize>) -> Option<Basis> {
    if let Word::Attribute(kind, is_laney) = plan.word {
        let counts = counts(series, range);
        let rate = attributes::rate(kind, &counts)?;
        let sigma_z = match is_laney {
            true => Some(laney::sigma_z(kind, &counts, rate, plan.precision)?),
            false => None,
        };
        return Some(Basis::Rate { rate, sigma_z });
    }
    let groups = groups(series, range);
    let slices: Vec<&[f64]> = groups.iter().map(Vec::as_slice).collect();
    let largest = slices.iter().map(|group| group.len()).max()?;
    let estimator = plan.estimator.unwrap_or(match plan.word {
        Word::Variable(Variable::MeanRange) => Estimator::Range,
        Word::Variable(Variable::MeanDeviation) => Estimator::StandardDeviation,
        _ => Estimator::default_for(largest),
    });
    variables::baseline(&slices, estimator, plan.precision).map(Basis::Values)
}

/// Points without limits.
fn plain(series: &Series, range: std::ops::Range<usize>) -> Vec<Marked> {
    groups(series, range)
        .iter()
        .map(|group| Marked {
            value: Moments::from_values(group).mean,
            spread: None,
            limits: None,
            spread_limits: None,
        })
        .collect()
}

fn mark(series: &Series, plan: &Plan, basis: Basis, range: std::ops::Range<usize>) -> Vec<Marked> {
    let single = |point: Drawn| Marked {
        value: point.value,
        spread: None,
        limits: Some(point),
        spread_limits: None,
    };
    match (plan.word, basis) {
        (Word::Attribute(kind, _), Basis::Rate { rate, sigma_z }) => {
            let counts = counts(series, range);
            let points = match sigma_z {
                Some(sigma_z) => laney::laney(kind, &counts, rate, sigma_z),
                None => attributes::chart(kind, &counts, rate),
            };
            points.into_iter().map(single).collect()
        }
        (_, Basis::Rate { .. }) => plain(series, range),
        (word, Basis::Values(baseline)) => {
            let groups = groups(series, range);
            let slices: Vec<&[f64]> = groups.iter().map(Vec::as_slice).collect();
            let means: Vec<f64> =
                slices.iter().map(|group| Moments::from_values(group).mean).collect();
            let sizes: Vec<usize> = slices.iter().map(|group| group.len()).collect();
            match word {
                Word::Ewma => ewma::chart(&means, &sizes, baseline, plan.ewma)
                    .map(|points| points.into_iter().map(single).collect()),
                Word::Cusum => cusum::chart(&means, &sizes, baseline, plan.cusum)
                    .map(|sums| sums.into_iter().map(sum).collect()),
                Word::Variable(kind) => Some(values(kind, &slices, baseline, plan)),
                Word::Auto | Word::Attribute(..) => None,
            }
            .unwrap_or_default()
        }
    }
}

fn values(kind: Variable, slices: &[&[f64]], baseline: Baseline, plan: &Plan) -> Vec<Marked> {
    let chart = variables::chart(kind, slices, baseline, plan.precision);
    let pairs = chart.main.into_iter().zip(chart.spread);
    pairs
        .map(|(point, spread)| Marked {
            value: point.value,
            spread: spread.map(|spread| spread.value),
            limits: Some(point),
            spread_limits: spread.map(|spread| SpreadLimits {
                centre: spread.centre,
                lower: spread.lower,
                upper: spread.upper,
            }),
        })
        .collect()
}

/// A CUSUM's point: the upper sum, and the lower sum as its spread.
fn sum(sums: cusum::Sums) -> Marked {
    let limits = Drawn {
        value: sums.upper,
        centre: 0.0,
        sigma: sums.decision,
        lower: -sums.decision,
        upper: sums.decision,
    };
    Marked {
        value: sums.upper,
        spread: Some(sums.lower),
        limits: Some(limits),
        spread_limits: None,
    }
}

fn is_signal(mark: &Marked, word: Word) -> bool {
    let lower_sum = mark.spread.filter(|_| word == Word::Cusum);
    mark.limits
        .is_some_and(|point| point.is_outside() || lower_sum.is_some_and(|sum| sum > point.upper))
}

/// False alarms of the chart if the process is stable and its points normal.
pub(crate) fn false_alarms(plan: &Plan, series: &Series) -> FalseAlarms {
    let (per_point, method) = match plan.word {
        Word::Ewma => (1.0 / arl::ewma(plan.ewma, 0.0), "markov-chain"),
        Word::Cusum => (1.0 / arl::cusum(plan.cusum, 0.0), "markov-chain"),
        _ => {
            let method = if plan.rules.numbers().len() > 1 { "simulation" } else { "exact" };
            (arl::shewhart_false_alarms(&plan.rules), method)
        }
    };
    let span = series.times.first().zip(series.times.last()).map(|(first, last)| *last - *first);
    let per_week = span.filter(|span| *span >= TimeDelta::days(1)).map(|span| {
        let weeks = span.num_seconds() as f64 / (7.0 * 86_400.0);
        per_point * series.times.len() as f64 / weeks
    });
    FalseAlarms { per_point, per_week, method }
}
