//! Addresses that the server also builds and parses.

pub use crate::ui::query::{
    RequestAddress, unit_redirect, unit_runs_in as unit_runs_address, unit_serial,
};

/// Maximum length of the log-in page's address in bytes. Proxies refuse longer ones.
const LONGEST: usize = 6 << 10;

/// The address of the log-in page that redirects back to `wanted`, a path with its query. The
/// redirect is omitted if the encoded address exceeds [`LONGEST`].
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

#[cfg(test)]
mod tests {
    use super::login_address;

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
