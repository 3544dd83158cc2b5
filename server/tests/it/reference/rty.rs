//! `GET /api/v1/rty`.

use serde_json::{Value, json};

use super::facts::{Attribute, Factory, Run};
use super::figures::{Figure, groups, ratio};
use super::histories::{History, histories};
use super::interval::{LEVEL, Z};
use super::query::{Definition, GroupBy, Query};

/// Rolled throughput yield.
#[derive(Clone, Debug)]
pub struct Rty {
    /// The operations, by name, each with its first-run figure.
    pub operations: Vec<(String, Figure)>,
    pub rty: Option<f64>,
    pub ci: Option<(f64, f64)>,
    /// "True (observed) first-time-through": k of n.
    pub observed_ftt: (u64, u64),
}

/// "yield's filters and window …: over the operations seen for the product in the window; null if
/// one of them has n = 0". The product is one of the query's filters.
pub fn rty(factory: &Factory, query: &Query) -> Rty {
    let mut by_operation = query.clone();
    by_operation.definition = Definition::FirstRun;
    by_operation.group_by = Some(GroupBy::Attribute(Attribute::Operation));
    let mut operations = Vec::new();
    let mut figures = Vec::new();
    for group in groups(factory, &by_operation) {
        if let Some(operation) = group.key {
            figures.push((group.figure.passed, group.figure.n));
            operations.push((operation, group.figure));
        }
    }
    let names: Vec<&str> = operations.iter().map(|(name, _)| name.as_str()).collect();
    let observed_ftt = observed_ftt(factory, query, &names);
    Rty { rty: product(&figures), ci: ci(&figures), observed_ftt, operations }
}

/// "Π FPY_i over operations", of (k, n) each; null for no operation, or one with n = 0.
pub fn product(figures: &[(u64, u64)]) -> Option<f64> {
    if figures.is_empty() {
        return None;
    }
    let mut product = 1.0;
    for (k, n) in figures {
        product *= ratio(*k, *n)?;
    }
    Some(product)
}

/// "exp(ln RTY ± z·√Σ(1 − p̃)/((n + 1)p̃)), p̃ = (k + ½)/(n + 1), clipped to [0, 1]; where a k is 0
/// the low end is 0 and the upper end comes from Πp̃."
pub fn ci(figures: &[(u64, u64)]) -> Option<(f64, f64)> {
    let rty = product(figures)?;
    let mut sum = 0.0;
    let mut smoothed = 1.0;
    let mut some_k_is_zero = false;
    for (k, n) in figures {
        let p = (*k as f64 + 0.5) / (*n as f64 + 1.0);
        sum += (1.0 - p) / ((*n as f64 + 1.0) * p);
        smoothed *= p;
        if *k == 0 {
            some_k_is_zero = true;
        }
    }
    let reach = Z * sum.sqrt();
    let (low, high) = if some_k_is_zero {
        (0.0, (smoothed.ln() + reach).exp())
    } else {
        ((rty.ln() - reach).exp(), (rty.ln() + reach).exp())
    };
    Some((low.clamp(0.0, 1.0), high.clamp(0.0, 1.0)))
}

/// "observed_ftt: n units whose first run in the earliest operation is in the window and that have
/// a run in every listed operation, k of them with every run 1 passed and no repair before the last
/// of these."
fn observed_ftt(factory: &Factory, query: &Query, operations: &[&str]) -> (u64, u64) {
    let histories = histories(factory, query, Definition::FirstRun);
    let mut serials: Vec<&str> = histories.iter().map(|history| history.serial).collect();
    serials.dedup();
    let (mut k, mut n) = (0, 0);
    for serial in serials {
        let firsts = first_runs(&histories, serial, operations);
        if operations.is_empty() || firsts.len() < operations.len() {
            continue;
        }
        let earliest = firsts[0];
        if !query.asks_for(factory.zone, earliest) {
            continue;
        }
        n += 1;
        let last = firsts[firsts.len() - 1];
        let mut through = true;
        for first in &firsts {
            if !first.passed() {
                through = false;
            }
        }
        for repair in &factory.repairs {
            if repair.serial == serial && repair.at < last.started_at {
                through = false;
            }
        }
        if through {
            k += 1;
        }
    }
    (k, n)
}

/// The unit's run 1 in each of these operations where it has one, in the order of their start.
fn first_runs<'a>(histories: &[History<'a>], serial: &str, operations: &[&str]) -> Vec<&'a Run> {
    let mut firsts = Vec::new();
    for history in histories {
        if history.serial == serial && operations.contains(&history.operation) {
            firsts.push(history.runs[0]);
        }
    }
    firsts.sort_by_key(|run| (run.started_at, run.id));
    firsts
}

impl Rty {
    /// The JSON of the contract.
    pub fn json(&self) -> Value {
        let mut operations = Vec::new();
        for (operation, figure) in &self.operations {
            operations.push(json!({
                "operation": operation,
                "n": figure.n,
                "passed": figure.passed,
                "yield": figure.yield_(),
            }));
        }
        let (k, n) = self.observed_ftt;
        json!({
            "operations": operations,
            "rty": self.rty,
            "ci": self.ci.map(|(low, high)| json!({"low": low, "high": high, "level": LEVEL})),
            "observed_ftt": {"k": k, "n": n},
        })
    }
}
