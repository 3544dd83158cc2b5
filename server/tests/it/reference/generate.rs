//! Random small factories and random queries.
//!
//! Rare events of a factory are frequent here: ties in time, runs at midnight, aborted and voided
//! runs, stations that only retest. Cases that the documents do not define are not generated: two
//! measurements of one name in one step, equivalent limits written in two ways, failing steps
//! without a status.

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;

use super::calendar::{day, midnight};
use super::facts::{
    Attribute, Factory, Finding, FindingKind, FindingOutcome, Kind, Limits, Measurement, Outcome,
    Repair, Run, Status, Step, Taken, Unit,
};
use super::histories::DAY;
use super::query::{Aborted, Bound, Definition, GroupBy, Interval, Query};

const HOUR: i64 = 3_600_000_000;

/// Time zones, each with days near a clock change or the end of a year.
const PLACES: [(Tz, (i32, u32, u32)); 8] = [
    (Tz::UTC, (2024, 12, 29)),
    (Tz::Asia__Kolkata, (2025, 2, 27)),
    (Tz::Asia__Taipei, (2025, 5, 30)),
    (Tz::Europe__Berlin, (2025, 3, 29)),
    (Tz::Europe__Berlin, (2025, 10, 25)),
    (Tz::America__Chicago, (2025, 3, 8)),
    (Tz::America__Chicago, (2025, 11, 1)),
    // Clocks skip midnight on 7 September.
    (Tz::America__Santiago, (2025, 9, 6)),
];

/// Operations that runs have.
pub const OPERATIONS: [&str; 3] = ["L10 burn-in", "L10 function", "L6"];
/// Products that runs have.
pub const PRODUCTS: [&str; 2] = ["PN-1", "PN-2"];
const REVISIONS: [&str; 2] = ["A", "B"];
const LEVELS: [&str; 2] = ["L10", "L6"];
const STATIONS: [&str; 3] = ["ST-1", "ST-2", "ST-3"];
const FIXTURES: [&str; 2] = ["FX-1", "FX-2"];
const OPERATORS: [&str; 2] = ["o1", "o2"];
const SOFTWARES: [&str; 2] = ["1.4", "1.5"];
const COMPONENTS: [&str; 3] = ["GPU1", "GPU2", "NIC1"];

/// Random factories. Nearly all of their runs are of 2024 and 2025 (`as_of` is meant to be later);
/// some are between an hour and 22 hours after `as_of`, some more than a day and an hour.
pub fn factories(as_of: i64) -> impl Strategy<Value = Factory> {
    let unit = (kind(), weighted(0.1, kind()), select(&PRODUCTS[..]), vec(run(), 0..7));
    (select(&PLACES[..]), vec(unit, 0..8), vec((0..8_usize, 0..120_i64), 0..5)).prop_map(
        move |((zone, (year, month, date)), units, repairs)| {
            let first = NaiveDate::from_ymd_opt(year, month, date).expect("a date");
            let start = midnight(zone, first);
            let mut factory =
                Factory { zone, units: Vec::new(), runs: Vec::new(), repairs: Vec::new() };
            for (index, (said, person, product, runs)) in units.into_iter().enumerate() {
                let serial = format!("U{index}");
                // A kind can only be set of a unit that is known.
                let person = if runs.is_empty() { None } else { person };
                for draft in runs {
                    let name = format!("R-{}", factory.runs.len());
                    factory.runs.push(draft.on(&name, &serial, product, start, as_of));
                }
                factory.units.push(Unit { serial, said, person });
            }
            for (unit, hours) in repairs {
                let serial = format!("U{unit}");
                factory.repairs.push(Repair { serial, at: start + hours * HOUR });
            }
            factory
        },
    )
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        8 => Just(Kind::Production),
        1 => Just(Kind::Golden),
        1 => Just(Kind::Reference),
    ]
}

/// A run without its unit.
#[derive(Clone, Debug)]
struct Draft {
    when: When,
    id: [u8; 16],
    operation: &'static str,
    outcome: Outcome,
    voided: bool,
    /// Occasionally different from that of the unit, or `None`.
    product: Option<Option<&'static str>>,
    attributes: [Option<&'static str>; 6],
    steps: Vec<Step>,
    findings: Vec<Finding>,
}

#[derive(Clone, Copy, Debug)]
enum When {
    /// Microseconds after the factory's first midnight.
    Usual(i64),
    /// Microseconds after `as_of`.
    Ahead(i64),
}

impl Draft {
    fn on(self, name: &str, serial: &str, product: &str, start: i64, as_of: i64) -> Run {
        let started_at = match self.when {
            When::Usual(offset) => start + offset,
            When::Ahead(offset) => as_of + offset,
        };
        let mut run = Run::new(name, serial, self.operation, started_at, self.outcome);
        run.id = self.id;
        run.voided = self.voided;
        run.product = self.product.unwrap_or(Some(product)).map(str::to_owned);
        let [revision, level, station, fixture, operator, software] =
            self.attributes.map(|value| value.map(str::to_owned));
        run.revision = revision;
        run.level = level;
        run.station = station;
        run.fixture = fixture;
        run.operator = operator;
        run.software = software;
        run.steps = self.steps;
        run.findings = self.findings;
        run
    }
}

fn run() -> impl Strategy<Value = Draft> {
    let product = weighted(0.1, weighted(0.7, select(&PRODUCTS[..])));
    let attributes = (
        one_of(&["B", "A", "A", "A"]),
        one_of(&LEVELS),
        one_of(&STATIONS),
        one_of(&FIXTURES),
        one_of(&OPERATORS),
        one_of(&SOFTWARES),
    );
    let happened = (when(), any::<[u8; 16]>(), operation(), outcome(), voided());
    (happened, product, attributes, vec(step(), 0..4), vec(finding(), 0..3)).prop_map(
        |((when, id, operation, outcome, voided), product, attributes, mut steps, mut findings)| {
            let (revision, level, station, fixture, operator, software) = attributes;
            settle(outcome, &mut steps, &mut findings);
            Draft {
                when,
                id,
                operation,
                outcome,
                voided,
                product,
                attributes: [revision, level, station, fixture, operator, software],
                steps,
                findings,
            }
        },
    )
}

/// Steps whose names repeat keep no measurements, a step with a failed one has failed, and a run
/// that passed mostly shows no failure ("PASS with a failing diagnosis or validator stays pass").
fn settle(outcome: Outcome, steps: &mut [Step], findings: &mut Vec<Finding>) {
    let mut seen: Vec<String> = Vec::new();
    for step in steps {
        if seen.contains(&step.name) {
            step.measurements.clear();
        }
        seen.push(step.name.clone());
        if outcome == Outcome::Pass && step.status != Some(Status::Error) {
            for measurement in &mut step.measurements {
                match &mut measurement.taken {
                    Taken::Failed => measurement.taken = Taken::Passed,
                    Taken::Series(elements) => elements.fill(false),
                    Taken::Unchecked | Taken::Passed => {}
                }
            }
            step.status = Some(Status::Pass);
        }
        if step.measurements.iter().any(Measurement::failed) {
            step.status = Some(Status::Fail);
        }
    }
    if outcome == Outcome::Pass && findings.len() < 2 {
        findings.clear();
    }
}

/// Mostly on a grid of three hours, so that runs tie and start at midnight, also a microsecond
/// beside it, over five days.
fn when() -> impl Strategy<Value = When> {
    let usual = (0..40_i64, select(&[0, 0, 0, 0, -1, 1, HOUR, -HOUR][..]));
    prop_oneof![
        17 => usual.prop_map(|(three_hours, beside)| When::Usual(three_hours * 3 * HOUR + beside)),
        1 => (1..22_i64).prop_map(|hours| When::Ahead(hours * HOUR)),
        1 => (1..50_i64).prop_map(|hours| When::Ahead(DAY + hours * HOUR)),
    ]
}

fn operation() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just(OPERATIONS[0]), 1 => Just(OPERATIONS[1]), 1 => Just(OPERATIONS[2])]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        5 => Just(Outcome::Pass),
        5 => Just(Outcome::Fail),
        1 => Just(Outcome::Error),
        1 => Just(Outcome::Timeout),
        2 => Just(Outcome::Aborted),
        1 => Just(Outcome::Skip),
    ]
}

fn voided() -> impl Strategy<Value = bool> {
    prop_oneof![9 => Just(false), 1 => Just(true)]
}

fn one_of(values: &[&'static str]) -> impl Strategy<Value = Option<&'static str>> + use<> {
    weighted(0.9, select(values.to_vec()))
}

fn component() -> impl Strategy<Value = Option<String>> {
    weighted(0.7, select(&COMPONENTS[..]).prop_map(str::to_owned))
}

fn step() -> impl Strategy<Value = Step> {
    let status = prop_oneof![
        Just(None),
        Just(Some(Status::Pass)),
        Just(Some(Status::Fail)),
        Just(Some(Status::Error)),
        Just(Some(Status::Skip)),
    ];
    let measurements = (
        weighted(0.5, temperature()),
        weighted(0.3, fan()),
        weighted(0.3, firmware()),
        weighted(0.2, Just(unchecked())),
    );
    (select(&["link", "memory", "thermal"][..]), status, measurements).prop_map(
        |(name, status, (temperature, fan, firmware, unchecked))| {
            let mut measurements = Vec::new();
            measurements.extend(temperature);
            measurements.extend(fan);
            measurements.extend(firmware);
            measurements.extend(unchecked);
            Step { name: name.to_owned(), status, measurements }
        },
    )
}

fn taken() -> impl Strategy<Value = Taken> {
    prop_oneof![Just(Taken::Passed), Just(Taken::Failed)]
}

/// The limit, or its comparison, changes now and then.
fn temperature() -> impl Strategy<Value = Measurement> {
    let limits =
        prop_oneof![8 => Just((95.0, "LE")), 1 => Just((96.0, "LE")), 1 => Just((95.0, "LT"))];
    (limits, taken(), component()).prop_map(|((high, cmp), taken, component)| Measurement {
        name: "hbm-temp".to_owned(),
        limits: Limits { high: Some(high), cmp: Some(cmp.to_owned()), ..Limits::default() },
        taken,
        component,
    })
}

/// A single value or a series.
fn fan() -> impl Strategy<Value = Measurement> {
    let low = prop_oneof![9 => Just(2000.0), 1 => Just(2500.0)];
    let taken = prop_oneof![taken(), vec(any::<bool>(), 1..4).prop_map(Taken::Series)];
    (low, taken, component()).prop_map(|(low, taken, component)| Measurement {
        name: "fan".to_owned(),
        limits: Limits { low: Some(low), high: Some(9000.0), ..Limits::default() },
        taken,
        component,
    })
}

fn firmware() -> impl Strategy<Value = Measurement> {
    let known = prop_oneof![
        9 => Just(r#"[{"type":"IN_SET","value":["1.2","1.3"],"name":"known"}]"#),
        1 => Just(r#"[{"type":"IN_SET","value":["1.2"],"name":"known"}]"#),
    ];
    (known, taken(), component()).prop_map(|(checks, taken, component)| Measurement {
        name: "firmware".to_owned(),
        limits: Limits { checks: Some(checks.to_owned()), ..Limits::default() },
        taken,
        component,
    })
}

fn unchecked() -> Measurement {
    Measurement {
        name: "power".to_owned(),
        limits: Limits::default(),
        taken: Taken::Unchecked,
        component: None,
    }
}

/// Errors and symptoms name no component.
fn finding() -> impl Strategy<Value = Finding> {
    let kind = prop_oneof![
        4 => Just(FindingKind::Diagnosis),
        2 => Just(FindingKind::Defect),
        1 => Just(FindingKind::Error),
        1 => Just(FindingKind::Symptom),
    ];
    let outcome = prop_oneof![
        Just(None),
        Just(Some(FindingOutcome::Pass)),
        Just(Some(FindingOutcome::Fail)),
        Just(Some(FindingOutcome::Unknown)),
    ];
    let code = select(&["hbm-hot", "link-down", "no-boot"][..]);
    (kind, outcome, code, component()).prop_map(|(kind, outcome, code, component)| Finding {
        kind,
        outcome,
        code: code.to_owned(),
        component: match kind {
            FindingKind::Diagnosis | FindingKind::Defect => component,
            FindingKind::Error | FindingKind::Symptom => None,
        },
    })
}

/// A query without its factory.
#[derive(Clone, Debug)]
struct Question {
    definition: Definition,
    group_by: Option<GroupBy>,
    from: Option<End>,
    to: Option<End>,
    filters: Vec<(Attribute, &'static str)>,
    aborted: Option<Aborted>,
    interval: Interval,
}

/// An end of a window: a date so many days after the factory's first, or an instant so many hours
/// after its midnight.
#[derive(Clone, Copy, Debug)]
enum End {
    Days(i64),
    Hours(i64),
}

impl Question {
    fn to(self, factory: &Factory, as_of: i64) -> Query {
        let earliest = factory.runs.iter().map(|run| run.started_at).min().unwrap_or(as_of);
        let first = day(factory.zone, earliest);
        let bound = |end| match end {
            End::Days(days) => Bound::Date(first + Duration::days(days)),
            End::Hours(hours) => Bound::Instant(midnight(factory.zone, first) + hours * HOUR),
        };
        Query {
            definition: self.definition,
            group_by: self.group_by,
            from: self.from.map(bound),
            to: self.to.map(bound),
            filters: self
                .filters
                .iter()
                .map(|(attribute, value)| (*attribute, (*value).to_owned()))
                .collect(),
            aborted: self.aborted,
            interval: self.interval,
            as_of,
        }
    }
}

fn question() -> impl Strategy<Value = Question> {
    use Attribute::{Fixture, Level, Operation, Operator, Product, Revision, Software, Station};
    let group_by = select(vec![
        GroupBy::Attribute(Operation),
        GroupBy::Attribute(Product),
        GroupBy::Attribute(Revision),
        GroupBy::Attribute(Level),
        GroupBy::Attribute(Station),
        GroupBy::Attribute(Fixture),
        GroupBy::Attribute(Operator),
        GroupBy::Attribute(Software),
        GroupBy::Hour,
        GroupBy::Day,
        GroupBy::Week,
        GroupBy::Month,
    ]);
    let mut values = Vec::new();
    for (attribute, known) in [
        (Operation, &OPERATIONS[..]),
        (Product, &PRODUCTS),
        (Revision, &REVISIONS),
        (Level, &LEVELS),
        (Station, &STATIONS),
        (Fixture, &FIXTURES),
        (Operator, &OPERATORS),
        (Software, &SOFTWARES),
    ] {
        for value in known {
            values.push((attribute, *value));
        }
    }
    values.push((Station, "ST-9"));
    let filters = prop_oneof![
        2 => Just(Vec::new()),
        3 => vec(select(values), 1..4),
    ];
    // `from` is before `to`, because the product may refuse other windows.
    let from = prop_oneof![(0..3_i64).prop_map(End::Days), (0..70_i64).prop_map(End::Hours)];
    let to = prop_oneof![(3..7_i64).prop_map(End::Days), (75..140_i64).prop_map(End::Hours)];
    (
        select(&super::query::DEFINITIONS[..]),
        weighted(0.7, group_by),
        weighted(0.5, from),
        weighted(0.5, to),
        filters,
        weighted(0.5, select(&[Aborted::Counted, Aborted::Excluded][..])),
        select(&[Interval::Wilson, Interval::ClopperPearson, Interval::WilsonCc][..]),
    )
        .prop_map(|(definition, group_by, from, to, filters, aborted, interval)| Question {
            definition,
            group_by,
            from,
            to,
            filters,
            aborted,
            interval,
        })
}

/// Random queries for this factory.
pub fn queries(factory: &Factory, as_of: i64) -> impl Strategy<Value = Query> + use<> {
    let factory = factory.clone();
    question().prop_map(move |question| question.to(&factory, as_of))
}

/// A random factory and random queries, which shrink independently.
pub fn cases(as_of: i64) -> impl Strategy<Value = (Factory, Vec<Query>)> {
    (factories(as_of), vec(question(), 1..5)).prop_map(move |(factory, questions)| {
        let mut queries = Vec::new();
        for question in questions {
            queries.push(question.to(&factory, as_of));
        }
        (factory, queries)
    })
}
