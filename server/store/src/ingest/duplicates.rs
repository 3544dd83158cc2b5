//! Which delivery of a run or a repair stands.

use std::collections::BTreeMap;

use domain::RunId;
use domain::identity::DeliveryPriority;

use super::batch::Arrival;
use super::receipt::{Remark, RemarkKind};

/// The results of an upload's runs, or of its repairs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those that were new.
    pub accepted: u64,
    /// Those that replaced a lesser version of themselves.
    pub updated: u64,
    /// Duplicates: the same or a better version is stored.
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

/// What must be done with the deliveries of an upload.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Resolution {
    pub(super) tally: Tally,
    /// Places of the deliveries that do not stand.
    pub(super) superseded: Vec<i32>,
    /// What was kept before and is replaced.
    pub(super) replaced: Vec<RunId>,
    /// What was kept before and is replaced by a run of another id.
    pub(super) displaced: Vec<(RunId, RunId)>,
    pub(super) remarks: Vec<Remark>,
}

/// Resolves every delivery in the order of arrival against what is stored by then. What arrived
/// before in the upload is found by its id or a range of ids, so the work does not grow with
/// the square of runs of one start.
pub(super) fn resolve_duplicates(
    arrivals: &[Arrival],
    known: &BTreeMap<RunId, DeliveryPriority>,
) -> Resolution {
    let mut resolution = Resolution::default();
    // What stands, and the place of the delivery that it came with, if one of these.
    let mut standing: BTreeMap<RunId, (DeliveryPriority, Option<i32>)> =
        known.iter().map(|(id, standing)| (*id, (*standing, None))).collect();
    for (arrival, place) in arrivals.iter().zip(0..) {
        let remark = |code, why: &str| Remark {
            line: arrival.line,
            kind: RemarkKind::Warning,
            code,
            why: why.to_owned(),
            lines: 1,
        };
        let at = |id| standing.get(&id).map(|(standing, _)| *standing);
        if let Some(better) = replaced_by(arrival, at, &standing) {
            resolution.tally.duplicates += 1;
            resolution.superseded.push(place);
            if better.content() != arrival.priority.content() {
                resolution.remarks.push(remark("content_differs", STAYS));
            }
            continue;
        }
        let lesser: Vec<RunId> = replaced(arrival, at).collect();
        for id in &lesser {
            match standing.remove(id) {
                Some((_, Some(loser))) => resolution.superseded.push(loser),
                Some((_, None)) if *id == arrival.id => resolution.replaced.push(*id),
                Some((_, None)) => resolution.displaced.push((*id, arrival.id)),
                None => {}
            }
        }
        let is_new = lesser.is_empty();
        let has_sibling = is_new && has_sibling(arrival, &standing);
        standing.insert(arrival.id, (arrival.priority, Some(place)));
        if is_new {
            resolution.tally.accepted += 1;
        } else {
            resolution.tally.updated += 1;
            resolution.remarks.push(remark("content_differs", REPLACES));
        }
        if has_sibling {
            resolution.remarks.push(remark("same_start", SAME_START));
        }
    }
    resolution
}

type Standings = BTreeMap<RunId, (DeliveryPriority, Option<i32>)>;

/// What stands in the place of an arrival: the same run in the same version or a better one,
/// or a complete one of the same start.
fn replaced_by(
    arrival: &Arrival,
    at: impl Fn(RunId) -> Option<DeliveryPriority>,
    standing: &Standings,
) -> Option<DeliveryPriority> {
    let same = at(arrival.id).filter(|kept| *kept >= arrival.priority);
    let Some(start) = arrival.same_start else { return same };
    let former = || at(start.former()).filter(|kept| *kept >= arrival.priority);
    let complete = || {
        let mut within = standing.range(start.replaced_by()?);
        within.find_map(|(_, (kept, _))| kept.is_complete().then_some(*kept))
    };
    same.or_else(former).or_else(complete)
}

/// What an arrival replaces of what stands: a lesser version of the same run, and incomplete
/// ones of the same start.
fn replaced(
    arrival: &Arrival,
    at: impl Fn(RunId) -> Option<DeliveryPriority>,
) -> impl Iterator<Item = RunId> {
    let start = arrival.same_start;
    let former = start.map(|start| start.former());
    let incomplete = start.map(|start| start.former_incomplete()).filter(|id| {
        arrival.priority.is_complete()
            && former != Some(*id)
            && at(*id).is_some_and(|kept| !kept.is_complete())
    });
    let lesser = start.into_iter().flat_map(|start| start.replaced());
    let ids = [Some(arrival.id), former, incomplete].into_iter().flatten().chain(lesser);
    ids.filter(move |id| at(*id).is_some())
}

/// Whether another complete run of the same start stands.
fn has_sibling(arrival: &Arrival, standing: &Standings) -> bool {
    arrival.same_start.is_some_and(|start| {
        arrival.priority.is_complete() && standing.range(start.all()).next().is_some()
    })
}

const REPLACES: &str = "this was here with other content, which it replaces";
const STAYS: &str = "this is here with other content, which stays: it is complete where this is not, has more artifacts, or wins the tie";
const SAME_START: &str = "another run of this unit and operation has the same start and ended otherwise or found something else: both are kept, what did not pass and what ended earlier first";

#[cfg(test)]
mod tests {
    use domain::{ContentHash, Identity, IngestRecord, RunRecord};

    use super::*;

    fn arrival(id: u8, artifacts: u64, content: u8) -> Arrival {
        Arrival {
            id: RunId::from(Identity::from([id; 32])),
            same_start: None,
            line: 1,
            priority: DeliveryPriority::new(true, artifacts, ContentHash::from([content; 32])),
            version_1: ContentHash::from([content; 32]),
        }
    }

    #[test]
    fn the_best_delivery_stands_and_each_is_counted_against_what_stood_then() {
        let old = arrival(2, 5, 1);
        let known = BTreeMap::from([(old.id, old.priority)]);
        let (small, large) = (arrival(1, 1, 9), arrival(1, 2, 8));
        let better = arrival(2, 6, 9);
        let resolution = resolve_duplicates(&[small, large, large, small, old, better], &known);
        assert_eq!(resolution.tally, Tally { accepted: 1, updated: 2, duplicates: 3 });
        assert_eq!(resolution.superseded, [0, 2, 3, 4]);
        assert_eq!(resolution.replaced, [old.id]);
        assert_eq!(resolution.remarks.len(), 3);
    }

    /// Runs of one start, with fields that differ.
    fn run(fields: &str) -> Arrival {
        let run: RunRecord = serde_json::from_str(&format!(
            r#"{{"unit":{{"serial":"U1"}},"operation":"L10","started_at":"2026-03-01T00:00:00Z","artifacts":3,{fields}}}"#
        ))
        .unwrap();
        let record = IngestRecord::Run(Box::new(run));
        let (priority, version_1) = record.priority();
        Arrival {
            id: record.identity("ocptv").into(),
            same_start: record.same_start("ocptv"),
            line: 1,
            priority,
            version_1,
        }
    }

    const ENDED: &str = r#""complete":true,"ended_at":"2026-03-01T00:00:01Z""#;

    fn found(code: &str) -> String {
        format!(
            r#"{ENDED},"outcome":"fail","findings":[{{"kind":"diagnosis","outcome":"fail","code":"{code}"}}]"#
        )
    }

    /// What stands of some deliveries of which nothing was known.
    fn standing(arrivals: &[Arrival]) -> Vec<RunId> {
        let resolution = resolve_duplicates(arrivals, &BTreeMap::new());
        assert_eq!(resolution.tally.delivered(), arrivals.len() as u64);
        assert_eq!(resolution.replaced, []);
        let stands = arrivals.iter().zip(0..).filter(|(_, at)| !resolution.superseded.contains(at));
        let mut ids: Vec<RunId> = stands.map(|(it, _)| it.id).collect();
        ids.sort_unstable();
        ids
    }

    /// Every order of some deliveries.
    fn orders(arrivals: &[Arrival]) -> Vec<Vec<Arrival>> {
        if arrivals.is_empty() {
            return vec![vec![]];
        }
        let mut all = Vec::new();
        for at in 0..arrivals.len() {
            let mut rest = arrivals.to_vec();
            let first = rest.remove(at);
            all.extend(orders(&rest).into_iter().map(|order| [vec![first], order].concat()));
        }
        all
    }

    #[test]
    fn of_one_start_every_complete_run_that_differs_stands_in_any_order() {
        let (hot, cold) = (run(&found("hot")), run(&found("cold")));
        let later = run(&found("hot").replace("00:01Z", "00:02Z"));
        let passed = run(&format!(r#"{ENDED},"outcome":"pass""#));
        let skipped = run(&format!(r#"{ENDED},"outcome":"skip""#));
        let cut = run(r#""complete":false,"outcome":"error""#);
        let all = [hot, cold, later, skipped, passed, cut];
        let mut expected = all.map(|run| run.id)[..5].to_vec();
        expected.sort_unstable();
        for order in orders(&all) {
            assert_eq!(standing(&order), expected);
        }
        // What did not pass is before what did, and what ended earlier before what ended later.
        assert_eq!((expected[2], expected[3], expected[4]), (later.id, skipped.id, passed.id));
    }

    #[test]
    fn a_version_without_results_is_replaced_by_one_that_ended_in_the_same_way() {
        let bare = run(&format!(r#"{ENDED},"outcome":"fail""#));
        let endless = run(r#""complete":true,"outcome":"fail""#);
        let lossy = run(&format!(r#"{},"flags":["data_loss"]"#, found("hot")));
        let whole = run(&found("hot"));
        for order in orders(&[bare, endless, lossy, whole]) {
            assert_eq!(standing(&order), [whole.id]);
        }
        let passed = run(&format!(r#"{ENDED},"outcome":"pass""#));
        assert_eq!(standing(&[whole, passed, bare]).len(), 2);
    }

    #[test]
    fn what_is_kept_is_replaced_or_stays() {
        let (cut, whole) = (run(r#""complete":false,"outcome":"error""#), run(&found("hot")));
        let kept = BTreeMap::from([(cut.id, cut.priority)]);
        let resolution = resolve_duplicates(&[whole], &kept);
        assert_eq!(resolution.displaced, [(cut.id, whole.id)]);
        assert_eq!(resolution.tally, Tally { updated: 1, ..Tally::default() });
        let kept = BTreeMap::from([(whole.id, whole.priority)]);
        assert_eq!(resolve_duplicates(&[cut, whole], &kept).tally.duplicates, 2);
        let resolution = resolve_duplicates(&[run(&found("cold"))], &kept);
        assert_eq!((resolution.tally.accepted, resolution.remarks.len()), (1, 1));
    }

    #[test]
    fn what_an_earlier_version_kept_under_another_id_is_the_same_run() {
        for fields in [found("hot"), format!(r#"{ENDED},"outcome":"pass""#)] {
            let arrival = run(&fields);
            let former = arrival.same_start.unwrap().former();
            let kept = BTreeMap::from([(former, arrival.priority)]);
            assert_eq!(resolve_duplicates(&[arrival], &kept).tally.duplicates, 1);
            let lesser = DeliveryPriority::new(false, 1, ContentHash::from([9; 32]));
            let resolution = resolve_duplicates(&[arrival], &BTreeMap::from([(former, lesser)]));
            assert_eq!(resolution.displaced, [(former, arrival.id)]);
        }
    }
}
