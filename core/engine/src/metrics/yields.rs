//! Which runs a definition counts, and what they add up to.

use std::collections::BTreeMap;

use domain::Outcome;
use domain::yields::{Aborted, Cell, Definition, Marks, Reason};

use super::{defects, retest};
use crate::proportion::Proportion;

/// A definition, and what it does with aborted runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Which runs are counted.
    pub definition: Definition,
    /// What was asked of aborted runs; none: as the definition has it.
    pub aborted: Option<Aborted>,
}

impl Basis {
    /// What becomes of aborted runs in n and passed.
    #[must_use]
    pub fn aborted(self) -> Aborted {
        self.aborted.unwrap_or(Aborted::of(self.definition))
    }

    /// What becomes of them in the metrics of units, which are those of first-run under
    /// every definition.
    #[must_use]
    pub fn aborted_in_metrics(self) -> Aborted {
        self.aborted.unwrap_or(Aborted::of(Definition::FirstRun))
    }

    /// Whether the runs of a cell are counted.
    #[must_use]
    pub fn counts(self, cell: &Cell) -> bool {
        let aborted = self.aborted();
        cell.reason.is_none()
            && !(cell.outcome == Outcome::Aborted && aborted == Aborted::Excluded)
            && match self.definition {
                Definition::FirstRun => is_first(cell, aborted),
                Definition::FirstAttemptOfDay => cell.marks.first_of_day(aborted),
                Definition::Report => true,
            }
    }
}

fn is_first(cell: &Cell, aborted: Aborted) -> bool {
    match aborted {
        Aborted::Counted => cell.first,
        Aborted::Excluded => cell.unaborted_first,
    }
}

/// Units of first-run, and how they went on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// Units whose run 1 is here.
    pub n: u64,
    /// Passed by run 2.
    pub passed_by_2: u64,
    /// Passed by run 3.
    pub passed_by_3: u64,
    /// Passed at some time.
    pub passed_ever: u64,
    /// Passed in the last run.
    pub passed_last: u64,
    /// With two runs or more.
    pub retested: u64,
    /// All their runs.
    pub attempts: u64,
}

/// Failing episodes whose first FAIL is here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Episodes {
    /// How many began.
    pub n: u64,
    /// How many ended with a PASS.
    pub resolved: u64,
    /// How many of these ended without a repair or a change.
    pub cleared: u64,
}

/// What cells add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    basis: Basis,
    /// Runs, counted or not.
    pub runs: u64,
    /// Counted.
    pub n: u64,
    /// Counted, and passed.
    pub passed: u64,
    /// Checks in the counted runs.
    pub opportunities: u64,
    /// Checks in them that failed.
    pub defects: u64,
    /// What was not counted, and why; no reason stands at nought.
    pub excluded: BTreeMap<Reason, u64>,
    /// Units of first-run.
    pub units: Units,
    /// Failing episodes.
    pub episodes: Episodes,
}

impl Tally {
    /// Of no cells.
    #[must_use]
    pub fn new(basis: Basis) -> Self {
        Self {
            basis,
            runs: 0,
            n: 0,
            passed: 0,
            opportunities: 0,
            defects: 0,
            excluded: BTreeMap::new(),
            units: Units::default(),
            episodes: Episodes::default(),
        }
    }

    /// Adds the runs of a cell.
    pub fn add(&mut self, cell: &Cell) {
        self.runs += cell.runs;
        if self.basis.counts(cell) {
            self.n += cell.runs;
            self.opportunities += cell.opportunities;
            self.defects += cell.defects;
            if cell.outcome == Outcome::Pass {
                self.passed += cell.runs;
            }
        }
        if let Some(reason) = cell.reason {
            self.exclude(reason, cell.runs);
            return;
        }
        if cell.outcome == Outcome::Aborted && self.basis.aborted() == Aborted::Excluded {
            self.exclude(Reason::Aborted, cell.runs);
        }
        let aborted = self.basis.aborted_in_metrics();
        if is_first(cell, aborted) {
            self.add_units(cell, aborted);
        }
        let episodes = &mut self.episodes;
        for (has, count) in [
            (cell.marks.episode(), &mut episodes.n),
            (cell.marks.resolved(), &mut episodes.resolved),
            (cell.marks.cleared(), &mut episodes.cleared),
        ] {
            *count += if has { cell.runs } else { 0 };
        }
    }

    fn add_units(&mut self, cell: &Cell, aborted: Aborted) {
        let units = &mut self.units;
        units.n += cell.runs;
        units.attempts += match aborted {
            Aborted::Counted => cell.attempts,
            Aborted::Excluded => cell.unaborted_attempts,
        };
        let marked = |mark: fn(Marks, Aborted) -> bool| {
            if mark(cell.marks, aborted) { cell.runs } else { 0 }
        };
        units.passed_by_2 += marked(Marks::passed_by_2);
        units.passed_by_3 += marked(Marks::passed_by_3);
        units.passed_ever += marked(Marks::passed_ever);
        units.passed_last += marked(Marks::passed_last);
        units.retested += marked(Marks::retested);
    }

    /// Notes what was not counted for a reason; nought changes nothing.
    pub fn exclude(&mut self, reason: Reason, count: u64) {
        if count > 0 {
            *self.excluded.entry(reason).or_default() += count;
        }
    }

    /// The yield as counts.
    #[must_use]
    pub fn proportion(&self) -> Proportion {
        Proportion { k: self.passed, n: self.n }
    }

    /// Defects per million opportunities; `None` where nothing was checked.
    #[must_use]
    pub fn dpmo(&self) -> Option<f64> {
        defects::dpmo(self.defects, self.opportunities)
    }

    /// Defective parts per million, 10⁶ (n − passed)/n; `None` where n = 0.
    #[must_use]
    pub fn ppm(&self) -> Option<f64> {
        defects::ppm(self.n.checked_sub(self.passed)?, self.n)
    }
}

impl Units {
    /// Such units as a fraction of all; `None` where there are none.
    #[must_use]
    pub fn share(&self, units: u64) -> Option<f64> {
        Proportion { k: units, n: self.n }.fraction()
    }

    /// (runs − first runs)/first runs; `None` where there are no units.
    #[must_use]
    pub fn retest_ratio(&self) -> Option<f64> {
        retest::retest_ratio(self.attempts, self.n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(outcome: Outcome, first: bool, marks: u16) -> Cell {
        Cell {
            reason: None,
            outcome,
            first,
            unaborted_first: first && outcome != Outcome::Aborted,
            marks: Marks::from_bits(marks),
            runs: 3,
            attempts: if first { 5 } else { 0 },
            unaborted_attempts: 0,
            defects: 1,
            opportunities: 10,
        }
    }

    fn tally(definition: Definition, aborted: Option<Aborted>, cells: &[Cell]) -> Tally {
        let mut tally = Tally::new(Basis { definition, aborted });
        cells.iter().for_each(|cell| tally.add(cell));
        tally
    }

    #[test]
    fn each_definition_counts_its_own_runs_of_the_same_cells() {
        let cells = [
            cell(Outcome::Pass, true, 1 | 32),
            cell(Outcome::Aborted, true, 1),
            cell(Outcome::Pass, false, 32),
            Cell { reason: Some(Reason::Golden), ..cell(Outcome::Pass, true, 1) },
        ];
        let counts = |definition, aborted| {
            let tally = tally(definition, aborted, &cells);
            (tally.n, tally.passed, tally.excluded.get(&Reason::Aborted).copied())
        };
        assert_eq!(counts(Definition::FirstRun, None), (6, 3, None));
        assert_eq!(counts(Definition::FirstRun, Some(Aborted::Excluded)), (3, 3, Some(3)));
        assert_eq!(counts(Definition::FirstAttemptOfDay, None), (6, 6, Some(3)));
        assert_eq!(counts(Definition::FirstAttemptOfDay, Some(Aborted::Counted)), (6, 3, None));
        assert_eq!(counts(Definition::Report, None), (9, 6, None));
    }

    #[test]
    fn metrics_of_units_are_those_of_first_run_under_every_definition() {
        let cells = [cell(Outcome::Fail, true, 1 | 32 | 2 | 8 | 1024 | 2048 | 8192)];
        for definition in Definition::ALL {
            let tally = tally(*definition, None, &cells);
            assert_eq!((tally.units.n, tally.units.attempts, tally.units.retested), (3, 5, 3));
            assert_eq!(tally.units.share(tally.units.passed_by_2), Some(1.0));
            assert_eq!(tally.units.share(tally.units.passed_last), Some(0.0));
            assert_eq!(tally.episodes, Episodes { n: 3, resolved: 3, cleared: 0 });
            assert_eq!(tally.dpmo(), Some(100_000.0));
        }
    }
}
