//! The state of the page, which is its address.

use crate::backend::{ParameterOrder, ParametersQuery};
use crate::slice::Slice;
use crate::ui::query::{RequestAddress, address, in_tenant};
use crate::views::slice_bar::Place;

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
    let request = RequestAddress::new("", query);
    let text = |name| request.parameter(name).filter(|it| !it.is_empty() && !it.contains('\0'));
    let order = text("sort").unwrap_or_default();
    ParametersQuery {
        slice: Slice::parse(query),
        part: text("q").filter(|it| it.len() <= MOST_SEARCH).unwrap_or_default().trim().to_owned(),
        order: ParameterOrder::ALL.into_iter().find(|it| it.as_str() == order).unwrap_or_default(),
        after: text("after"),
    }
}

/// The page, as the bar of its slice leads to it: from its first row on.
pub(super) fn place(query: &ParametersQuery) -> Place {
    let order = (query.order != ParameterOrder::default()).then(|| query.order.as_str().to_owned());
    let part = (!query.part.is_empty()).then(|| query.part.clone());
    Place { path: in_tenant("/measurements"), rest: vec![("q", part), ("sort", order)] }
}

/// The address of the page in a state.
pub(super) fn href(query: &ParametersQuery) -> String {
    address(&place(query).with(&query.slice), &[("after", query.after.as_deref())])
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
