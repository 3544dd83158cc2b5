//! The state of the page, which is its address.

use crate::backend::{FailureKey, FailuresQuery};
use crate::slice::Slice;
use crate::ui::query::{RequestAddress, in_tenant};
use crate::views::slice_bar::Place;

impl FailureKey {
    /// Its name in an address.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Step => "step",
            Self::Component => "component",
        }
    }
}

/// The state that a query string says. What does not parse is as if it were not there.
#[must_use]
pub fn parse(query: &str) -> FailuresQuery {
    let request = RequestAddress::new("", query);
    let text = |name| request.parameter(name).filter(|it| !it.is_empty() && !it.contains('\0'));
    let by = text("by").unwrap_or_default();
    let all = [FailureKey::Code, FailureKey::Step, FailureKey::Component];
    FailuresQuery {
        slice: Slice::parse(query),
        by: all.into_iter().find(|it| it.as_str() == by).unwrap_or_default(),
        code: text("code"),
    }
}

/// What the address says beside the slice.
fn rest(query: &FailuresQuery) -> Vec<(&'static str, Option<String>)> {
    let by = (query.by != FailureKey::default()).then(|| query.by.as_str().to_owned());
    vec![("by", by), ("code", query.code.clone())]
}

/// The page, as the bar of its slice leads to it.
pub(super) fn place(query: &FailuresQuery) -> Place {
    Place { path: in_tenant("/failures"), rest: rest(query) }
}

/// The address of the page in a state.
pub(super) fn href(query: &FailuresQuery) -> String {
    let rest = rest(query);
    let rest: Vec<_> = rest.iter().map(|(name, value)| (*name, value.as_deref())).collect();
    query.slice.address(&in_tenant("/failures"), &rest)
}

/// The address of the page with one thing changed.
pub(super) fn href_with(query: &FailuresQuery, change: impl FnOnce(&mut FailuresQuery)) -> String {
    let mut changed = query.clone();
    change(&mut changed);
    href(&changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_state_and_leaves_out_defaults() {
        assert_eq!(href(&parse("")), "/failures");
        for address in [
            "/failures?days=90&definition=report&by=step",
            "/failures?from=2026-03-01&to=2026-03-31&station=A%26B&station=C&code=x%3Dy",
            "/failures?days=all",
        ] {
            let (_, query) = address.split_once('?').unwrap();
            assert_eq!(href(&parse(query)), address);
        }
    }
}
