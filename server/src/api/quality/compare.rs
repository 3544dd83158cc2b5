//! `GET /api/v1/compare`

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::State;
use domain::dimension::{Dimension, Kind};
use engine::quality::compare as engine_compare;
use serde::Serialize;

use super::sample::{self, Sample};
use super::subgroups::{Groups, Subgroup};
use super::{Head, Range, measurement};
use crate::api::yields::{Asked, wrong};
use crate::auth::Caller;
use crate::figures;
use crate::frames::spawn_cpu;
use crate::problem::ApiResult;
use crate::state::AppState;
use crate::web::extract::{Json, Query};

/// Most groups of an answer.
const MOST_GROUPS: usize = 1_000;

/// The answer.
#[derive(Debug, Serialize)]
pub struct Answer {
    #[serde(flatten)]
    head: Head,
    parameter: String,
    by: String,
    runs: usize,
    n: usize,
    excluded: BTreeMap<&'static str, u64>,
    /// Welch's analysis of variance.
    welch: Option<Welch>,
    kruskal_wallis: Option<KruskalWallis>,
    groups: Vec<Group>,
    pairs: Vec<Pair>,
    notes: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct Welch {
    f: f64,
    df1: f64,
    df2: f64,
    p: f64,
    /// Effect size of the means.
    omega_squared: Option<f64>,
}

#[derive(Debug, Serialize)]
struct KruskalWallis {
    h: f64,
    df: f64,
    p: f64,
    epsilon_squared: f64,
}

#[derive(Debug, Serialize)]
struct Group {
    value: Option<String>,
    n: u64,
    mean: f64,
    sd: Option<f64>,
    median: Option<f64>,
    q1: Option<f64>,
    q3: Option<f64>,
    /// Values outside the limits.
    outside: u64,
}

#[derive(Debug, Serialize)]
struct Pair {
    first: Option<String>,
    second: Option<String>,
    /// First mean minus second.
    difference: f64,
    ci: Range,
    p: f64,
    /// After Holm's correction over all pairs.
    p_holm: f64,
}

/// `GET /api/v1/compare?parameter=&by=`: whether groups measure alike.
///
/// # Errors
/// 400 for a parameter, or where there are too many groups.
pub async fn compare(
    State(state): State<AppState>,
    Caller(caller): Caller,
    query: Query,
) -> ApiResult<Json<Answer>> {
    let asked = Asked::read(&query, &[&sample::PARAMETERS[..], &["by"]].concat())?;
    let by = Dimension::parse_group(asked.own("by").unwrap_or("station"))
        .map_err(|error| wrong("by", error.to_string()))?;
    if by.entry().is_some_and(|entry| matches!(entry.kind, Kind::Period(_) | Kind::Tenant)) {
        return Err(wrong("by", "must be a dimension of runs, such as station"));
    }
    let (mut tx, as_of) = figures::begin(state.store(), &caller).await?;
    let measurement = measurement(&mut tx, &asked).await?;
    let sample = Sample::load(&mut tx, &asked, &measurement, Some(&by)).await?;
    drop(tx);
    let subgroup = Subgroup::By(by);
    let groups = Groups::new(&sample, &subgroup);
    if groups.firsts.len() > MOST_GROUPS {
        return Err(wrong("by", "divides the values into more than 1,000 groups"));
    }
    let head = Head::new(&asked, as_of);
    let work = move || Ok::<_, Infallible>(answer(head, &sample, &subgroup, &groups));
    spawn_cpu("a comparison", work).await.map(Json)
}

fn answer(head: Head, sample: &Sample, subgroup: &Subgroup, groups: &Groups) -> Answer {
    let slices = groups.slices();
    let result = engine_compare::compare(&slices);
    let key = |group: usize| sample.values[groups.firsts[group]].key.clone();
    let rows = result.groups.iter().zip(&slices).enumerate().map(|(index, (summary, values))| {
        let (below, above) = sample.limits.count_outside(values);
        Group {
            value: key(index),
            n: summary.moments.n,
            mean: summary.moments.mean,
            sd: summary.moments.sd(),
            median: summary.median,
            q1: summary.quartiles.map(|quartiles| quartiles.0),
            q3: summary.quartiles.map(|quartiles| quartiles.1),
            outside: below + above,
        }
    });
    let mut rows: Vec<Group> = rows.collect();
    rows.sort_by(|one, other| one.value.cmp(&other.value));
    let mut notes = Vec::new();
    if slices.len() < 2 {
        notes.push("one-group");
    }
    if slices.len() > engine_compare::MAX_PAIRED_GROUPS {
        notes.push("too-many-groups-for-pairs");
    }
    if sample.versions.len() > 1 {
        notes.push("limits-changed");
    }
    Answer {
        head,
        parameter: sample.parameter.clone(),
        by: subgroup.dimension().map(ToString::to_string).unwrap_or_default(),
        runs: sample.runs,
        n: sample.values.len(),
        excluded: sample.excluded.clone(),
        welch: result.welch.map(|test| Welch {
            f: test.f,
            df1: test.df1,
            df2: test.df2,
            p: test.p,
            omega_squared: result.omega_squared,
        }),
        kruskal_wallis: result.ranks.map(|test| KruskalWallis {
            h: test.h,
            df: test.df,
            p: test.p,
            epsilon_squared: test.epsilon_squared,
        }),
        groups: rows,
        pairs: result
            .pairs
            .iter()
            .map(|pair| Pair {
                first: key(pair.first),
                second: key(pair.second),
                difference: pair.difference.difference,
                ci: pair.difference.ci.into(),
                p: pair.difference.p,
                p_holm: pair.p_holm,
            })
            .collect(),
        notes,
    }
}
