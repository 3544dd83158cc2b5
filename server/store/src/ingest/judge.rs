//! Which delivery of a run or a repair stands.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::RunId;
use domain::identity::Standing;

use super::batch::Arrival;
use super::receipt::{Remark, RemarkKind};

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
    /// What was kept before, incomplete, and gives way to a run of another id.
    pub(super) displaced: Vec<(RunId, RunId)>,
    pub(super) remarks: Vec<Remark>,
}

/// Judges every delivery in the order of arrival against what stands by then.
pub(super) fn judge(arrivals: &[Arrival], known: &HashMap<RunId, Standing>) -> Verdict {
    let mut verdict = Verdict::default();
    // What stands, and the place of the delivery that it came with, if one of these.
    let mut standing: HashMap<RunId, (Standing, Option<i32>)> =
        known.iter().map(|(id, standing)| (*id, (*standing, None))).collect();
    for (arrival, place) in arrivals.iter().zip(0..) {
        let remark = |code, why: &str| Remark {
            line: arrival.line,
            kind: RemarkKind::Warning,
            code,
            why: why.to_owned(),
        };
        let rival = arrival.rival.and_then(|id| Some((id, standing.get(&id)?.to_owned())));
        let mut displaces = false;
        if let Some((id, (kept, of))) = rival {
            let same = kept.content() == arrival.standing.content();
            match (kept.is_complete(), arrival.standing.is_complete()) {
                // The same before runs that did not pass had an id of their own.
                _ if same => {
                    verdict.tally.duplicates += 1;
                    verdict.lost.push(place);
                    continue;
                }
                (true, false) => {
                    verdict.tally.duplicates += 1;
                    verdict.lost.push(place);
                    verdict.remarks.push(remark("content_differs", STAYS));
                    continue;
                }
                (false, true) => {
                    standing.remove(&id);
                    match of {
                        Some(loser) => verdict.lost.push(loser),
                        None => verdict.displaced.push((id, arrival.id)),
                    }
                    displaces = true;
                }
                (true, true) | (false, false) => {}
            }
        }
        let why = match standing.entry(arrival.id) {
            Entry::Vacant(none) => {
                none.insert((arrival.standing, Some(place)));
                if displaces {
                    verdict.tally.updated += 1;
                    verdict.remarks.push(remark("content_differs", REPLACES));
                } else {
                    verdict.tally.accepted += 1;
                    if rival.is_some() {
                        verdict.remarks.push(remark("same_start", SAME_START));
                    }
                }
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
                REPLACES
            }
            Entry::Occupied(_) => {
                verdict.tally.duplicates += 1;
                verdict.lost.push(place);
                STAYS
            }
        };
        verdict.remarks.push(remark("content_differs", why));
    }
    verdict
}

const REPLACES: &str = "this was here with other content, which it replaces";
const STAYS: &str = "this is here with other content, which stays: it is complete where this is not, has more artifacts, or wins the tie";
const SAME_START: &str = "another run of this unit, operation and start ended the other way: both are kept, the one that did not pass as the first";

#[cfg(test)]
mod tests {
    use domain::{ContentHash, Identity};

    use super::*;

    fn arrival(id: u8, artifacts: u64, content: u8) -> Arrival {
        Arrival {
            id: RunId::from(Identity::from([id; 32])),
            rival: None,
            line: 1,
            standing: Standing::new(true, artifacts, ContentHash::from([content; 32])),
            version_1: ContentHash::from([content; 32]),
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

    #[test]
    fn of_one_start_the_complete_runs_stand_and_an_incomplete_one_only_alone() {
        let ended = |id: u8, rival: u8| Arrival {
            rival: Some(RunId::from(Identity::from([rival; 32]))),
            ..arrival(id, 3, id)
        };
        let (passed, failed) = (ended(2, 1), ended(1, 2));
        let content = ContentHash::from([9; 32]);
        let cut = Arrival { standing: Standing::new(false, 2, content), ..passed };
        for (order, tally) in [
            ([passed, failed, cut], Tally { accepted: 2, updated: 0, duplicates: 1 }),
            ([failed, cut, passed], Tally { accepted: 2, updated: 0, duplicates: 1 }),
            ([cut, failed, passed], Tally { accepted: 2, updated: 1, duplicates: 0 }),
        ] {
            let verdict = judge(&order, &HashMap::new());
            let stands = order.iter().zip(0..).filter(|(_, place)| !verdict.lost.contains(place));
            assert_eq!(stands.filter(|(it, _)| it.standing.is_complete()).count(), 2);
            assert_eq!(verdict.lost.len(), 1);
            assert_eq!(verdict.tally.delivered(), tally.delivered());
        }
        let kept = HashMap::from([(cut.id, cut.standing)]);
        let verdict = judge(&[failed], &kept);
        assert_eq!(verdict.displaced, [(cut.id, failed.id)]);
        assert_eq!(verdict.tally, Tally { updated: 1, ..Tally::default() });
        let kept = HashMap::from([(failed.id, failed.standing)]);
        let verdict = judge(&[passed], &kept);
        assert_eq!((verdict.tally.accepted, verdict.remarks.len()), (1, 1));
    }
}
