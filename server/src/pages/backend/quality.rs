//! Parameters for the pages about measurements.

use std::collections::{BTreeMap, HashMap};

use app::backend::{
    CapabilityFigures, ControlFigures, ControlPhase, ControlPoint, DistributionFigures,
    DriftFigures, Estimate, LimitsVersion, Outlier, ParameterPage, ParameterQuery, ParameterReport,
    ParameterRow, ParametersQuery, Retest, StationComparison, StationValues,
};
use app::slice::Slice;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::yields::Definition;
use engine::spc::choice::Reason;
use store::TenantTx;

use super::ServerBackend;
use super::clocks::Clocks;
use super::slices::{self, Window};
use crate::figures;
use crate::problem::{ApiResult, Problem};
use crate::queries::asked::Asked;
use crate::queries::quality::capability::CapabilityAnswer;
use crate::queries::quality::compare::ComparisonAnswer;
use crate::queries::quality::measurements::{self, Item, Sort};
use crate::queries::quality::parameter::{self, Report, StationDrift, days};
use crate::queries::quality::{Head, Range};
use crate::web::extract::Query;

/// Parameters of a page.
const PARAMETERS: usize = 50;
/// Means of a parameter in the list.
const PARTS: u16 = 24;

impl ServerBackend {
    pub(super) async fn load_parameters(&self, query: ParametersQuery) -> ApiResult<ParameterPage> {
        let (mut tx, as_of) = figures::begin(self.state.store(), &self.principal).await?;
        let clocks = Clocks::of(&tx.this_tenant().await?);
        let window = query.slice.period.window(clocks.day(DateTime::<Utc>::from(as_of)));
        let sort = [("sort", Some(query.order.as_str().to_owned()))];
        let asked = asked(&query.slice, window, &sort)?;
        let sort = Sort::read(&asked)?;
        let page = async |tx: &mut TenantTx, after: Option<&str>| {
            measurements::page(tx, &asked.question, sort, &query.part, after, PARAMETERS).await
        };
        let mut found = page(&mut tx, query.after.as_deref()).await?;
        if found.is_none() {
            // The parameter that the address names is not in this list any more.
            found = page(&mut tx, None).await?;
        }
        let (items, next, before, total) = match found {
            Some(page) => (page.items, page.next, page.before, page.total),
            None => Default::default(),
        };
        let ids: Vec<i64> = items.iter().map(|item| item.id).collect();
        let mut trends: HashMap<i64, Vec<Option<f64>>> = HashMap::new();
        for mean in tx.parameter_trends(&asked.question, &ids, PARTS).await? {
            let trend =
                trends.entry(mean.parameter).or_insert_with(|| vec![None; usize::from(PARTS)]);
            let part = usize::try_from(mean.part).ok();
            if let Some(place) = part.and_then(|part| trend.get_mut(part)) {
                *place = Some(mean.mean);
            }
        }
        let rows = items
            .into_iter()
            .map(|item| {
                let trend = trends.remove(&item.id).unwrap_or_default();
                row(item, trend)
            })
            .collect();
        Ok(ParameterPage {
            as_of: clocks.at(as_of.into()),
            window: slices::ends(window, clocks.day(as_of.into())),
            rows,
            before,
            total,
            next,
        })
    }
}

impl ServerBackend {
    pub(in crate::pages) async fn load_parameter(
        &self,
        query: ParameterQuery,
    ) -> ApiResult<ParameterReport> {
        let (mut tx, as_of) = figures::begin(self.state.store(), &self.principal).await?;
        let clocks = Clocks::of(&tx.this_tenant().await?);
        let window = query.slice.period.window(clocks.day(DateTime::<Utc>::from(as_of)));
        let measurement = tx.measurement(&query.parameter).await?.ok_or_else(Problem::not_found)?;
        let number = |number: Option<f64>| number.map(|number| number.to_string());
        let text = |text: &str| Some(text.to_owned());
        let own = [
            ("parameter", text(&query.parameter)),
            ("runs", text(query.runs.as_str())),
            ("low", number(query.low)),
            ("high", number(query.high)),
            ("target", None),
            ("chart", text(query.chart.as_str())),
            ("rules", text(query.rules.as_str())),
            ("phases", text(if query.has_phases { "auto" } else { "none" })),
            ("subgroup", Some(query.subgroup.to_string())),
        ];
        debug_assert!(own.iter().map(|(name, _)| *name).eq(parameter::PARAMETERS));
        let first = asked(&query.slice, window, &own)?;
        let all = Slice { definition: Definition::Report, ..query.slice.clone() };
        let retests = asked(&all, window, &[("runs", text("all"))])?;
        let head = Head::new(&first, as_of);
        let report = parameter::report(&mut tx, head, &first, &retests, &measurement).await?;
        drop(tx);
        let has_own_limits = query.low.is_some() || query.high.is_some();
        Ok(Shown { clocks, report, window, as_of: as_of.into() }.into_report(has_own_limits))
    }
}

/// A report with the clocks that its times are shown in.
struct Shown {
    clocks: Clocks,
    report: Report,
    window: Window,
    as_of: DateTime<Utc>,
}

impl Shown {
    fn into_report(self, has_own_limits: bool) -> ParameterReport {
        let Self { clocks, report, window, as_of } = self;
        let sample = &report.sample;
        let limits = sample.limits;
        let listed = sample.listed_versions().into_iter().map(|version| LimitsVersion {
            low: version.low,
            high: version.high,
            from: clocks.at(version.at),
            to: clocks.at(version.last),
            n: version.n,
        });
        let histogram = &report.histogram;
        let outliers = report.outliers.iter().map(|value| Outlier {
            serial: report.serials.get(&value.unit).cloned().unwrap_or_default(),
            value: value.value,
            at: clocks.at(value.at),
            station: value.key.clone(),
            is_outside: limits.low.is_some_and(|low| value.value < low)
                || limits.high.is_some_and(|high| value.value > high),
        });
        ParameterReport {
            as_of: clocks.at(as_of),
            window: slices::ends(window, clocks.day(as_of)),
            bounds: window.map(|(first, after)| (first.to_string(), after.to_string())),
            runs: sample.runs as u64,
            n: sample.values.len() as u64,
            excluded: sample.excluded.iter().map(|(reason, n)| (*reason, *n)).collect(),
            limits: listed.collect(),
            capability: capability(&report.capability),
            distribution: DistributionFigures {
                edges: histogram.edges.clone(),
                counts: histogram.counts.clone(),
                density: histogram.density.iter().map(|point| (point.x, point.y)).collect(),
                below: histogram.below,
                above: histogram.above,
                is_log: histogram.axis == "log",
                part_average: histogram.part_average.map(ends),
            },
            chart: chart(&report, clocks, has_own_limits),
            stations: report.stations.as_ref().map(|answer| stations(answer, &report)),
            drifts: drifts(&report, clocks),
            retest: report.retest.map(|retest| Retest {
                pairs: retest.pairs,
                difference: Estimate {
                    value: Some(retest.difference),
                    ci: retest.ci.map(|ci| (ci.low, ci.high)),
                },
                p: retest.p,
                repeatability: retest.repeatability,
                reversals: [
                    retest.reversals.pass_pass,
                    retest.reversals.pass_fail,
                    retest.reversals.fail_pass,
                    retest.reversals.fail_fail,
                ],
            }),
            outliers: outliers.collect(),
            outliers_total: report.outliers_total as u64,
        }
    }
}

fn ends(range: Range) -> (f64, f64) {
    (range.low, range.high)
}

fn capability(answer: &CapabilityAnswer) -> CapabilityFigures {
    let estimate = |value, ci: Option<Range>| Estimate { value, ci: ci.map(ends) };
    let ppm = &answer.ppm;
    CapabilityFigures {
        mean: answer.mean,
        sd_overall: answer.sd_overall,
        sd_within: answer.sd_within,
        sigma: answer.sigma,
        low: answer.low,
        high: answer.high,
        cp: estimate(answer.cp, answer.ci.cp),
        cpk: estimate(answer.cpk, answer.ci.cpk),
        pp: estimate(answer.pp, answer.ci.pp),
        ppk: estimate(answer.ppk, answer.ci.ppk),
        observed: (ppm.observed.below, ppm.observed.above),
        within: (ppm.within.below, ppm.within.above),
        overall: (ppm.overall.below, ppm.overall.above),
        normality: answer.normality.as_ref().map(|test| (test.a2, test.p)),
        non_normal: answer.nonnormal.as_ref().map(|other| (other.family, other.ppk)),
        notes: answer.notes.clone(),
    }
}

fn chart(report: &Report, clocks: Clocks, has_own_limits: bool) -> ControlFigures {
    let chart = &report.chart;
    let sample = &report.sample;
    let size = report.capability.subgroups.size.max(1);
    let point = |(place, point): (usize, &crate::queries::quality::control_chart::Point)| {
        let first = sample.values.get((chart.cut + place) * size);
        let specification = match first {
            Some(value) if !has_own_limits => (value.low, value.high),
            _ => (sample.limits.low, sample.limits.high),
        };
        let limits = point.centre.zip(point.lower.zip(point.upper));
        let unit = report.point_units.get(place).filter(|_| !point.rules.is_empty());
        ControlPoint {
            at: clocks.at(point.moment),
            value: point.value,
            limits: limits.map(|(centre, (lower, upper))| (centre, lower, upper)),
            specification,
            rules: point.rules.clone(),
            serial: unit.and_then(|unit| report.serials.get(unit)).cloned(),
        }
    };
    let points: Vec<ControlPoint> = chart.points.iter().enumerate().map(point).collect();
    let phases = chart.phases.iter().filter_map(|phase| {
        Some(ControlPhase {
            start: phase.start,
            n: phase.n as u64,
            from: points.get(phase.start)?.at.clone(),
            event: phase.event.as_ref().map(|event| (event.kind.clone(), event.what.clone())),
            centre: phase.centre,
            sigma: phase.sigma,
        })
    });
    ControlFigures {
        kind: chart.chart,
        chosen_for: match chart.reason {
            Some(Reason::SmallSubgroups { size } | Reason::LargeSubgroups { size }) => Some(size),
            _ => None,
        },
        is_chosen: chart.reason.is_some(),
        phases: phases.collect(),
        points,
        cut: chart.cut as u64,
        false_alarms: chart.false_alarms.per_point,
        false_alarms_a_week: chart.false_alarms.per_week,
    }
}

fn stations(answer: &ComparisonAnswer, report: &Report) -> StationComparison {
    let group = |group: &crate::queries::quality::compare::Group| {
        let q1 = group.q1.unwrap_or(group.mean);
        let q3 = group.q3.unwrap_or(group.mean);
        StationValues {
            station: group.value.clone(),
            n: group.n,
            mean: group.mean,
            sd: group.sd,
            quartiles: (q1, group.median.unwrap_or(group.mean), q3),
            whiskers: report.whiskers.get(&group.value).copied().unwrap_or((q1, q3)),
            outside: group.outside,
        }
    };
    StationComparison {
        groups: answer.groups.iter().map(group).collect(),
        ranks: answer.kruskal_wallis.as_ref().map(|test| (test.p, test.epsilon_squared)),
        means: answer.welch.as_ref().map(|test| (test.p, test.omega_squared)),
    }
}

/// Days within which a line is said to meet a limit.
const AHEAD_DAYS: f64 = 365.0;

fn drifts(report: &Report, clocks: Clocks) -> Vec<DriftFigures> {
    let tests = report.drifts_tested as f64;
    let figures = |(place, of): (usize, &StationDrift)| {
        let StationDrift { station, drift, begin, end } = of;
        let last = days(*begin, *end);
        let meets = drift.meets.filter(|meets| meets.day >= 0.0 && meets.day <= last + AHEAD_DAYS);
        let meets = meets.and_then(|meets| {
            let after = TimeDelta::try_seconds((meets.day * 86_400.0) as i64)?;
            let date = clocks.day(begin.checked_add_signed(after)?).to_string();
            Some((meets.day, date, meets.is_upper))
        });
        DriftFigures {
            station: station.clone(),
            n: drift.n as u64,
            intercept: drift.intercept,
            slope: drift.slope,
            ci: (drift.ci.low, drift.ci.high),
            p: (drift.p * tests).min(1.0),
            meets,
            days: match place {
                0 => by_day(report, of, clocks),
                _ => Vec::new(),
            },
        }
    };
    report.drifts.iter().enumerate().map(figures).collect()
}

/// The means of a station by day of the site.
fn by_day(report: &Report, of: &StationDrift, clocks: Clocks) -> Vec<(f64, String, f64, u64)> {
    let mut by_day: BTreeMap<NaiveDate, (f64, f64, u64)> = BTreeMap::new();
    for value in report.sample.values.iter().filter(|value| value.key == of.station) {
        let (age, sum, n) = by_day.entry(clocks.day(value.at)).or_default();
        *age += days(of.begin, value.at);
        *sum += value.value;
        *n += 1;
    }
    let mean = |(day, (age, sum, n)): (NaiveDate, (f64, f64, u64))| {
        (age / n as f64, day.to_string(), sum / n as f64, n)
    };
    by_day.into_iter().map(mean).collect()
}

/// The question of the API over the same runs, with parameters of its own.
fn asked(
    slice: &Slice,
    window: Window,
    own: &[(&'static str, Option<String>)],
) -> ApiResult<Asked> {
    let mut pairs = slice.filters.clone();
    pairs.push(("definition".to_owned(), slice.definition.to_string()));
    if let Some((from, to)) = window {
        pairs.push(("from".to_owned(), from.to_string()));
        pairs.push(("to".to_owned(), to.to_string()));
    }
    let given = own.iter().filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?)));
    pairs.extend(given);
    let names: Vec<&'static str> = own.iter().map(|(name, _)| *name).collect();
    Asked::read(&Query(pairs), &names)
}

fn row(item: Item, trend: Vec<Option<f64>>) -> ParameterRow {
    ParameterRow {
        parameter: item.parameter,
        operation: item.operation,
        step: item.step,
        name: item.name,
        unit: item.unit,
        n: item.n,
        mean: item.mean,
        sd: item.sd,
        low: item.low,
        high: item.high,
        outside: item.outside,
        ppk: item.ppk,
        ppk_ci: item.ppk_ci.map(|ci| (ci.low, ci.high)),
        stable: item.stable,
        limits_changed: item.limits_changed,
        trend,
    }
}
