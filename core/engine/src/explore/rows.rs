//! The incremental update of all charts, in one pass over the changed rows.

use std::ops::Range;

use domain::each_width;
use domain::frame::{Codes, Column, CountingClass};

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
    /// The state of a row with this counting class.
    pub(super) fn new(basis: Basis, standing: CountingClass) -> Self {
        let mut tally = Tally::new(basis);
        tally.add(&standing.cell(1));
        match (tally.n, tally.passed) {
            (0, _) => Self::Out,
            (_, 0) => Self::Counted,
            _ => Self::Passed,
        }
    }

    /// n and passed of `runs` runs, packed.
    pub(super) const fn packed_counts(self, runs: u32) -> u64 {
        let bits = self as u64;
        ((bits & 1) | (bits >> 1) << 32) * runs as u64
    }
}

/// The kind of update.
pub(super) enum Change<'a> {
    /// A full recount.
    Recount,
    /// The filter changed for these codes of the column that rows are sorted by: ranges of rows.
    LaidOut { index: usize, flipped: &'a [bool] },
    /// The same for a column whose codes ascend within each range: binary search.
    Ascending { index: usize, flipped: &'a [bool] },
    /// The same for any other column: a scan.
    Scattered { index: usize, flipped: &'a [bool] },
}

/// The number of rows per block, so that the buffers stay in the CPU cache. The frames of tests are
/// small, but must have several blocks.
const BLOCK: usize = if cfg!(test) { 16 } else { 1024 };

/// Buffered rows that are added to or removed from every chart, with their signed counts.
struct Block {
    len: usize,
    rows: [u32; BLOCK],
    deltas: [u64; BLOCK],
}

impl Explorer {
    pub(super) fn change(&mut self, change: Change<'_>) {
        let Self { frame, durations, charts, starts, states, filter_masks, header, .. } = self;
        let columns: Vec<Codes<'_>> =
            charts.iter().map(|chart| codes(frame, durations, chart.column)).collect();
        let weights = frame.codes(Column::Weight);
        let rows = filter_masks.len();
        let mut pass = Pass {
            charts,
            columns: &columns,
            weights,
            states,
            filter_masks,
            header,
            block: Block { len: 0, rows: [0; BLOCK], deltas: [0; BLOCK] },
        };
        match change {
            Change::Recount => {
                pass.charts.iter_mut().for_each(|chart| chart.counts.fill([0; 4]));
                *pass.header = 0;
                for from in (0..rows).step_by(BLOCK) {
                    pass.count(from..rows.min(from + BLOCK));
                }
            }
            Change::LaidOut { index, flipped } => {
                for codes in ranges(flipped) {
                    pass.flip_rows(index, starts[codes.start]..starts[codes.end]);
                }
            }
            Change::Ascending { index, flipped } => {
                each_width!(columns[index], column => {
                    for codes in ranges(flipped) {
                        for ends in starts.windows(2) {
                            let rows = &column[ends[0]..ends[1]];
                            let before = |code| rows.partition_point(|it| (*it as usize) < code);
                            let (from, to) = (before(codes.start), before(codes.end));
                            pass.flip_rows(index, ends[0] + from..ends[0] + to);
                        }
                    }
                });
            }
            Change::Scattered { index, flipped } => {
                each_width!(columns[index], column => {
                    for (block, values) in column.chunks(BLOCK).enumerate() {
                        let mut found = [0_u32; BLOCK];
                        let mut many = 0;
                        for (row, code) in (block * BLOCK..).zip(values) {
                            found[many & (BLOCK - 1)] = row as u32;
                            many += usize::from(flipped[*code as usize]);
                        }
                        pass.flip(index, found[..many].iter().map(|row| *row as usize));
                    }
                });
            }
        }
    }
}

/// An update in progress.
struct Pass<'a> {
    charts: &'a mut [Chart],
    columns: &'a [Codes<'a>],
    weights: Option<Codes<'a>>,
    states: &'a [State],
    filter_masks: &'a mut [u16],
    header: &'a mut u64,
    block: Block,
}

impl Pass<'_> {
    /// Flips the filter of a chart for these rows.
    fn flip_rows(&mut self, index: usize, rows: Range<usize>) {
        for from in rows.clone().step_by(BLOCK) {
            self.flip_all(index, from..rows.end.min(from + BLOCK));
        }
    }

    /// Flips the filter of a chart for at most a block of rows, which all passed it or all failed
    /// it.
    fn flip_all(&mut self, index: usize, rows: Range<usize>) {
        let bit = 1_u16 << index;
        let Some(before) = common_mask(&self.filter_masks[rows.clone()]) else {
            return self.flip(index, rows);
        };
        self.filter_masks[rows.clone()].fill(before ^ bit);
        self.add_all(rows, before & bit > 0, before & !bit, Some(index));
    }

    /// Flips the filter of a chart for at most a block of rows.
    fn flip(&mut self, index: usize, rows: impl Iterator<Item = usize>) {
        let bit = 1_u16 << index;
        for row in rows {
            let before = self.filter_masks[row];
            self.filter_masks[row] = before ^ bit;
            let delta = self.states[row].packed_counts(weight(self.weights, row));
            // A row that failed the filter is added; one that passed it is removed.
            let delta = if before & bit > 0 { delta } else { delta.wrapping_neg() };
            self.add_row(row, before & !bit, delta);
        }
        self.flush(Some(index));
    }

    /// Counts at most a block of rows.
    fn count(&mut self, rows: Range<usize>) {
        if let Some(filter_mask) = common_mask(&self.filter_masks[rows.clone()]) {
            return self.add_all(rows, true, filter_mask, None);
        }
        for row in rows {
            let delta = self.states[row].packed_counts(weight(self.weights, row));
            self.add_row(row, self.filter_masks[row], delta);
        }
        self.flush(None);
    }

    /// Adds or removes at most a block of rows, all with the same mask of other failed filters.
    fn add_all(
        &mut self,
        rows: Range<usize>,
        is_added: bool,
        filter_mask: u16,
        except: Option<usize>,
    ) {
        if filter_mask.count_ones() > 1 {
            return;
        }
        let deltas = &mut self.block.deltas[..rows.len()];
        for (delta, state) in deltas.iter_mut().zip(&self.states[rows.clone()]) {
            *delta = state.packed_counts(1);
        }
        if let Some(weights) = self.weights {
            for (delta, row) in deltas.iter_mut().zip(rows.clone()) {
                *delta *= u64::from(weights.get(row).unwrap_or_default());
            }
        }
        if !is_added {
            deltas.iter_mut().for_each(|delta| *delta = delta.wrapping_neg());
        }
        if filter_mask == 0 {
            deltas.iter().for_each(|delta| add(self.header, *delta));
        }
        let deltas = &*deltas;
        for (index, chart) in self.charts.iter_mut().enumerate() {
            if Some(index) == except || filter_mask & !(1 << index) != 0 {
                continue;
            }
            each_width!(self.columns[index], column => {
                let column = &column[rows.clone()];
                add_each(&mut chart.counts, column.iter().map(|code| *code as usize), deltas);
            });
        }
    }

    /// Adds or removes a row with this mask of other failed filters.
    #[inline]
    fn add_row(&mut self, row: usize, filter_mask: u16, delta: u64) {
        let Block { len, rows, deltas } = &mut self.block;
        rows[*len & (BLOCK - 1)] = row as u32;
        deltas[*len & (BLOCK - 1)] = delta;
        *len += usize::from(filter_mask == 0 && delta != 0);
        if filter_mask.is_power_of_two() {
            let index = filter_mask.trailing_zeros() as usize;
            if let Some(code) = self.columns[index].get(row) {
                add(&mut self.charts[index].counts[code as usize][0], delta);
            }
        }
    }

    /// Applies the buffered rows to every chart except the one whose filter changed.
    fn flush(&mut self, except: Option<usize>) {
        let Block { len, rows, deltas } = &mut self.block;
        let (rows, deltas) = (&rows[..*len], &deltas[..*len]);
        *len = 0;
        for delta in deltas {
            add(self.header, *delta);
        }
        for (index, chart) in self.charts.iter_mut().enumerate() {
            if Some(index) == except {
                continue;
            }
            each_width!(self.columns[index], column => {
                let codes = rows.iter().map(|row| column[*row as usize] as usize);
                add_each(&mut chart.counts, codes, deltas);
            });
        }
    }
}

/// The ranges of adjacent codes that flip.
fn ranges(flipped: &[bool]) -> impl Iterator<Item = Range<usize>> {
    let mut code = 0;
    std::iter::from_fn(move || {
        let first = code + flipped[code..].iter().position(|flipped| *flipped)?;
        code = first + flipped[first..].iter().take_while(|flipped| **flipped).count();
        Some(first..code)
    })
}

/// The common filter mask of the rows, if there is one.
fn common_mask(filter_masks: &[u16]) -> Option<u16> {
    let first = *filter_masks.first()?;
    let differ = filter_masks.iter().fold(0, |differ, mask| differ | (mask ^ first));
    (differ == 0).then_some(first)
}

/// A removal is added as the two's complement.
fn add(counts: &mut u64, delta: u64) {
    *counts = counts.wrapping_add(delta);
}

/// Adjacent rows often have the same code: the same day, or no failure code. Four partial sums
/// break the dependency of each addition on the one before it.
fn add_each(counts: &mut [[u64; 4]], mut codes: impl Iterator<Item = usize>, deltas: &[u64]) {
    let mut fours = deltas.chunks_exact(4);
    for deltas in &mut fours {
        for (lane, delta) in deltas.iter().enumerate() {
            if let Some(code) = codes.next() {
                add(&mut counts[code][lane], *delta);
            }
        }
    }
    for (code, delta) in codes.zip(fours.remainder()) {
        add(&mut counts[code][0], *delta);
    }
}
