//! What is clearly not as it was: this period against the equally long one before.

use std::collections::BTreeMap;

use app::backend::{Change, Changes, Subject};
use engine::difference::difference;
use engine::proportion::Proportion;

use crate::figures::LEVEL;

/// Changes that are told.
const MOST: usize = 6;
/// Below so many units before, that there are none now is no news.
const FEW: u64 = 10;

/// The figures of one period.
pub(super) type Figures = BTreeMap<Subject, Proportion>;

/// Compares the two. Each of m comparisons has an interval at the level 1 − 0.05/m
/// (Bonferroni), so that in a period in which nothing changed the chance of telling of any
/// change is at most one in twenty.
pub(super) fn changes(now: &Figures, before: &Figures) -> Changes {
    // One software alone in both periods is its operation, said once more.
    let same_as_all = |subject: &Subject| match subject {
        Subject::Software { operation, .. } => {
            let all = Subject::Operation(operation.clone());
            [now, before].iter().all(|figures| figures.get(&all) == figures.get(subject))
        }
        _ => false,
    };
    let both = |subject: &&Subject| before.contains_key(*subject) && !same_as_all(subject);
    let compared = now.keys().filter(both).count();
    let level = 1.0 - (1.0 - LEVEL) / compared.max(1) as f64;
    let mut changed: Vec<Change> = now
        .iter()
        .filter(|(subject, _)| both(subject))
        .filter_map(|(subject, now)| {
            let (now, before) = (*now, *before.get(subject)?);
            let difference = difference(now, before, level)?;
            let subject = subject.clone();
            difference.excludes_zero().then_some(Change { subject, now, before, difference })
        })
        .collect();
    let units = |change: &Change| change.difference.estimate.abs() * change.now.n as f64;
    changed.sort_by(|one, other| units(other).total_cmp(&units(one)));
    changed.truncate(MOST);
    Changes {
        compared,
        changed,
        appeared: without(now, before, 1),
        gone: without(before, now, FEW),
    }
}

/// What is in one and not in the other, the greatest first. A code that failed nothing is in
/// neither by itself, and is compared; an operation is where its stations are.
fn without(one: &Figures, other: &Figures, least: u64) -> Vec<(Subject, u64)> {
    let by_name =
        |subject: &Subject| matches!(subject, Subject::Station { .. } | Subject::Software { .. });
    let mut alone: Vec<_> = one
        .iter()
        .filter(|(subject, figure)| {
            by_name(subject) && figure.n >= least && !other.contains_key(subject)
        })
        .map(|(subject, figure)| (subject.clone(), figure.n))
        .collect();
    alone.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    alone.truncate(MOST);
    alone
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(figures: &[(&str, u64, u64)]) -> Figures {
        let subject = |name: &str| match name.split_once('@') {
            Some((station, operation)) => {
                Subject::Station { station: station.to_owned(), operation: operation.to_owned() }
            }
            None => Subject::Code(name.to_owned()),
        };
        figures.iter().map(|(name, k, n)| (subject(name), Proportion { k: *k, n: *n })).collect()
    }

    #[test]
    fn only_what_chance_would_hardly_make_is_told_and_the_greatest_first() {
        let now = of(&[("a", 5, 1_000), ("b", 60, 1_000), ("c", 300, 1_000), ("s@L6", 1, 4)]);
        let before = of(&[("a", 4, 1_000), ("b", 20, 1_000), ("c", 200, 1_000), ("t@L6", 9, 12)]);
        let told = changes(&now, &before);
        let names: Vec<_> = told.changed.iter().map(|change| change.subject.clone()).collect();
        assert_eq!(names, [Subject::Code("c".into()), Subject::Code("b".into())]);
        assert_eq!(told.compared, 3);
        assert!((told.changed[0].difference.level - (1.0 - 0.05 / 3.0)).abs() < 1e-15);
        assert_eq!(told.appeared.len(), 1);
        assert_eq!(told.gone[0].1, 12);
    }

    #[test]
    fn many_comparisons_ask_more_of_each() {
        let one = |n: usize| -> (Figures, Figures) {
            let figures = |k| -> Figures {
                let of = |i: usize| (Subject::Code(format!("c{i}")), Proportion { k, n: 1_000 });
                (0..n).map(of).collect()
            };
            (figures(65), figures(40))
        };
        let (now, before) = one(1);
        assert_eq!(changes(&now, &before).changed.len(), 1);
        let (now, before) = one(50);
        assert_eq!(changes(&now, &before).changed.len(), 0);
    }
}
