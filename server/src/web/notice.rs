//! Flash messages: a cookie with the code of a notice that the next page shows once.
//! A link cannot set the cookie, and it cannot inject text: it only selects a fixed sentence.

use app::ui::notice::Notice;
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue};

use crate::web::cookie::named;

const NAME: &str = "__Host-notice";
/// Lifetime of the cookie, in seconds.
const MAX_AGE_SECONDS: i64 = 60;

/// Creates the header that sets the notice for the next page.
pub fn set(notice: Notice) -> Option<HeaderValue> {
    value(notice.code(), MAX_AGE_SECONDS)
}

/// Gets the notice that the page must show.
#[must_use]
pub fn from_headers(headers: &HeaderMap) -> Option<Notice> {
    named(headers, NAME).and_then(|code| Notice::of(&code))
}

/// Creates the header that clears the notice.
#[must_use]
pub fn clear() -> Option<HeaderValue> {
    value("", 0)
}

fn value(code: &str, seconds: i64) -> Option<HeaderValue> {
    let cookie = Cookie::build((NAME, code))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(Duration::seconds(seconds))
        .build();
    HeaderValue::from_str(&cookie.to_string()).ok()
}
