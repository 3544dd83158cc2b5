//! `GET /api/v1/pareto`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::facts::{Factory, Run};
use super::histories::counted;
use super::query::Query;

/// The key by which failures are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Code,
    Step,
    Component,
}

/// The whole answer.
#[derive(Clone, Debug)]
pub struct Pareto {
    pub n_units: u64,
    pub n_runs: u64,
    pub rows: Vec<Row>,
}

/// One bar.
#[derive(Clone, Debug)]
pub struct Row {
    pub key: String,
    pub units: u64,
    pub runs: u64,
    /// As a fraction of all runs of the population.
    pub share: f64,
    /// Null if a run may count more than once.
    pub cumulative: Option<f64>,
}

impl By {
    /// Its name in the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Step => "step",
            Self::Component => "component",
        }
    }

    /// "one code each"; "under `by=step|component` a run counts once for each failing one".
    fn keys(self, run: &Run) -> Vec<String> {
        match self {
            Self::Code => vec![run.code()],
            Self::Step => run.failing_steps(),
            Self::Component => run.failing_components(),
        }
    }
}

/// "population: the counted runs of the definition that did not pass …; share is of runs; order
/// runs descending, key ascending; nothing is folded; … cumulative is null."
pub fn pareto(factory: &Factory, query: &Query, by: By) -> Pareto {
    let mut failed = counted(factory, query, query.definition);
    failed.retain(|run| !run.passed());
    let mut by_key: BTreeMap<String, Vec<&Run>> = BTreeMap::new();
    for run in &failed {
        for key in by.keys(run) {
            by_key.entry(key).or_default().push(run);
        }
    }
    let mut bars: Vec<(String, Vec<&Run>)> = by_key.into_iter().collect();
    // The map is ordered by key, and the sort is stable.
    bars.sort_by_key(|(_, runs)| std::cmp::Reverse(runs.len()));
    let all = failed.len() as f64;
    let mut rows = Vec::new();
    let mut so_far = 0;
    for (key, runs) in bars {
        so_far += runs.len();
        rows.push(Row {
            key,
            units: units(&runs),
            runs: runs.len() as u64,
            share: runs.len() as f64 / all,
            cumulative: if by == By::Code { Some(so_far as f64 / all) } else { None },
        });
    }
    Pareto { n_units: units(&failed), n_runs: failed.len() as u64, rows }
}

/// "count units *and* runs": the number of serials.
fn units(runs: &[&Run]) -> u64 {
    let mut serials = BTreeSet::new();
    for run in runs {
        serials.insert(&run.serial);
    }
    serials.len() as u64
}

impl Pareto {
    /// The JSON of the contract.
    pub fn json(&self) -> Value {
        let mut rows = Vec::new();
        for row in &self.rows {
            rows.push(json!({
                "key": row.key,
                "units": row.units,
                "runs": row.runs,
                "share": row.share,
                "cumulative": row.cumulative,
            }));
        }
        json!({"n_units": self.n_units, "n_runs": self.n_runs, "rows": rows})
    }
}
