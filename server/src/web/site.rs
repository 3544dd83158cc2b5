//! The address of this site.

use app::backend::SiteAddress;
use http::{HeaderMap, header};

/// Where this site is reached. Off loopback it is behind TLS, or it would not be served.
pub(crate) fn site_address(headers: &HeaderMap) -> SiteAddress {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let loopback = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|name| host == *name || host.strip_prefix(name).is_some_and(|it| it.starts_with(':')));
    let scheme = if loopback { "http" } else { "https" };
    SiteAddress(format!("{scheme}://{host}"))
}
