//! Cookies: the session, and the known device. With the prefix `__Host-` browsers require
//! Secure, no Domain and path /.

use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue};

use crate::web::cookie::named;

const SESSION: &str = "__Host-sid";
const DEVICE: &str = "__Host-device";
/// How long a device is known after its last log-in.
pub(super) const DEVICE_DAYS: i64 = 180;

/// The session's secret, if the browser sent one.
#[must_use]
pub fn session(headers: &HeaderMap) -> Option<String> {
    named(headers, SESSION)
}

/// The device's secret, if the browser sent one.
#[must_use]
pub fn device(headers: &HeaderMap) -> Option<String> {
    named(headers, DEVICE)
}

/// The header that gives the browser its session. It ends with the browser; the server
/// ends it sooner if it idles.
#[must_use]
pub fn set(secret: &str) -> Option<HeaderValue> {
    header_value(Cookie::build((SESSION, secret.to_owned())))
}

/// Creates the header that sets the device cookie. It outlives the session.
#[must_use]
pub fn set_device(secret: &str) -> Option<HeaderValue> {
    header_value(Cookie::build((DEVICE, secret.to_owned())).max_age(Duration::days(DEVICE_DAYS)))
}

/// Creates the header that removes the session cookie.
#[must_use]
pub fn clear() -> Option<HeaderValue> {
    header_value(Cookie::build((SESSION, "")).max_age(Duration::ZERO))
}

fn header_value(cookie: cookie::CookieBuilder<'_>) -> Option<HeaderValue> {
    let cookie = cookie.path("/").secure(true).http_only(true).same_site(SameSite::Lax).build();
    HeaderValue::from_str(&cookie.to_string()).ok()
}
