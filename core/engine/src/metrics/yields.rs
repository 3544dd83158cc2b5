//! Which runs a definition counts, and their totals.

use std::collections::BTreeMap;

use domain::Outcome;
use domain::yields::{Aborted, Cell, Definition, HistoryFlags, Reason};

use super::{defects, retest};
use crate::proportion::Proportion;

/// A definition, and its treatment of aborted runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
    /// The definition.
    pub definition: Definition,
    /// The requested treatment of aborted runs; `None`: the definition's default.
    pub aborted: Option<Aborted>,
}

impl Basis {
    /// The treatment of aborted runs in n and passed.
    #[must_use]
    pub fn aborted(self) -> Aborted {
        self.aborted.unwrap_or(Aborted::default_for(self.definition))
    }

    /// The treatment of aborted runs in unit metrics, which use first-run under every definition.
    #[must_use]
    pub fn aborted_in_metrics(self) -> Aborted {
        self.aborted.unwrap_or(Aborted::default_for(Definition::FirstRun))
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

/// Units by first-run, and the results of their later runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// Units whose run 1 is in the population.
    pub n: u64,
    /// Passed by run 2.
    pub passed_by_2: u64,
    /// Passed by run 3.
    pub passed_by_3: u64,
    /// Passed in any run.
    pub passed_ever: u64,
    /// Passed in the last run.
    pub passed_last: u64,
    /// With two runs or more.
    pub retested: u64,
    /// All their runs.
    pub attempts: u64,
}

/// Failure episodes whose first FAIL is in the population.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Episodes {
    /// Number of episodes.
    pub n: u64,
    /// Number that ended with a PASS.
    pub resolved: u64,
    /// Number of these that ended without a repair or a change.
    pub cleared: u64,
}

/// The totals of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    basis: Basis,
    /// Runs, counted or not.
    pub runs: u64,
    /// Counted runs.
    pub n: u64,
    /// Counted runs that passed.
    pub passed: u64,
    /// Checks in the counted runs.
    pub opportunities: u64,
    /// Failed checks in the counted runs.
    pub defects: u64,
    /// Numbers of excluded runs by reason; no entry is zero.
    pub excluded: BTreeMap<Reason, u64>,
    /// Units by first-run.
    pub units: Units,
    /// Failure episodes.
    pub episodes: Episodes,
}

impl Tally {
    /// The totals of no cells.
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

    /// Adds the totals of other cells, such as those of another tenant. Both have one basis.
    pub fn merge(&mut self, other: &Self) {
        self.runs += other.runs;
        self.n += other.n;
        self.passed += other.passed;
        self.opportunities += other.opportunities;
        self.defects += other.defects;
        for (reason, count) in &other.excluded {
            self.exclude(*reason, *count);
        }
        let (units, more) = (&mut self.units, &other.units);
        units.n += more.n;
        units.passed_by_2 += more.passed_by_2;
        units.passed_by_3 += more.passed_by_3;
        units.passed_ever += more.passed_ever;
        units.passed_last += more.passed_last;
        units.retested += more.retested;
        units.attempts += more.attempts;
        self.episodes.n += other.episodes.n;
        self.episodes.resolved += other.episodes.resolved;
        self.episodes.cleared += other.episodes.cleared;
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
        let marked = |mark: fn(HistoryFlags, Aborted) -> bool| {
            if mark(cell.marks, aborted) { cell.runs } else { 0 }
        };
        units.passed_by_2 += marked(HistoryFlags::passed_by_2);
        units.passed_by_3 += marked(HistoryFlags::passed_by_3);
        units.passed_ever += marked(HistoryFlags::passed_ever);
        units.passed_last += marked(HistoryFlags::passed_last);
        units.retested += marked(HistoryFlags::retested);
    }

    /// Adds excluded runs of a reason; zero has no effect.
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

    /// Defects per million opportunities; `None` without opportunities.
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
    /// A number of units as a fraction of all units; `None` without units.
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
            marks: HistoryFlags::from_bits(marks),
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
