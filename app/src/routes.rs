//! Every page's path.

pub use crate::ui::query::{
    RequestAddress, unit as unit_address, unit_redirect, unit_runs as unit_runs_address,
    unit_serial,
};

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRoute {
    /// Its path.
    pub path: &'static str,
    /// Whether it has islands: a page without them loads no WASM.
    pub islands: bool,
}

/// The pages.
pub const PAGES: &[PageRoute] = &[
    PageRoute { path: "/", islands: true },
    PageRoute { path: "/login", islands: false },
    #[cfg(debug_assertions)]
    PageRoute { path: "/gallery", islands: true },
    PageRoute { path: "/account", islands: true },
    PageRoute { path: "/t/{tenant}/", islands: true },
    PageRoute { path: "/t/{tenant}/explore", islands: true },
    PageRoute { path: "/t/{tenant}/units", islands: true },
    PageRoute { path: "/t/{tenant}/units/{serial}", islands: true },
    PageRoute { path: "/t/{tenant}/uploads", islands: true },
    PageRoute { path: "/t/{tenant}/uploads/{id}", islands: true },
];

/// Bytes of the log-in page's address at most: a longer one is refused by proxies.
const LONGEST: usize = 6 << 10;

/// The log-in page that leads back to where somebody wanted to go: a path with its query, unless
/// that is too long to be encoded once more.
#[must_use]
pub fn login_address(wanted: &str) -> String {
    let mut address = "/login?next=".to_owned();
    for byte in wanted.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                address.push(char::from(byte));
            }
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    if address.len() > LONGEST {
        return "/login".to_owned();
    }
    address
}

/// Whether the page at that path has islands.
#[must_use]
pub fn has_islands(path: &str) -> bool {
    let matches = |pattern: &str| {
        let (asked, ours) = (path.split('/'), pattern.split('/'));
        asked.clone().count() == ours.clone().count()
            && asked.zip(ours).all(|(asked, ours)| asked == ours || ours.starts_with('{'))
    };
    PAGES.iter().any(|page| page.islands && matches(page.path))
}

#[cfg(test)]
mod tests {
    use super::{has_islands, login_address};

    #[test]
    fn a_page_with_a_placeholder_is_found_by_any_name() {
        assert!(has_islands("/") && has_islands("/t/north/units/A%2F1"));
        assert!(!has_islands("/login") && !has_islands("/t/north/units/A/1"));
    }

    #[test]
    fn a_link_to_log_in_leads_back() {
        assert_eq!(login_address("/"), "/login?next=/");
        assert_eq!(
            login_address("/units/A%2F1?q=a&b=c"),
            "/login?next=/units/A%252F1%3Fq%3Da%26b%3Dc"
        );
        assert_eq!(login_address(&format!("/explore?station={}", "%20".repeat(1500))), "/login");
    }
}
