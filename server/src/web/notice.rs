//! What the next page says once: a cookie that names one of the sentences that there are.
//! A link cannot set it, and whoever could set it would put no words of their own.

use app::ui::notice::Notice;
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue};

use crate::web::cookie::named;

const NAME: &str = "__Host-notice";
/// Nobody waits longer for the next page.
const SECONDS: i64 = 60;

/// The header that has the next page say it.
pub fn set(notice: Notice) -> Option<HeaderValue> {
    value(notice.code(), SECONDS)
}

/// What the page is to say.
#[must_use]
pub fn of(headers: &HeaderMap) -> Option<Notice> {
    named(headers, NAME).and_then(|code| Notice::of(&code))
}

/// The header after which no page says it again.
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
