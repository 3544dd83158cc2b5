//! The rejects and warnings of an upload, as they come.

use std::collections::BTreeMap;

use store::ingest::Remark;

/// Warnings of one code that an upload lists: a station whose clock is wrong says so often
/// enough, and its runs are not to be refused for it.
const EACH: u64 = 10_000;

/// What was said so far.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    list: Vec<Remark>,
    /// Of each code: how many there were, and the last line.
    counts: BTreeMap<&'static str, (u64, u64)>,
}

impl Remarks {
    /// Adds one; past the most of its code it is only counted.
    pub(super) fn add(&mut self, remark: Remark) {
        if let Some(code) = remark.code {
            let (count, last) = self.counts.entry(code).or_default();
            *count += 1;
            *last = remark.line;
            if *count > EACH {
                return;
            }
        }
        self.list.push(remark);
    }

    /// How many are listed.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// All of them, and of each code how many more there were.
    pub(super) fn end(mut self) -> Vec<Remark> {
        for (code, (count, line)) in self.counts {
            if count > EACH {
                let why = format!("and {} more like it in this upload", count - EACH);
                self.list.push(Remark { line, code: Some(code), why });
            }
        }
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_of_a_code_are_listed_up_to_a_number_and_then_counted() {
        let mut remarks = Remarks::default();
        for line in 1..=EACH + 5 {
            for code in [Some("clock_unset"), None] {
                remarks.add(Remark { line, code, why: String::new() });
            }
        }
        let listed = remarks.end();
        assert_eq!(listed.len() as u64, 2 * EACH + 5 + 1);
        let last = listed.last().unwrap();
        assert_eq!((last.line, last.why.as_str()), (EACH + 5, "and 5 more like it in this upload"));
    }
}
