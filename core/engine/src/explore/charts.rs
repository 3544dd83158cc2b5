//! A chart: a column, its filter and its counts.

use domain::frame::Column;

use super::Selection;

#[derive(Clone, Debug)]
pub(super) struct Chart {
    pub(super) column: Column,
    /// By code, whether the chart's filter accepts it.
    pub(super) allowed: Vec<bool>,
    /// By code, n in the low and passed in the high 32 bits, split into four partial sums.
    pub(super) counts: Vec<[u64; 4]>,
    /// The sums of the counts without any filter.
    pub(super) unfiltered: Vec<u64>,
}

impl Chart {
    pub(super) fn new(column: Column, values: usize) -> Self {
        Self {
            column,
            allowed: vec![true; values],
            counts: vec![[0; 4]; values],
            unfiltered: Vec::new(),
        }
    }

    /// The counts as one sum each.
    pub(super) fn sums(&self) -> impl Iterator<Item = u64> {
        self.counts.iter().map(|sums| sums.iter().fold(0, |all: u64, sum| all.wrapping_add(*sum)))
    }

    /// Sets the filter. Returns by code whether its acceptance changed; `None` if nothing changed.
    pub(super) fn select(&mut self, selection: &Selection) -> Option<Vec<bool>> {
        let allowed = selection.allowed(self.allowed.len());
        let flipped: Vec<bool> =
            self.allowed.iter().zip(&allowed).map(|(before, now)| before != now).collect();
        self.allowed = allowed;
        flipped.contains(&true).then_some(flipped)
    }
}
