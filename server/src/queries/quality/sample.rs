//! The values of a parameter in counted runs.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::dimension::Dimension;
use engine::spc::capability::Limits;
use serde::Serialize;
use store::TenantTx;
use store::measurements::Measurement;
use store::quality::RunValue;
use utoipa::ToSchema;

use super::{number, word};
use crate::problem::ApiResult;
use crate::queries::asked::{Asked, wrong};
use crate::queries::time;

/// Most counted runs of a question about values.
pub(crate) const MOST_RUNS: usize = 1_000_000;
/// Most versions of limits that an answer lists.
const LISTED_VERSIONS: usize = 100;

/// A finite value of a run.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub(crate) at: DateTime<Utc>,
    pub(crate) unit: i64,
    pub(crate) passed: bool,
    pub(crate) value: f64,
    /// By the dimension that was asked for.
    pub(crate) key: Option<String>,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
}

/// What was measured of a parameter, in the order of (start, id).
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) parameter: String,
    /// The runs that `runs` chose, with a value or without.
    pub(crate) runs: usize,
    pub(crate) values: Vec<Value>,
    /// Runs without a finite value, by reason.
    pub(crate) excluded: BTreeMap<&'static str, u64>,
    /// Whether failed runs are among them: a test that stops at a failure leaves out values.
    pub(crate) is_truncated: bool,
    /// In the order in which they came.
    pub(crate) versions: Vec<Version>,
    /// Those of the newest version, or what the request says.
    pub(crate) limits: Limits,
}

/// Limits that runs were measured against.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = LimitsVersion)]
pub(crate) struct Version {
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    /// Start of the first run.
    pub(crate) from: String,
    /// Start of the last run.
    pub(crate) to: String,
    pub(crate) n: u64,
    #[serde(skip)]
    pub(crate) at: DateTime<Utc>,
    #[serde(skip)]
    pub(crate) last: DateTime<Utc>,
}

/// Which of a unit's counted runs are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runs {
    First,
    Last,
    All,
}

/// The parameters of every question about values.
pub(crate) const PARAMETERS: [&str; 5] = ["parameter", "runs", "low", "high", "target"];

impl Sample {
    /// Reads the sample that a request asks for; `dimension` gives values their keys.
    ///
    /// # Errors
    /// 400 for a parameter, or where there are too many runs.
    pub(crate) async fn load(
        tx: &mut TenantTx,
        asked: &Asked,
        measurement: &Measurement,
        dimension: Option<&Dimension>,
    ) -> ApiResult<Self> {
        let words = [("first", Runs::First), ("last", Runs::Last), ("all", Runs::All)];
        let runs = word(asked, "runs", &words)?.unwrap_or(Runs::First);
        let chosen = |name| number(asked, name);
        let (low, high, target) = (chosen("low")?, chosen("high")?, chosen("target")?);
        if low.zip(high).is_some_and(|(low, high)| low >= high) {
            return Err(wrong("low", "must be below `high`"));
        }
        let question = &asked.question;
        let mut rows = tx.parameter_values(question, measurement, dimension, MOST_RUNS).await?;
        if rows.len() > MOST_RUNS {
            return Err(wrong(
                "from",
                "leaves more than 1,000,000 runs: choose a shorter window or more filters",
            ));
        }
        choose(&mut rows, runs);
        let mut sample = Self::new(measurement.name().to_owned(), rows);
        // A limit that is said replaces both, so that a side can be left open.
        if low.is_some() || high.is_some() {
            sample.limits = Limits { low, high, target };
        }
        sample.limits.target = target;
        Ok(sample)
    }

    fn new(parameter: String, rows: Vec<RunValue>) -> Self {
        let runs = rows.len();
        let mut excluded = BTreeMap::new();
        let mut is_truncated = false;
        let mut values = Vec::with_capacity(runs);
        for row in rows {
            let passed = row.outcome == 0;
            let reason = match row.value {
                Some(value) if value.is_finite() => {
                    let RunValue { started_at: at, unit_id: unit, key, low, high, .. } = row;
                    values.push(Value { at, unit, passed, value, key, low, high });
                    continue;
                }
                Some(_) => "not-finite",
                None => "no-number",
            };
            is_truncated |= !passed;
            *excluded.entry(reason).or_default() += 1;
        }
        let versions = versions(&values);
        let newest = values.last();
        let limits = Limits {
            low: newest.and_then(|value| value.low),
            high: newest.and_then(|value| value.high),
            target: None,
        };
        Self { parameter, runs, values, excluded, is_truncated, versions, limits }
    }

    /// The values alone.
    pub(crate) fn numbers(&self) -> Vec<f64> {
        self.values.iter().map(|value| value.value).collect()
    }

    /// The newest versions of limits, of which an answer lists a hundred.
    pub(crate) fn listed_versions(&self) -> Vec<Version> {
        let from = self.versions.len().saturating_sub(LISTED_VERSIONS);
        self.versions[from..].to_vec()
    }
}

/// Keeps each unit's first run, its last, or all.
fn choose(rows: &mut Vec<RunValue>, runs: Runs) {
    let mut seen = HashSet::new();
    match runs {
        Runs::All => {}
        Runs::First => rows.retain(|row| seen.insert(row.unit_id)),
        Runs::Last => {
            rows.reverse();
            rows.retain(|row| seen.insert(row.unit_id));
            rows.reverse();
        }
    }
}

fn versions(values: &[Value]) -> Vec<Version> {
    let mut places = HashMap::new();
    let mut versions: Vec<(Version, DateTime<Utc>)> = Vec::new();
    for Value { at, low, high, .. } in values {
        let bits = |limit: &Option<f64>| limit.map(f64::to_bits);
        let place = *places.entry((bits(low), bits(high))).or_insert_with(|| {
            let version = Version {
                low: *low,
                high: *high,
                from: time(*at),
                to: String::new(),
                n: 0,
                at: *at,
                last: *at,
            };
            versions.push((version, *at));
            versions.len() - 1
        });
        let (version, last) = &mut versions[place];
        version.n += 1;
        *last = *at;
    }
    versions
        .into_iter()
        .map(|(version, last)| Version { to: time(last), last, ..version })
        .collect()
}

impl Version {
    /// The limits as a text.
    pub(crate) fn describe(&self) -> String {
        let limit = |limit: Option<f64>| limit.map_or_else(|| "none".to_owned(), |x| x.to_string());
        format!("limits {} to {}", limit(self.low), limit(self.high))
    }
}
