//! Keyset pagination: limits and cursors of lists.

use crate::problem::{ApiResult, EN, Problem};
use crate::web::extract::Query;

/// How many items of a list are answered at once: 100 by default, at most 1,000.
pub(crate) fn limit(query: &Query) -> ApiResult<u16> {
    let expected = EN.cause_limit_1000();
    match query.parse("limit", expected)? {
        None => Ok(100),
        Some(limit @ 1..=1000) => Ok(limit),
        Some(_) => Err(Problem::invalid("limit", expected)),
    }
}

/// Cuts rows that were fetched with one more than `limit` to a page of `limit`; the extra row,
/// with which the next page begins, where there is one.
pub(crate) fn cut_page<T>(rows: &mut Vec<T>, limit: u16) -> Option<T> {
    rows.truncate(usize::from(limit) + 1);
    if rows.len() > usize::from(limit) { rows.pop() } else { None }
}

/// The cursor that the `next` of a list named, to go on after it.
pub(crate) fn cursor<C: std::str::FromStr>(query: &Query) -> ApiResult<Option<C>> {
    query.parse("cursor", invalid_cursor())
}

/// What is wrong with a cursor that no list named.
pub(crate) fn invalid_cursor() -> &'static str {
    EN.cause_cursor()
}
