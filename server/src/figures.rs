//! Yield figures for the API, the pages and the exports: one implementation, so
//! that all show the same figures to the last digit.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::dimension::{Dimension, Field};
use domain::yields::{Definition, Reason};
use engine::metrics::yields::{Basis, Tally};
use store::yields::{KeyedCell, Question};
use store::{Principal, Store, TenantTx};

use crate::clock;
use crate::limits::FUTURE;

/// The confidence level of every interval.
pub const LEVEL: f64 = 0.95;

/// The totals of one group. Groups are sorted by their keys, none last.
#[derive(Debug, Clone)]
pub struct Group {
    /// The value of the first dimension; none if the runs have none, or are not grouped.
    pub key: Option<String>,
    /// The value of the second dimension.
    pub second: Option<String>,
    /// The totals.
    pub tally: Tally,
}

/// Begins a counting transaction; returns it with the time of the figures.
///
/// # Errors
/// When the caller has no tenant or the database is unreachable.
pub async fn begin(store: &Store, caller: &Principal) -> store::Result<(TenantTx, Timestamp)> {
    let as_of = clock::now();
    let until = as_of.saturating_add(FUTURE);
    Ok((TenantTx::begin_counting(store, caller, until).await?, as_of))
}

/// Computes the groups of a query. Without `group_by` there is one, even if it is empty.
///
/// # Errors
/// When the database refuses or is unreachable.
pub async fn groups(
    tx: &mut TenantTx,
    question: &Question,
    basis: Basis,
) -> store::Result<Vec<Group>> {
    let mut tallies = BTreeMap::new();
    if question.group_by.is_empty() {
        tallies.insert(sort_key(None, None), Tally::new(basis));
    }
    for KeyedCell { key, second, cell, .. } in tx.cells(question).await? {
        tallies.entry(sort_key(key, second)).or_insert_with(|| Tally::new(basis)).add(&cell);
    }
    if basis.definition == Definition::FirstRun {
        for excluded in tx.first_elsewhere(question).await? {
            if let Some(tally) = tallies.get_mut(&sort_key(excluded.key, excluded.second)) {
                tally.exclude(Reason::FirstRunBeforeWindow, excluded.before);
                tally.exclude(Reason::FirstRunElsewhere, excluded.elsewhere);
            }
        }
    }
    let group = |([(_, key), (_, second)], tally): (SortKey, Tally)| Group { key, second, tally };
    Ok(tallies.into_iter().map(group).collect())
}

/// Computes the groups of each query over several tenants, one transaction after the other, and
/// the time of the figures. Days are those of each tenant's site.
///
/// # Errors
/// When the database refuses or is unreachable.
pub async fn groups_of_tenants(
    store: &Store,
    callers: &[Principal],
    questions: &[&Question],
    basis: Basis,
) -> store::Result<(Vec<Vec<Group>>, Timestamp)> {
    let mut merged: Vec<BTreeMap<SortKey, Tally>> = vec![BTreeMap::new(); questions.len()];
    let mut as_of = None;
    for caller in callers {
        let (mut tx, at) = begin(store, caller).await?;
        as_of.get_or_insert(at);
        let by_tenant = |question: &Question, place: usize| {
            question.group_by.get(place) == Some(&Dimension::Field(Field::Tenant))
        };
        let slug = match questions.iter().any(|it| by_tenant(it, 0) || by_tenant(it, 1)) {
            true => Some(tx.this_tenant().await?.slug),
            false => None,
        };
        for (question, tallies) in questions.iter().zip(&mut merged) {
            for Group { key, second, tally } in groups(&mut tx, question, basis).await? {
                let name = |place, key| if by_tenant(question, place) { slug.clone() } else { key };
                let key = sort_key(name(0, key), name(1, second));
                tallies.entry(key).or_insert_with(|| Tally::new(basis)).merge(&tally);
            }
        }
    }
    let group = |([(_, key), (_, second)], tally): (SortKey, Tally)| Group { key, second, tally };
    let groups = merged.into_iter().map(|tallies| tallies.into_iter().map(group).collect());
    Ok((groups.collect(), as_of.unwrap_or_else(clock::now)))
}

/// Sort key: the first key and then the second, none last.
type SortKey = [(bool, Option<String>); 2];

fn sort_key(key: Option<String>, second: Option<String>) -> SortKey {
    [key, second].map(|key| (key.is_none(), key))
}
