use domain::CheckKind::*;
use domain::CheckOutcome::{Fail, Pass, Unset};
use domain::{CheckValue, Cmp, Element};

use super::*;
use crate::json::Number;

fn num(number: f64) -> Scalar {
    Scalar::Num(number)
}

fn text(text: &str) -> Scalar {
    Scalar::Text(text.into())
}

fn one(value: Scalar) -> CheckValue {
    CheckValue::One(value)
}

fn many<const N: usize>(values: [Scalar; N]) -> CheckValue {
    CheckValue::Many(values.into())
}

fn asked(kind: CheckKind, value: CheckValue) -> Asked {
    Asked { kind, value: value.into(), name: None, given: None }
}

fn by(bounds: Bounds, asked: Vec<Asked>) -> Judged<'static> {
    Judged { wholes: &[], bounds, asked, given: None }
}

/// What a check says of a value, and the warning when it says nothing.
fn judged(kind: CheckKind, value: CheckValue, measured: Scalar) -> (CheckOutcome, Vec<String>) {
    let mut measurement = Measurement::new("m", measured);
    let mut told = Vec::new();
    let checks = vec![asked(kind, value)];
    let none = Bounds::default();
    settle(&mut measurement, by(none, checks), &mut Patterns::default(), &mut |why| {
        told.push(why);
    });
    assert_eq!(measurement.outcome, Some(measurement.checks[0].outcome));
    (measurement.checks[0].outcome, told)
}

fn says(kind: CheckKind, value: CheckValue, measured: Scalar) -> CheckOutcome {
    let (outcome, told) = judged(kind, value, measured);
    assert_eq!(
        told.is_empty(),
        outcome != Unset,
        "what is not judged is told, and nothing else: {told:?}"
    );
    outcome
}

#[test]
fn the_measurement_is_the_left_operand() {
    for (kind, below, same, above) in [
        (LessThan, Pass, Fail, Fail),
        (LessThanOrEqual, Pass, Pass, Fail),
        (GreaterThan, Fail, Fail, Pass),
        (GreaterThanOrEqual, Fail, Pass, Pass),
        (Equal, Fail, Pass, Fail),
        (NotEqual, Pass, Fail, Pass),
    ] {
        let outcomes = [94.0, 95.0, 96.0].map(|measured| says(kind, one(num(95.0)), num(measured)));
        assert_eq!(outcomes, [below, same, above], "{kind}");
    }
}

#[test]
fn the_fan_of_the_specification_fails_its_upper_limit_and_passes_its_lower() {
    let checks = vec![
        asked(LessThanOrEqual, one(num(11000.0))),
        asked(GreaterThanOrEqual, one(num(8000.0))),
    ];
    let mut fan = Measurement::new("measured-fan-speed-100", num(100221.0));
    settle(&mut fan, by(Bounds::default(), checks), &mut Patterns::default(), &mut |_| {});
    assert_eq!(fan.checks.iter().map(|check| check.outcome).collect::<Vec<_>>(), [Fail, Pass]);
    assert_eq!(fan.outcome, Some(Fail));
}

#[test]
fn equality_is_for_every_type_and_only_within_one() {
    assert_eq!(says(Equal, one(text("a")), text("a")), Pass);
    assert_eq!(says(Equal, one(Scalar::Bool(true)), Scalar::Bool(false)), Fail);
    assert_eq!(says(NotEqual, one(Scalar::Bool(true)), Scalar::Bool(false)), Pass);
    assert_eq!(
        says(Equal, one(num(1200.0)), text("1200")),
        Unset,
        "a number in a string is a string"
    );
    assert_eq!(says(NotEqual, one(num(1200.0)), text("1200")), Unset);
    assert_eq!(says(Equal, many([num(1.0)]), num(1.0)), Unset, "a list is for sets and patterns");
}

#[test]
fn inequalities_are_for_numbers_only() {
    for kind in [LessThan, LessThanOrEqual, GreaterThan, GreaterThanOrEqual] {
        assert_eq!(says(kind, one(text("b")), text("a")), Unset);
        assert_eq!(says(kind, one(num(1.0)), Scalar::Bool(true)), Unset);
    }
}

#[test]
fn patterns_are_searched_for_and_one_of_several_is_enough() {
    assert_eq!(says(RegexMatch, one(text("b+")), text("abbc")), Pass, "not from end to end");
    assert_eq!(says(RegexMatch, one(text("^b+$")), text("abbc")), Fail);
    assert_eq!(says(RegexMatch, many([text("x"), text("c$")]), text("abbc")), Pass);
    assert_eq!(says(RegexMatch, many([text("x"), text("y")]), text("abbc")), Fail);
    assert_eq!(says(RegexNoMatch, many([text("x"), text("c$")]), text("abbc")), Fail);
    assert_eq!(says(RegexNoMatch, one(text("x")), text("abbc")), Pass);
    assert_eq!(says(RegexMatch, one(text("1")), num(1.0)), Unset);
    assert_eq!(says(RegexMatch, one(num(1.0)), text("1")), Unset);
}

#[test]
fn a_pattern_that_does_not_compile_leaves_the_check_unset_unless_another_decides() {
    let (outcome, told) = judged(RegexMatch, one(text("(?<=a)b")), text("ab"));
    assert_eq!(outcome, Unset);
    assert_eq!(
        told,
        [
            "the check REGEX_MATCH of `m` cannot be evaluated: the pattern `(?<=a)b` does not compile"
        ]
    );
    assert_eq!(says(RegexMatch, many([text("("), text("a")]), text("ab")), Pass);
    assert_eq!(says(RegexNoMatch, many([text("("), text("a")]), text("ab")), Fail);
    assert_eq!(says(RegexNoMatch, many([text("("), text("x")]), text("ab")), Unset);
    assert_eq!(
        says(RegexMatch, one(text("\\w{500}")), text("ab")),
        Unset,
        "nor one that is too big"
    );
}

#[test]
fn the_patterns_of_a_run_are_counted() {
    let patterns = CheckValue::Many((0..1001).map(|number| text(&format!("x{number}$"))).collect());
    let (outcome, told) = judged(RegexMatch, patterns, text("ab"));
    assert_eq!(outcome, Unset);
    assert_eq!(
        told,
        ["the check REGEX_MATCH of `m` cannot be evaluated: the run has more than 1000 patterns"]
    );
}

#[test]
fn a_pattern_that_would_explode_elsewhere_is_searched_in_linear_time() {
    assert_eq!(
        says(RegexMatch, one(text("^(a+)+$")), text(&format!("{}!", "a".repeat(100_000)))),
        Fail
    );
}

#[test]
fn sets_hold_values_of_one_type() {
    assert_eq!(says(InSet, many([num(1.0), num(2.0)]), num(2.0)), Pass);
    assert_eq!(says(InSet, many([text("a"), text("b")]), text("c")), Fail);
    assert_eq!(says(NotInSet, many([text("a"), text("b")]), text("c")), Pass);
    assert_eq!(says(NotInSet, many([text("a"), text("b")]), text("b")), Fail);
    assert_eq!(says(InSet, many([num(2.0), text("2")]), num(2.0)), Unset);
    assert_eq!(says(InSet, many([text("2")]), num(2.0)), Unset);
    assert_eq!(says(InSet, one(num(2.0)), num(2.0)), Pass, "a set of one without its brackets");
    assert_eq!(says(InSet, many([]), num(2.0)), Fail);
    assert_eq!(says(NotInSet, many([]), num(2.0)), Pass);
}

#[test]
fn every_kind_of_comparison_of_limits() {
    let within = |cmp, low: Option<f64>, high: Option<f64>, measured: f64| {
        let mut measurement = Measurement::new("m", num(measured));
        let bounds = Bounds::new(low.map(Number::from), high.map(Number::from), cmp);
        settle(&mut measurement, by(bounds, vec![]), &mut Patterns::default(), &mut |_| {});
        measurement.outcome
    };
    let at =
        |cmp, low, high| [1.0, 2.0, 3.0, 4.0, 5.0].map(|measured| within(cmp, low, high, measured));
    let (low, high) = (Some(2.0), Some(4.0));
    let (pass, fail) = (Some(Pass), Some(Fail));
    assert_eq!(at(Some(Cmp::Gele), low, high), [fail, pass, pass, pass, fail]);
    assert_eq!(at(Some(Cmp::Gtlt), low, high), [fail, fail, pass, fail, fail]);
    assert_eq!(at(Some(Cmp::Le), low, high), [pass, pass, pass, pass, fail]);
    assert_eq!(at(Some(Cmp::Lt), low, high), [pass, pass, pass, fail, fail]);
    assert_eq!(at(Some(Cmp::Ge), low, high), [fail, pass, pass, pass, pass]);
    assert_eq!(at(Some(Cmp::Gt), low, high), [fail, fail, pass, pass, pass]);
    assert_eq!(at(Some(Cmp::Eq), low, None), [fail, pass, fail, fail, fail]);
    assert_eq!(at(Some(Cmp::Eq), None, high), [fail, fail, fail, pass, fail]);
    assert_eq!(at(Some(Cmp::Ne), low, None), [pass, fail, pass, pass, pass]);
    assert_eq!(at(Some(Cmp::Log), low, high), [None; 5]);
    // By default what the limits that are there say.
    assert_eq!(at(None, low, high), at(Some(Cmp::Gele), low, high));
    assert_eq!(at(None, low, None), at(Some(Cmp::Ge), low, None));
    assert_eq!(at(None, None, high), at(Some(Cmp::Le), None, high));
    assert_eq!(at(None, None, None), [None; 5]);
    // A limit that is not there.
    assert_eq!(at(Some(Cmp::Gele), low, None), [Some(Unset); 5]);
    assert_eq!(at(Some(Cmp::Le), low, None), [Some(Unset); 5]);
}

#[test]
fn checks_apply_to_each_element_of_a_series() {
    let element = |index, number| Element { index, value: num(number), at: None, outcome: None };
    let mut series = Measurement::new(
        "m",
        Value::Series(vec![element(0, 1.0), element(1, 9.0), element(2, 2.0)]),
    );
    let checks = vec![asked(LessThan, one(num(5.0))), asked(RegexMatch, one(text("x")))];
    let mut told = Vec::new();
    let none = Bounds::default();
    settle(&mut series, by(none, checks), &mut Patterns::default(), &mut |why| told.push(why));
    let Value::Series(elements) = &series.value else { panic!("{series:?}") };
    assert_eq!(
        elements.iter().map(|element| element.outcome).collect::<Vec<_>>(),
        [Some(Pass), Some(Fail), Some(Pass)]
    );
    assert_eq!(series.checks.iter().map(|check| check.outcome).collect::<Vec<_>>(), [Fail, Unset]);
    assert_eq!(series.outcome, Some(Fail));
    assert_eq!(told.len(), 1, "once for the check, not for each element: {told:?}");
    assert_eq!(series.opportunity_outcomes().collect::<Vec<_>>(), [Pass, Fail, Pass]);
}

#[test]
fn an_empty_series_with_a_check_is_unset() {
    let mut series = Measurement::new("m", Value::Series(vec![]));
    let checks = vec![asked(LessThan, one(num(5.0)))];
    settle(&mut series, by(Bounds::default(), checks), &mut Patterns::default(), &mut |_| {});
    assert_eq!(series.outcome, Some(Unset));
}

#[test]
fn an_outcome_that_was_given_counts_instead_of_ours() {
    let mut told = Vec::new();
    let mut measurement = Measurement::new("m", num(97.5));
    let given = Asked { given: Some(Pass), ..asked(RegexMatch, one(text("("))) };
    let bounds = Bounds::new(None, Some(Number::from(95.0)), None);
    let judged = Judged { given: Some(Pass), ..by(bounds, vec![given]) };
    settle(&mut measurement, judged, &mut Patterns::default(), &mut |why| told.push(why));
    assert_eq!((measurement.outcome, measurement.checks[0].outcome), (Some(Pass), Pass));
    assert_eq!(told, [""; 0]);
}

#[test]
fn inequalities_amount_to_limits_the_tightest_on_each_side() {
    let bounds = |checks: &[(CheckKind, f64)]| {
        let asked: Vec<_> =
            checks.iter().map(|(kind, limit)| asked(*kind, one(num(*limit)))).collect();
        Bounds::of_checks(&asked).kept()
    };
    assert_eq!(bounds(&[(LessThanOrEqual, 95.0)]), (None, Some(95.0), Some(Cmp::Le)));
    assert_eq!(bounds(&[(GreaterThan, 30.0)]), (Some(30.0), None, Some(Cmp::Gt)));
    assert_eq!(
        bounds(&[
            (LessThanOrEqual, 11000.0),
            (GreaterThanOrEqual, 8000.0),
            (GreaterThanOrEqual, 7000.0)
        ]),
        (Some(8000.0), Some(11000.0), Some(Cmp::Gele))
    );
    assert_eq!(
        bounds(&[(LessThan, 2.0), (GreaterThan, 1.0)]),
        (Some(1.0), Some(2.0), Some(Cmp::Gtlt))
    );
    assert_eq!(bounds(&[(LessThan, 2.0), (GreaterThanOrEqual, 1.0)]), (Some(1.0), Some(2.0), None));
    assert_eq!(
        bounds(&[(LessThanOrEqual, 2.0), (LessThan, 2.0)]),
        (None, Some(2.0), Some(Cmp::Lt))
    );
    assert_eq!(
        bounds(&[(LessThan, 2.0), (LessThanOrEqual, 2.0)]),
        (None, Some(2.0), Some(Cmp::Lt))
    );
    assert_eq!(bounds(&[(Equal, 2.0), (NotEqual, 3.0)]), (None, None, None));
}

#[test]
fn whole_numbers_beyond_what_a_double_holds_are_compared_as_they_were_written() {
    let outcome = |fields: &str| {
        let line = format!(
            r#"{{"type":"run","unit":{{"serial":"U1"}},"operation":"L10","started_at":"2026-03-01T00:00:00Z","outcome":"pass","steps":[{{"name":"s","measurements":[{{"name":"m",{fields}}}]}}]}}"#
        );
        let heard = crate::tests::read("firstpass", &crate::Params::default(), line);
        heard.run().steps[0].measurements[0].outcome
    };
    let check = |kind: &str, value: &str| {
        outcome(&format!(
            r#""value":9007199254740993,"checks":[{{"type":"{kind}","value":{value}}}]"#
        ))
    };
    assert_eq!(check("EQUAL", "9007199254740993"), Some(Pass));
    assert_eq!(check("EQUAL", "9007199254740992"), Some(Fail));
    assert_eq!(check("IN_SET", "[9007199254740992,9007199254740994]"), Some(Fail));
    assert_eq!(check("LESS_THAN_OR_EQUAL", "9007199254740992"), Some(Fail));
    assert_eq!(outcome(r#""value":9007199254740993,"high":9007199254740992"#), Some(Fail));
    assert_eq!(outcome(r#""value":9007199254740993,"low":9007199254740993"#), Some(Pass));
    let series = r#""series":[{"index":1,"value":89520000000011000013},{"index":0,"value":1}],"checks":[{"type":"IN_SET","value":[1,89520000000011000013]}]"#;
    assert_eq!(outcome(series), Some(Pass));
    assert_eq!(outcome(&series.replace("11000013}", "11000014}")), Some(Fail));
}
