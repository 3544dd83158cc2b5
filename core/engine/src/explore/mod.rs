//! Crossfilter: linked charts over a frame of runs, updated incrementally when a filter changes.
//!
//! A chart counts by one column: for each value, the counted runs (n) and those that passed. Every
//! chart is under all filters but its own, the header under all of them. FPY and volume by day,
//! station or product, the Pareto of failure codes (n − passed) and the histograms of durations and
//! of measured values are all such counts.
//!
//! # Algorithm
//! [`Basis`] decides which runs count, once for each counting class of the frame. Each row has a
//! bitmap of the filters that it filter_masks (the filter mask). When a filter changes, only rows whose
//! bit flips are updated: a row that filter_masks no other filter is added to or removed from every chart
//! but the filter's own; one that filter_masks a single other filter changes only that filter's chart; any
//! other row changes none. Rows of a frame are sorted by station, so the rows of a station are a
//! known range. Within a station they are in the order of time, so the rows of a range of days are
//! found by binary search. For any other column its codes are scanned, a byte or two a row.
//!
//! Counts are packed: n in the low and passed in the high half of 64 bits, one addition per row and
//! chart. They cannot overflow, since a frame represents fewer than 2³² runs.

mod bins;
mod charts;
mod durations;
mod rows;
mod selection;
#[cfg(test)]
mod tests;

pub use bins::{are_logarithmic, bins, have_zero_bin};
pub use selection::Selection;

use std::collections::BTreeMap;
use std::fmt;

use domain::each_width;
use domain::frame::{Codes, Column, Frame, Kind};
use domain::yields::Reason;

use crate::metrics::yields::{Basis, Tally};
use crate::proportion::Proportion;
use charts::Chart;
use durations::Durations;
use rows::{Change, State};

/// The error for a frame without this column, or a column that cannot be charted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing(pub Column);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the frame cannot be counted by {}", self.0)
    }
}

impl core::error::Error for Missing {}

/// The charts, their filters and their counts.
#[derive(Clone, Debug)]
pub struct Explorer {
    frame: Frame,
    basis: Basis,
    durations: Durations,
    charts: Vec<Chart>,
    /// The first row of each code of the frame's layout, then the end.
    starts: Vec<usize>,
    /// Whether days ascend within each of these ranges, as they do if clocks are right.
    days_ascend: bool,
    /// The state of each row.
    states: Vec<State>,
    /// Rows that do not count.
    left_out: Vec<u32>,
    /// The filter mask of each row: a bit for every chart whose filter it filter_masks.
    filter_masks: Vec<u16>,
    header: u64,
}

impl Explorer {
    /// Creates charts by these columns, without filters. A column without a chart cannot be
    /// filtered and costs nothing; a duplicate is charted once.
    ///
    /// # Errors
    /// If the frame lacks the counting classes or one of the columns. `standing`, `started` and
    /// `weight` cannot be charted, and there are at most sixteen charts.
    pub fn new(frame: Frame, basis: Basis, by: &[Column]) -> Result<Self, Missing> {
        frame.codes(Column::CountingClass).ok_or(Missing(Column::CountingClass))?;
        let durations = match by.contains(&Column::Duration) {
            true => Durations::new(frame.codes(Column::Duration).ok_or(Missing(Column::Duration))?),
            false => Durations::default(),
        };
        let mut charts: Vec<Chart> = Vec::new();
        for column in by {
            if charts.iter().any(|chart| chart.column == *column) {
                continue;
            }
            let entries = frame.entries(*column).unwrap_or_default();
            let values = match column.kind() {
                Kind::Words | Kind::Bins => frame.codes(*column).map(|_| entries + 1),
                Kind::Day => frame.codes(*column).map(|_| entries),
                Kind::Number if *column == Column::Duration => Some(durations.values()),
                Kind::Number | Kind::CountingClass | Kind::Started => None,
            };
            let values = values.filter(|_| charts.len() < 16).ok_or(Missing(*column))?;
            charts.push(Chart::new(*column, values));
        }
        let starts = frame.layout().and_then(|layout| starts(&frame, layout)).unwrap_or_default();
        let days_ascend = days_ascend(&frame, &starts);
        let mut explorer = Self {
            filter_masks: vec![0; frame.rows()],
            frame,
            basis,
            durations,
            charts,
            starts,
            days_ascend,
            states: Vec::new(),
            left_out: Vec::new(),
            header: 0,
        };
        explorer.define(basis);
        Ok(explorer)
    }

    /// The frame, with the dictionaries of the codes.
    #[must_use]
    pub const fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The definition of counted runs.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        self.basis
    }

    /// The lower edges of the duration bins, in seconds; the last bin has no upper edge. The code
    /// after the last means an unknown duration.
    #[must_use]
    pub fn durations(&self) -> &[u32] {
        self.durations.edges()
    }

    /// Changes the definition and keeps the filters.
    pub fn define(&mut self, basis: Basis) {
        self.basis = basis;
        let states: Vec<State> =
            self.frame.standings().map(|standing| State::new(basis, standing)).collect();
        if let Some(standings) = self.frame.codes(Column::CountingClass) {
            each_width!(standings, codes => {
                self.states.clear();
                self.states.extend(codes.iter().map(|code| states[*code as usize]));
                self.left_out.clear();
                let rows = (0..).zip(&self.states).filter(|(_, state)| **state == State::Out);
                self.left_out.extend(rows.map(|(row, _)| row));
            });
        }
        let masks = std::mem::replace(&mut self.filter_masks, vec![0; self.frame.rows()]);
        self.change(Change::Recount);
        for chart in &mut self.charts {
            chart.unfiltered = chart.sums().collect();
        }
        let is_filtered = masks.iter().any(|bits| *bits > 0);
        self.filter_masks = masks;
        if is_filtered {
            self.change(Change::Recount);
        }
    }

    /// Sets the filter by this column; true if its acceptance of any value changed.
    pub fn select(&mut self, by: Column, selection: &Selection) -> bool {
        let Some(index) = self.charts.iter().position(|chart| chart.column == by) else {
            return false;
        };
        let Some(flipped) = self.charts[index].select(selection) else {
            return false;
        };
        let flipped = &flipped;
        self.change(match by {
            _ if self.frame.layout() == Some(by) => Change::LaidOut { index, flipped },
            Column::Day if self.days_ascend => Change::Ascending { index, flipped },
            _ => Change::Scattered { index, flipped },
        });
        true
    }

    /// Clears all filters.
    pub fn clear(&mut self) {
        for chart in &mut self.charts {
            chart.select(&Selection::All);
        }
        self.filter_masks.fill(0);
        self.change(Change::Recount);
    }

    /// Counted and passed runs by the codes of a column, under all filters but that by this column.
    /// Empty for a column that is not charted.
    #[must_use]
    pub fn by(&self, column: Column) -> Vec<Proportion> {
        let chart = self.charts.iter().find(|chart| chart.column == column);
        chart.map(|chart| chart.sums().map(proportion).collect()).unwrap_or_default()
    }

    /// The same as [`Explorer::by`] without any filter: changes with the definition alone.
    #[must_use]
    pub fn unfiltered(&self, column: Column) -> Vec<Proportion> {
        let chart = self.charts.iter().find(|chart| chart.column == column);
        let sums = chart.map(|chart| chart.unfiltered.as_slice()).unwrap_or_default();
        sums.iter().copied().map(proportion).collect()
    }

    /// Whether the filter by this column accepts a code.
    #[must_use]
    pub fn is_selected(&self, column: Column, code: usize) -> bool {
        let chart = self.charts.iter().find(|chart| chart.column == column);
        chart.is_none_or(|chart| chart.allowed.get(code).copied().unwrap_or_default())
    }

    /// Counted and passed runs under all filters.
    #[must_use]
    pub fn header(&self) -> Proportion {
        proportion(self.header)
    }

    /// The header under these filters alone, for the baseline of a comparison. Scans all rows.
    #[must_use]
    pub fn header_under(&self, selections: &[(Column, Selection)]) -> Proportion {
        let mut filters = Vec::new();
        for (column, selection) in selections {
            if let Some(chart) = self.charts.iter().find(|chart| chart.column == *column) {
                let allowed = selection.allowed(chart.allowed.len());
                filters.push((self.codes(*column), allowed));
            }
        }
        let weights = self.frame.codes(Column::Weight);
        let mut all = 0_u64;
        for (row, state) in self.states.iter().enumerate() {
            let is_accepted = filters
                .iter()
                .all(|(codes, allowed)| codes.get(row).is_some_and(|code| allowed[code as usize]));
            if is_accepted {
                all = all.wrapping_add(state.packed_counts(weight(weights, row)));
            }
        }
        proportion(all)
    }

    /// Runs under all filters that do not count, by reason; and the number of other runs that the
    /// definition does not choose for their unit. Units whose first run is not in the frame are
    /// unknown.
    #[must_use]
    pub fn left_out(&self) -> (BTreeMap<Reason, u64>, u64) {
        let Some(standings) = self.frame.codes(Column::CountingClass) else {
            return (BTreeMap::new(), 0);
        };
        let weights = self.frame.codes(Column::Weight);
        let mut runs = vec![0_u64; self.frame.entries(Column::CountingClass).unwrap_or_default()];
        for row in self.left_out.iter().map(|row| *row as usize) {
            if let Some(code) = standings.get(row).filter(|_| self.filter_masks[row] == 0) {
                runs[code as usize] += u64::from(weight(weights, row));
            }
        }
        let mut tally = Tally::new(self.basis);
        for (standing, runs) in self.frame.standings().zip(runs) {
            tally.add(&standing.cell(runs));
        }
        let others = tally.runs - tally.excluded.values().sum::<u64>();
        (tally.excluded, others)
    }

    fn codes(&self, column: Column) -> Codes<'_> {
        codes(&self.frame, &self.durations, column)
    }
}

/// The codes of a chart's column.
fn codes<'a>(frame: &'a Frame, durations: &'a Durations, column: Column) -> Codes<'a> {
    match column {
        Column::Duration => Codes::U8(durations.codes()),
        _ => frame.codes(column).unwrap_or(Codes::U8(&[])),
    }
}

fn weight(weights: Option<Codes<'_>>, row: usize) -> u32 {
    weights.map_or(1, |weights| weights.get(row).unwrap_or_default())
}

const fn proportion(counts: u64) -> Proportion {
    Proportion { k: counts >> 32, n: counts & 0xffff_ffff }
}

fn starts(frame: &Frame, layout: Column) -> Option<Vec<usize>> {
    let mut starts = vec![0; frame.entries(layout)? + 2];
    each_width!(frame.codes(layout)?, codes => {
        for code in codes {
            starts[*code as usize + 1] += 1;
        }
    });
    for code in 1..starts.len() {
        starts[code] += starts[code - 1];
    }
    Some(starts)
}

fn days_ascend(frame: &Frame, starts: &[usize]) -> bool {
    let Some(days) = frame.codes(Column::Day).filter(|_| !starts.is_empty()) else { return false };
    each_width!(days, days => starts.windows(2).all(|ends| days[ends[0]..ends[1]].is_sorted()))
}
