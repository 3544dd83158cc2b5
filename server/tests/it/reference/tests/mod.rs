//! Known answers of the documents, and properties of random factories.

use chrono::{DateTime, NaiveDate};

use super::facts::{Factory, Kind, Outcome, Repair, Run, Unit};
use super::figures::{Group, groups};
use super::query::{Bound, Query};

mod days;
mod fixtures;
mod intervals;
mod laws;
mod pareto;
mod readings;
mod rty;

/// An instant in microseconds.
fn at(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros()
}

fn date(text: &str) -> Option<Bound> {
    Some(Bound::Date(text.parse::<NaiveDate>().unwrap()))
}

fn none() -> Factory {
    Factory {
        zone: chrono_tz::Tz::Asia__Kolkata,
        units: Vec::new(),
        runs: Vec::new(),
        repairs: Vec::new(),
    }
}

/// A factory in the notation of the definitions: `U3: F(d1) F+R(d1) P(d2)`, one operation, day n
/// being the nth of March 2025 and day 0 the last of February. Runs are a minute apart from ten
/// o'clock, a repair is half a minute after its run.
fn factory(text: &str) -> Factory {
    let mut factory = none();
    for line in text.split(" · ") {
        let (serial, events) = line.split_once(": ").unwrap();
        let mut minute = 0;
        for event in events.split(' ') {
            if event == "golden" {
                let serial = serial.to_owned();
                factory.units.push(Unit { serial, said: Kind::Golden, person: None });
                continue;
            }
            let (what, day) = event.trim_end_matches([',', ')']).split_once("(d").unwrap();
            let day: i64 = day.parse().unwrap();
            let started_at =
                at("2025-02-28T10:00:00+05:30") + day * super::histories::DAY + minute * 60_000_000;
            minute += 1;
            let (outcome, repaired) = match what {
                "P" => (Outcome::Pass, false),
                "F" => (Outcome::Fail, false),
                "F+R" => (Outcome::Fail, true),
                "Error" => (Outcome::Error, false),
                "Timeout" => (Outcome::Timeout, false),
                "Aborted" => (Outcome::Aborted, false),
                "Skip" => (Outcome::Skip, false),
                other => panic!("{other}"),
            };
            let name = format!("{serial}-{minute}");
            factory.runs.push(Run::new(&name, serial, "L10", started_at, outcome));
            if repaired {
                let serial = serial.to_owned();
                factory.repairs.push(Repair { serial, at: started_at + 30_000_000 });
            }
        }
    }
    factory
}

/// Days 1 and 2, as of a month later.
fn days_1_and_2() -> Query {
    let mut query = Query::new(at("2025-04-01T00:00:00Z"));
    query.from = date("2025-03-01");
    query.to = date("2025-03-03");
    query
}

/// The only group of a query without grouping.
fn only(factory: &Factory, query: &Query) -> Group {
    let mut groups = groups(factory, query);
    assert_eq!(groups.len(), 1);
    groups.remove(0)
}

/// "key passed/n" of every group.
fn rows(factory: &Factory, query: &Query) -> Vec<String> {
    let mut rows = Vec::new();
    for group in groups(factory, query) {
        let key = group.key.unwrap_or("null".to_owned());
        rows.push(format!("{key} {}/{}", group.figure.passed, group.figure.n));
    }
    rows
}
