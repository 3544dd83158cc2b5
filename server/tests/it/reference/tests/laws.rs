//! Properties that hold for every factory and every query.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::super::explain::explain;
use super::super::facts::{Factory, Kind};
use super::super::figures::{answer, groups};
use super::super::generate::{cases, factories};
use super::super::histories::counted;
use super::super::lines::delivery;
use super::super::pareto::{By, pareto};
use super::super::query::{DEFINITIONS, Definition, GroupBy, Query, query_string};
use super::super::rty::rty;
use super::at;

fn now() -> i64 {
    at("2026-06-01T12:00:00Z")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn yields_rise_from_the_first_run_to_the_last((factory, queries) in cases(now())) {
        for mut query in queries {
            query.definition = Definition::FirstRun;
            for group in groups(&factory, &query) {
                let metrics = &group.metrics;
                prop_assert_eq!(group.figure.passed, metrics.passed_by[0]);
                prop_assert_eq!(group.figure.n, metrics.units);
                prop_assert!(metrics.passed_by[0] <= metrics.passed_by[1]);
                prop_assert!(metrics.passed_by[1] <= metrics.passed_by[2]);
                prop_assert!(metrics.passed_by[2] <= metrics.ever);
                prop_assert!(metrics.last <= metrics.ever && metrics.ever <= metrics.units);
                prop_assert!(metrics.retested <= metrics.attempts - metrics.units);
                prop_assert!(metrics.ntf.cleared <= metrics.ntf.resolved);
                prop_assert!(metrics.ntf.resolved <= metrics.ntf.episodes);
                prop_assert!(metrics.defects <= metrics.opportunities);
            }
        }
    }

    #[test]
    fn groups_add_up_to_the_whole((factory, queries) in cases(now())) {
        for query in queries {
            let mut whole = query.clone();
            whole.group_by = None;
            let whole = &groups(&factory, &whole)[0];
            let parts = groups(&factory, &query);
            let sum = |part: fn(&super::super::figures::Group) -> u64| parts.iter().map(part).sum::<u64>();
            prop_assert_eq!(sum(|group| group.figure.n), whole.figure.n);
            prop_assert_eq!(sum(|group| group.figure.passed), whole.figure.passed);
            prop_assert_eq!(sum(|group| group.metrics.units), whole.metrics.units);
            prop_assert_eq!(sum(|group| group.metrics.attempts), whole.metrics.attempts);
            prop_assert_eq!(sum(|group| group.metrics.ntf.cleared), whole.metrics.ntf.cleared);
            prop_assert_eq!(sum(|group| group.metrics.ntf.episodes), whole.metrics.ntf.episodes);
            prop_assert_eq!(sum(|group| group.metrics.defects), whole.metrics.defects);
            for reason in ["golden", "reference", "voided", "future", "skipped", "aborted"] {
                let parts: u64 = parts.iter().filter_map(|group| group.excluded.get(reason)).sum();
                prop_assert_eq!(parts, whole.excluded.get(reason).copied().unwrap_or(0));
            }
        }
    }

    #[test]
    fn a_group_of_an_attribute_is_what_its_key_gives_as_a_filter((factory, queries) in cases(now())) {
        for query in queries {
            let Some(GroupBy::Attribute(attribute)) = query.group_by else { continue };
            for group in groups(&factory, &query) {
                let Some(key) = &group.key else { continue };
                let mut narrowed = query.clone();
                narrowed.group_by = None;
                narrowed.filters.retain(|(other, _)| *other != attribute);
                narrowed.filters.push((attribute, key.clone()));
                let alone = &groups(&factory, &narrowed)[0];
                prop_assert_eq!(group.figure.n, alone.figure.n);
                prop_assert_eq!(&group.excluded, &alone.excluded);
                prop_assert_eq!(group.metrics.json(), alone.metrics.json());
            }
        }
    }

    #[test]
    fn every_run_in_the_window_is_counted_or_left_out_for_a_reason_under_report((factory, queries) in cases(now())) {
        for mut query in queries {
            query.definition = Definition::Report;
            let mut asked = 0;
            for run in &factory.runs {
                asked += u64::from(query.asks_for(factory.zone, run));
            }
            let mut found = 0;
            for group in groups(&factory, &query) {
                found += group.figure.n + group.excluded.values().sum::<u64>();
            }
            prop_assert_eq!(asked, found);
        }
    }

    #[test]
    fn every_unit_that_ran_is_in_or_out((factory, queries) in cases(now())) {
        for query in queries {
            let explanation = explain(&factory, &query);
            let mut asked = BTreeSet::new();
            for run in &factory.runs {
                if query.asks_for(factory.zone, run) {
                    asked.insert((run.serial.clone(), run.operation.clone()));
                }
            }
            let mut told = explanation.units_in.clone();
            for pairs in explanation.units_out.values() {
                prop_assert!(explanation.units_in.is_disjoint(pairs));
                told.extend(pairs.clone());
            }
            told.extend(explanation.unexplained.clone());
            prop_assert_eq!(asked, told);
            if query.definition != Definition::FirstAttemptOfDay {
                prop_assert!(explanation.unexplained.is_empty());
            }
            for (definition, figure) in explanation.figures {
                let mut query = query.clone();
                query.definition = definition;
                query.group_by = None;
                prop_assert_eq!(groups(&factory, &query)[0].figure.n, figure.n);
            }
        }
    }

    #[test]
    fn the_order_of_arrival_changes_nothing((factory, queries) in cases(now())) {
        let mut other = factory.clone();
        other.runs.reverse();
        other.repairs.reverse();
        for query in queries {
            prop_assert_eq!(answer(&factory, &query), answer(&other, &query));
            prop_assert_eq!(rty(&factory, &query).json(), rty(&other, &query).json());
            for by in [By::Code, By::Step, By::Component] {
                prop_assert_eq!(pareto(&factory, &query, by).json(), pareto(&other, &query, by).json());
            }
        }
    }

    #[test]
    fn bars_hold_every_failure_once_by_code((factory, queries) in cases(now())) {
        for query in queries {
            let pareto = pareto(&factory, &query, By::Code);
            let mut whole = query.clone();
            whole.group_by = None;
            let figure = groups(&factory, &whole)[0].figure;
            prop_assert_eq!(pareto.n_runs, figure.n - figure.passed);
            prop_assert_eq!(pareto.rows.iter().map(|row| row.runs).sum::<u64>(), pareto.n_runs);
            if let Some(last) = pareto.rows.last() {
                prop_assert_eq!(last.cumulative, Some(1.0));
            }
        }
    }

    #[test]
    fn rolled_yield_lies_in_its_interval((factory, queries) in cases(now())) {
        for query in queries {
            let rty = rty(&factory, &query);
            prop_assert_eq!(rty.rty.is_some(), rty.ci.is_some());
            if let (Some(rty), Some((low, high))) = (rty.rty, rty.ci) {
                prop_assert!(0.0 <= low && low <= rty && rty <= high && high <= 1.0);
            }
            prop_assert!(rty.observed_ftt.0 <= rty.observed_ftt.1);
        }
    }

    #[test]
    fn a_delivery_says_every_run_and_repair_once(factory in factories(now())) {
        let delivery = delivery(&factory);
        let mut runs = 0;
        for line in delivery.lines.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let kind = line["type"].as_str().unwrap();
            prop_assert!(kind == "run" || kind == "repair");
            if kind == "run" {
                let run = &factory.runs[runs];
                runs += 1;
                let started_at = at(line["started_at"].as_str().unwrap());
                prop_assert_eq!(started_at, run.started_at);
                prop_assert_eq!(line["id"].as_str().unwrap(), &run.name);
                prop_assert_eq!(line["unit"]["product"].as_str(), run.product.as_deref());
            }
        }
        prop_assert_eq!(runs, factory.runs.len());
        prop_assert_eq!(delivery.lines.lines().count(), runs + factory.repairs.len());
        prop_assert_eq!(delivery.voids.len(), factory.runs.iter().filter(|run| run.voided).count());
    }

    #[test]
    fn a_query_string_has_no_character_that_needs_care((_, queries) in cases(now())) {
        for query in queries {
            let text = query_string(&query.parameters());
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%&=".contains(&byte)));
        }
    }
}

/// The generator must produce every case in some hundreds of factories; otherwise the properties
/// would be vacuous.
#[test]
fn random_factories_hold_everything_that_the_definitions_speak_of() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..300 {
        let (factory, queries) = cases(now()).new_tree(&mut runner).unwrap().current();
        for query in queries {
            see(&factory, &query, &mut seen);
        }
    }
    let expected = [
        "golden",
        "reference",
        "voided",
        "future",
        "skipped",
        "aborted",
        "first-run-before-window",
        "first-run-elsewhere",
        "n = 0",
        "null key",
        "definitions differ",
        "last differs from ever",
        "cleared",
        "resolved, not cleared",
        "unresolved",
        "kind by a person",
        "tie",
        "dpmo",
        "rty",
        "rty 0",
        "through",
        "not through",
        "many bars",
        "bars by step",
        "bars by component",
        "unexplained",
    ];
    for what in expected {
        assert!(seen.contains(what), "no {what} in {seen:?}");
    }
}

fn see(factory: &Factory, query: &Query, seen: &mut BTreeSet<&'static str>) {
    let mut see = |what, there| {
        if there {
            seen.insert(what);
        }
    };
    for group in groups(factory, query) {
        for reason in group.excluded.keys() {
            see(reason, true);
        }
        see("n = 0", group.figure.n == 0);
        see("null key", query.group_by.is_some() && group.key.is_none());
        see("last differs from ever", group.metrics.last < group.metrics.ever);
        let ntf = group.metrics.ntf;
        see("cleared", ntf.cleared > 0);
        see("resolved, not cleared", ntf.cleared < ntf.resolved);
        see("unresolved", ntf.resolved < ntf.episodes);
        see("dpmo", group.metrics.dpmo().is_some_and(|dpmo| dpmo > 0.0));
    }
    let mut figures = BTreeSet::new();
    for definition in DEFINITIONS {
        figures.insert(counted(factory, query, definition).len());
    }
    see("definitions differ", figures.len() == 3);
    see("kind by a person", factory.units.iter().any(|unit| unit.person == Some(Kind::Golden)));
    for (place, run) in factory.runs.iter().enumerate() {
        for other in &factory.runs[..place] {
            let same = (&run.serial, &run.operation) == (&other.serial, &other.operation);
            see("tie", same && run.started_at == other.started_at && run.outcome != other.outcome);
        }
    }
    let rty = rty(factory, query);
    see("rty", rty.operations.len() > 1 && rty.rty.is_some_and(|rty| rty > 0.0));
    see("rty 0", rty.rty == Some(0.0));
    see("through", rty.operations.len() > 1 && rty.observed_ftt.0 > 0);
    see("not through", rty.observed_ftt.0 < rty.observed_ftt.1);
    see("many bars", pareto(factory, query, By::Code).rows.len() > 2);
    see("bars by step", pareto(factory, query, By::Step).rows.len() > 1);
    see("bars by component", pareto(factory, query, By::Component).rows.len() > 1);
    see("unexplained", !explain(factory, query).unexplained.is_empty());
}
