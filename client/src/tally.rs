//! The result of uploading a file, summed over its pieces.

use std::fmt;

use serde::Deserialize;

use crate::EN;
use crate::client::{Remark, Sent};
use crate::pieces::Piece;

/// The maximum number of rejects, and of warnings, that are listed per file; receipts have all.
const LISTED: usize = 20;

/// Counts of runs, or of repairs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Counts {
    pub(crate) accepted: u64,
    pub(crate) updated: u64,
    pub(crate) duplicates: u64,
}

impl Counts {
    pub(crate) fn sum(&self) -> u64 {
        self.accepted + self.updated + self.duplicates
    }

    fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.updated += other.updated;
        self.duplicates += other.duplicates;
    }
}

/// The result of one file, or the sum of several.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: Counts,
    runs: u64,
    rejected: u64,
    receipts: u64,
    /// Whether a file was empty.
    has_empty_file: bool,
    rejects_listed: usize,
    warnings_listed: usize,
    /// Whether the note that there are more was printed.
    warnings_cut: bool,
}

impl Tally {
    /// Adds a piece of the file `name`; `say` is called with its rejects and warnings by the lines
    /// of the file.
    pub(crate) fn count(&mut self, sent: &Sent, piece: &Piece, name: &str, say: &dyn Fn(&str)) {
        let answer = &sent.answer;
        for counts in [&answer.runs, &answer.repairs] {
            match sent.before {
                true => self.counts.duplicates += counts.sum(),
                false => self.counts.add(counts),
            }
        }
        self.runs += answer.runs.sum();
        self.receipts += 1;
        self.rejected += answer.rejected_total;

        let tell = |remarks: &[Remark], listed: &mut usize, text: fn(&str) -> String| {
            let shown = remarks.len().min(LISTED.saturating_sub(*listed));
            *listed += shown;
            for Remark { line, why } in remarks.iter().take(shown) {
                say(&format!("{name}:{}: {}", piece.first_line + line - 1, text(why)));
            }
            shown as u64
        };
        let shown = tell(&answer.rejected, &mut self.rejects_listed, str::to_owned);
        let shown_warnings =
            tell(&answer.warnings, &mut self.warnings_listed, |why| EN.client_warning(why));
        if answer.warnings.len() as u64 > shown_warnings && !self.warnings_cut {
            self.warnings_cut = true;
            say(&EN.client_warnings_cut(name));
        }
        if let more @ 1.. = answer.rejected_total.saturating_sub(shown) {
            let (first, last) = (piece.first_line, piece.last_line);
            let receipt = &answer.receipt_id;
            say(&match sent.before || answer.rejected.is_empty() {
                true => EN.client_rejected_before(name, more, first, last, receipt),
                false => EN.client_rejected_more(name, more, first, last, receipt),
            });
        }
    }

    /// Adds the result of another file.
    pub(crate) fn add(&mut self, file: &Self) {
        self.counts.add(&file.counts);
        self.runs += file.runs;
        self.rejected += file.rejected;
        self.receipts += file.receipts;
        self.has_empty_file |= file.is_empty();
    }

    /// The number of runs so far.
    pub(crate) fn runs(&self) -> u64 {
        self.runs
    }

    /// Whether there was nothing to send.
    pub(crate) fn is_empty(&self) -> bool {
        self.receipts == 0
    }

    /// Whether every line of every file was accepted, and there was one.
    pub(crate) fn is_complete(&self) -> bool {
        self.rejected == 0 && !self.has_empty_file
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { accepted, updated, duplicates } = self.counts;
        write!(
            f,
            "{accepted} accepted\t{updated} updated\t{duplicates} duplicates\t{} rejected\t{} receipts",
            self.rejected, self.receipts
        )
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use serde_json::json;

    use super::*;

    fn piece(first_line: u64, last_line: u64) -> Piece {
        Piece { first_line, last_line, sha256: [0; 32], zstd: Vec::new() }
    }

    fn sent(before: bool, answer: serde_json::Value) -> Sent {
        Sent { answer: serde_json::from_value(answer).unwrap(), before }
    }

    #[test]
    fn line_numbers_are_those_of_the_file_and_the_list_is_limited() {
        let said = RefCell::new(Vec::new());
        let say = |text: &str| said.borrow_mut().push(text.to_owned());
        let mut tally = Tally::default();
        let rejected: Vec<_> = (1..=15).map(|line| json!({"line": line, "why": "no"})).collect();
        let answer = json!({"receipt_id": "r1", "rejected": rejected, "rejected_total": 15,
            "warnings": [{"line": 3, "code": "tz_assumed", "why": "is odd"}], "warnings_total": 1});
        tally.count(&sent(false, answer.clone()), &piece(1, 100), "f", &say);
        tally.count(&sent(false, answer), &piece(101, 200), "f", &say);
        let said = said.into_inner();
        assert_eq!(said.len(), 20 + 2 + 1, "{said:#?}");
        assert_eq!((said[0].as_str(), said[14].as_str()), ("f:1: no", "f:15: no"));
        assert_eq!(said[15], "f:3: warning: is odd");
        assert_eq!((said[16].as_str(), said[20].as_str()), ("f:101: no", "f:105: no"));
        assert_eq!(said[21], "f:103: warning: is odd");
        assert_eq!(said[22], "f: and 10 more among lines 101 to 200; receipt r1 has them all");
        assert!(!tally.is_complete());
    }

    #[test]
    fn the_list_of_warnings_is_limited_with_one_note() {
        let said = RefCell::new(Vec::new());
        let mut tally = Tally::default();
        let warnings: Vec<_> = (1..=30).map(|line| json!({"line": line, "why": "odd"})).collect();
        for first in [1, 101] {
            let answer = json!({"receipt_id": "r1", "accepted": 1, "warnings": warnings});
            tally.count(&sent(false, answer), &piece(first, first + 99), "f", &|text| {
                said.borrow_mut().push(text.to_owned());
            });
        }
        let said = said.into_inner();
        assert_eq!(said.len(), 21, "{said:#?}");
        assert_eq!(said[20], "f: more warnings are not listed; the receipts have them all");
        assert!(tally.is_complete());
    }

    #[test]
    fn pieces_stored_before_count_as_duplicates() {
        let said = RefCell::new(Vec::new());
        let mut tally = Tally::default();
        let answer = json!({"receipt_id": "r1", "accepted": 3, "updated": 2, "duplicates": 1,
            "repairs": {"accepted": 1}, "rejected_total": 4, "warnings_total": 9});
        tally.count(&sent(true, answer.clone()), &piece(11, 20), "f", &|text| {
            said.borrow_mut().push(text.to_owned());
        });
        assert_eq!(
            said.into_inner(),
            ["f: 4 rejected among lines 11 to 20, which were sent before; receipt r1 has them all"]
        );
        tally.count(&sent(false, answer), &piece(21, 30), "f", &|_| {});
        assert_eq!(
            tally.to_string(),
            "4 accepted\t2 updated\t8 duplicates\t8 rejected\t2 receipts"
        );
        assert_eq!(tally.runs(), 12);
    }

    #[test]
    fn an_empty_file_is_not_a_success() {
        let mut total = Tally::default();
        total.add(&Tally { receipts: 1, ..Tally::default() });
        assert!(total.is_complete());
        total.add(&Tally::default());
        assert!(!total.is_complete());
    }
}
