//! `GET /api/v1/yield`

use std::collections::{BTreeMap, HashMap};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use domain::dimension::Filters;
use domain::yields::Reason;
use engine::difference::difference;
use engine::metrics::yields::Tally;
use engine::proportion::{Method, Proportion};
use serde::Serialize;
use utoipa::ToSchema;

use super::csv;
use super::{Asked, wrong};
use crate::auth::Tenants;
use crate::figures::{self, Group, LEVEL};
use crate::problem::{ApiResult, EN};
use crate::queries::{Ci, Named, Window};
use crate::state::AppState;
use crate::web::extract::{Json, Query};

/// Maximum and default of `limit`: groups per response.
const MAX_GROUPS: usize = 10_000;

/// The response.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Yields {
    pub(super) definition: Named,
    #[schema(value_type = String, format = DateTime)]
    pub(super) as_of: Timestamp,
    window: Window,
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    filters: Filters,
    pub(super) groups: Vec<Line>,
    /// Number of all groups, listed or not.
    groups_total: usize,
    /// Number of groups that are not listed.
    left_out: usize,
}

/// One group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Line {
    /// Null if there are `keys`.
    pub(super) key: Option<String>,
    /// Only if results are grouped by two dimensions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Option<String>>>)]
    pub(super) keys: Option<[Option<String>; 2]>,
    pub(super) n: u64,
    pub(super) passed: u64,
    #[serde(rename = "yield")]
    pub(super) fraction: Option<f64>,
    pub(super) ci: Option<Ci>,
    #[schema(value_type = BTreeMap<String, u64>)]
    pub(super) excluded: BTreeMap<Reason, u64>,
    pub(super) metrics: Metrics,
    /// Only if requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<Previous>,
}

/// The same group in the preceding period of equal length.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Previous {
    n: u64,
    passed: u64,
    #[serde(rename = "yield")]
    fraction: Option<f64>,
    /// This period's yield minus the previous period's.
    difference: Option<Change>,
}

/// A difference of two yields.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Change {
    estimate: f64,
    low: f64,
    high: f64,
    level: f64,
    method: &'static str,
}

impl Previous {
    fn new(now: Proportion, before: Proportion) -> Self {
        let changed = difference(now, before, LEVEL).map(|difference| Change {
            estimate: difference.estimate,
            low: difference.low,
            high: difference.high,
            level: difference.level,
            method: "newcombe",
        });
        Self { n: before.n, passed: before.k, fraction: before.fraction(), difference: changed }
    }
}

/// Further metrics of a group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Metrics {
    pub(super) spy: Option<f64>,
    pub(super) tpy: Option<f64>,
    pub(super) lpy_ever: Option<f64>,
    pub(super) lpy_last: Option<f64>,
    pub(super) retest_ratio: Option<f64>,
    pub(super) retested_units: Option<f64>,
    pub(super) ntf: Ntf,
    pub(super) dpmo: Option<f64>,
    pub(super) ppm: Option<f64>,
}

/// Failing episodes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ntf {
    pub(super) cleared: u64,
    pub(super) episodes: u64,
    pub(super) resolved: u64,
}

impl Line {
    fn new(
        Group { key, second, tally }: Group,
        by_two: bool,
        method: Method,
        before: Option<Proportion>,
    ) -> Self {
        let (key, keys) = match by_two {
            true => (None, Some([key, second])),
            false => (key, None),
        };
        Self {
            previous: before.map(|before| Previous::new(tally.proportion(), before)),
            key,
            keys,
            n: tally.n,
            passed: tally.passed,
            fraction: tally.proportion().fraction(),
            ci: Ci::from_proportion(tally.proportion(), method),
            metrics: Metrics::new(&tally),
            excluded: tally.excluded,
        }
    }
}

impl Metrics {
    fn new(tally: &Tally) -> Self {
        let Tally { units, episodes, .. } = tally;
        Self {
            spy: units.share(units.passed_by_2),
            tpy: units.share(units.passed_by_3),
            lpy_ever: units.share(units.passed_ever),
            lpy_last: units.share(units.passed_last),
            retest_ratio: units.retest_ratio(),
            retested_units: units.share(units.retested),
            ntf: Ntf {
                cleared: episodes.cleared,
                episodes: episodes.n,
                resolved: episodes.resolved,
            },
            dpmo: tally.dpmo(),
            ppm: tally.ppm(),
        }
    }
}

/// `GET /api/v1/yield`: yields by group; with `compare=previous` also those of the preceding
/// period; `format=csv` returns the same as CSV. At most `limit` groups.
///
/// # Errors
/// 400 for a parameter.
pub async fn yields(
    State(state): State<AppState>,
    tenants: Tenants,
    query: Query,
) -> ApiResult<Response> {
    let request = Asked::read(&query, &["compare", "format", "limit"])?;
    let table = match request.own("format") {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => return Err(wrong("format", EN.cause_one_of("json, csv"))),
    };
    let limit = match request.own("limit").map(str::parse) {
        None => MAX_GROUPS,
        Some(Ok(limit @ 1..=MAX_GROUPS)) => limit,
        Some(_) => return Err(wrong("limit", EN.cause_number_10000())),
    };
    let earlier = match request.own("compare") {
        None => None,
        Some("previous") => Some(request.previous()?),
        Some(_) => return Err(wrong("compare", EN.cause_one_of("previous"))),
    };
    let questions: Vec<_> =
        [Some(&request.question), earlier.as_ref()].into_iter().flatten().collect();
    let (groups, as_of) =
        figures::groups_of_tenants(state.store(), &tenants.callers, &questions, request.basis())
            .await?;
    let mut groups = groups.into_iter();
    let (groups, previous) = (groups.next().unwrap_or_default(), groups.next().unwrap_or_default());
    let groups_total = groups.len();
    if table && request.own("limit").is_none() && groups_total > MAX_GROUPS {
        return Err(wrong("format", EN.cause_table_groups(groups_total as u64, MAX_GROUPS as u64)));
    }
    let before: HashMap<_, _> = previous
        .into_iter()
        .map(|group| ((group.key, group.second), group.tally.proportion()))
        .collect();
    let nothing = Proportion { k: 0, n: 0 };
    let by_two = request.question.group_by.len() > 1;
    let line = |group: Group| {
        let keys = (group.key.clone(), group.second.clone());
        let before = earlier.is_some().then(|| *before.get(&keys).unwrap_or(&nothing));
        Line::new(group, by_two, request.method, before)
    };
    let answer = Yields {
        definition: Named::new(request.question.definition),
        as_of,
        window: request.window(),
        filters: request.filters(),
        groups: groups.into_iter().take(limit).map(line).collect(),
        groups_total,
        left_out: groups_total.saturating_sub(limit),
    };
    Ok(match table {
        true => csv::table(&answer),
        false => Json(answer).into_response(),
    })
}
