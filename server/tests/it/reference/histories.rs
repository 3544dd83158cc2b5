//! Steps 1 to 3 of the definitions: which runs there are, their order, and which of them count.

use super::calendar;
use super::facts::{Factory, Kind, Outcome, Run};
use super::query::{Aborted, Definition, Query};

/// "Time stamps more than a day ahead".
pub const DAY: i64 = 86_400_000_000;

/// A unit's runs in one operation, "by (started_at, identity …), never by arrival".
#[derive(Clone, Debug)]
pub struct History<'a> {
    pub serial: &'a str,
    pub operation: &'a str,
    /// Never empty; the first one is run 1.
    pub runs: Vec<&'a Run>,
}

/// Why step 1 drops the run under this definition; `None` if it is kept.
///
/// "(1) drop golden and reference units, voided runs, runs from the future and SKIP runs, each with
/// its reason counted"; "`aborted=excluded` drops aborted runs in step (1), before numbering".
pub fn dropped(
    factory: &Factory,
    query: &Query,
    definition: Definition,
    run: &Run,
) -> Option<&'static str> {
    match factory.kind(&run.serial) {
        Kind::Golden => return Some("golden"),
        Kind::Reference => return Some("reference"),
        Kind::Production => {}
    }
    if run.voided {
        return Some("voided");
    }
    if run.started_at > query.as_of + DAY {
        return Some("future");
    }
    if run.outcome == Outcome::Skip {
        return Some("skipped");
    }
    if run.outcome == Outcome::Aborted && !counts_aborted(query, definition) {
        return Some("aborted");
    }
    None
}

/// "*first-run* and *report* count an aborted run as not passed; *first-attempt-of-day* does not
/// count it as an attempt; `aborted=excluded` drops aborted runs …; `counted` keeps them as
/// attempts that did not pass."
fn counts_aborted(query: &Query, definition: Definition) -> bool {
    match query.aborted {
        Some(Aborted::Counted) => true,
        Some(Aborted::Excluded) => false,
        None => definition != Definition::FirstAttemptOfDay,
    }
}

/// "(2) number a unit's runs in an operation over its **whole history**": every history of the
/// factory, of the runs that step 1 keeps, by serial and operation.
pub fn histories<'a>(
    factory: &'a Factory,
    query: &Query,
    definition: Definition,
) -> Vec<History<'a>> {
    let mut kept = Vec::new();
    for run in &factory.runs {
        if dropped(factory, query, definition, run).is_none() {
            kept.push(run);
        }
    }
    kept.sort_by_key(|run| (&run.serial, &run.operation, run.started_at, run.id));
    let mut histories: Vec<History> = Vec::new();
    for run in kept {
        match histories.last_mut() {
            Some(last) if last.serial == run.serial && last.operation == run.operation => {
                last.runs.push(run);
            }
            _ => histories.push(History {
                serial: &run.serial,
                operation: &run.operation,
                runs: vec![run],
            }),
        }
    }
    histories
}

/// Step 3: the runs that the definition counts, one for each of n.
pub fn counted<'a>(factory: &'a Factory, query: &Query, definition: Definition) -> Vec<&'a Run> {
    let mut counted = Vec::new();
    for history in histories(factory, query, definition) {
        let chosen = match definition {
            // "the population is the units whose run 1 matches every filter and lies in [from, to)"
            Definition::FirstRun => vec![history.runs[0]],
            // "choose each unit-day's first attempt first, then filter"
            Definition::FirstAttemptOfDay => first_of_each_day(factory, &history),
            // "filter runs"
            Definition::Report => history.runs,
        };
        for run in chosen {
            if query.asks_for(factory.zone, run) {
                counted.push(run);
            }
        }
    }
    counted
}

/// The first run of each of the site's days.
fn first_of_each_day<'a>(factory: &Factory, history: &History<'a>) -> Vec<&'a Run> {
    let mut chosen = Vec::new();
    let mut last = None;
    for run in &history.runs {
        let day = calendar::day(factory.zone, run.started_at);
        if last != Some(day) {
            chosen.push(*run);
        }
        last = Some(day);
    }
    chosen
}
