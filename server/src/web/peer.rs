//! The remote address of a request: per-source limits count by it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::{Extensions, HeaderMap, HeaderName};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The remote address of the TCP connection, in the extensions of each request that
/// arrived on it. Behind a proxy this is the proxy's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PeerAddr(pub SocketAddr);

/// The source of a request: the peer's address, or behind a proxy the last entry of
/// `X-Forwarded-For`, which the proxy appended; earlier entries are the client's claim. An
/// IPv6 source is its /64, because a host chooses the rest freely. Requests without a known
/// source share the unspecified address.
#[must_use]
pub fn source(extensions: &Extensions, headers: &HeaderMap, behind_proxy: bool) -> IpAddr {
    let peer = extensions.get::<PeerAddr>().map(|PeerAddr(addr)| addr.ip());
    let forwarded = behind_proxy.then(|| last_forwarded(headers)).flatten();
    let source = forwarded.or(peer).unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
    network(source.to_canonical())
}

fn last_forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(FORWARDED_FOR).iter().next_back()?.to_str().ok()?;
    let last = last.rsplit(',').next()?.trim();
    // Some proxies write the port as well.
    last.parse().ok().or_else(|| last.parse::<SocketAddr>().ok().map(|addr| addr.ip()))
}

/// An IPv4 address is itself, an IPv6 address its /64.
pub(crate) fn network(addr: IpAddr) -> IpAddr {
    match addr {
        IpAddr::V4(_) => addr,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn source_of(peer: &str, forwarded: &[&'static str], behind_proxy: bool) -> String {
        let mut extensions = Extensions::new();
        extensions.insert(PeerAddr(peer.parse().unwrap()));
        let headers = forwarded
            .iter()
            .map(|value| (FORWARDED_FOR, HeaderValue::from_static(value)))
            .collect();
        source(&extensions, &headers, behind_proxy).to_string()
    }

    #[test]
    fn a_forwarded_address_counts_behind_a_proxy_only() {
        assert_eq!(source_of("10.0.0.1:5000", &["203.0.113.9"], false), "10.0.0.1");
        assert_eq!(source_of("10.0.0.1:5000", &["203.0.113.9"], true), "203.0.113.9");
        assert_eq!(source_of("10.0.0.1:5000", &["203.0.113.9:41000"], true), "203.0.113.9");
        assert_eq!(source_of("10.0.0.1:5000", &["nonsense"], true), "10.0.0.1");
    }

    #[test]
    fn only_the_entry_that_the_proxy_appended_counts() {
        assert_eq!(source_of("10.0.0.1:5000", &["198.51.100.1, 203.0.113.9"], true), "203.0.113.9");
        assert_eq!(
            source_of("10.0.0.1:5000", &["198.51.100.1", "203.0.113.9"], true),
            "203.0.113.9"
        );
    }

    #[test]
    fn an_ipv6_host_is_its_network() {
        assert_eq!(source_of("[2001:db8:1:2:3:4:5:6]:5000", &[], false), "2001:db8:1:2::");
        assert_eq!(source_of("[::ffff:192.0.2.1]:5000", &[], false), "192.0.2.1");
    }
}
