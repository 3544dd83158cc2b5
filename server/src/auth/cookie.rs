//! The session cookie. `__Host-` makes browsers insist on Secure, no Domain and path /.

use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header};

const NAME: &str = "__Host-sid";

/// The session's secret, if the browser sent one.
#[must_use]
pub fn session(headers: &HeaderMap) -> Option<String> {
    named(headers, NAME)
}

/// The value of the cookie of that name, if the browser sent one.
pub(crate) fn named(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| Cookie::split_parse(value.to_owned()))
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// The header that gives the browser its session. It ends with the browser; the server
/// ends it sooner if it idles.
#[must_use]
pub fn set(secret: &str) -> Option<HeaderValue> {
    header_value(Cookie::build((NAME, secret.to_owned())))
}

/// The header that takes the session away.
#[must_use]
pub fn clear() -> Option<HeaderValue> {
    header_value(Cookie::build((NAME, "")).max_age(cookie::time::Duration::ZERO))
}

fn header_value(cookie: cookie::CookieBuilder<'_>) -> Option<HeaderValue> {
    let cookie = cookie.path("/").secure(true).http_only(true).same_site(SameSite::Lax).build();
    HeaderValue::from_str(&cookie.to_string()).ok()
}
