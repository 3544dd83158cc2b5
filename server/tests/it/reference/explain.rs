//! `GET /api/v1/yield/explain`: "units in, units out with reason, the figure under each
//! definition". The contract does not specify its JSON, so the tests compare sets.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Factory;
use super::figures::{Figure, first_run_reasons};
use super::histories::{counted, dropped};
use super::query::{DEFINITIONS, Definition, Query};

/// A unit in one operation: serial and operation.
pub type Pair = (String, String);

/// Ungrouped.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// Units with a run that the definition counts.
    pub units_in: BTreeSet<Pair>,
    /// Units with runs in the window that match the filters, but no counted run, by the reasons of
    /// these runs. A unit may have several reasons.
    pub units_out: BTreeMap<&'static str, BTreeSet<Pair>>,
    /// Units of `units_out` without a reason of the contract's list: only under
    /// first-attempt-of-day, if the day's first attempt is outside the window or the filters.
    pub unexplained: BTreeSet<Pair>,
    /// The figure under each definition, with the query's other parameters.
    pub figures: Vec<(Definition, Figure)>,
}

/// Explains the query's figure.
pub fn explain(factory: &Factory, query: &Query) -> Explanation {
    let mut query = query.clone();
    query.group_by = None;
    let mut units_in = BTreeSet::new();
    for run in counted(factory, &query, query.definition) {
        units_in.insert((run.serial.clone(), run.operation.clone()));
    }
    let mut asked = BTreeSet::new();
    let mut units_out: BTreeMap<&'static str, BTreeSet<Pair>> = BTreeMap::new();
    for run in &factory.runs {
        let pair = (run.serial.clone(), run.operation.clone());
        if !query.asks_for(factory.zone, run) || units_in.contains(&pair) {
            continue;
        }
        if let Some(reason) = dropped(factory, &query, query.definition, run) {
            units_out.entry(reason).or_default().insert(pair.clone());
        }
        asked.insert(pair);
    }
    if query.definition == Definition::FirstRun {
        for (serial, operation, reason) in first_run_reasons(factory, &query, &None) {
            units_out.entry(reason).or_default().insert((serial.to_owned(), operation.to_owned()));
        }
    }
    let mut unexplained = asked;
    for pairs in units_out.values() {
        for pair in pairs {
            unexplained.remove(pair);
        }
    }
    let mut figures = Vec::new();
    for definition in DEFINITIONS {
        let runs = counted(factory, &query, definition);
        figures.push((definition, Figure::of(&runs, query.interval)));
    }
    Explanation { units_in, units_out, unexplained, figures }
}
