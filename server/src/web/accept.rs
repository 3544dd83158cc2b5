//! What a caller says that it can take.

use http::{HeaderMap, header};

/// Whether a body may be sent in this coding, by `Accept-Encoding`.
#[must_use]
pub fn coding(headers: &HeaderMap, coding: &str) -> bool {
    values(headers, header::ACCEPT_ENCODING).any(|offer| {
        let mut parts = offer.split(';');
        parts.next().is_some_and(|name| name.trim().eq_ignore_ascii_case(coding))
            && !parts.any(|weight| matches!(weight.trim(), "q=0" | "q=0.0"))
    })
}

/// Whether the caller holds what this tag stands for already, by `If-None-Match`. Tags are
/// compared weakly.
#[must_use]
pub fn holds(headers: &HeaderMap, tag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    values(headers, header::IF_NONE_MATCH)
        .any(|held| held.trim() == "*" || plain(held) == plain(tag))
}

/// The members of a list, which may come as several headers.
fn values(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), http::HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_coding_is_taken_where_it_is_offered_and_not_refused() {
        let takes =
            |offers: &[&'static str], name| coding(&headers(header::ACCEPT_ENCODING, offers), name);
        assert!(takes(&["gzip, BR;q=0.5"], "br"));
        assert!(takes(&["gzip", "br"], "br"));
        assert!(!takes(&["gzip, br;q=0"], "br"));
        assert!(!takes(&["brotli"], "br"));
        assert!(!takes(&[], "br"));
    }

    #[test]
    fn what_is_held_is_told_by_any_of_the_tags() {
        let held = |tags: &[&'static str]| holds(&headers(header::IF_NONE_MATCH, tags), "W/\"a\"");
        assert!(held(&["W/\"a\""]));
        assert!(held(&["\"b\", \"a\""]));
        assert!(held(&["*"]));
        assert!(!held(&["\"ab\""]));
        assert!(!held(&[]));
    }
}
