//! Rolled throughput yield.

use super::super::facts::{Attribute, Factory, Outcome, Repair, Run};
use super::super::query::Query;
use super::super::rty::{ci, product, rty};
use super::{at, none};

const START: &str = "2025-03-01T00:00:00Z";

fn of_pn() -> Query {
    let mut query = Query::new(at("2025-04-01T00:00:00Z"));
    query.filters.push((Attribute::Product, "PN".to_owned()));
    query
}

fn run(factory: &mut Factory, serial: &str, operation: &str, hour: i64, outcome: Outcome) {
    let name = format!("R{}", factory.runs.len());
    let mut run = Run::new(&name, serial, operation, at(START) + hour * 3_600_000_000, outcome);
    run.product = Some("PN".to_owned());
    factory.runs.push(run);
}

/// A hundred units through three operations, of which 98, 95 and 99 pass the first time; no unit
/// fails twice.
fn three_operations() -> Factory {
    let mut factory = none();
    for unit in 0..100 {
        let serial = format!("U{unit}");
        for (place, operation, failures) in [(0, "A", 0..2), (1, "B", 2..7), (2, "C", 7..8)] {
            let outcome = if failures.contains(&unit) { Outcome::Fail } else { Outcome::Pass };
            run(&mut factory, &serial, operation, place, outcome);
        }
    }
    factory
}

#[test]
fn three_operations_give_what_is_printed() {
    let rty = rty(&three_operations(), &of_pn());
    assert!((rty.rty.unwrap() - 0.921690).abs() < 5e-7);
    let (low, high) = rty.ci.unwrap();
    assert!((low - 0.867089).abs() < 5e-7 && (high - 0.979729).abs() < 5e-7, "{low} {high}");
    assert_eq!(rty.observed_ftt, (92, 100));
    let names: Vec<_> = rty.operations.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["A", "B", "C"]);
}

#[test]
fn an_operation_where_none_passed_gives_zero_with_an_upper_end_above_it() {
    let figures = [(0, 10), (10, 10)];
    assert_eq!(product(&figures), Some(0.0));
    let (low, high) = ci(&figures).unwrap();
    // p̃ are 1/22 and 21/22.
    let sum = (21.0 / 22.0) / (11.0 / 22.0) + (1.0 / 22.0) / (11.0 * 21.0 / 22.0);
    let expected = 21.0 / 484.0 * (1.959963984540054 * f64::sqrt(sum)).exp();
    assert!(low == 0.0 && (high - expected).abs() < 1e-12);
    assert_eq!(ci(&[(0, 1), (1, 1)]).unwrap(), (0.0, 1.0));
}

#[test]
fn an_operation_that_counts_no_unit_makes_it_null() {
    let mut factory = three_operations();
    run(&mut factory, "U0", "D", 5, Outcome::Skip);
    let rty = rty(&factory, &of_pn());
    assert_eq!((rty.rty, rty.ci, rty.operations.len()), (None, None, 4));
    assert_eq!(rty.observed_ftt, (0, 0));
    let nothing = super::super::rty::rty(&none(), &of_pn());
    assert_eq!((nothing.rty, nothing.ci, nothing.observed_ftt), (None, None, (0, 0)));
}

#[test]
fn first_time_through_asks_for_every_operation_every_run_1_and_no_repair() {
    let mut factory = none();
    let ask = |factory: &Factory| rty(factory, &of_pn()).observed_ftt;
    for serial in ["U1", "U2", "U3"] {
        run(&mut factory, serial, "A", 0, Outcome::Pass);
        run(&mut factory, serial, "B", 2, Outcome::Pass);
    }
    assert_eq!(ask(&factory), (3, 3));
    run(&mut factory, "U4", "A", 0, Outcome::Pass);
    assert_eq!(ask(&factory), (3, 3), "U4 has not been in B");
    run(&mut factory, "U1", "A", 1, Outcome::Fail);
    assert_eq!(ask(&factory), (3, 3), "a later run is not run 1");
    run(&mut factory, "U2", "B", 1, Outcome::Fail);
    assert_eq!(ask(&factory), (2, 3), "run 1 of U2 in B now failed");
    let repair =
        |hour: i64| Repair { serial: "U3".to_owned(), at: at(START) + hour * 3_600_000_000 };
    factory.repairs.push(repair(2));
    assert_eq!(ask(&factory), (2, 3), "the repair is not before the last run 1");
    factory.repairs.push(repair(1));
    assert_eq!(ask(&factory), (1, 3));
}

#[test]
fn first_time_through_counts_units_that_began_in_the_window() {
    let mut factory = none();
    for (serial, hour) in [("U1", 0), ("U2", 24)] {
        run(&mut factory, serial, "A", hour, Outcome::Pass);
        run(&mut factory, serial, "B", hour + 30, Outcome::Pass);
    }
    let mut query = of_pn();
    query.from = Some(super::super::query::Bound::Instant(at(START) + 20 * 3_600_000_000));
    assert_eq!(rty(&factory, &query).observed_ftt, (1, 1));
}
