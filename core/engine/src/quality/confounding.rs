//! Confounding: which of several suspects occur together, and the effect of one stratified by the
//! other.
//!
//! Runs are given as patterns: which of up to 32 suspects they have, as bits, and how
//! many of them failed and passed. From these every table of two suspects follows.

use crate::stats::contingency::{MantelHaenszel, Table, mantel_haenszel};

/// Maximum number of suspects in patterns.
pub const MAX_SUSPECTS: usize = 32;

/// Runs that have exactly the suspects of `members`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Bit i is set where the runs have suspect i.
    pub members: u32,
    /// Failing runs.
    pub failing: u64,
    /// Passing runs.
    pub passing: u64,
}

fn has(members: u32, suspect: usize) -> bool {
    members.checked_shr(suspect as u32).is_some_and(|rest| rest & 1 == 1)
}

/// φ between having suspect `one` and having suspect `other`, over all runs: Cramér's V
/// with the sign of the association, 1 where they always go together, −1 where a run has
/// either the one or the other. `None` where one of them has all runs or none.
#[must_use]
pub fn phi(patterns: &[Pattern], one: usize, other: usize) -> Option<f64> {
    let mut table = Table::default();
    for pattern in patterns {
        let runs = pattern.failing + pattern.passing;
        match (has(pattern.members, one), has(pattern.members, other)) {
            (true, true) => table.a += runs,
            (true, false) => table.b += runs,
            (false, true) => table.c += runs,
            (false, false) => table.d += runs,
        }
    }
    let [together, only_one, only_other, neither] =
        [table.a, table.b, table.c, table.d].map(|runs| runs as f64);
    let is_positive = together * neither >= only_one * only_other;
    table.cramers_v().map(|v| if is_positive { v } else { -v })
}

/// Association of `suspect` with failing, within runs that have `by` and within those
/// that do not (Cochran–Mantel–Haenszel).
///
/// `None` where no stratum has a comparison: the two always or never occur together.
#[must_use]
pub fn stratified(
    patterns: &[Pattern],
    suspect: usize,
    by: usize,
    level: f64,
) -> Option<MantelHaenszel> {
    let mut strata = [Table::default(); 2];
    for pattern in patterns {
        let stratum = &mut strata[usize::from(has(pattern.members, by))];
        if has(pattern.members, suspect) {
            stratum.a += pattern.failing;
            stratum.b += pattern.passing;
        } else {
            stratum.c += pattern.failing;
            stratum.d += pattern.passing;
        }
    }
    mantel_haenszel(&strata, level)
}

/// The pair "has both": its table against all other runs.
#[must_use]
pub fn pair(patterns: &[Pattern], one: usize, other: usize) -> Table {
    let mut table = Table::default();
    for pattern in patterns {
        if has(pattern.members, one) && has(pattern.members, other) {
            table.a += pattern.failing;
            table.b += pattern.passing;
        } else {
            table.c += pattern.failing;
            table.d += pattern.passing;
        }
    }
    table
}
