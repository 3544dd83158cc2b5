//! What failures go together with, operation by operation: a fixture against its sisters, a lot,
//! a version of the software.
//!
//! Within each operation and for each failure code, every value of every dimension is compared
//! with all other runs by Fisher's exact test, one-sided; all tests of one answer are one family
//! under Benjamini and Hochberg. Of the values that stand out for a code the most certain one is
//! named: a fixture's station stands out too, but less than the fixture; where all stations of an
//! operation fail alike, the software or the product does and no station.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use engine::proportion::Proportion;
use engine::stats::contingency::Table;
use engine::stats::multiple_testing::benjamini_hochberg;
use store::causes::ValueFailures;

/// Runs of a value that is compared, at least.
pub const MINIMUM_RUNS: u32 = 5;
/// Rows that are read, at most.
pub const MOST_ROWS: usize = 50_000;
/// Failing runs with a code, at least, for causes to be looked for.
const LEAST_FAILING: u64 = 4;
/// The corrected p-value from which on nothing stands out.
const SIGNIFICANCE: f64 = 0.05;
/// Failing share with a value over that without, at least.
const LEAST_LIFT: f64 = 1.5;
/// Dimensions, the most specific first: where two values are the same runs, the former is named.
const SPECIFIC: [&str; 4] = ["component_lot", "fixture", "station", "software"];

/// A value of a dimension that failures go together with.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// In this operation.
    pub operation: String,
    /// Failures with this code; none: with any.
    pub code: Option<String>,
    /// The dimension.
    pub dimension: String,
    /// Its value.
    pub value: String,
    /// Failing runs of those with the value.
    pub here: Proportion,
    /// Failing runs of the others of the operation.
    pub elsewhere: Proportion,
    /// The corrected p-value.
    pub q: f64,
    /// The days of the first and the last failing run with the value.
    pub seen: (NaiveDate, NaiveDate),
}

impl Cause {
    /// Failing runs beyond those that there would be at the rate elsewhere.
    fn excess(&self) -> f64 {
        let elsewhere = self.elsewhere.fraction().unwrap_or(0.0);
        self.here.k as f64 - self.here.n as f64 * elsewhere
    }
}

/// Failing runs with one code, or any, and the days of the first and the last.
#[derive(Debug, Clone, Copy)]
struct Failing {
    runs: u64,
    seen: (NaiveDate, NaiveDate),
}

/// Runs of one operation that have one value, or all.
#[derive(Debug, Default)]
struct Counts {
    n: u64,
    /// By code; none: any.
    failing: BTreeMap<Option<String>, Failing>,
}

impl Counts {
    fn add(&mut self, row: &ValueFailures) {
        let runs = row.runs.max(0).unsigned_abs();
        self.n += runs;
        let Some(code) = &row.code else { return };
        let seen = (row.first_day, row.last_day);
        for key in [None, Some(code.clone())] {
            let failing = self.failing.entry(key).or_insert(Failing { runs: 0, seen });
            failing.runs += runs;
            failing.seen.0 = failing.seen.0.min(seen.0);
            failing.seen.1 = failing.seen.1.max(seen.1);
        }
    }
}

/// The causes that stand out, those of most failures first, and how many values were compared.
#[must_use]
pub fn causes(rows: &[ValueFailures]) -> (Vec<Cause>, usize) {
    let mut whole: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut parts: BTreeMap<(&str, &str, &str), Counts> = BTreeMap::new();
    for row in rows {
        match row.dimension.as_deref().zip(row.value.as_deref()) {
            None => whole.entry(&row.operation).or_default().add(row),
            Some((dimension, value)) => {
                parts.entry((&row.operation, dimension, value)).or_default().add(row);
            }
        }
    }
    let eligible =
        |all: &Counts| all.failing.values().filter(|total| total.runs >= LEAST_FAILING).count();
    let eligible: BTreeMap<&str, usize> =
        whole.iter().map(|(operation, all)| (*operation, eligible(all))).collect();
    let mut tests = 0;
    let mut tested: Vec<(Cause, f64)> = Vec::new();
    for ((operation, dimension, value), part) in &parts {
        let Some(all) = whole.get(operation) else { continue };
        if part.n < u64::from(MINIMUM_RUNS) || part.n >= all.n {
            continue;
        }
        tests += eligible.get(operation).copied().unwrap_or(0);
        // A value without a failing run has p = 1: it counts as a test, and needs no row.
        for (code, here) in &part.failing {
            let Some(total) = all.failing.get(code).filter(|it| it.runs >= LEAST_FAILING) else {
                continue;
            };
            let (a, with) = (here.runs, part.n);
            let (c, without) = (total.runs.saturating_sub(a), all.n - part.n);
            let table = Table { a, b: with - a, c, d: without.saturating_sub(c) };
            let cause = Cause {
                operation: (*operation).to_owned(),
                code: code.clone(),
                dimension: (*dimension).to_owned(),
                value: (*value).to_owned(),
                here: Proportion { k: a, n: with },
                elsewhere: Proportion { k: c, n: without },
                q: 1.0,
                seen: here.seen,
            };
            tested.push((cause, table.fisher_greater()));
        }
    }
    let p: Vec<f64> = tested.iter().map(|(_, p)| *p).collect();
    // The largest p-values are left out: the correction is that of all tests.
    let scale = tests as f64 / p.len().max(1) as f64;
    for ((cause, _), q) in tested.iter_mut().zip(benjamini_hochberg(&p)) {
        cause.q = (q * scale).min(1.0);
    }
    tested.retain(|(cause, _)| cause.q < SIGNIFICANCE && stands_out(cause));
    let specific = |cause: &Cause| {
        SPECIFIC.iter().position(|it| *it == cause.dimension).unwrap_or(SPECIFIC.len())
    };
    tested.sort_by(|(one, p), (other, q)| {
        p.total_cmp(q).then_with(|| specific(one).cmp(&specific(other)))
    });
    (select(tested.into_iter().map(|(cause, _)| cause)), tests)
}

fn stands_out(cause: &Cause) -> bool {
    let (here, elsewhere) = (cause.here.fraction(), cause.elsewhere.fraction());
    here.zip(elsewhere).is_some_and(|(here, elsewhere)| here >= LEAST_LIFT * elsewhere)
}

/// The most certain cause of each code in each operation, and of all failures together where the
/// codes' causes explain less than half of it. Those of most failures first.
fn select(sorted: impl Iterator<Item = Cause>) -> Vec<Cause> {
    let mut chosen: Vec<Cause> = Vec::new();
    let mut any: Vec<Cause> = Vec::new();
    for cause in sorted {
        let list = if cause.code.is_some() { &mut chosen } else { &mut any };
        let is_known =
            list.iter().any(|it| (&it.operation, &it.code) == (&cause.operation, &cause.code));
        if !is_known {
            list.push(cause);
        }
    }
    // What codes explain most of is not said once more of all of them.
    any.retain(|cause| {
        let explained = chosen.iter().filter(|it| it.operation == cause.operation);
        cause.excess() > 2.0 * explained.map(Cause::excess).sum::<f64>()
    });
    chosen.extend(any);
    chosen.sort_by(|one, other| other.excess().total_cmp(&one.excess()));
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `operation dimension=value code runs`, `-` for none.
    fn rows(text: &str) -> Vec<ValueFailures> {
        let row = |line: &str| {
            let parts: Vec<&str> = line.split_whitespace().collect();
            let [operation, value, code, runs] = parts[..] else { panic!("{line}") };
            let (dimension, value) = value.split_once('=').unzip();
            let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
            ValueFailures {
                operation: operation.to_owned(),
                dimension: dimension.map(str::to_owned),
                value: value.map(str::to_owned),
                code: (code != "-").then(|| code.to_owned()),
                runs: runs.parse().unwrap(),
                first_day: day,
                last_day: day,
            }
        };
        text.trim().lines().map(row).collect()
    }

    #[test]
    fn a_fixture_is_named_and_not_its_station() {
        let (found, tests) = causes(&rows(
            "L6 - - 380
             L6 - link 14
             L6 - other 6
             L6 station=S1 - 180
             L6 station=S1 link 13
             L6 station=S1 other 3
             L6 station=S2 - 200
             L6 station=S2 link 1
             L6 station=S2 other 3
             L6 fixture=F1 - 80
             L6 fixture=F1 link 13
             L6 fixture=F1 other 1
             L6 fixture=F2 - 100
             L6 fixture=F2 other 2",
        ));
        // Four values, two codes and any.
        assert_eq!(tests, 12);
        let names: Vec<_> = found.iter().map(|it| (it.code.as_deref(), &*it.value)).collect();
        assert_eq!(names, [(Some("link"), "F1")]);
        assert_eq!(found[0].here, Proportion { k: 13, n: 94 });
        assert_eq!(found[0].elsewhere, Proportion { k: 1, n: 306 });
    }

    #[test]
    fn where_all_stations_fail_alike_the_software_is_named() {
        let (found, _) = causes(&rows(
            "L10 - - 300
             L10 - slow 20
             L10 station=S1 - 150
             L10 station=S1 slow 10
             L10 station=S2 - 150
             L10 station=S2 slow 10
             L10 software=1 - 200
             L10 software=2 - 100
             L10 software=2 slow 20",
        ));
        let names: Vec<_> = found.iter().map(|it| (it.code.as_deref(), &*it.value)).collect();
        assert_eq!(names, [(Some("slow"), "2")]);
    }

    #[test]
    fn chance_and_what_all_runs_have_are_no_cause() {
        let (found, tests) = causes(&rows(
            "L6 - - 95
             L6 - link 5
             L6 product=P - 95
             L6 product=P link 5
             L6 station=S1 - 47
             L6 station=S1 link 3
             L6 station=S2 - 48
             L6 station=S2 link 2",
        ));
        assert_eq!((found, tests), (Vec::new(), 4));
    }
}
