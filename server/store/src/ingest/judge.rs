//! Which delivery of a run or a repair stands.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::RunId;
use domain::identity::Standing;

use super::batch::Arrival;
use super::receipt::Remark;

/// What came of an upload's runs, or of its repairs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those that were new.
    pub accepted: u64,
    /// Those that replaced a lesser version of themselves.
    pub updated: u64,
    /// Those that were here already, the same or a better version.
    pub duplicates: u64,
}

impl Tally {
    /// Whether anything is kept now that was not kept before.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.accepted + self.updated > 0
    }

    /// All that were delivered and could be read.
    #[must_use]
    pub fn delivered(&self) -> u64 {
        self.accepted + self.updated + self.duplicates
    }
}

/// What is to be done with the deliveries of an upload.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) tally: Tally,
    /// Places of the deliveries that do not stand.
    pub(super) lost: Vec<i32>,
    /// What was kept before and gives way.
    pub(super) replaced: Vec<RunId>,
    pub(super) remarks: Vec<Remark>,
}

/// Judges every delivery in the order of arrival against what stands by then.
pub(super) fn judge(arrivals: &[Arrival], known: &HashMap<RunId, Standing>) -> Verdict {
    let mut verdict = Verdict::default();
    // What stands, and the place of the delivery that it came with, if one of these.
    let mut standing: HashMap<RunId, (Standing, Option<i32>)> =
        known.iter().map(|(id, standing)| (*id, (*standing, None))).collect();
    for (arrival, place) in arrivals.iter().zip(0..) {
        let why = match standing.entry(arrival.id) {
            Entry::Vacant(none) => {
                none.insert((arrival.standing, Some(place)));
                verdict.tally.accepted += 1;
                continue;
            }
            Entry::Occupied(kept) if kept.get().0 == arrival.standing => {
                verdict.tally.duplicates += 1;
                verdict.lost.push(place);
                continue;
            }
            Entry::Occupied(mut kept) if kept.get().0 < arrival.standing => {
                match kept.insert((arrival.standing, Some(place))) {
                    (_, Some(loser)) => verdict.lost.push(loser),
                    (_, None) => verdict.replaced.push(arrival.id),
                }
                verdict.tally.updated += 1;
                "this was here with other content, which it replaces"
            }
            Entry::Occupied(_) => {
                verdict.tally.duplicates += 1;
                verdict.lost.push(place);
                "this is here with other content, which stays: it is complete where this is not, has more artifacts, or wins the tie"
            }
        };
        verdict.remarks.push(Remark {
            line: arrival.line,
            code: Some("content_differs"),
            why: why.to_owned(),
        });
    }
    verdict
}

#[cfg(test)]
mod tests {
    use domain::{ContentHash, Identity};

    use super::*;

    fn arrival(id: u8, artifacts: u64, content: u8) -> Arrival {
        Arrival {
            id: RunId::from(Identity::from([id; 32])),
            line: 1,
            standing: Standing::new(true, artifacts, ContentHash::from([content; 32])),
        }
    }

    #[test]
    fn the_best_delivery_stands_and_each_is_counted_against_what_stood_then() {
        let old = arrival(2, 5, 1);
        let known = HashMap::from([(old.id, old.standing)]);
        let (small, large) = (arrival(1, 1, 9), arrival(1, 2, 9));
        let better = arrival(2, 6, 9);
        let verdict = judge(&[small, large, large, small, old, better], &known);
        assert_eq!(verdict.tally, Tally { accepted: 1, updated: 2, duplicates: 3 });
        assert_eq!(verdict.lost, [0, 2, 3, 4]);
        assert_eq!(verdict.replaced, [old.id]);
        assert_eq!(verdict.remarks.len(), 3);
    }
}
