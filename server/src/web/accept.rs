//! Content negotiation and cache validation: `Accept-Encoding` and `If-None-Match`.

use http::{HeaderMap, header};

/// Whether `Accept-Encoding` allows this content coding.
#[must_use]
pub fn allows_coding(headers: &HeaderMap, coding: &str) -> bool {
    values(headers, header::ACCEPT_ENCODING).any(|offer| {
        let mut parts = offer.split(';');
        parts.next().is_some_and(|name| name.trim().eq_ignore_ascii_case(coding))
            && !parts.any(|weight| matches!(weight.trim(), "q=0" | "q=0.0"))
    })
}

/// Whether `If-None-Match` contains this entity tag, so that the response is 304. Uses the weak
/// comparison.
#[must_use]
pub fn if_none_match(headers: &HeaderMap, tag: &str) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    values(headers, header::IF_NONE_MATCH)
        .any(|sent| sent.trim() == "*" || strong(sent) == strong(tag))
}

/// The members of a list header, which may be split into several headers.
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
    fn a_coding_is_allowed_if_it_is_offered_and_not_refused() {
        let takes = |offers: &[&'static str], name| {
            let headers = headers(header::ACCEPT_ENCODING, offers);
            allows_coding(&headers, name)
        };
        assert!(takes(&["gzip, BR;q=0.5"], "br"));
        assert!(takes(&["gzip", "br"], "br"));
        assert!(!takes(&["gzip, br;q=0"], "br"));
        assert!(!takes(&["brotli"], "br"));
        assert!(!takes(&[], "br"));
    }

    #[test]
    fn any_of_the_sent_tags_may_match() {
        let sent =
            |tags: &[&'static str]| if_none_match(&headers(header::IF_NONE_MATCH, tags), "W/\"a\"");
        assert!(sent(&["W/\"a\""]));
        assert!(sent(&["\"b\", \"a\""]));
        assert!(sent(&["*"]));
        assert!(!sent(&["\"ab\""]));
        assert!(!sent(&[]));
    }
}
