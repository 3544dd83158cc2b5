//! Property tests: every state after a sequence of changes equals a count row by row.

use std::collections::{BTreeMap, BTreeSet};

use domain::frame::{Builder, Column, CountingClass, Frame, Run};
use domain::yields::{Aborted, Definition, HistoryFlags, Reason};
use domain::{Outcome, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{Explorer, Missing, Selection};
use crate::metrics::yields::Basis;
use crate::proportion::Proportion;

/// The charted columns.
const BY: [Column; 8] = [
    Column::Day,
    Column::Station,
    Column::Product,
    Column::Fixture,
    Column::Software,
    Column::Code,
    Column::Duration,
    Column::Measured,
];

/// The lower edges of the bins of measured values.
const BINS: [f64; 3] = [-20.0, 0.5, 30.0];

#[derive(Clone, Debug)]
struct Row {
    day: u8,
    words: [Option<u16>; 11],
    standing: CountingClass,
    seconds: Option<u32>,
    value: Option<i8>,
    weight: u32,
}

fn standing() -> impl Strategy<Value = CountingClass> {
    let reasons =
        [Reason::Golden, Reason::Reference, Reason::Voided, Reason::Future, Reason::Skipped];
    let reason = prop::option::weighted(0.15, prop::sample::select(reasons.to_vec()));
    let outcome = prop::sample::select(Outcome::ALL);
    let marks = prop::sample::select(vec![0_u16, 1, 32, 33, 1 | 2 | 4 | 8 | 16, 33 | 1024]);
    (reason, outcome, any::<bool>(), any::<bool>(), marks).prop_map(
        |(reason, outcome, first, unaborted_first, marks)| CountingClass {
            reason,
            outcome,
            first,
            unaborted_first,
            marks: HistoryFlags::from_bits(marks),
        },
    )
}

fn rows(words: u16, many: usize) -> impl Strategy<Value = Vec<Row>> {
    let word = prop::option::weighted(0.9, 0..words);
    let weight = prop_oneof![9 => Just(1_u32), 1 => 0..5_u32];
    let row = (
        0..9_u8,
        prop::array::uniform11(word),
        standing(),
        prop::option::of(0..500_u32),
        any::<Option<i8>>(),
        weight,
    )
        .prop_map(|(day, words, standing, seconds, value, weight)| Row {
            day,
            words,
            standing,
            seconds,
            value,
            weight,
        });
    vec(row, 0..many)
}

/// Days ascend among the rows of a code if `clocks` are right.
fn frame(rows: &[Row], layout: Column, clocks: bool) -> Frame {
    let mut builder = Builder::default();
    for row in rows {
        let words: Vec<Option<String>> =
            row.words.iter().map(|word| word.map(|word| format!("{word:05}"))).collect();
        let run = Run {
            started_at: Timestamp::from_micros(
                i64::from(row.day) * i64::from(clocks) * 86_400_000_000,
            )
            .unwrap(),
            day: date(row.day),
            standing: row.standing,
            words: std::array::from_fn(|word| words[word].as_deref()),
            seconds: row.seconds,
            weight: row.weight,
        };
        builder.push(&run).unwrap();
    }
    let values: Vec<f64> = rows.iter().map(|row| row.value.map_or(f64::NAN, f64::from)).collect();
    builder.measure(&values, BINS.to_vec());
    Frame::read(&builder.finish(layout)).unwrap()
}

fn date(day: u8) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 3, 1 + u32::from(day)).unwrap()
}

/// A second implementation of the definitions.
fn counts(basis: Basis, standing: CountingClass) -> bool {
    let excluded = match basis.aborted {
        Some(aborted) => aborted == Aborted::Excluded,
        None => basis.definition == Definition::FirstAttemptOfDay,
    };
    let marks = standing.marks.bits();
    standing.reason.is_none()
        && !(excluded && standing.outcome == Outcome::Aborted)
        && match (basis.definition, excluded) {
            (Definition::FirstRun, false) => standing.first,
            (Definition::FirstRun, true) => standing.unaborted_first,
            (Definition::FirstAttemptOfDay, false) => marks & 1 > 0,
            (Definition::FirstAttemptOfDay, true) => marks & 32 > 0,
            (Definition::Report, _) => true,
        }
}

/// The reference implementation: rows with their code in each chart, and the filters.
struct Plain<'a> {
    rows: &'a [Row],
    codes: Vec<Vec<usize>>,
    allowed: Vec<Vec<bool>>,
    basis: Basis,
}

impl<'a> Plain<'a> {
    fn new(rows: &'a [Row], basis: Basis, edges: &[u32]) -> Self {
        let (mut codes, mut allowed) = (Vec::new(), Vec::new());
        for column in BY {
            let value = |row: &Row| match column {
                Column::Day => Some(u32::from(row.day)),
                Column::Duration => {
                    let bin = |second| edges.iter().rposition(|edge| *edge <= second).unwrap();
                    row.seconds.map(|second| bin(second) as u32)
                }
                Column::Measured => {
                    let bin = |value| BINS.iter().rposition(|edge| *edge <= value).unwrap_or(0);
                    row.value.map(|value| bin(f64::from(value)) as u32)
                }
                _ => {
                    let place = Column::WORDS.iter().position(|it| *it == column).unwrap();
                    row.words[place].map(u32::from)
                }
            };
            let known: BTreeSet<u32> = match column {
                Column::Duration => (0..edges.len() as u32).collect(),
                Column::Measured => (0..BINS.len() as u32).collect(),
                _ => rows.iter().filter_map(value).collect(),
            };
            let code = |row: &Row| match value(row) {
                Some(value) => known.iter().position(|it| *it == value).unwrap(),
                None => known.len(),
            };
            codes.push(rows.iter().map(code).collect());
            allowed.push(vec![true; known.len() + usize::from(column != Column::Day)]);
        }
        Self { rows, codes, allowed, basis }
    }

    fn select(&mut self, chart: usize, selection: &Selection) {
        for (code, allowed) in self.allowed[chart].iter_mut().enumerate() {
            let code = code as u32;
            *allowed = match selection {
                Selection::All => true,
                Selection::These(codes) => codes.contains(&code),
                Selection::Range(range) => range.start <= code && code < range.end,
            };
        }
    }

    /// Rows that every filter but one accepts.
    fn through(&self, but: Option<usize>) -> impl Iterator<Item = (usize, &Row)> {
        self.rows.iter().enumerate().filter(move |(row, _)| {
            (0..BY.len())
                .all(|chart| Some(chart) == but || self.allowed[chart][self.codes[chart][*row]])
        })
    }

    fn by(&self, chart: usize) -> Vec<Proportion> {
        let mut all = vec![Proportion { k: 0, n: 0 }; self.allowed[chart].len()];
        for (at, row) in self.through(Some(chart)) {
            self.add(&mut all[self.codes[chart][at]], row);
        }
        all
    }

    fn header(&self) -> Proportion {
        let mut all = Proportion { k: 0, n: 0 };
        self.through(None).for_each(|(_, row)| self.add(&mut all, row));
        all
    }

    fn add(&self, to: &mut Proportion, row: &Row) {
        if counts(self.basis, row.standing) {
            to.n += u64::from(row.weight);
            to.k += if row.standing.outcome == Outcome::Pass { u64::from(row.weight) } else { 0 };
        }
    }

    fn runs(&self) -> u64 {
        self.through(None).map(|(_, row)| u64::from(row.weight)).sum()
    }

    fn excluded(&self) -> BTreeMap<Reason, u64> {
        let mut all = BTreeMap::new();
        for (_, row) in self.through(None) {
            let aborted = row.standing.outcome == Outcome::Aborted
                && self.basis.aborted() == Aborted::Excluded;
            let reason = row.standing.reason.or(aborted.then_some(Reason::Aborted));
            if let Some(reason) = reason.filter(|_| row.weight > 0) {
                *all.entry(reason).or_default() += u64::from(row.weight);
            }
        }
        all
    }
}

#[derive(Clone, Debug)]
enum Change {
    Select(usize, Selection),
    Define(Basis),
    Clear,
}

fn selection(many: u32) -> impl Strategy<Value = Selection> {
    prop_oneof![
        1 => Just(Selection::All),
        4 => vec(0..many + 2, 0..9).prop_map(Selection::These),
        3 => (0..many, 0..many + 2).prop_map(|(from, to)| Selection::Range(from..to)),
    ]
}

fn basis() -> impl Strategy<Value = Basis> {
    let definition = prop::sample::select(Definition::ALL);
    let aborted = prop::option::of(prop::sample::select(Aborted::ALL));
    (definition, aborted).prop_map(|(definition, aborted)| Basis { definition, aborted })
}

fn change(many: u32) -> impl Strategy<Value = Change> {
    prop_oneof![
        10 => (0..BY.len(), selection(many)).prop_map(|(chart, it)| Change::Select(chart, it)),
        2 => basis().prop_map(Change::Define),
        1 => Just(Change::Clear),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_chart_is_what_counting_row_by_row_gives_after_every_change(
        (rows, changes, compared) in prop_oneof![4 => Just((7_u16, 200)), 1 => Just((3000, 700))].prop_flat_map(|(words, many)| {
            let codes = u32::from(words.min(500));
            let compared = (0..BY.len(), selection(codes));
            (rows(words, many), vec(change(codes), 1..12), vec(compared, 0..3))
        }),
        basis in basis(),
        layout in prop::sample::select(vec![Column::Station, Column::Operation, Column::Code]),
        clocks in any::<bool>(),
    ) {
        let mut explorer = Explorer::new(frame(&rows, layout, clocks), basis, &BY).unwrap();
        let mut plain = Plain::new(&rows, basis, explorer.durations());
        for change in [Change::Define(basis)].into_iter().chain(changes) {
            match &change {
                Change::Select(chart, selection) => {
                    let before = plain.allowed[*chart].clone();
                    plain.select(*chart, selection);
                    let changed = explorer.select(BY[*chart], selection);
                    prop_assert_eq!(changed, plain.allowed[*chart] != before);
                }
                Change::Define(basis) => {
                    plain.basis = *basis;
                    explorer.define(*basis);
                }
                Change::Clear => {
                    (0..BY.len()).for_each(|chart| plain.select(chart, &Selection::All));
                    explorer.clear();
                }
            }
            for (chart, column) in BY.into_iter().enumerate() {
                prop_assert_eq!(explorer.by(column), plain.by(chart), "{} after {:?}", column, change);
                for (code, allowed) in plain.allowed[chart].iter().enumerate() {
                    prop_assert_eq!(explorer.is_selected(column, code), *allowed);
                }
            }
            prop_assert_eq!(explorer.header(), plain.header());
            let (excluded, others) = explorer.left_out();
            let all = excluded.values().sum::<u64>() + others + explorer.header().n;
            prop_assert_eq!(all, plain.runs());
            prop_assert_eq!(excluded, plain.excluded());
        }
        let unfiltered = Plain::new(&rows, plain.basis, explorer.durations());
        for (chart, column) in BY.into_iter().enumerate() {
            prop_assert_eq!(explorer.unfiltered(column), unfiltered.by(chart), "{}", column);
        }
        // The reference with only these filters.
        let mut other = Plain::new(&rows, plain.basis, explorer.durations());
        let mut asked = Vec::new();
        for (chart, selection) in compared {
            if !asked.iter().any(|(column, _)| *column == BY[chart]) {
                other.select(chart, &selection);
                asked.push((BY[chart], selection));
            }
        }
        prop_assert_eq!(explorer.header_under(&asked), other.header());
        prop_assert_eq!(explorer.header(), plain.header());
    }
}

#[test]
fn columns_that_cannot_be_charted_are_refused() {
    let refused = |by: &[Column]| {
        let basis = Basis { definition: Definition::FirstRun, aborted: None };
        Explorer::new(frame(&[], Column::Station, true), basis, by).map(|_| ()).unwrap_err()
    };
    for column in [Column::CountingClass, Column::Started, Column::Weight] {
        assert_eq!(refused(&[column]), Missing(column));
    }
}

#[test]
fn duration_bins_have_a_round_width_and_the_last_is_unbounded() {
    let row = |seconds| Row {
        day: 0,
        words: [None; 11],
        standing: CountingClass {
            reason: None,
            outcome: Outcome::Pass,
            first: true,
            unaborted_first: true,
            marks: HistoryFlags::default(),
        },
        seconds,
        value: None,
        weight: 1,
    };
    let mut rows: Vec<Row> = (0..1000).map(|second| row(Some(second))).collect();
    rows.extend([row(Some(1_000_000)), row(None), row(None)]);
    let basis = Basis { definition: Definition::Report, aborted: None };
    let explorer =
        Explorer::new(frame(&rows, Column::Station, true), basis, &[Column::Duration]).unwrap();
    assert_eq!(explorer.durations()[..3], [0, 30, 60]);
    assert_eq!(explorer.durations().len(), 40);
    let n: Vec<u64> = explorer.by(Column::Duration).iter().map(|bin| bin.n).collect();
    assert_eq!((n[0], n[33], n[39], n[40]), (30, 10, 1, 2));
}
