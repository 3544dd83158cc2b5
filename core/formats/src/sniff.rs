//! Which format bytes are in, where nobody said.

use serde_json::{Map, Value};

use crate::{FORMATS, Format, Reject, lines};

/// Lines that are looked at.
const LINES: usize = 20;

/// The format of a body, by its beginning: the one that a line among the first twenty can
/// only be of. None where no line says so, or where lines say different things. The last
/// line may be cut off.
///
/// ```
/// let named = |beginning: &str| formats::sniff(beginning.as_bytes()).map(|it| it.name);
/// assert_eq!(named("# a comment\n{\"type\":\"run\"}\n"), Some("firstpass"));
/// assert_eq!(named("{\"schemaVersion\":{\"major\":2}}\n{\"testRunArt"), Some("ocptv"));
/// assert_eq!(named("{\"type\":\"car\"}\n"), None);
/// assert_eq!(named("{\"type\":\"run\"}\n{\"schemaVersion\":{}}\n"), None);
/// ```
#[must_use]
pub fn sniff(beginning: &[u8]) -> Option<&'static Format> {
    let mut found: Option<&'static Format> = None;
    let beginning = beginning.strip_prefix(lines::MARK).unwrap_or(beginning);
    for line in beginning.split(|byte| *byte == b'\n').take(LINES) {
        let Some(object) = object(line) else { continue };
        let Some(format) = FORMATS.iter().find(|format| (format.owns)(&object)) else { continue };
        if found.is_some_and(|before| before.name != format.name) {
            return None;
        }
        found = Some(format);
    }
    found
}

/// An object, also with values that JSON does not have, such as `NaN`: its format is known
/// all the same.
fn object(line: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(line).ok().or_else(|| {
        let text = str::from_utf8(line).ok()?;
        let plain = ["-Infinity", "Infinity", "NaN"]
            .into_iter()
            .fold(text.to_owned(), |text, word| text.replace(word, "null"));
        serde_json::from_str(&plain).ok()
    })
}

/// What is wrong with a whole file, where [`sniff`] finds no format: it is UTF-16, HTML or
/// CSV, or its objects are spread over several lines. A sentence whose subject is the file.
#[must_use]
pub fn wrong_with_all(beginning: &[u8]) -> Option<Reject> {
    lines::wrong_with_all(beginning)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(beginning: &[u8]) -> Option<&'static str> {
        sniff(beginning).map(|format| format.name)
    }

    #[test]
    fn what_is_no_format_of_ours_is_none() {
        for bytes in
            [&b""[..], b"\n\n", b"serial,result\nU1,pass\n", b"\xff\xfe\0", b"[{\"type\":\"run\"}]"]
        {
            assert_eq!(named(bytes), None);
        }
    }

    #[test]
    fn a_byte_order_mark_and_lines_that_are_cut_off_do_no_harm() {
        let marked = [lines::MARK, b"{\"type\":\"repair\"}"].concat();
        assert_eq!(named(&marked), Some("firstpass"));
        assert_eq!(named(b"{\"type\":\"run\",\"unit\":{\"ser"), None);
    }

    #[test]
    fn values_that_json_does_not_have_do_no_harm() {
        assert_eq!(named(b"{\"type\":\"run\",\"x\":[NaN,-Infinity]}\n"), Some("firstpass"));
    }

    #[test]
    fn nothing_is_looked_at_beyond_the_first_lines() {
        let late = "\n".repeat(LINES) + "{\"type\":\"run\"}";
        assert_eq!(named(late.as_bytes()), None);
    }

    #[test]
    fn every_stream_of_the_fixtures_is_detected() {
        let folder =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ocptv/fixtures/ocptv_run");
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "jsonl") {
                continue; // with lines of a log between
            }
            assert_eq!(named(&std::fs::read(&path).unwrap()), Some("ocptv"), "{path:?}");
        }
    }
}
