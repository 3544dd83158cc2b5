//! `GET /api/v1/yield`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::facts::{Factory, Run};
use super::histories::{counted, dropped, histories};
use super::interval::{LEVEL, interval};
use super::metrics::{Metrics, metrics};
use super::query::{Definition, Interval, Query, rfc3339};

/// One group of the answer.
#[derive(Clone, Debug)]
pub struct Group {
    pub key: Option<String>,
    pub figure: Figure,
    /// Only reasons with a count above zero.
    pub excluded: BTreeMap<&'static str, u64>,
    pub metrics: Metrics,
}

/// A yield and its interval.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    pub n: u64,
    pub passed: u64,
    pub method: Interval,
}

impl Figure {
    /// The figure of these counted runs.
    pub fn of(runs: &[&Run], method: Interval) -> Self {
        let mut passed = 0;
        for run in runs {
            if run.passed() {
                passed += 1;
            }
        }
        Self { n: runs.len() as u64, passed, method }
    }

    /// Null where n = 0.
    pub fn yield_(&self) -> Option<f64> {
        ratio(self.passed, self.n)
    }

    /// Null where n = 0.
    pub fn ci(&self) -> Option<(f64, f64)> {
        if self.n == 0 { None } else { Some(interval(self.method, self.passed, self.n)) }
    }

    /// `{low,high,level,method}`, or null.
    pub fn ci_json(&self) -> Value {
        match self.ci() {
            None => Value::Null,
            Some((low, high)) => {
                json!({"low": low, "high": high, "level": LEVEL, "method": self.method.word()})
            }
        }
    }
}

/// "ratios are fractions, null at n = 0"
pub fn ratio(part: u64, whole: u64) -> Option<f64> {
    if whole == 0 { None } else { Some(part as f64 / whole as f64) }
}

/// The groups of the answer, in its order.
pub fn groups(factory: &Factory, query: &Query) -> Vec<Group> {
    let counted = counted(factory, query, query.definition);
    let mut groups = Vec::new();
    for key in keys(factory, query) {
        let mut own = Vec::new();
        for run in &counted {
            if query.key(factory.zone, run) == key {
                own.push(*run);
            }
        }
        groups.push(Group {
            figure: Figure::of(&own, query.interval),
            excluded: excluded(factory, query, &key),
            metrics: metrics(factory, query, &key, &own),
            key,
        });
    }
    groups
}

/// "A group exists for every key among the runs in the window that match the filters, also with
/// n = 0; order by key, null last." "(none: one group, key null)"
pub fn keys(factory: &Factory, query: &Query) -> Vec<Option<String>> {
    if query.group_by.is_none() {
        return vec![None];
    }
    let mut keys = Vec::new();
    for run in &factory.runs {
        if query.asks_for(factory.zone, run) {
            keys.push(query.key(factory.zone, run));
        }
    }
    keys.sort_by_key(|key| (key.is_none(), key.clone()));
    keys.dedup();
    keys
}

/// "`excluded` counts runs in the window that match the filters; the two first-run reasons count
/// units."
fn excluded(factory: &Factory, query: &Query, key: &Option<String>) -> BTreeMap<&'static str, u64> {
    let mut excluded = BTreeMap::new();
    for run in &factory.runs {
        if query.asks_for(factory.zone, run)
            && query.key(factory.zone, run) == *key
            && let Some(reason) = dropped(factory, query, query.definition, run)
        {
            *excluded.entry(reason).or_insert(0) += 1;
        }
    }
    if query.definition == Definition::FirstRun {
        for (_, _, reason) in first_run_reasons(factory, query, key) {
            *excluded.entry(reason).or_insert(0) += 1;
        }
    }
    excluded
}

/// The units, each with its operation, that step 1 left runs in this group, but that first-run does
/// not count there, and why: their run 1 is earlier than the window, or else it does not match the
/// filters or belongs to another group. "A retest-only station has n = 0 under first-run: explain
/// it."
pub fn first_run_reasons<'a>(
    factory: &'a Factory,
    query: &Query,
    key: &Option<String>,
) -> Vec<(&'a str, &'a str, &'static str)> {
    let here =
        |run: &Run| query.asks_for(factory.zone, run) && query.key(factory.zone, run) == *key;
    let mut reasons = Vec::new();
    for history in histories(factory, query, Definition::FirstRun) {
        let first = history.runs[0];
        let mut ran_here = false;
        for run in &history.runs {
            if here(run) {
                ran_here = true;
            }
        }
        if ran_here && !here(first) {
            let reason = if query.before_window(factory.zone, first) {
                "first-run-before-window"
            } else {
                "first-run-elsewhere"
            };
            reasons.push((history.serial, history.operation, reason));
        }
    }
    reasons
}

/// The whole answer.
pub fn answer(factory: &Factory, query: &Query) -> Value {
    let mut rows = Vec::new();
    for group in groups(factory, query) {
        rows.push(json!({
            "key": group.key,
            "n": group.figure.n,
            "passed": group.figure.passed,
            "yield": group.figure.yield_(),
            "ci": group.figure.ci_json(),
            "excluded": group.excluded,
            "metrics": group.metrics.json(),
        }));
    }
    json!({
        "definition": {"id": query.definition.word(), "version": 1},
        "as_of": rfc3339(query.as_of),
        "filters": query.filters_json(),
        "groups": rows,
    })
}
