//! Yield figures as the API, the pages and the exports show them: one way to a figure, so
//! that it is the same everywhere to the last digit.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::yields::{Definition, Reason};
use engine::metrics::yields::{Basis, Tally};
use store::yields::{KeyedCell, Question};
use store::{Principal, Store, TenantTx};

use crate::clock;
use crate::limits::FUTURE;

/// The level of every interval.
pub const LEVEL: f64 = 0.95;

/// What one group adds up to. Groups come in the order of their keys, none last.
#[derive(Debug, Clone)]
pub struct Group {
    /// What the runs have in common; none where they lack it, or nothing is grouped.
    pub key: Option<String>,
    /// The same by the second dimension.
    pub second: Option<String>,
    /// What they add up to.
    pub tally: Tally,
}

/// Begins to count, and says of which moment the figures are.
///
/// # Errors
/// When the caller has no tenant or the database is out of reach.
pub async fn begin(store: &Store, caller: &Principal) -> store::Result<(TenantTx, Timestamp)> {
    let as_of = clock::now();
    let until = as_of.saturating_add(FUTURE);
    Ok((TenantTx::begin_counting(store, caller, until).await?, as_of))
}

/// The groups of an answer. Without `group_by` there is one, also of nothing.
///
/// # Errors
/// When the database refuses or is out of reach.
pub async fn groups(
    tx: &mut TenantTx,
    question: &Question,
    basis: Basis,
) -> store::Result<Vec<Group>> {
    let mut tallies = BTreeMap::new();
    if question.group_by.is_empty() {
        tallies.insert(order(None, None), Tally::new(basis));
    }
    for KeyedCell { key, second, cell, .. } in tx.cells(question).await? {
        tallies.entry(order(key, second)).or_insert_with(|| Tally::new(basis)).add(&cell);
    }
    if basis.definition == Definition::FirstRun {
        for there in tx.first_elsewhere(question).await? {
            if let Some(tally) = tallies.get_mut(&order(there.key, there.second)) {
                tally.exclude(Reason::FirstRunBeforeWindow, there.before);
                tally.exclude(Reason::FirstRunElsewhere, there.elsewhere);
            }
        }
    }
    let group = |([(_, key), (_, second)], tally): (Order, Tally)| Group { key, second, tally };
    Ok(tallies.into_iter().map(group).collect())
}

/// By the first key and then the second, none last.
type Order = [(bool, Option<String>); 2];

fn order(key: Option<String>, second: Option<String>) -> Order {
    [key, second].map(|key| (key.is_none(), key))
}
