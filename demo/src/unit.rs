//! Simulates the route of a unit: runs, retests and repairs, until it passes or is given up.

use std::time::Duration;

use domain::{IngestRecord, Outcome, RepairRecord, Timestamp};

use super::bench::{Slot, Trouble, interrupted, run, takes};
use super::build::{Build, build, step_of, trouble};
use super::dice::Dice;
use super::factory::{INTERRUPTED, REAL, REPAIRED};
use super::floor::Floor;
use super::operations::{BURN_IN, Operation, ROUTE};

/// The maximum number of runs of a unit in an operation, after which it is given up.
const MAX_RUNS: usize = 6;
/// The probability that a lemon fails.
const LEMON_FAILURE_RATE: f64 = 0.9;

/// Writes the records of a unit whose assembly begins at `at` into `sink`.
pub(crate) fn unit(
    floor: &Floor,
    dice: &mut Dice,
    number: u64,
    at: Timestamp,
    sink: &mut dyn FnMut(IngestRecord),
) {
    let mut build = build(floor, dice, number, at);
    let mut at = at;
    for operation in ROUTE {
        match pass(floor, dice, &mut build, operation, at, sink) {
            Some(passed) => at = passed.saturating_add(hours(dice, 1, 12)),
            None => return,
        }
    }
}

/// Runs the unit until it passes, and returns the time; `None` if it is given up or the demo ends
/// before.
fn pass(
    floor: &Floor,
    dice: &mut Dice,
    build: &mut Build,
    operation: &'static Operation,
    from: Timestamp,
    sink: &mut dyn FnMut(IngestRecord),
) -> Option<Timestamp> {
    let mut fault = if operation.level == BURN_IN.level { build.built_in.take() } else { None };
    let lemon = build.lemon && fault.is_some();
    let (mut at, mut failed, mut failures) = (from, None, 0);
    for _ in 0..MAX_RUNS {
        at = floor.calendar.open(at);
        let place = floor.place(dice, operation, failed);
        let slot = Slot { operation, place, at, end: takes(dice, operation, at) };
        if slot.end > floor.calendar.until() {
            return None;
        }
        if dice.happens(INTERRUPTED) {
            sink(IngestRecord::Run(Box::new(interrupted(floor, dice, &build.unit, slot))));
            at = slot.end.saturating_add(minutes(dice, 20, 90));
            continue;
        }
        let mut passing = None;
        if failures == 0
            && fault.is_none()
            && dice.happens(operation.fails * place.station.strictness)
        {
            let drawn = Some(trouble(dice, operation, &build.unit));
            if dice.happens(REAL) { fault = drawn } else { passing = drawn }
        }
        if let Some(code) = floor.contact(dice, at, place.fixture) {
            passing = Some(Trouble { code, step: step_of(code), part: None });
        }
        let shown = fault.as_ref().filter(|_| !lemon || dice.happens(LEMON_FAILURE_RATE));
        let record = run(floor, dice, &build.unit, slot, shown.or(passing.as_ref()));
        let outcome = record.outcome;
        sink(IngestRecord::Run(Box::new(record)));
        if outcome == Outcome::Pass {
            return Some(slot.end);
        }
        failed = Some(place);
        failures += 1;
        at = slot.end.saturating_add(minutes(dice, 20, 240));
        // After the first failure it is only retested.
        if failures >= 2
            && let Some(found) = &fault
        {
            at = at.saturating_add(hours(dice, 2, 20));
            sink(repair(build, found, at));
            if !lemon && dice.happens(REPAIRED) {
                fault = None;
            }
            at = at.saturating_add(minutes(dice, 30, 180));
        }
    }
    None
}

/// Replaces the defective part, or reworks the board.
fn repair(build: &mut Build, found: &Trouble, at: Timestamp) -> IngestRecord {
    let swapped = found.part.and_then(|part| build.swap(part));
    let (component_out, component_in) = swapped.unzip();
    IngestRecord::Repair(Box::new(RepairRecord {
        producer_id: None,
        unit: build.unit.serial.clone(),
        at,
        action: if component_in.is_some() { "replace" } else { "rework" }.to_owned(),
        run: None,
        defect: Some(found.code.to_owned()),
        component_out,
        component_in,
        comment: None,
    }))
}

fn hours(dice: &mut Dice, low: u64, high: u64) -> Duration {
    minutes(dice, low * 60, high * 60)
}

fn minutes(dice: &mut Dice, low: u64, high: u64) -> Duration {
    Duration::from_secs(dice.between(low * 60, high * 60))
}
