//! Line-delimited JSON: bytes cut anywhere into lines, lines into objects.
//!
//! Lines end in LF or CRLF, the last one perhaps in nothing; a byte order mark
//! may stand before the first. Blank lines are counted and otherwise ignored.
//! Everything else is one JSON object a line, or is rejected with what is
//! wrong with it.

use serde::de::IgnoredAny;

use crate::out::Out;
use crate::wording::Quoted;
use crate::{Event, Limits, Reader, TooMuch};

/// A format whose unit is the line.
pub(crate) trait LineFormat: Send {
    /// A line that begins with a brace and is not nested too deeply. The text
    /// is the whole line, so that columns are those of the line.
    fn object(&mut self, line: u64, text: &str, out: &mut Out<'_>) -> Result<(), TooMuch>;

    /// A line that is not an object.
    fn bad(&mut self, line: u64, bad: Bad, out: &mut Out<'_>);

    /// There are no more lines.
    fn end(&mut self, out: &mut Out<'_>) -> Result<(), TooMuch>;
}

/// What is wrong with a line.
pub(crate) struct Bad {
    /// A sentence without its subject, the line.
    pub(crate) why: String,
    /// Whether it may be what is left of an object: there is a brace in it.
    pub(crate) brace: bool,
}

/// Reads bytes for a [`LineFormat`].
pub(crate) struct ByLine<F> {
    format: F,
    limits: Limits,
    /// The line that has begun and not ended.
    partial: Vec<u8>,
    line: u64,
    records: u64,
}

impl<F> ByLine<F> {
    pub(crate) fn new(format: F, limits: Limits) -> Self {
        Self { format, limits, partial: Vec::new(), line: 0, records: 0 }
    }
}

impl<F: LineFormat> Reader for ByLine<F> {
    fn push(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Event)) -> Result<(), TooMuch> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let limit = self.limits.line_bytes;
            let whole = piece.strip_suffix(b"\n");
            if self.partial.len() + whole.unwrap_or(piece).len() > limit {
                return Err(TooMuch::Line { line: self.line + 1, limit });
            }
            match whole {
                None => self.partial.extend_from_slice(piece),
                Some(line) if self.partial.is_empty() => self.line(line, sink)?,
                Some(rest) => {
                    self.partial.extend_from_slice(rest);
                    self.partial(sink)?;
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self, sink: &mut dyn FnMut(Event)) -> Result<(), TooMuch> {
        if !self.partial.is_empty() {
            self.partial(sink)?;
        }
        let (records, limit) = (&mut self.records, self.limits.runs);
        self.format.end(&mut Out { sink, records, limit })
    }
}

impl<F: LineFormat> ByLine<F> {
    /// Takes the line that was put together from several pushes.
    fn partial(&mut self, sink: &mut dyn FnMut(Event)) -> Result<(), TooMuch> {
        let mut line = std::mem::take(&mut self.partial);
        self.line(&line, sink)?;
        line.clear();
        self.partial = line;
        Ok(())
    }

    fn line(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Event)) -> Result<(), TooMuch> {
        self.line += 1;
        let line = self.line;
        let mut out = Out { sink, records: &mut self.records, limit: self.limits.runs };
        match object(bytes, line == 1) {
            Ok("") => Ok(()),
            Ok(text) if deeper_than(text, self.limits.depth) => {
                Err(TooMuch::Depth { line, limit: self.limits.depth })
            }
            Ok(text) => self.format.object(line, text, &mut out),
            Err(bad) => {
                self.format.bad(line, bad, &mut out);
                Ok(())
            }
        }
    }
}

/// The byte order mark of UTF-8.
pub(crate) const MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of a line that begins with a brace; empty for a blank line.
pub(crate) fn object(bytes: &[u8], first: bool) -> Result<&str, Bad> {
    // What JSON calls space; the CR of a CRLF is among it.
    const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];
    let marked = if first { bytes.strip_prefix(MARK) } else { None };
    let text = str::from_utf8(marked.unwrap_or(bytes)).map_err(|error| {
        let offset = error.valid_up_to() + if marked.is_some() { MARK.len() } else { 0 };
        Bad {
            why: format!("is not UTF-8, at byte offset {offset} of the line"),
            brace: bytes.contains(&b'{'),
        }
    })?;
    let trimmed = text.trim_matches(SPACE);
    if trimmed.is_empty() {
        return Ok("");
    }
    match trimmed.split_once('{') {
        Some(("", _)) => Ok(text.trim_end_matches(SPACE)),
        Some(_) if serde_json::from_str::<IgnoredAny>(trimmed).is_ok() => {
            Err(Bad { why: "is JSON, but not an object".to_owned(), brace: true })
        }
        Some((before, _)) => Err(Bad {
            why: format!("has something before the brace: {}", Quoted(before)),
            brace: true,
        }),
        None => {
            Err(Bad { why: format!("is not a JSON object: {}", Quoted(trimmed)), brace: false })
        }
    }
}

/// Whether brackets outside of strings are nested deeper than that. Asked
/// before the JSON reader recurses.
fn deeper_than(text: &str, limit: usize) -> bool {
    let brackets = text.bytes().filter(|byte| matches!(byte, b'{' | b'[')).count();
    if brackets <= limit {
        return false;
    }
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests;
