//! `GET /api/v1/compare`

use std::collections::BTreeMap;
use std::convert::Infallible;

use domain::dimension::{Dimension, Kind};
use engine::quality::compare as engine_compare;
use serde::Serialize;
use store::{Principal, Store};
use utoipa::ToSchema;

use super::sample::{self, Sample};
use super::subgroups::{Groups, Subgroup};
use super::{Head, Range, measurement};
use crate::figures;
use crate::frames::spawn_cpu;
use crate::problem::ApiResult;
use crate::queries::asked::{Asked, wrong};
use crate::web::extract::Query;

/// Most groups of an answer.
const MOST_GROUPS: usize = 1_000;

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparisonAnswer {
    #[serde(flatten)]
    pub(crate) head: Head,
    pub(crate) parameter: String,
    pub(crate) by: String,
    pub(crate) runs: usize,
    pub(crate) n: usize,
    pub(crate) excluded: BTreeMap<&'static str, u64>,
    /// Welch's analysis of variance.
    pub(crate) welch: Option<Welch>,
    pub(crate) kruskal_wallis: Option<KruskalWallis>,
    pub(crate) groups: Vec<Group>,
    pub(crate) pairs: Vec<Pair>,
    pub(crate) notes: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComparisonWelch)]
pub(crate) struct Welch {
    pub(crate) f: f64,
    pub(crate) df1: f64,
    pub(crate) df2: f64,
    pub(crate) p: f64,
    /// Effect size of the means.
    pub(crate) omega_squared: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComparisonKruskalWallis)]
pub(crate) struct KruskalWallis {
    pub(crate) h: f64,
    pub(crate) df: f64,
    pub(crate) p: f64,
    pub(crate) epsilon_squared: f64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComparisonGroup)]
pub(crate) struct Group {
    pub(crate) value: Option<String>,
    pub(crate) n: u64,
    pub(crate) mean: f64,
    pub(crate) sd: Option<f64>,
    pub(crate) median: Option<f64>,
    pub(crate) q1: Option<f64>,
    pub(crate) q3: Option<f64>,
    /// Values outside the limits.
    pub(crate) outside: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComparisonPair)]
pub(crate) struct Pair {
    pub(crate) first: Option<String>,
    pub(crate) second: Option<String>,
    /// First mean minus second.
    pub(crate) difference: f64,
    pub(crate) ci: Range,
    pub(crate) p: f64,
    /// After Holm's correction over all pairs.
    pub(crate) p_holm: f64,
}

/// `GET /api/v1/compare?parameter=&by=`: whether groups measure alike.
///
/// # Errors
/// 400 for a parameter, or where there are too many groups.
pub(crate) async fn compare(
    store: &Store,
    caller: &Principal,
    query: &Query,
) -> ApiResult<ComparisonAnswer> {
    let asked = Asked::read(query, &[&sample::PARAMETERS[..], &["by"]].concat())?;
    let by = Dimension::parse_group(asked.own("by").unwrap_or("station"))
        .map_err(|error| wrong("by", error.to_string()))?;
    if by.entry().is_some_and(|entry| matches!(entry.kind, Kind::Period(_) | Kind::Tenant)) {
        return Err(wrong("by", "must be a dimension of runs, such as station"));
    }
    let (mut tx, as_of) = figures::begin(store, caller).await?;
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
    spawn_cpu("a comparison", work).await
}

pub(crate) fn answer(
    head: Head,
    sample: &Sample,
    subgroup: &Subgroup,
    groups: &Groups,
) -> ComparisonAnswer {
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
    ComparisonAnswer {
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
