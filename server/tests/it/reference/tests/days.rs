//! Days are those of the site's time zone.

use chrono_tz::Tz;

use super::super::calendar::{day, day_key, midnight, month_key, week_key};
use super::super::facts::{Factory, Outcome, Run};
use super::super::query::{Bound, Definition, GroupBy, Query};
use super::{at, date, none, rows};

/// A passed run at each of these instants, each of a different unit.
fn runs_at(zone: Tz, instants: &[&str]) -> Factory {
    let mut factory = none();
    factory.zone = zone;
    for (index, instant) in instants.iter().enumerate() {
        let run =
            Run::new(&format!("R{index}"), &format!("U{index}"), "L10", at(instant), Outcome::Pass);
        factory.runs.push(run);
    }
    factory
}

fn by(group_by: GroupBy) -> Query {
    let mut query = Query::new(at("2026-06-01T00:00:00Z"));
    query.group_by = Some(group_by);
    query
}

#[test]
fn a_day_in_kolkata_begins_at_half_past_six_in_the_evening_of_utc() {
    let instants = [
        "2026-02-28T18:29:59.999999Z",
        "2026-02-28T18:30:00Z",
        "2026-03-01T18:29:59.999999Z",
        "2026-03-01T18:30:00Z",
    ];
    let factory = runs_at(Tz::Asia__Kolkata, &instants);
    let days = ["2026-02-28 1/1", "2026-03-01 2/2", "2026-03-02 1/1"];
    assert_eq!(rows(&factory, &by(GroupBy::Day)), days);
    assert_eq!(rows(&factory, &by(GroupBy::Week)), ["2026-W09 3/3", "2026-W10 1/1"]);
    assert_eq!(rows(&factory, &by(GroupBy::Month)), ["2026-02 1/1", "2026-03 3/3"]);
    let mut query = by(GroupBy::Day);
    query.from = date("2026-03-01");
    query.to = date("2026-03-02");
    assert_eq!(rows(&factory, &query), ["2026-03-01 2/2"]);
}

#[test]
fn a_day_in_berlin_has_23_hours_in_march_and_25_in_october() {
    let zone = Tz::Europe__Berlin;
    for (first, second, hours) in [
        ("2026-03-28", "2026-03-29", 24),
        ("2026-03-29", "2026-03-30", 23),
        ("2026-10-25", "2026-10-26", 25),
    ] {
        let (first, second) = (first.parse().unwrap(), second.parse().unwrap());
        assert_eq!(midnight(zone, second) - midnight(zone, first), hours * 3_600_000_000);
    }
}

#[test]
fn days_in_berlin_are_kept_apart_on_both_sides_of_the_change_in_march() {
    let instants = [
        "2026-03-28T22:59:59.999999Z",
        "2026-03-28T23:00:00Z",
        "2026-03-29T01:00:00Z",
        "2026-03-29T21:59:59.999999Z",
        "2026-03-29T22:00:00Z",
    ];
    let factory = runs_at(Tz::Europe__Berlin, &instants);
    let days = ["2026-03-28 1/1", "2026-03-29 3/3", "2026-03-30 1/1"];
    assert_eq!(rows(&factory, &by(GroupBy::Day)), days);
    let mut query = by(GroupBy::Day);
    query.from = date("2026-03-29");
    query.to = date("2026-03-30");
    assert_eq!(rows(&factory, &query), ["2026-03-29 3/3"]);
}

#[test]
fn days_in_berlin_are_kept_apart_on_both_sides_of_the_change_in_october() {
    let instants = [
        "2025-10-25T21:59:59.999999Z",
        "2025-10-25T22:00:00Z",
        // The hour from two to three occurs twice.
        "2025-10-26T00:30:00Z",
        "2025-10-26T01:30:00Z",
        "2025-10-26T22:59:59.999999Z",
        "2025-10-26T23:00:00Z",
    ];
    let factory = runs_at(Tz::Europe__Berlin, &instants);
    let days = ["2025-10-25 1/1", "2025-10-26 4/4", "2025-10-27 1/1"];
    assert_eq!(rows(&factory, &by(GroupBy::Day)), days);
    let mut query = by(GroupBy::Day);
    query.from = date("2025-10-26");
    query.to = date("2025-10-27");
    assert_eq!(rows(&factory, &query), ["2025-10-26 4/4"]);
}

#[test]
fn a_unit_has_one_first_attempt_in_a_day_of_25_hours() {
    let mut factory = runs_at(
        Tz::Europe__Berlin,
        &["2025-10-25T22:00:00Z", "2025-10-26T22:59:59Z", "2025-10-26T23:00:00Z"],
    );
    for run in &mut factory.runs {
        run.serial = "U".to_owned();
    }
    factory.runs[0].outcome = Outcome::Fail;
    let mut query = by(GroupBy::Day);
    query.definition = Definition::FirstAttemptOfDay;
    assert_eq!(rows(&factory, &query), ["2025-10-26 0/1", "2025-10-27 1/1"]);
}

#[test]
fn a_midnight_that_clocks_skip_is_the_first_instant_after_it() {
    let zone = Tz::America__Santiago;
    let instant = midnight(zone, "2025-09-07".parse().unwrap());
    assert_eq!(instant, at("2025-09-07T01:00:00-03:00"));
    assert_eq!(day_key(day(zone, instant)), "2025-09-07");
    assert_eq!(day_key(day(zone, instant - 1)), "2025-09-06");
}

#[test]
fn weeks_are_those_of_iso_8601() {
    for (date, week) in [
        ("2024-12-29", "2024-W52"),
        ("2024-12-30", "2025-W01"),
        ("2021-01-03", "2020-W53"),
        ("2026-03-01", "2026-W09"),
        ("2026-03-02", "2026-W10"),
    ] {
        assert_eq!(week_key(date.parse().unwrap()), week);
    }
    assert_eq!(month_key("2026-03-01".parse().unwrap()), "2026-03");
}

#[test]
fn a_window_holds_its_beginning_and_not_its_end() {
    let factory = runs_at(
        Tz::UTC,
        &["2026-03-01T07:59:59.999999Z", "2026-03-01T08:00:00Z", "2026-03-01T09:00:00Z"],
    );
    let mut query = by(GroupBy::Day);
    query.from = Some(Bound::Instant(at("2026-03-01T08:00:00Z")));
    query.to = Some(Bound::Instant(at("2026-03-01T09:00:00Z")));
    assert_eq!(rows(&factory, &query), ["2026-03-01 1/1"]);
}
