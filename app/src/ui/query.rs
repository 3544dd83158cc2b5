//! Addresses of pages in a state.

/// `path?name=value&…`, percent-encoded; a pair without a value is left out.
pub(crate) fn address(path: &str, pairs: &[(&str, Option<&str>)]) -> String {
    let mut address = path.to_owned();
    let mut before = '?';
    for (name, value) in pairs {
        if let Some(value) = value {
            address.push(before);
            address.push_str(name);
            address.push('=');
            encode(&mut address, value);
            before = '&';
        }
    }
    address
}

/// The page of a unit.
#[must_use]
pub fn unit(serial: &str) -> String {
    let mut address = "/units/".to_owned();
    encode(&mut address, serial);
    address
}

fn encode(address: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                address.push(char::from(byte));
            }
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_an_address_is_encoded() {
        assert_eq!(address("/units", &[("q", Some("a&b")), ("after", None)]), "/units?q=a%26b");
        assert_eq!(unit("A/1 ü"), "/units/A%2F1%20%C3%BC");
    }
}
