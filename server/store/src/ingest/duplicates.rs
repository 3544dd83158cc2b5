//! Duplicate resolution: selects the delivery of a run or a repair to store.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::RunId;
use domain::identity::DeliveryPriority;

use super::batch::Arrival;
use super::receipt::{Remark, RemarkKind};

/// The counts of an upload's runs, or of its repairs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// New ones.
    pub accepted: u64,
    /// Those that replaced a version of lower priority.
    pub updated: u64,
    /// Those already stored, in the same version or one of higher priority.
    pub duplicates: u64,
}

impl Tally {
    /// Whether anything new is stored.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.accepted + self.updated > 0
    }

    /// All deliveries that could be parsed.
    #[must_use]
    pub fn delivered(&self) -> u64 {
        self.accepted + self.updated + self.duplicates
    }
}

/// The resolution of an upload's deliveries.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Resolution {
    pub(super) tally: Tally,
    /// Indexes of the deliveries that are not stored.
    pub(super) superseded: Vec<i32>,
    /// Stored runs or repairs that a delivery replaces.
    pub(super) replaced: Vec<RunId>,
    /// Stored incomplete runs, each with the run of another id that replaces it.
    pub(super) displaced: Vec<(RunId, RunId)>,
    pub(super) remarks: Vec<Remark>,
}

/// Compares every delivery, in the order of arrival, with the current version of the record.
pub(super) fn resolve_duplicates(
    arrivals: &[Arrival],
    known: &HashMap<RunId, DeliveryPriority>,
) -> Resolution {
    let mut resolution = Resolution::default();
    // Priorities of the current versions, and the indexes of their deliveries, if in `arrivals`.
    let mut current: HashMap<RunId, (DeliveryPriority, Option<i32>)> =
        known.iter().map(|(id, priority)| (*id, (*priority, None))).collect();
    for (arrival, index) in arrivals.iter().zip(0..) {
        let remark = |code, why: &str| Remark {
            line: arrival.line,
            kind: RemarkKind::Warning,
            code,
            why: why.to_owned(),
        };
        let rival = arrival.rival.and_then(|id| Some((id, current.get(&id)?.to_owned())));
        let mut displaces = false;
        if let Some((id, (priority, delivery))) = rival {
            let is_same = priority.content() == arrival.priority.content();
            match (priority.is_complete(), arrival.priority.is_complete()) {
                // The same run, stored before runs that did not pass had their own id.
                _ if is_same => {
                    resolution.tally.duplicates += 1;
                    resolution.superseded.push(index);
                    continue;
                }
                (true, false) => {
                    resolution.tally.duplicates += 1;
                    resolution.superseded.push(index);
                    resolution.remarks.push(remark("content_differs", STAYS));
                    continue;
                }
                (false, true) => {
                    current.remove(&id);
                    match delivery {
                        Some(superseded) => resolution.superseded.push(superseded),
                        None => resolution.displaced.push((id, arrival.id)),
                    }
                    displaces = true;
                }
                (true, true) | (false, false) => {}
            }
        }
        let why = match current.entry(arrival.id) {
            Entry::Vacant(entry) => {
                entry.insert((arrival.priority, Some(index)));
                if displaces {
                    resolution.tally.updated += 1;
                    resolution.remarks.push(remark("content_differs", REPLACES));
                } else {
                    resolution.tally.accepted += 1;
                    if rival.is_some() {
                        resolution.remarks.push(remark("same_start", SAME_START));
                    }
                }
                continue;
            }
            Entry::Occupied(entry) if entry.get().0 == arrival.priority => {
                resolution.tally.duplicates += 1;
                resolution.superseded.push(index);
                continue;
            }
            Entry::Occupied(mut entry) if entry.get().0 < arrival.priority => {
                match entry.insert((arrival.priority, Some(index))) {
                    (_, Some(superseded)) => resolution.superseded.push(superseded),
                    (_, None) => resolution.replaced.push(arrival.id),
                }
                resolution.tally.updated += 1;
                REPLACES
            }
            Entry::Occupied(_) => {
                resolution.tally.duplicates += 1;
                resolution.superseded.push(index);
                STAYS
            }
        };
        resolution.remarks.push(remark("content_differs", why));
    }
    resolution
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
            priority: DeliveryPriority::new(true, artifacts, ContentHash::from([content; 32])),
            version_1: ContentHash::from([content; 32]),
        }
    }

    #[test]
    fn the_delivery_with_the_highest_priority_is_stored_in_any_order() {
        let old = arrival(2, 5, 1);
        let known = HashMap::from([(old.id, old.priority)]);
        let (small, large) = (arrival(1, 1, 9), arrival(1, 2, 9));
        let better = arrival(2, 6, 9);
        let resolution = resolve_duplicates(&[small, large, large, small, old, better], &known);
        assert_eq!(resolution.tally, Tally { accepted: 1, updated: 2, duplicates: 3 });
        assert_eq!(resolution.superseded, [0, 2, 3, 4]);
        assert_eq!(resolution.replaced, [old.id]);
        assert_eq!(resolution.remarks.len(), 3);
    }

    #[test]
    fn an_incomplete_run_is_stored_only_without_a_complete_run_of_the_same_start() {
        let ended = |id: u8, rival: u8| Arrival {
            rival: Some(RunId::from(Identity::from([rival; 32]))),
            ..arrival(id, 3, id)
        };
        let (passed, failed) = (ended(2, 1), ended(1, 2));
        let content = ContentHash::from([9; 32]);
        let cut = Arrival { priority: DeliveryPriority::new(false, 2, content), ..passed };
        for (order, tally) in [
            ([passed, failed, cut], Tally { accepted: 2, updated: 0, duplicates: 1 }),
            ([failed, cut, passed], Tally { accepted: 2, updated: 0, duplicates: 1 }),
            ([cut, failed, passed], Tally { accepted: 2, updated: 1, duplicates: 0 }),
        ] {
            let resolution = resolve_duplicates(&order, &HashMap::new());
            let stored =
                order.iter().zip(0..).filter(|(_, index)| !resolution.superseded.contains(index));
            assert_eq!(stored.filter(|(it, _)| it.priority.is_complete()).count(), 2);
            assert_eq!(resolution.superseded.len(), 1);
            assert_eq!(resolution.tally.delivered(), tally.delivered());
        }
        let known = HashMap::from([(cut.id, cut.priority)]);
        let resolution = resolve_duplicates(&[failed], &known);
        assert_eq!(resolution.displaced, [(cut.id, failed.id)]);
        assert_eq!(resolution.tally, Tally { updated: 1, ..Tally::default() });
        let known = HashMap::from([(failed.id, failed.priority)]);
        let resolution = resolve_duplicates(&[passed], &known);
        assert_eq!((resolution.tally.accepted, resolution.remarks.len()), (1, 1));
    }
}
