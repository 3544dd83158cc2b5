//! Addresses: builds them percent-encoded, and parses them by decoding exactly once.
//!
//! A page reads its own address through [`RequestAddress`] and nothing else: the hooks of
//! `leptos_router` decode a second time, so that `R%26D` becomes `R`.

use leptos::prelude::use_context;

/// The path segment of a unit whose serial number is in the query instead.
const SERIAL_IN_QUERY: &str = "_";

/// The address of the page that is rendered: path and query as they arrived, still encoded.
/// The server provides it as context.
#[derive(Debug, Clone, Default)]
pub struct RequestAddress {
    path: String,
    query: String,
}

impl RequestAddress {
    /// An address of these parts, both percent-encoded.
    #[must_use]
    pub fn new(path: &str, query: &str) -> Self {
        Self { path: path.to_owned(), query: query.to_owned() }
    }

    /// The address of the page that is rendered.
    pub(crate) fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// The path, still encoded.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The query string, still encoded.
    pub(crate) fn query(&self) -> &str {
        &self.query
    }

    /// The last value of a query parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        parameter(&self.query, name)
    }

    /// The last segment of the path; empty if it is not UTF-8.
    pub(crate) fn last_segment(&self) -> String {
        let segment = self.path.rsplit('/').next().unwrap_or_default();
        decode_segment(segment).unwrap_or_default()
    }

    /// The serial number of the unit that the page is about.
    pub(crate) fn serial(&self) -> String {
        unit_serial(&self.path, &self.query).unwrap_or_default()
    }
}

/// The address of a page of the tenant that this page is about: `/units` becomes
/// `/t/northwind/units`.
pub(crate) fn in_tenant(path: &str) -> String {
    #[cfg(target_arch = "wasm32")]
    let here = leptos::prelude::window().location().pathname().unwrap_or_default();
    #[cfg(not(target_arch = "wasm32"))]
    let here = RequestAddress::current().path;
    format!("{}{path}", tenant_base(&here))
}

/// `/t/{tenant}`, the path prefix of all pages of a tenant; empty for other paths.
fn tenant_base(path: &str) -> &str {
    let Some(rest) = path.strip_prefix("/t/") else { return "" };
    let length = rest.find('/').unwrap_or(rest.len());
    path.get(.."/t/".len() + length).unwrap_or_default()
}

/// `path?name=value&…`, percent-encoded. Pairs without a value are omitted. The path may
/// already have a query.
pub(crate) fn address(path: &str, pairs: &[(&str, Option<&str>)]) -> String {
    let mut address = path.to_owned();
    let mut before = if path.contains('?') { '&' } else { '?' };
    for (name, value) in pairs {
        if let Some(value) = value {
            address.push(before);
            encode(&mut address, name);
            address.push('=');
            encode(&mut address, value);
            before = '&';
        }
    }
    address
}

/// The page of a parameter of the tenant that this page is about. Its name has a slash between
/// spaces in it, so it is never `.` or `..`.
pub(crate) fn measured_parameter(name: &str) -> String {
    let mut address = in_tenant("/measurements/");
    encode(&mut address, name);
    address
}

/// [`address`] with pairs that all have a value.
pub(crate) fn with_pairs(path: &str, pairs: &[(String, String)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), Some(value.as_str())));
    address(path, &pairs.collect::<Vec<_>>())
}

/// The page of a unit of the tenant that this page is about.
#[must_use]
pub(crate) fn unit(serial: &str) -> String {
    unit_part(serial, "")
}

/// The page of a unit with a page of its runs that begins at a cursor.
#[must_use]
pub(crate) fn unit_runs(serial: &str, from: Option<&str>) -> String {
    address(&unit(serial), &[("from", from)])
}

/// The page of a unit with a page of its runs, below the tenant's `/t/{tenant}`. For handlers:
/// outside of rendering there is no context that names the tenant, or only the context of
/// another request.
#[must_use]
pub fn unit_runs_in(tenant_base: &str, serial: &str, from: Option<&str>) -> String {
    address(&unit_below(&format!("{tenant_base}/units"), serial, ""), &[("from", from)])
}

/// An address below the page of a unit, such as `/kind` or `/timeline.csv`.
///
/// Browsers and HTTP clients remove the segments `.` and `..` from a path, encoded or not, so
/// units of these serial numbers are `/units/_?serial=..`.
#[must_use]
pub(crate) fn unit_part(serial: &str, part: &str) -> String {
    unit_below(&in_tenant("/units"), serial, part)
}

fn unit_below(units: &str, serial: &str, part: &str) -> String {
    if is_dots(serial) {
        let path = format!("{units}/{SERIAL_IN_QUERY}{part}");
        return address(&path, &[("serial", Some(serial))]);
    }
    let mut address = format!("{units}/");
    encode(&mut address, serial);
    address + part
}

/// The serial number in the address of a unit, on a page or in the API; `path` and `query` are
/// still encoded. `None` if there is none, or if it is not UTF-8.
#[must_use]
pub fn unit_serial(path: &str, query: &str) -> Option<String> {
    // A tenant's slug may be `units` too.
    let path = path.strip_prefix(tenant_base(path))?;
    let segment = path.split('/').skip_while(|segment| *segment != "units").nth(1)?;
    let in_query = || parameter(query, "serial");
    match segment {
        SERIAL_IN_QUERY => in_query().or_else(|| Some(segment.to_owned())),
        _ => decode_segment(segment),
    }
}

/// The canonical address of the page of a unit, if the path cannot contain its serial number.
#[must_use]
pub fn unit_redirect(path: &str) -> Option<String> {
    let base = tenant_base(path);
    let segment = path.strip_prefix(base)?.strip_prefix("/units/")?;
    let serial = decode_segment(segment).filter(|serial| is_dots(serial))?;
    Some(unit_below(&format!("{base}/units"), &serial, ""))
}

fn is_dots(serial: &str) -> bool {
    matches!(serial, "." | "..")
}

/// The last value of a parameter of a query string.
fn parameter(query: &str, name: &str) -> Option<String> {
    pairs(query).filter(|(its, _)| its == name).last().map(|(_, value)| value)
}

/// The decoded names and values of a query string, with or without its question mark. Invalid
/// UTF-8 becomes U+FFFD.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    let pairs = query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode_lossy(name), decode_lossy(value))
    })
}

/// Decodes a part of a query, where a plus sign is a space.
fn decode_lossy(text: &str) -> String {
    let bytes = match text.contains('+') {
        true => decode(&text.replace('+', " ")),
        false => decode(text),
    };
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Decodes a segment of a path, where a plus sign is literal.
fn decode_segment(segment: &str) -> Option<String> {
    String::from_utf8(decode(segment)).ok()
}

fn decode(text: &str) -> Vec<u8> {
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
            [byte, after @ ..] => {
                bytes.push(*byte);
                after
            }
        };
    }
    bytes
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
    fn every_serial_number_is_read_from_the_address_of_its_unit_and_of_what_is_below_it() {
        let serials = [
            ".",
            "..",
            "...",
            "_",
            "%2e%2e",
            "A%41",
            "R&D+1",
            "a/b\\c",
            "?serial=x",
            "#1",
            "units",
            "ü\u{202e}",
            " ",
        ];
        for serial in serials {
            for part in ["", "/kind", "/timeline.csv"] {
                let address = unit_part(serial, part);
                let (path, query) = address.split_once('?').unwrap_or((&address, ""));
                assert_eq!(unit_serial(path, query).as_deref(), Some(serial), "{address}");
                assert!(path.ends_with(part), "{address}");
                assert!(!path.split('/').any(is_dots), "{address}");
                let api = format!("/api/v1{path}");
                assert_eq!(unit_serial(&api, query).as_deref(), Some(serial), "{api}");
            }
        }
        assert_eq!(unit_part("..", "/kind"), "/units/_/kind?serial=..");
        assert_eq!(unit_runs("..", Some("a b")), "/units/_?serial=..&from=a%20b");
        assert_eq!(unit_runs_in("/t/north", "A/1", None), "/t/north/units/A%2F1");
        assert_eq!(unit_serial("/units/%FF", ""), None);
        assert_eq!(unit_serial("/units", ""), None);
        assert_eq!(unit_redirect("/units/%2E%2e").as_deref(), Some("/units/_?serial=.."));
        assert_eq!(unit_redirect("/units/%252e"), None);
        let redirect = unit_redirect("/t/north/units/%2E").unwrap();
        assert_eq!(redirect, "/t/north/units/_?serial=.");
    }

    #[test]
    fn what_was_encoded_is_read_as_it_was() {
        let read: Vec<_> = pairs("?q=a%26b+c&&x&%zz=%C3%BC%ff%").collect();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(read, [pair("q", "a&b c"), pair("x", ""), pair("%zz", "ü\u{fffd}%")]);
    }

    #[test]
    fn pages_of_a_tenant_begin_with_its_slug() {
        for (path, base) in [
            ("/t/north/units/A%2F1", "/t/north"),
            ("/t/north/", "/t/north"),
            ("/t/north", "/t/north"),
            ("/login", ""),
            ("/", ""),
        ] {
            assert_eq!(tenant_base(path), base, "{path}");
        }
        assert_eq!(unit_serial("/t/units/units/A%2F1/kind", "").as_deref(), Some("A/1"));
        // Outside of a page there is no tenant.
        assert_eq!(in_tenant("/units"), "/units");
    }
}
