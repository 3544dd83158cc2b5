//! Finding the runs and repairs of an upload that the database refuses, so that the others are
//! kept: by bisection, each half written in a transaction that is rolled back.

use std::collections::BTreeMap;
use std::iter;
use std::ops::Range;

use store::Principal;
use store::ingest::Raw;

use super::take::{Body, Keeping, attempt};
use crate::problem::{ApiResult, EN};
use crate::state::AppState;

/// Halves that are tried at most: enough for ten refused records of the longest body.
const ATTEMPTS: u32 = 400;

/// Why the database refuses a row of an upload, which it would again: nothing that the
/// station is to repeat. Any other error is returned as it is.
pub(super) fn why(error: store::Error) -> store::Result<String> {
    let what = match &error {
        store::Error::RowRefused { why, .. } => *why,
        store::Error::Constraint { .. } => EN.reject_value(),
        _ => return Err(error),
    };
    tracing::error!(%error, "the database refused a row of an upload");
    Ok(what.to_owned())
}

/// Which runs and repairs of a body are written, by their place in it.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Nothing means everything.
    within: Option<Range<u64>>,
    /// Places that the database refuses, and why.
    refused: BTreeMap<u64, String>,
}

impl Selection {
    /// Everything.
    pub(super) fn all() -> Self {
        Self::default()
    }

    /// Everything but what is refused.
    pub(super) fn but(refused: BTreeMap<u64, String>) -> Self {
        Self { within: None, refused }
    }

    fn of(within: Range<u64>) -> Self {
        Self { within: Some(within), refused: BTreeMap::new() }
    }

    /// Whether the record at that place is written.
    pub(super) fn takes(&self, place: u64) -> bool {
        self.within.as_ref().is_none_or(|within| within.contains(&place))
            && !self.refused.contains_key(&place)
    }

    /// Why the record at that place is refused.
    pub(super) fn refusal(&self, place: u64) -> Option<&str> {
        self.refused.get(&place).map(String::as_str)
    }
}

/// The places of the records of a body that the database refuses, and why. Those that are not
/// found within [`ATTEMPTS`] are among the rest of their range, which is refused whole.
pub(super) async fn find(
    state: &AppState,
    caller: &Principal,
    body: &Body,
    raw: &Raw,
    records: u64,
) -> ApiResult<BTreeMap<u64, String>> {
    let mut refused = BTreeMap::new();
    let mut ranges: Vec<_> = iter::once(0..records).collect();
    for _ in 0..ATTEMPTS {
        let Some(range) = ranges.pop() else { return Ok(refused) };
        let tried =
            attempt(state, caller, body, Keeping::Done(raw.clone()), Selection::of(range.clone()));
        // Nothing is committed.
        let Err(why) = tried.await?.merged else { continue };
        let middle = range.start + (range.end - range.start) / 2;
        if middle == range.start {
            refused.insert(range.start, why);
        } else {
            ranges.extend([middle..range.end, range.start..middle]);
        }
    }
    let why = EN.reject_value();
    refused.extend(ranges.into_iter().flatten().map(|place| (place, why.to_owned())));
    Ok(refused)
}
