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

/// The names and values of a query string, with or without its question mark, decoded. A byte
/// that is no part of a text is as if it were a sign that nobody knows.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    let pairs = query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    })
}

fn decoded(text: &str) -> String {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    loop {
        rest = match rest {
            [] => break,
            [b'%', high, low, after @ ..] if digit(*high).and(digit(*low)).is_some() => {
                bytes.push(digit(*high).unwrap_or(0) << 4 | digit(*low).unwrap_or(0));
                after
            }
            [b'+', after @ ..] => {
                bytes.push(b' ');
                after
            }
            [byte, after @ ..] => {
                bytes.push(*byte);
                after
            }
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
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

    #[test]
    fn what_was_encoded_is_read_as_it_was() {
        let read: Vec<_> = pairs("?q=a%26b+c&&x&%zz=%C3%BC%ff%").collect();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(read, [pair("q", "a&b c"), pair("x", ""), pair("%zz", "ü\u{fffd}%")]);
    }
}
