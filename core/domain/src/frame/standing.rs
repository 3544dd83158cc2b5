//! The counting class of a run.

use crate::Outcome;
use crate::yields::{Cell, HistoryFlags, Reason};

/// The counting class of a run: the fields that decide whether it counts, under every definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CountingClass {
    /// Why it is excluded from every figure.
    pub reason: Option<Reason>,
    /// The outcome.
    pub outcome: Outcome,
    /// Whether it is run 1 of its unit, aborted runs counted.
    pub first: bool,
    /// Whether it is run 1, aborted runs excluded.
    pub unaborted_first: bool,
    /// What follows from the history of its unit.
    pub marks: HistoryFlags,
}

impl CountingClass {
    /// A yield cell of so many runs of this class. Attempts and checks are unknown, so they are
    /// zero.
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

    /// Encodes marks, reason (0 for none, else its index plus 1), outcome and the two firsts.
    pub(super) fn to_bytes(self) -> [u8; 8] {
        let [low, high] = self.marks.bits().to_le_bytes();
        let reason = self.reason.map_or(0, |reason| reason as u8 + 1);
        let firsts = u8::from(self.first) | u8::from(self.unaborted_first) << 1;
        [low, high, reason, self.outcome as u8, firsts, 0, 0, 0]
    }

    /// `None` if the bytes encode no valid value.
    pub(super) fn from_bytes(bytes: [u8; 8]) -> Option<Self> {
        let [low, high, reason, outcome, firsts, 0, 0, 0] = bytes else { return None };
        Some(Self {
            reason: match usize::from(reason).checked_sub(1) {
                None => None,
                Some(place) => Some(*Reason::ALL.get(place)?),
            },
            outcome: *Outcome::ALL.get(usize::from(outcome))?,
            first: firsts & 1 > 0,
            unaborted_first: firsts & 2 > 0,
            marks: HistoryFlags::from_bits(u16::from_le_bytes([low, high])),
        })
        .filter(|_| firsts < 4)
    }
}
