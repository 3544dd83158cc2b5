//! Detects significant changes: this period compared with the preceding one of equal length.

use std::collections::BTreeMap;

use app::backend::{Change, Changes, Subject};
use engine::difference::difference;
use engine::proportion::Proportion;

use crate::figures::LEVEL;

/// Maximum number of lines of each kind.
const MAX_LINES: usize = 6;
/// Minimum number of units before: the disappearance of fewer is not reported.
const MIN_UNITS_BEFORE: u64 = 10;

/// The figures of one period.
pub(super) type Figures = BTreeMap<Subject, Proportion>;

/// Compares two periods. Each of m comparisons has an interval at the level 1 − 0.05/m
/// (Bonferroni), so that in a period without changes the probability of a false
/// report is at most one in twenty.
pub(super) fn changes(now: &Figures, before: &Figures) -> Changes {
    // A station or software that is the only one in both periods equals its operation.
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
    let alike = |change: &Change| falls_with_its_operation(change, now, &changed, level);
    let together: Vec<Subject> =
        changed.iter().filter(|it| alike(it)).map(|it| it.subject.clone()).collect();
    changed.retain(|change| !together.contains(&change.subject));
    let units = |change: &Change| change.difference.estimate.abs() * change.now.n as f64;
    changed.sort_by(|one, other| units(other).total_cmp(&units(one)));
    let (mut appeared, mut gone) =
        (missing_in(now, before, 1), missing_in(before, now, MIN_UNITS_BEFORE));
    let more = truncate(&mut changed) + truncate(&mut appeared) + truncate(&mut gone);
    Changes { compared, more, changed, appeared, gone }
}

/// Whether a station changed as its operation did, and is now no different from the other
/// stations there: then the operation is what changed.
fn falls_with_its_operation(
    change: &Change,
    now: &Figures,
    changed: &[Change],
    level: f64,
) -> bool {
    let Subject::Station { operation, .. } = &change.subject else { return false };
    let whole = Subject::Operation(operation.clone());
    let is_up = |change: &Change| change.difference.estimate > 0.0;
    let moves = |it: &Change| it.subject == whole && is_up(it) == is_up(change);
    let Some(all) = now.get(&whole).filter(|_| changed.iter().any(moves)) else { return false };
    let here = change.now;
    let others = Proportion { k: all.k.saturating_sub(here.k), n: all.n.saturating_sub(here.n) };
    others.n > 0 && !difference(here, others, level).is_some_and(|apart| apart.excludes_zero())
}

/// Truncates the lines; returns the number of removed ones.
fn truncate<T>(lines: &mut Vec<T>) -> usize {
    let more = lines.len().saturating_sub(MAX_LINES);
    lines.truncate(MAX_LINES);
    more
}

/// The operation of a station or a software.
fn part_of(subject: &Subject) -> Option<Subject> {
    match subject {
        Subject::Station { operation, .. } | Subject::Software { operation, .. } => {
            Some(Subject::Operation(operation.clone()))
        }
        Subject::Operation(_) | Subject::Code(_) => None,
    }
}

/// The subjects that are only in `one`, largest first. An operation includes its stations and
/// its software, which are not listed. A code without failures is compared instead.
fn missing_in(one: &Figures, other: &Figures, min_units: u64) -> Vec<(Subject, u64)> {
    let is_listed = |subject: &Subject| match part_of(subject) {
        Some(operation) => other.contains_key(&operation),
        None => matches!(subject, Subject::Operation(_)),
    };
    let mut alone: Vec<_> = one
        .iter()
        .filter(|(subject, figure)| {
            is_listed(subject) && figure.n >= min_units && !other.contains_key(subject)
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
    fn figures(figures: &[(&str, u64, u64)]) -> Figures {
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
    fn only_significant_changes_are_reported_largest_first() {
        let now = figures(&[
            ("a", 5, 1_000),
            ("b", 60, 1_000),
            ("c", 300, 1_000),
            ("s@L6", 1, 4),
            ("@L6", 1, 4),
        ]);
        let before = figures(&[
            ("a", 4, 1_000),
            ("b", 20, 1_000),
            ("c", 200, 1_000),
            ("t@L6", 9, 12),
            ("@L6", 9, 12),
        ]);
        let result = changes(&now, &before);
        let names: Vec<_> = result.changed.iter().map(|change| change.subject.clone()).collect();
        assert_eq!(names, [Subject::Code("c".into()), Subject::Code("b".into())]);
        assert_eq!(result.compared, 4);
        assert!((result.changed[0].difference.level - (1.0 - 0.05 / 4.0)).abs() < 1e-15);
        assert_eq!(result.appeared.len(), 1);
        assert_eq!(result.gone[0].1, 12);
    }

    #[test]
    fn an_operation_that_appears_or_disappears_includes_its_stations() {
        let now = figures(&[("@L11", 3, 3), ("s@L11", 3, 3)]);
        let before = figures(&[("@L6", 30, 40), ("s@L6", 10, 20), ("t@L6", 10, 10)]);
        let result = changes(&now, &before);
        assert_eq!(result.appeared, [(Subject::Operation("L11".into()), 3)]);
        assert_eq!(result.gone, [(Subject::Operation("L6".into()), 40)]);
        assert_eq!(result.compared, 0);
    }

    #[test]
    fn a_station_alone_in_its_operation_is_not_compared_once_more() {
        let now = figures(&[("@L6", 50, 100), ("s@L6", 50, 100), ("@L7", 9, 10), ("s@L7", 9, 9)]);
        let before =
            figures(&[("@L6", 90, 100), ("s@L6", 90, 100), ("@L7", 9, 10), ("s@L7", 9, 10)]);
        let result = changes(&now, &before);
        assert_eq!(result.compared, 3);
        assert_eq!(result.changed.len(), 1);
    }

    #[test]
    fn stations_that_fall_with_their_operation_are_not_named_and_one_that_falls_alone_is() {
        let alike = figures(&[("@L6", 160, 200), ("s@L6", 80, 100), ("t@L6", 80, 100)]);
        let before = figures(&[("@L6", 196, 200), ("s@L6", 98, 100), ("t@L6", 98, 100)]);
        let names = |now: &Figures| -> Vec<Subject> {
            changes(now, &before).changed.into_iter().map(|it| it.subject).collect()
        };
        assert_eq!(names(&alike), [Subject::Operation("L6".into())]);
        let alone = figures(&[("@L6", 160, 200), ("s@L6", 62, 100), ("t@L6", 98, 100)]);
        let station = Subject::Station { station: "s".into(), operation: "L6".into() };
        let both = names(&alone);
        assert!(both.len() == 2 && both.contains(&station), "{both:?}");
    }

    #[test]
    fn truncated_lines_are_counted() {
        let stations = |letter: char| -> Figures {
            let figure = |i: u64| {
                let (station, operation) = (format!("{letter}{i}"), "L6".to_owned());
                (Subject::Station { station, operation }, Proportion { k: 20, n: 20 })
            };
            let mut figures: Figures = (0..9).map(figure).collect();
            figures.insert(Subject::Operation("L6".into()), Proportion { k: 180, n: 180 });
            figures
        };
        let result = changes(&stations('s'), &stations('t'));
        assert_eq!((result.appeared.len(), result.gone.len(), result.more), (6, 6, 6));
    }

    #[test]
    fn many_comparisons_need_stronger_evidence() {
        let one = |n: usize| -> (Figures, Figures) {
            let figures = |k| -> Figures {
                let figure =
                    |i: usize| (Subject::Code(format!("c{i}")), Proportion { k, n: 1_000 });
                (0..n).map(figure).collect()
            };
            (figures(65), figures(40))
        };
        let (now, before) = one(1);
        assert_eq!(changes(&now, &before).changed.len(), 1);
        let (now, before) = one(50);
        assert_eq!(changes(&now, &before).changed.len(), 0);
    }
}
