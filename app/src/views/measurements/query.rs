//! The state of the page, which is its address.

use super::slice::with_pairs;
use crate::backend::{ParameterOrder, ParametersQuery, Slice};
use crate::ui::query::in_tenant;

/// Bytes of a search: longer ones find nothing.
const MOST_SEARCH: usize = 200;

impl ParameterOrder {
    /// All of them, as they are offered.
    pub(super) const ALL: [Self; 3] = [Self::LeastCapable, Self::Outside, Self::Name];

    /// Its name in addresses of pages and of the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeastCapable => "ppk_low",
            Self::Outside => "outside",
            Self::Name => "name",
        }
    }
}

/// The state that a query string names. What does not parse is ignored.
pub(super) fn parse(query: &str) -> ParametersQuery {
    let (slice, rest) = Slice::parse(query);
    let order = ParameterOrder::default();
    let mut parsed = ParametersQuery { slice, part: String::new(), order, after: None };
    for (name, value) in rest {
        match name.as_str() {
            "q" if value.len() <= MOST_SEARCH => value.trim().clone_into(&mut parsed.part),
            "sort" => {
                let order = ParameterOrder::ALL.into_iter().find(|it| it.as_str() == value);
                parsed.order = order.unwrap_or_default();
            }
            "after" => parsed.after = Some(value),
            _ => {}
        }
    }
    parsed
}

/// The address of the page in a state.
pub(super) fn href(query: &ParametersQuery) -> String {
    let mut pairs = query.slice.pairs();
    let mut add = |name: &str, value: &str| pairs.push((name.to_owned(), value.to_owned()));
    if !query.part.is_empty() {
        add("q", &query.part);
    }
    if query.order != ParameterOrder::default() {
        add("sort", query.order.as_str());
    }
    if let Some(after) = &query.after {
        add("after", after);
    }
    with_pairs(&in_tenant("/measurements"), &pairs)
}

/// The address of the page with one thing changed, from its first row on.
pub(super) fn href_with(
    query: &ParametersQuery,
    change: impl FnOnce(&mut ParametersQuery),
) -> String {
    let mut changed = ParametersQuery { after: None, ..query.clone() };
    change(&mut changed);
    href(&changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_state_and_leaves_out_defaults() {
        assert_eq!(href(&parse("")), "/measurements");
        for address in [
            "/measurements?days=90&station=A%26B&q=temp&sort=outside&after=a%20%2F%20b",
            "/measurements?from=2026-03-01&to=2026-03-31&sort=name",
        ] {
            let (_, query) = address.split_once('?').unwrap();
            assert_eq!(href(&parse(query)), address);
        }
        let changed = href_with(&parse("after=x&sort=name"), |query| query.part = "y".to_owned());
        assert_eq!(changed, "/measurements?q=y&sort=name");
    }
}
