//! One example for each reading that the fixtures of the documents do not cover.

use serde_json::json;

use super::super::explain::explain;
use super::super::facts::{
    Attribute, Factory, Finding, FindingKind, Kind, Limits, Measurement, Outcome, Run, Status,
    Step, Taken, Unit,
};
use super::super::figures::groups;
use super::super::histories::DAY;
use super::super::metrics::Ntf;
use super::super::query::{Aborted, Definition, GroupBy, Query};
use super::{at, date, days_1_and_2, factory, none, only, rows};

fn always() -> Query {
    Query::new(at("2025-04-01T00:00:00Z"))
}

fn by_station() -> Query {
    let mut query = always();
    query.group_by = Some(GroupBy::Attribute(Attribute::Station));
    query
}

fn failed_measurement(high: f64) -> Step {
    Step {
        name: "thermal".to_owned(),
        status: Some(Status::Fail),
        measurements: vec![Measurement {
            name: "hbm-temp".to_owned(),
            limits: Limits { high: Some(high), ..Limits::default() },
            taken: Taken::Failed,
            component: None,
        }],
    }
}

#[test]
fn a_run_is_dropped_for_the_first_reason_that_holds() {
    let mut factory =
        factory("U1: Skip(d1) · U2: Skip(d1) · U3: Skip(d1) · U4: Skip(d1) · U5: Aborted(d1)");
    for (serial, said, person) in [
        ("U1", Kind::Production, Some(Kind::Golden)),
        ("U2", Kind::Golden, Some(Kind::Reference)),
        ("U3", Kind::Golden, Some(Kind::Production)),
    ] {
        factory.units.push(Unit { serial: serial.to_owned(), said, person });
    }
    for run in &mut factory.runs {
        run.voided = ["U1", "U2", "U3"].contains(&run.serial.as_str());
    }
    factory.runs[3].started_at = always().as_of + DAY + 1;
    let mut query = always();
    query.aborted = Some(Aborted::Excluded);
    let expected = json!({"golden": 1, "reference": 1, "voided": 1, "future": 1, "aborted": 1});
    assert_eq!(json!(only(&factory, &query).excluded), expected);
    factory.runs[3].started_at = query.as_of + DAY;
    let expected = json!({"golden": 1, "reference": 1, "voided": 1, "skipped": 1, "aborted": 1});
    assert_eq!(json!(only(&factory, &query).excluded), expected);
}

#[test]
fn what_is_from_the_future_becomes_the_past_when_asked_later() {
    let factory = factory("U1: F(d1) P(d5)");
    let mut query = always();
    for (as_of, excluded, resolved) in [
        ("2025-03-04T10:00:59+05:30", json!({"future": 1}), 0),
        ("2025-03-04T10:01:00+05:30", json!({}), 1),
    ] {
        query.as_of = at(as_of);
        let group = only(&factory, &query);
        assert_eq!(json!(group.excluded), excluded);
        assert_eq!(group.metrics.ntf.resolved, resolved);
    }
}

#[test]
fn runs_that_start_together_are_numbered_by_identity() {
    let mut factory = factory("U1: F(d1) P(d1)");
    factory.runs[1].started_at = factory.runs[0].started_at;
    factory.runs[0].id = [2; 16];
    factory.runs[1].id = [1; 16];
    assert_eq!(only(&factory, &always()).figure.passed, 1);
    factory.runs[1].id = [3; 16];
    assert_eq!(only(&factory, &always()).figure.passed, 0);
}

/// Run 1 at station A, the retest at station B.
fn retested_elsewhere() -> Factory {
    let mut factory = factory("U1: F(d1) P(d2) · U2: P(d1)");
    for (run, station) in factory.runs.iter_mut().zip(["A", "B", "A"]) {
        run.station = Some(station.to_owned());
    }
    factory
}

#[test]
fn a_station_that_only_retests_counts_nothing_and_says_why() {
    let factory = retested_elsewhere();
    assert_eq!(rows(&factory, &by_station()), ["A 1/2", "B 0/0"]);
    let groups = groups(&factory, &by_station());
    assert_eq!(json!(groups[0].excluded), json!({}));
    assert_eq!(json!(groups[1].excluded), json!({"first-run-elsewhere": 1}));
    assert_eq!((groups[1].figure.yield_(), groups[1].figure.ci()), (None, None));
    assert_eq!(groups[1].metrics.ppm(), None);
    // The retest counts for the station of run 1.
    assert_eq!(groups[0].metrics.spy(), Some(1.0));
    let mut query = always();
    query.filters.push((Attribute::Station, "B".to_owned()));
    assert_eq!(json!(only(&factory, &query).excluded), json!({"first-run-elsewhere": 1}));
    // `before-window` has precedence over `elsewhere`.
    query.from = date("2025-03-02");
    assert_eq!(json!(only(&factory, &query).excluded), json!({"first-run-before-window": 1}));
}

#[test]
fn the_first_attempt_of_a_day_is_chosen_before_filters_and_window() {
    let mut factory = retested_elsewhere();
    factory.runs[1].started_at = factory.runs[0].started_at + 60_000_000;
    let mut query = always();
    query.definition = Definition::FirstAttemptOfDay;
    query.filters.push((Attribute::Station, "B".to_owned()));
    let group = only(&factory, &query);
    assert_eq!((group.figure.n, json!(group.excluded)), (0, json!({})));
    query.filters.clear();
    query.from = Some(super::super::query::Bound::Instant(factory.runs[1].started_at));
    assert_eq!(only(&factory, &query).figure.n, 0);
    let explanation = explain(&factory, &query);
    assert_eq!(explanation.unexplained.len(), 1);
}

#[test]
fn groups_are_ordered_by_key_and_an_absent_attribute_is_last() {
    let mut factory = factory("U1: P(d1) · U2: P(d1) · U3: Skip(d1) · U4: P(d1)");
    factory.runs[0].station = Some("b".to_owned());
    factory.runs[2].station = Some("a".to_owned());
    factory.runs[3].station = Some("B".to_owned());
    assert_eq!(rows(&factory, &by_station()), ["B 1/1", "a 0/0", "b 1/1", "null 1/1"]);
    assert_eq!(rows(&none(), &always()), ["null 0/0"]);
    assert!(rows(&none(), &by_station()).is_empty());
}

#[test]
fn values_of_one_filter_are_alternatives_and_filters_are_all_met() {
    let mut factory = factory("U1: P(d1) · U2: P(d1) · U3: P(d1)");
    for (run, station) in factory.runs.iter_mut().zip([Some("a"), Some("b"), None]) {
        run.station = station.map(str::to_owned);
        run.product = Some("PN".to_owned());
    }
    let mut query = always();
    let mut n = |attribute, value: &str| {
        query.filters.push((attribute, value.to_owned()));
        only(&factory, &query).figure.n
    };
    assert_eq!(n(Attribute::Station, "a"), 1);
    assert_eq!(n(Attribute::Station, "b"), 2);
    assert_eq!(n(Attribute::Product, "PN"), 2);
    assert_eq!(n(Attribute::Level, "L10"), 0);
}

#[test]
fn the_first_run_metrics_stand_beside_every_definition() {
    let factory = factory("U6: Aborted(d1) P(d1)");
    for definition in super::super::query::DEFINITIONS {
        let mut query = always();
        query.definition = definition;
        for (aborted, retests) in [
            (None, Some(1.0)),
            (Some(Aborted::Counted), Some(1.0)),
            (Some(Aborted::Excluded), Some(0.0)),
        ] {
            query.aborted = aborted;
            assert_eq!(only(&factory, &query).metrics.retest_ratio(), retests);
        }
    }
}

#[test]
fn an_episode_is_cleared_only_by_the_same_product_with_the_same_limits() {
    let ntf = |factory: &Factory| only(factory, &always()).metrics.ntf;
    let mut factory = factory("U1: F(d1) Error(d1) F(d1) P(d1)");
    factory.runs[0].steps.push(failed_measurement(95.0));
    factory.runs[3].steps.push(failed_measurement(95.0));
    factory.runs[3].steps[0].measurements[0].taken = Taken::Passed;
    let one = |cleared| Ntf { cleared, episodes: 1, resolved: 1 };
    assert_eq!(ntf(&factory), one(1));
    // A later failure belongs to the episode.
    factory.runs[2].steps.push(failed_measurement(94.0));
    assert_eq!(ntf(&factory), one(0));
    factory.runs[2].steps.clear();
    factory.runs[3].steps[0].measurements[0].limits.high = Some(96.0);
    assert_eq!(ntf(&factory), one(0));
    // A measurement that is not taken again has no limits to compare.
    factory.runs[3].steps.clear();
    assert_eq!(ntf(&factory), one(0));
    factory.runs[0].steps.clear();
    assert_eq!(ntf(&factory), one(1));
    factory.runs[0].revision = Some("A".to_owned());
    assert_eq!(ntf(&factory), one(0));
}

#[test]
fn a_repair_at_either_end_of_an_episode_is_within_it() {
    let factory = factory("U1: F(d1) P(d1)");
    let (fail, pass) = (factory.runs[0].started_at, factory.runs[1].started_at);
    for (repaired, cleared) in [(fail - 1, 1), (fail, 0), (pass, 0), (pass + 1, 1)] {
        let mut factory = factory.clone();
        factory.repairs.push(super::super::facts::Repair { serial: "U1".to_owned(), at: repaired });
        assert_eq!(only(&factory, &always()).metrics.ntf.cleared, cleared);
    }
}

#[test]
fn defects_are_counted_over_the_runs_that_the_definition_counts() {
    let mut factory = factory("U1: F(d1) P(d1)");
    factory.runs[0].steps.push(failed_measurement(95.0));
    factory.runs[0].findings.push(Finding {
        kind: FindingKind::Diagnosis,
        outcome: None,
        code: "hot".to_owned(),
        component: None,
    });
    factory.runs[1].steps.push(failed_measurement(95.0));
    factory.runs[1].steps[0].measurements[0].taken = Taken::Series(vec![true, false]);
    let mut query = always();
    assert_eq!(only(&factory, &query).metrics.dpmo(), Some(1_000_000.0));
    query.definition = Definition::Report;
    assert_eq!(only(&factory, &query).metrics.dpmo(), Some(750_000.0));
}

#[test]
fn the_explanation_accounts_for_every_unit_that_ran() {
    let factory = factory("U1: P(d1) · U2: F(d0) P(d1) · U3: Skip(d1) · U4: Aborted(d1) P(d1)");
    let mut query = days_1_and_2();
    query.aborted = Some(Aborted::Excluded);
    let explanation = explain(&factory, &query);
    let pair = |serial: &str| (serial.to_owned(), "L10".to_owned());
    assert_eq!(explanation.units_in, [pair("U1"), pair("U4")].into());
    assert_eq!(explanation.units_out.len(), 2);
    assert_eq!(explanation.units_out["first-run-before-window"], [pair("U2")].into());
    assert_eq!(explanation.units_out["skipped"], [pair("U3")].into());
    assert!(explanation.unexplained.is_empty());
    let figures: Vec<_> =
        explanation.figures.iter().map(|(_, figure)| (figure.passed, figure.n)).collect();
    assert_eq!(figures, [(2, 2), (3, 3), (3, 3)]);
}

#[test]
fn identities_may_come_from_elsewhere() {
    let factory = factory("U1: P(d1)").identified(|name| [name.len() as u8; 16]);
    assert_eq!(factory.runs[0].id, [4; 16]);
    let _: &Run = &factory.runs[0];
    assert_eq!(factory.runs[0].outcome, Outcome::Pass);
}
