//! A row in the text format of COPY.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// One row being written; each value ends in a tab.
#[derive(Debug, Default)]
pub(crate) struct Row {
    text: Vec<u8>,
}

impl Row {
    pub(crate) fn text(&mut self, value: &str) {
        for &byte in value.as_bytes() {
            match byte {
                b'\\' => self.text.extend_from_slice(b"\\\\"),
                b'\t' => self.text.extend_from_slice(b"\\t"),
                b'\n' => self.text.extend_from_slice(b"\\n"),
                b'\r' => self.text.extend_from_slice(b"\\r"),
                // PostgreSQL's text cannot hold it.
                0 => self.text.extend_from_slice("\u{fffd}".as_bytes()),
                _ => self.text.push(byte),
            }
        }
        self.text.push(b'\t');
    }

    pub(crate) fn optional(&mut self, value: Option<&str>) {
        match value {
            Some(value) => self.text(value),
            None => self.text.extend_from_slice(b"\\N\t"),
        }
    }

    pub(crate) fn display(&mut self, value: impl std::fmt::Display) {
        self.text.extend_from_slice(value.to_string().as_bytes());
        self.text.push(b'\t');
    }

    pub(crate) fn uuid(&mut self, value: Uuid) {
        self.display(value.hyphenated());
    }

    pub(crate) fn bool(&mut self, value: bool) {
        self.text.extend_from_slice(if value { b"t\t" } else { b"f\t" });
    }

    pub(crate) fn time(&mut self, value: DateTime<Utc>) {
        self.display(value.format("%Y-%m-%d %H:%M:%S%.6f+00"));
    }

    pub(crate) fn optional_time(&mut self, value: Option<DateTime<Utc>>) {
        match value {
            Some(value) => self.time(value),
            None => self.text.extend_from_slice(b"\\N\t"),
        }
    }

    pub(crate) fn bytes(&mut self, value: &[u8]) {
        self.text.extend_from_slice(b"\\\\x");
        for byte in value {
            self.text.extend_from_slice(format!("{byte:02x}").as_bytes());
        }
        self.text.push(b'\t');
    }

    /// The line, ended.
    pub(crate) fn end(mut self) -> Vec<u8> {
        self.text.pop();
        self.text.push(b'\n');
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::Row;

    #[test]
    fn what_copy_would_misread_is_escaped() {
        let mut row = Row::default();
        row.text("a\tb\\c\n\0d");
        row.optional(None);
        row.bool(true);
        row.bytes(&[0xab, 1]);
        let line = String::from_utf8(row.end()).unwrap();
        assert_eq!(line, "a\\tb\\\\c\\n\u{fffd}d\t\\N\tt\t\\\\xab01\n");
    }
}
