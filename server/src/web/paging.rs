//! Keyset pagination: limits and cursors of lists.

use crate::problem::{ApiResult, EN, Problem};
use crate::web::extract::Query;

/// Parses the page size of a list: 100 by default, at most 1,000.
pub(crate) fn limit(query: &Query) -> ApiResult<u16> {
    let expected = EN.cause_limit_1000();
    match query.parse("limit", expected)? {
        None => Ok(100),
        Some(limit @ 1..=1000) => Ok(limit),
        Some(_) => Err(Problem::invalid("limit", expected)),
    }
}

/// Keyset pagination: truncates rows that were fetched with `limit + 1` to a page of `limit`.
/// Returns the extra row, with which the next page begins, if there is one.
pub(crate) fn cut_page<T>(rows: &mut Vec<T>, limit: u16) -> Option<T> {
    rows.truncate(usize::from(limit) + 1);
    if rows.len() > usize::from(limit) { rows.pop() } else { None }
}

/// Parses the keyset pagination cursor: the `next` of the previous page.
pub(crate) fn cursor<C: std::str::FromStr>(query: &Query) -> ApiResult<Option<C>> {
    query.parse("cursor", invalid_cursor())
}

/// Error message for an invalid cursor.
pub(crate) fn invalid_cursor() -> &'static str {
    EN.cause_cursor()
}
