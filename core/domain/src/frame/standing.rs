//! What a run counts as.

use crate::Outcome;
use crate::yields::{Cell, Marks, Reason};

/// What decides whether a run counts, under every definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    /// Why it is in no figure.
    pub reason: Option<Reason>,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether it is run 1 of its unit, aborted runs counted.
    pub first: bool,
    /// Whether it is run 1, aborted runs excluded.
    pub unaborted_first: bool,
    /// What follows from its unit's history.
    pub marks: Marks,
}

impl Standing {
    /// So many runs of this standing. Attempts and checks, which are not known, are nought.
    #[must_use]
    pub const fn cell(self, runs: u64) -> Cell {
        Cell {
            reason: self.reason,
            outcome: self.outcome,
            first: self.first,
            unaborted_first: self.unaborted_first,
            marks: self.marks,
            runs,
            attempts: 0,
            unaborted_attempts: 0,
            defects: 0,
            opportunities: 0,
        }
    }

    /// Marks, reason (0 none, else its place and 1), outcome and the two firsts.
    pub(super) fn to_bytes(self) -> [u8; 8] {
        let [low, high] = self.marks.bits().to_le_bytes();
        let reason = self.reason.map_or(0, |reason| reason as u8 + 1);
        let firsts = u8::from(self.first) | u8::from(self.unaborted_first) << 1;
        [low, high, reason, self.outcome as u8, firsts, 0, 0, 0]
    }

    /// `None` for bytes that stand for none.
    pub(super) fn of_bytes(bytes: [u8; 8]) -> Option<Self> {
        let [low, high, reason, outcome, firsts, 0, 0, 0] = bytes else { return None };
        Some(Self {
            reason: match usize::from(reason).checked_sub(1) {
                None => None,
                Some(place) => Some(*Reason::ALL.get(place)?),
            },
            outcome: *Outcome::ALL.get(usize::from(outcome))?,
            first: firsts & 1 > 0,
            unaborted_first: firsts & 2 > 0,
            marks: Marks::from_bits(u16::from_le_bytes([low, high])),
        })
        .filter(|_| firsts < 4)
    }
}
