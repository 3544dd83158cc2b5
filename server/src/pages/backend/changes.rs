//! What is clearly not as it was: this period against the equally long one before.

use std::collections::BTreeMap;

use app::backend::{Change, Changes, Subject};
use engine::difference::difference;
use engine::proportion::Proportion;

use crate::figures::LEVEL;

/// Lines of each kind that are told.
const MOST: usize = 6;
/// Below so many units before, that there are none now is no news.
const FEW: u64 = 10;

/// The figures of one period.
pub(super) type Figures = BTreeMap<Subject, Proportion>;

/// Compares the two. Each of m comparisons has an interval at the level 1 − 0.05/m
/// (Bonferroni), so that in a period in which nothing changed the chance of telling of any
/// change is at most one in twenty.
pub(super) fn changes(now: &Figures, before: &Figures) -> Changes {
    // One station or software alone in both periods is its operation, said once more.
    let same_as_all = |subject: &Subject| {
        part_of(subject).is_some_and(|all| {
            [now, before].iter().all(|figures| figures.get(&all) == figures.get(subject))
        })
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
    let (mut appeared, mut gone) = (without(now, before, 1), without(before, now, FEW));
    let more = cut(&mut changed) + cut(&mut appeared) + cut(&mut gone);
    Changes { compared, more, changed, appeared, gone }
}

/// Leaves the first of them. How many there are beyond.
fn cut<T>(lines: &mut Vec<T>) -> usize {
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    more
}

/// The operation that a station or a software is in.
fn part_of(subject: &Subject) -> Option<Subject> {
    match subject {
        Subject::Station { operation, .. } | Subject::Software { operation, .. } => {
            Some(Subject::Operation(operation.clone()))
        }
        Subject::Operation(_) | Subject::Code(_) => None,
    }
}

/// What is in one and not in the other, the greatest first: with an operation go its stations
/// and its software. A code that failed nothing is in neither by itself, and is compared.
fn without(one: &Figures, other: &Figures, least: u64) -> Vec<(Subject, u64)> {
    let told = |subject: &Subject| match part_of(subject) {
        Some(operation) => other.contains_key(&operation),
        None => matches!(subject, Subject::Operation(_)),
    };
    let mut alone: Vec<_> = one
        .iter()
        .filter(|(subject, figure)| {
            told(subject) && figure.n >= least && !other.contains_key(subject)
        })
        .map(|(subject, figure)| (subject.clone(), figure.n))
        .collect();
    alone.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    alone
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `station@operation`, `@operation` or `code`.
    fn of(figures: &[(&str, u64, u64)]) -> Figures {
        let subject = |name: &str| match name.split_once('@') {
            Some(("", operation)) => Subject::Operation(operation.to_owned()),
            Some((station, operation)) => {
                Subject::Station { station: station.to_owned(), operation: operation.to_owned() }
            }
            None => Subject::Code(name.to_owned()),
        };
        figures.iter().map(|(name, k, n)| (subject(name), Proportion { k: *k, n: *n })).collect()
    }

    #[test]
    fn only_what_chance_would_hardly_make_is_told_and_the_greatest_first() {
        let now = of(&[
            ("a", 5, 1_000),
            ("b", 60, 1_000),
            ("c", 300, 1_000),
            ("s@L6", 1, 4),
            ("@L6", 1, 4),
        ]);
        let before = of(&[
            ("a", 4, 1_000),
            ("b", 20, 1_000),
            ("c", 200, 1_000),
            ("t@L6", 9, 12),
            ("@L6", 9, 12),
        ]);
        let told = changes(&now, &before);
        let names: Vec<_> = told.changed.iter().map(|change| change.subject.clone()).collect();
        assert_eq!(names, [Subject::Code("c".into()), Subject::Code("b".into())]);
        assert_eq!(told.compared, 4);
        assert!((told.changed[0].difference.level - (1.0 - 0.05 / 4.0)).abs() < 1e-15);
        assert_eq!(told.appeared.len(), 1);
        assert_eq!(told.gone[0].1, 12);
    }

    #[test]
    fn an_operation_that_came_or_went_is_told_for_all_that_is_in_it() {
        let now = of(&[("@L11", 3, 3), ("s@L11", 3, 3)]);
        let before = of(&[("@L6", 30, 40), ("s@L6", 10, 20), ("t@L6", 10, 10)]);
        let told = changes(&now, &before);
        assert_eq!(told.appeared, [(Subject::Operation("L11".into()), 3)]);
        assert_eq!(told.gone, [(Subject::Operation("L6".into()), 40)]);
        assert_eq!(told.compared, 0);
    }

    #[test]
    fn a_station_alone_in_its_operation_is_not_compared_once_more() {
        let now = of(&[("@L6", 50, 100), ("s@L6", 50, 100), ("@L7", 9, 10), ("s@L7", 9, 9)]);
        let before = of(&[("@L6", 90, 100), ("s@L6", 90, 100), ("@L7", 9, 10), ("s@L7", 9, 10)]);
        let told = changes(&now, &before);
        assert_eq!(told.compared, 3);
        assert_eq!(told.changed.len(), 1);
    }

    #[test]
    fn what_is_not_told_is_counted() {
        let stations = |letter: char| -> Figures {
            let of = |i: u64| {
                let (station, operation) = (format!("{letter}{i}"), "L6".to_owned());
                (Subject::Station { station, operation }, Proportion { k: 20, n: 20 })
            };
            let mut figures: Figures = (0..9).map(of).collect();
            figures.insert(Subject::Operation("L6".into()), Proportion { k: 180, n: 180 });
            figures
        };
        let told = changes(&stations('s'), &stations('t'));
        assert_eq!((told.appeared.len(), told.gone.len(), told.more), (6, 6, 6));
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
