//! The pass over rows that brings all charts up to date.

use std::ops::Range;

use domain::each_width;
use domain::frame::{Codes, Column, Standing};

use super::charts::Chart;
use super::{Explorer, codes, weight};
use crate::metrics::yields::{Basis, Tally};

/// Whether a row counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum State {
    Out = 0,
    Counted = 1,
    Passed = 3,
}

impl State {
    /// What the tally makes of one run.
    pub(super) fn of(basis: Basis, standing: Standing) -> Self {
        let mut tally = Tally::new(basis);
        tally.add(&standing.cell(1));
        match (tally.n, tally.passed) {
            (0, _) => Self::Out,
            (_, 0) => Self::Counted,
            _ => Self::Passed,
        }
    }

    /// n and passed of so many runs.
    pub(super) const fn worth(self, runs: u32) -> u64 {
        let bits = self as u64;
        ((bits & 1) | (bits >> 1) << 32) * runs as u64
    }
}

/// What is to be done.
pub(super) enum Change<'a> {
    /// Everything is counted anew.
    Recount,
    /// The filter of a chart changed for these codes, by whose column rows are laid out.
    LaidOut { place: usize, flipped: &'a [bool] },
    /// The same of a column whose codes ascend among the rows of each code of the layout.
    Ascending { place: usize, flipped: &'a [bool] },
    /// The same of any other column.
    Scattered { place: usize, flipped: &'a [bool] },
}

/// Rows that are worked on at a time, so that what is noted of them stays near. The
/// tests' frames are small, and are to have several of them.
const BLOCK: usize = if cfg!(test) { 16 } else { 1024 };

/// Rows that come or go in every chart, and what they are worth there.
struct Block {
    len: usize,
    rows: [u32; BLOCK],
    worths: [u64; BLOCK],
}

impl Explorer {
    pub(super) fn change(&mut self, change: Change<'_>) {
        let Self { frame, durations, charts, starts, states, fails, header, .. } = self;
        let columns: Vec<Codes<'_>> =
            charts.iter().map(|chart| codes(frame, durations, chart.column)).collect();
        let weights = frame.codes(Column::Weight);
        let rows = fails.len();
        let mut pass = Pass {
            charts,
            columns: &columns,
            weights,
            states,
            fails,
            header,
            block: Block { len: 0, rows: [0; BLOCK], worths: [0; BLOCK] },
        };
        match change {
            Change::Recount => {
                pass.charts.iter_mut().for_each(|chart| chart.counts.fill([0; 4]));
                *pass.header = 0;
                for from in (0..rows).step_by(BLOCK) {
                    pass.count(from..rows.min(from + BLOCK));
                }
            }
            Change::LaidOut { place, flipped } => {
                for codes in stretches(flipped) {
                    pass.flip_rows(place, starts[codes.start]..starts[codes.end]);
                }
            }
            Change::Ascending { place, flipped } => {
                each_width!(columns[place], column => {
                    for codes in stretches(flipped) {
                        for ends in starts.windows(2) {
                            let rows = &column[ends[0]..ends[1]];
                            let before = |code| rows.partition_point(|it| (*it as usize) < code);
                            let (from, to) = (before(codes.start), before(codes.end));
                            pass.flip_rows(place, ends[0] + from..ends[0] + to);
                        }
                    }
                });
            }
            Change::Scattered { place, flipped } => {
                each_width!(columns[place], column => {
                    for (block, values) in column.chunks(BLOCK).enumerate() {
                        let mut found = [0_u32; BLOCK];
                        let mut many = 0;
                        for (row, code) in (block * BLOCK..).zip(values) {
                            found[many & (BLOCK - 1)] = row as u32;
                            many += usize::from(flipped[*code as usize]);
                        }
                        pass.flip(place, found[..many].iter().map(|row| *row as usize));
                    }
                });
            }
        }
    }
}

/// A pass under way.
struct Pass<'a> {
    charts: &'a mut [Chart],
    columns: &'a [Codes<'a>],
    weights: Option<Codes<'a>>,
    states: &'a [State],
    fails: &'a mut [u16],
    header: &'a mut u64,
    block: Block,
}

impl Pass<'_> {
    /// The filter of a chart flips for these rows.
    fn flip_rows(&mut self, place: usize, rows: Range<usize>) {
        for from in rows.clone().step_by(BLOCK) {
            self.flip_all(place, from..rows.end.min(from + BLOCK));
        }
    }

    /// The filter of a chart flips for these, a block of them at most, which all passed it or
    /// all failed it.
    fn flip_all(&mut self, place: usize, rows: Range<usize>) {
        let bit = 1_u16 << place;
        let Some(before) = alike(&self.fails[rows.clone()]) else {
            return self.flip(place, rows);
        };
        self.fails[rows.clone()].fill(before ^ bit);
        self.add_all(rows, before & bit > 0, before & !bit, Some(place));
    }

    /// The filter of a chart flips for these rows, a block of them at most.
    fn flip(&mut self, place: usize, rows: impl Iterator<Item = usize>) {
        let bit = 1_u16 << place;
        for row in rows {
            let before = self.fails[row];
            self.fails[row] = before ^ bit;
            let worth = self.states[row].worth(weight(self.weights, row));
            // It comes where it failed before, else it goes.
            let worth = if before & bit > 0 { worth } else { worth.wrapping_neg() };
            self.note(row, before & !bit, worth);
        }
        self.settle(Some(place));
    }

    /// Counts these rows, a block of them at most.
    fn count(&mut self, rows: Range<usize>) {
        if let Some(fails) = alike(&self.fails[rows.clone()]) {
            return self.add_all(rows, true, fails, None);
        }
        for row in rows {
            let worth = self.states[row].worth(weight(self.weights, row));
            self.note(row, self.fails[row], worth);
        }
        self.settle(None);
    }

    /// Rows, a block of them at most, that also fail these filters come or go, all alike.
    fn add_all(&mut self, rows: Range<usize>, come: bool, fails: u16, but: Option<usize>) {
        if fails.count_ones() > 1 {
            return;
        }
        let worths = &mut self.block.worths[..rows.len()];
        for (worth, state) in worths.iter_mut().zip(&self.states[rows.clone()]) {
            *worth = state.worth(1);
        }
        if let Some(weights) = self.weights {
            for (worth, row) in worths.iter_mut().zip(rows.clone()) {
                *worth *= u64::from(weights.get(row).unwrap_or_default());
            }
        }
        if !come {
            worths.iter_mut().for_each(|worth| *worth = worth.wrapping_neg());
        }
        if fails == 0 {
            worths.iter().for_each(|worth| add(self.header, *worth));
        }
        let worths = &*worths;
        for (place, chart) in self.charts.iter_mut().enumerate() {
            if Some(place) == but || fails & !(1 << place) != 0 {
                continue;
            }
            each_width!(self.columns[place], column => {
                let column = &column[rows.clone()];
                add_each(&mut chart.counts, column.iter().map(|code| *code as usize), worths);
            });
        }
    }

    /// A row that also fails these filters comes or goes.
    #[inline]
    fn note(&mut self, row: usize, fails: u16, worth: u64) {
        let Block { len, rows, worths } = &mut self.block;
        rows[*len & (BLOCK - 1)] = row as u32;
        worths[*len & (BLOCK - 1)] = worth;
        *len += usize::from(fails == 0 && worth != 0);
        if fails.is_power_of_two() {
            let place = fails.trailing_zeros() as usize;
            if let Some(code) = self.columns[place].get(row) {
                add(&mut self.charts[place].counts[code as usize][0], worth);
            }
        }
    }

    /// What was noted goes into every chart but the one whose filter changed.
    fn settle(&mut self, but: Option<usize>) {
        let Block { len, rows, worths } = &mut self.block;
        let (rows, worths) = (&rows[..*len], &worths[..*len]);
        *len = 0;
        for worth in worths {
            add(self.header, *worth);
        }
        for (place, chart) in self.charts.iter_mut().enumerate() {
            if Some(place) == but {
                continue;
            }
            each_width!(self.columns[place], column => {
                let codes = rows.iter().map(|row| column[*row as usize] as usize);
                add_each(&mut chart.counts, codes, worths);
            });
        }
    }
}

/// The codes that flip, by neighbours.
fn stretches(flipped: &[bool]) -> impl Iterator<Item = Range<usize>> {
    let mut code = 0;
    std::iter::from_fn(move || {
        let first = code + flipped[code..].iter().position(|flipped| *flipped)?;
        code = first + flipped[first..].iter().take_while(|flipped| **flipped).count();
        Some(first..code)
    })
}

/// What all of these rows fail, if they all fail the same.
fn alike(fails: &[u16]) -> Option<u16> {
    let first = *fails.first()?;
    let differ = fails.iter().fold(0, |differ, fails| differ | (fails ^ first));
    (differ == 0).then_some(first)
}

/// What goes is added as its negative.
fn add(counts: &mut u64, worth: u64) {
    *counts = counts.wrapping_add(worth);
}

/// Neighbours are often alike: of one day, without a failure code. Each would wait for the
/// sum that the one before leaves behind, so they take turns at four sums.
fn add_each(counts: &mut [[u64; 4]], mut codes: impl Iterator<Item = usize>, worths: &[u64]) {
    let mut fours = worths.chunks_exact(4);
    for worths in &mut fours {
        for (lane, worth) in worths.iter().enumerate() {
            if let Some(code) = codes.next() {
                add(&mut counts[code][lane], *worth);
            }
        }
    }
    for (code, worth) in codes.zip(fours.remainder()) {
        add(&mut counts[code][0], *worth);
    }
}
