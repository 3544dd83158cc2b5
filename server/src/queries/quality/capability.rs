//! `GET /api/v1/capability`

use std::collections::BTreeMap;
use std::convert::Infallible;

use domain::dimension::Field;
use engine::quality::compare;
use engine::spc::capability::{self as spc, Index, SMALL_SAMPLE, non_normal};
use engine::spc::constants::Precision;
use engine::spc::variables::{self, Kind};
use engine::spc::within::{Estimator, within};
use engine::stats::families::fit_all;
use engine::stats::moments::Moments;
use engine::stats::{anderson_darling, quantiles};
use serde::Serialize;
use store::{Principal, Store};
use utoipa::ToSchema;

use super::sample::{self, Sample, Version};
use super::subgroups::{self, Groups, Subgroup};
use super::{Head, Range, measurement};
use crate::figures::{self, LEVEL};
use crate::frames::spawn_cpu;
use crate::problem::ApiResult;
use crate::queries::asked::Asked;
use crate::web::extract::Query;

/// The answer. What is undefined is null, with a reason in `notes`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CapabilityAnswer {
    #[serde(flatten)]
    pub(crate) head: Head,
    pub(crate) parameter: String,
    pub(crate) runs: usize,
    pub(crate) n: usize,
    pub(crate) excluded: BTreeMap<&'static str, u64>,
    pub(crate) subgroups: Subgroups,
    pub(crate) mean: Option<f64>,
    pub(crate) sd_overall: Option<f64>,
    pub(crate) sd_within: Option<f64>,
    /// How σ within was estimated.
    pub(crate) sigma: Option<&'static str>,
    pub(crate) limits: Vec<Version>,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    pub(crate) target: Option<f64>,
    pub(crate) cp: Option<f64>,
    pub(crate) cpu: Option<f64>,
    pub(crate) cpl: Option<f64>,
    pub(crate) cpk: Option<f64>,
    pub(crate) pp: Option<f64>,
    pub(crate) ppu: Option<f64>,
    pub(crate) ppl: Option<f64>,
    pub(crate) ppk: Option<f64>,
    pub(crate) cpm: Option<f64>,
    pub(crate) ci: Intervals,
    pub(crate) level: f64,
    pub(crate) ppm: Ppm,
    pub(crate) normality: Option<Normality>,
    pub(crate) nonnormal: Option<NonNormal>,
    pub(crate) notes: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CapabilitySubgroups)]
pub(crate) struct Subgroups {
    /// Values of the largest.
    pub(crate) size: usize,
    pub(crate) count: usize,
    /// Values of an incomplete last one.
    pub(crate) left_out: usize,
}

#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = CapabilityIntervals)]
pub(crate) struct Intervals {
    pub(crate) cp: Option<Range>,
    pub(crate) cpk: Option<Range>,
    pub(crate) pp: Option<Range>,
    pub(crate) ppk: Option<Range>,
    pub(crate) cpm: Option<Range>,
}

#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = CapabilityPpm)]
pub(crate) struct Ppm {
    pub(crate) observed: Sides,
    pub(crate) within: Sides,
    pub(crate) overall: Sides,
}

#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = CapabilitySides)]
pub(crate) struct Sides {
    pub(crate) below: Option<f64>,
    pub(crate) above: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CapabilityNormality)]
pub(crate) struct Normality {
    pub(crate) test: &'static str,
    pub(crate) a2: f64,
    pub(crate) p: f64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CapabilityNonNormal)]
pub(crate) struct NonNormal {
    /// `family`, or `percentiles` of the sample.
    pub(crate) method: &'static str,
    pub(crate) family: Option<&'static str>,
    pub(crate) ppk: f64,
}

/// `GET /api/v1/capability?parameter=`: whether a parameter's values fit its limits.
///
/// # Errors
/// 400 for a parameter.
pub(crate) async fn capability(
    store: &Store,
    caller: &Principal,
    query: &Query,
) -> ApiResult<CapabilityAnswer> {
    let asked = Asked::read(query, &[&sample::PARAMETERS[..], &subgroups::PARAMETERS].concat())?;
    let subgroup = Subgroup::read(&asked)?;
    let (estimator, precision) = subgroups::estimator(&asked)?;
    let (mut tx, as_of) = figures::begin(store, caller).await?;
    let measurement = measurement(&mut tx, &asked).await?;
    // Where keys are not needed for subgroups, those of stations tell whether these differ.
    let station = Field::Station.into();
    let dimension = subgroup.dimension().unwrap_or(&station);
    let sample = Sample::load(&mut tx, &asked, &measurement, Some(dimension)).await?;
    drop(tx);
    let head = Head::new(&asked, as_of);
    let work = move || Ok::<_, Infallible>(answer(head, &sample, &subgroup, estimator, precision));
    spawn_cpu("capability", work).await
}

/// Values of a long series that its distribution is fitted to: every k-th.
const MOST_FITTED: usize = 20_000;

pub(crate) fn answer(
    head: Head,
    sample: &Sample,
    subgroup: &Subgroup,
    estimator: Option<Estimator>,
    precision: Precision,
) -> CapabilityAnswer {
    let numbers = sample.numbers();
    let groups = Groups::new(sample, subgroup);
    let slices = groups.slices();
    let estimator = estimator.unwrap_or_else(|| Estimator::default_for(groups.largest()));
    let within = within(&slices, estimator, precision);
    let moments = Moments::from_values(&numbers);
    let result = spc::capability(&numbers, within, sample.limits, LEVEL);
    let fitted: Vec<f64> =
        numbers.iter().copied().step_by(numbers.len().div_ceil(MOST_FITTED).max(1)).collect();
    let normality = anderson_darling::normality(&fitted);
    let is_normal = normality.is_none_or(|test| test.p >= 0.05);
    let fits = if is_normal { Vec::new() } else { fit_all(&fitted) };
    let other = non_normal(&quantiles::sorted(&numbers), &fits, sample.limits)
        .filter(|_| !is_normal)
        .map(|other| NonNormal {
            method: if other.family.is_some() { "family" } else { "percentiles" },
            family: other.family.map(|family| family.id()),
            ppk: other.ppk,
        });
    let value = |index: Option<Index>| index.map(|index| index.value);
    let ci = |index: Option<Index>| index.and_then(|index| index.ci).map(Range::from);
    let overall = result.map(|result| result.overall).unwrap_or_default();
    let inside = result.map(|result| result.within).unwrap_or_default();
    let cpm = result.and_then(|result| result.cpm);
    CapabilityAnswer {
        head,
        parameter: sample.parameter.clone(),
        runs: sample.runs,
        n: numbers.len(),
        excluded: sample.excluded.clone(),
        subgroups: Subgroups {
            size: groups.largest(),
            count: slices.len(),
            left_out: groups.left_out,
        },
        mean: (moments.n > 0).then_some(moments.mean),
        sd_overall: moments.sd(),
        sd_within: within.map(|within| within.sigma),
        sigma: within.map(|within| within.estimator.id()),
        limits: sample.listed_versions(),
        low: sample.limits.low,
        high: sample.limits.high,
        target: sample.limits.target,
        cp: value(inside.both),
        cpu: inside.upper,
        cpl: inside.lower,
        cpk: value(inside.least),
        pp: value(overall.both),
        ppu: overall.upper,
        ppl: overall.lower,
        ppk: value(overall.least),
        cpm: value(cpm),
        ci: Intervals {
            cp: ci(inside.both),
            cpk: ci(inside.least),
            pp: ci(overall.both),
            ppk: ci(overall.least),
            cpm: ci(cpm),
        },
        level: LEVEL,
        ppm: Ppm {
            observed: Sides {
                below: result.map(|result| result.observed.0),
                above: result.map(|result| result.observed.1),
            },
            within: Sides { below: inside.ppm_below, above: inside.ppm_above },
            overall: Sides { below: overall.ppm_below, above: overall.ppm_above },
        },
        normality: normality.map(|test| Normality {
            test: "anderson-darling",
            a2: test.a2,
            p: test.p,
        }),
        nonnormal: other,
        notes: notes(sample, &numbers, moments, subgroup, is_normal),
    }
}

/// What has to be known beside the figures.
fn notes(
    sample: &Sample,
    numbers: &[f64],
    moments: Moments,
    subgroup: &Subgroup,
    is_normal: bool,
) -> Vec<&'static str> {
    let mut notes = Vec::new();
    let mut note = |holds: bool, code| {
        if holds {
            notes.push(code);
        }
    };
    let stations = || {
        let groups = Groups::new(sample, &Subgroup::By(Field::Station.into()));
        let slices = groups.slices();
        let test = (slices.len() > 1).then(|| compare::compare(&slices));
        test.is_some_and(|test| {
            test.ranks.is_some_and(|ranks| ranks.p < 0.01)
                && test.omega_squared.is_some_and(|omega| omega >= 0.25)
        })
    };
    note(moments.n == 0, "no-values");
    note(sample.limits.low.is_none() && sample.limits.high.is_none(), "no-limits");
    let has_limits = sample.limits.low.is_some() || sample.limits.high.is_some();
    note(has_limits && !sample.limits.is_usable(), "limits-without-width");
    note(sample.versions.len() > 1, "limits-changed");
    note(moments.n < SMALL_SAMPLE, "small-sample");
    note(moments.n > 1 && moments.m2 == 0.0, "no-variation");
    note(sample.is_truncated, "truncated-by-failures");
    note(is_stable(numbers) == Some(false), "unstable");
    note(!is_normal, "not-normal");
    // Keys are those of stations only where subgroups do not need others.
    note(matches!(subgroup, Subgroup::Consecutive(_)) && stations(), "stations-differ");
    notes
}

/// Whether no value is beyond three sigma of the individuals chart; none below two values.
fn is_stable(numbers: &[f64]) -> Option<bool> {
    let individuals: Vec<&[f64]> = numbers.iter().map(std::slice::from_ref).collect();
    let exact = Precision::Exact;
    let baseline = variables::baseline(&individuals, Estimator::MovingRange, exact)?;
    let chart = variables::chart(Kind::Individuals, &individuals, baseline, exact);
    Some(chart.main.iter().all(|point| !point.is_outside()))
}
