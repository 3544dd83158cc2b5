//! The rejects and warnings of an upload, as they come.

use std::collections::BTreeMap;

use messages::Locale;
use store::ingest::{Remark, RemarkKind};

/// Warnings of one code, and equal rejects, that an upload lists: a station whose clock is
/// wrong says so often enough, and its good runs are not to be refused for it.
const EACH: u64 = 10_000;

/// What was said so far.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    list: Vec<Remark>,
    /// Of each code: how many there were, and the last line.
    counts: BTreeMap<&'static str, (u64, u64)>,
    /// The same of each reject, by its sentence without the column.
    rejects: BTreeMap<(&'static str, String), (u64, u64)>,
}

impl Remarks {
    /// Adds one; past the most of its code it is only counted.
    pub(super) fn add(&mut self, remark: Remark) {
        let (count, last) = match remark.kind {
            RemarkKind::Warning => self.counts.entry(remark.code).or_default(),
            RemarkKind::Reject => {
                let sentence = remark.why.split(" (column ").next().unwrap_or_default();
                self.rejects.entry((remark.code, sentence.to_owned())).or_default()
            }
        };
        *count += 1;
        *last = remark.line;
        if *count <= EACH {
            self.list.push(remark);
        }
    }

    /// How many are listed.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// All of them, and of each code and each reject how many more there were.
    pub(super) fn end(mut self) -> Vec<Remark> {
        let warnings = self.counts.into_iter();
        let warnings = warnings.map(|(code, seen)| (RemarkKind::Warning, code, None, seen));
        let rejects = self.rejects.into_iter();
        let rejects =
            rejects.map(|((code, why), seen)| (RemarkKind::Reject, code, Some(why), seen));
        for (kind, code, why, (count, line)) in warnings.chain(rejects) {
            if count > EACH {
                let why = match why {
                    Some(why) => Locale::En.upload_more_rejects(why, count - EACH),
                    None => Locale::En.upload_more_warnings(count - EACH),
                };
                self.list.push(Remark { line, kind, code, why, lines: count - EACH });
            }
        }
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_of_a_code_and_equal_rejects_are_listed_up_to_a_number_and_then_counted() {
        let mut remarks = Remarks::default();
        for line in 1..=EACH + 5 {
            for (kind, code) in
                [(RemarkKind::Warning, "clock_unset"), (RemarkKind::Reject, "syntax")]
            {
                let why = format!("odd (column {line})");
                remarks.add(Remark { line, kind, code, why, lines: 1 });
            }
        }
        let listed = remarks.end();
        assert_eq!(listed.len() as u64, 2 * (EACH + 1));
        let [.., warning, reject] = listed.as_slice() else { panic!("{listed:?}") };
        assert_eq!(
            (warning.line, warning.why.as_str()),
            (EACH + 5, "and 5 more like it in this upload")
        );
        assert_eq!(
            (reject.line, reject.why.as_str(), reject.lines),
            (EACH + 5, "odd, and 5 more like it in this upload", 5)
        );
    }
}
