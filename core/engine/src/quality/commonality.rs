//! Commonality: factors that failing runs share and passing runs do not.
//!
//! Each value of each dimension gives a two-by-two table (failing or passing, with or
//! without the value). Fisher's exact test, one-sided; all tests of one answer are one
//! family under Benjamini and Hochberg. A dimension may be many-valued (component lots):
//! a run then counts under each of its values, once, and a + b + c + d is still n.
//!
//! Runs are assumed independent. Association is not causation: see
//! [`confounding`](super::confounding).

use crate::stats::contingency::{Estimate, Table};
use crate::stats::multiple_testing::benjamini_hochberg;
use core::cmp::Ordering;

/// Runs with one value of one dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group<K> {
    /// The dimension and value; distinct within one call.
    pub key: K,
    /// Failing runs with it.
    pub failing: u64,
    /// Passing runs with it.
    pub passing: u64,
}

/// The alternative hypothesis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// Failures are more frequent with the value.
    #[default]
    Greater,
    /// Less frequent: factors that passing runs share.
    Less,
}

/// One tested value.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<K> {
    /// The dimension and value.
    pub key: K,
    /// The counts.
    pub table: Table,
    /// (a d)/(b c) with its interval; ∞ where only b c is 0, `None` where both are 0.
    pub odds_ratio: Option<Estimate>,
    /// Failing share with over without.
    pub lift: Option<f64>,
    /// Fisher's exact p value, one-sided.
    pub p: f64,
    /// False discovery rate of Benjamini and Hochberg.
    pub q: f64,
}

/// Tests every group with at least `minimum` runs; the smallest p first, then the larger
/// number of failing runs, then the key.
///
/// Groups below the minimum are dropped before testing, so that they do not weaken the correction.
/// A value that every run has is omitted as well: it has no comparison group. `None` where a group
/// counts more runs than there are, or the level is not between 0 and 1.
/// not between 0 and 1.
///
/// ```
/// use engine::quality::commonality::{Group, Side, commonality};
/// let groups = vec![Group { key: "station 3", failing: 9, passing: 51 }];
/// let rows = commonality(groups, 30, 970, 5, Side::Greater, 0.95).unwrap();
/// assert!((rows[0].p / 2.9276e-5 - 1.0).abs() < 1e-4); // 9/60 against 21/940
/// ```
#[must_use]
pub fn commonality<K: Ord>(
    groups: Vec<Group<K>>,
    failing: u64,
    passing: u64,
    minimum: u64,
    side: Side,
    level: f64,
) -> Option<Vec<Row<K>>> {
    let mut rows = Vec::with_capacity(groups.len());
    for Group { key, failing: a, passing: b } in groups {
        let table = Table { a, b, c: failing.checked_sub(a)?, d: passing.checked_sub(b)? };
        let with = a + b;
        if with < minimum || with == 0 || table.c + table.d == 0 {
            continue;
        }
        let p = match side {
            Side::Greater => table.fisher_greater(),
            Side::Less => table.fisher_less(),
        };
        let ci = table.odds_ratio_ci(level)?;
        let odds_ratio = table.odds_ratio().map(|value| Estimate { value, ci });
        rows.push(Row { key, table, odds_ratio, lift: table.lift(), p, q: 1.0 });
    }
    rows.sort_by(rank);
    let p: Vec<f64> = rows.iter().map(|row| row.p).collect();
    for (row, q) in rows.iter_mut().zip(benjamini_hochberg(&p)) {
        row.q = q;
    }
    Some(rows)
}

fn rank<K: Ord>(one: &Row<K>, other: &Row<K>) -> Ordering {
    one.p.total_cmp(&other.p).then(other.table.a.cmp(&one.table.a)).then(one.key.cmp(&other.key))
}
