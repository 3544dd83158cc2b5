//! Line-delimited JSON: bytes cut anywhere into lines, lines into objects.
//!
//! Lines end in LF or CRLF, the last one perhaps in nothing; a byte order mark
//! may stand before each, for files are put together. Blank lines are counted
//! and otherwise ignored. Everything else is one JSON object a line, or is
//! rejected with what is wrong with it.
//!
//! What is wrong with the whole file is said once: that it is UTF-16, UTF-32, HTML
//! or CSV, or that its objects are spread over several lines. Such lines are left
//! out.

use serde::de::IgnoredAny;

use crate::names::Names;
use crate::out::Out;
use crate::reject::EN;
use crate::wording::Quoted;
use crate::{Event, Limits, Reader, Reject, RejectCode, TooMuch};

/// A format whose unit is the line.
pub(crate) trait LineFormat: Send {
    /// A line that begins with a brace and is not nested too deeply. The text
    /// is the whole line, so that columns are those of the line.
    fn object(&mut self, line: u64, text: &str, out: &mut Out<'_>) -> Result<(), TooMuch>;

    /// A line that is not an object.
    fn bad(&mut self, line: u64, bad: Bad<'_>, out: &mut Out<'_>);

    /// There are no more lines.
    fn end(&mut self, out: &mut Out<'_>) -> Result<(), TooMuch>;
}

/// What is wrong with a line.
pub(crate) struct Bad<'a> {
    /// What is wrong.
    pub(crate) why: Reject,
    /// Whether it may be what is left of an object: there is a brace in it.
    pub(crate) brace: bool,
    /// The text of an object that begins on the line and does not end there.
    pub(crate) begun: Option<&'a str>,
}

/// Reads bytes for a [`LineFormat`].
pub(crate) struct ByLine<F> {
    format: F,
    limits: Limits,
    /// The line that has begun and not ended.
    partial: Vec<u8>,
    line: u64,
    records: u64,
    names: Names,
    file: File,
    /// A line that ends where no value ends: the next says whether it goes on there.
    held: Option<(u64, Vec<u8>)>,
    /// Whether lines in UTF-16 among others were told.
    utf16: bool,
}

/// What is known of the whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum File {
    /// Nothing but blank lines came.
    Blank,
    /// Lines come.
    Lines,
    /// An object or a list goes on over several lines: rejects are left out as long as
    /// the lines look like parts of one.
    Spread,
    /// It is of another encoding or a document, and nothing of it is read.
    Unreadable,
    /// It looks like CSV: lines without a brace are left out.
    Csv,
}

impl<F> ByLine<F> {
    pub(crate) fn new(format: F, limits: Limits) -> Self {
        Self {
            format,
            limits,
            partial: Vec::new(),
            line: 0,
            records: 0,
            names: Names::default(),
            file: File::Blank,
            held: None,
            utf16: false,
        }
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
        if let Some((line, held)) = self.held.take() {
            self.read(line, &held, sink)?;
        }
        let Self { format, records, limits, names, .. } = self;
        let limit = limits.runs;
        format.end(&mut Out { sink, records, limit, names, muted: false })
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
        if self.file == File::Unreadable || self.file == File::Csv && !bytes.contains(&b'{') {
            return Ok(());
        }
        let blank = bytes.strip_prefix(MARK).unwrap_or(bytes).trim_ascii().is_empty();
        if self.file == File::Blank {
            if blank {
                return Ok(());
            }
            if let Some(why) = unreadable(bytes) {
                self.file = File::Unreadable;
                self.tell(self.line, why, bytes, sink);
                return Ok(());
            }
            if is_csv(bytes) {
                self.file = File::Csv;
                self.tell(self.line, csv(), bytes, sink);
                return Ok(());
            }
            self.file = File::Lines;
        }
        // Files that were put together: the rest of the last line is one byte.
        if is_utf16(bytes) || self.utf16 && bytes == [0] {
            if !self.utf16 {
                self.utf16 = true;
                let why = RejectCode::Encoding.because(EN.reject_utf16_among());
                self.tell(self.line, why, bytes, sink);
            }
            return Ok(());
        }
        let fragment = is_fragment(bytes);
        if let Some((line, held)) = self.held.take() {
            match spreads(&held) {
                Some(why) if fragment => {
                    self.tell(line, why, &held, sink);
                    self.file = File::Spread;
                }
                // It was cut off, and the next is another.
                _ => self.read(line, &held, sink)?,
            }
        }
        if !fragment {
            self.file = File::Lines;
        } else if self.file == File::Lines && spreads(bytes).is_some() {
            self.held = Some((self.line, bytes.to_owned()));
            return Ok(());
        }
        if blank { Ok(()) } else { self.read(self.line, bytes, sink) }
    }

    fn read(
        &mut self,
        line: u64,
        bytes: &[u8],
        sink: &mut dyn FnMut(Event),
    ) -> Result<(), TooMuch> {
        let muted = self.file == File::Spread;
        let Self { format, limits, records, names, .. } = self;
        let mut out = Out { sink, records, limit: limits.runs, names, muted };
        match object(bytes) {
            Ok("") => Ok(()),
            Ok(text) if deeper_than(text, limits.depth) => {
                Err(TooMuch::Depth { line, limit: limits.depth })
            }
            Ok(text) => format.object(line, text, &mut out),
            Err(bad) => {
                format.bad(line, bad, &mut out);
                Ok(())
            }
        }
    }

    /// Says what is wrong with the whole file, or with the lines from this one on.
    fn tell(&mut self, line: u64, why: Reject, bytes: &[u8], sink: &mut dyn FnMut(Event)) {
        let Self { format, limits, records, names, .. } = self;
        let mut out = Out { sink, records, limit: limits.runs, names, muted: false };
        let begun = object(bytes).ok();
        format.bad(line, Bad { why, brace: true, begun }, &mut out);
    }
}

fn csv() -> Reject {
    RejectCode::Csv.because(EN.reject_csv())
}

/// What the first line says of a whole file that cannot be read.
fn unreadable(first: &[u8]) -> Option<Reject> {
    // Before UTF-16, whose mark its own begins with.
    if matches!(
        first,
        [0xff, 0xfe, 0, 0, ..]
            | [0, 0, 0xfe, 0xff, ..]
            | [b'{' | b'[' | b' ', 0, 0, 0, ..]
            | [0, 0, 0, b'{' | b'[' | b' ', ..]
    ) {
        return Some(RejectCode::Encoding.because(EN.reject_utf32()));
    }
    if is_utf16(first) {
        return Some(RejectCode::Encoding.because(EN.reject_utf16()));
    }
    let text = first.strip_prefix(MARK).unwrap_or(first).trim_ascii_start();
    let begins =
        |tag: &str| text.get(..tag.len()).is_some_and(|it| it.eq_ignore_ascii_case(tag.as_bytes()));
    let is_document = ["<!doctype", "<html", "<?xml"].into_iter().any(begins);
    is_document.then(|| RejectCode::Document.because(EN.reject_html()))
}

/// Whether the first line of a file looks like the head of a table: names with commas,
/// semicolons or tabs between.
fn is_csv(first: &[u8]) -> bool {
    let line = first.strip_prefix(MARK).unwrap_or(first).trim_ascii();
    [b',', b';', b'\t'].into_iter().any(|separator| {
        let mut fields = line.split(|byte| *byte == separator);
        let is_name = |field: &[u8]| {
            field.first().is_some_and(|it| it.is_ascii_alphabetic() || *it == b'"')
                && field.iter().all(|it| it.is_ascii_alphanumeric() || b"_-.\"".contains(it))
        };
        line.contains(&separator) && fields.all(is_name)
    })
}

/// Whether the first line of a file is UTF-16, with its byte order mark or without.
fn is_utf16(bytes: &[u8]) -> bool {
    let bytes = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return true,
        // The rest of the end of the line before, or the first half of a character.
        [0, rest @ ..] => rest,
        all => all,
    };
    matches!(bytes, [b'{' | b'[' | b'"' | b' ' | b'\t', 0, second, ..] if *second != 0)
}

/// The sentence about a line where an object or a list begins that goes on over several
/// lines: it ends where no value ends. (A line that was cut off mostly ends elsewhere,
/// and the next line is a whole object.)
fn spreads(bytes: &[u8]) -> Option<Reject> {
    let line = bytes.strip_prefix(MARK).unwrap_or(bytes).trim_ascii();
    if !matches!(line.last(), Some(b'{' | b'[' | b',' | b':')) {
        return None;
    }
    let why = match line.first() {
        Some(b'{') => EN.reject_object_spread(),
        Some(b'[') => EN.reject_list_spread(),
        _ => return None,
    };
    Some(RejectCode::NotJsonLines.because(why))
}

/// What is wrong with a whole file, by its beginning, in whatever format it is.
pub(crate) fn wrong_with_all(beginning: &[u8]) -> Option<Reject> {
    let mut lines = beginning.split(|byte| *byte == b'\n');
    let first = lines.find(|line| !line.trim_ascii().is_empty())?;
    unreadable(first).or_else(|| is_csv(first).then(csv)).or_else(|| spreads(first))
}

/// Whether a line looks like one of an object that goes on over several lines: a member,
/// a plain value, or a bracket. Whatever came before a line that does not, it is read the
/// same.
pub(crate) fn is_fragment(line: &[u8]) -> bool {
    let line = line.strip_prefix(MARK).unwrap_or(line).trim_ascii();
    let number =
        |line: &[u8]| !line.is_empty() && line.iter().all(|byte| b"+-.0123456789eE".contains(byte));
    matches!(line.first(), Some(b'"' | b'}' | b']'))
        || matches!(line.last(), Some(b'{' | b'[' | b',' | b':'))
        || matches!(line, b"true" | b"false" | b"null")
        || number(line)
}

/// The byte order mark of UTF-8.
pub(crate) const MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of a line that begins with a brace; empty for a blank line.
pub(crate) fn object(bytes: &[u8]) -> Result<&str, Bad<'_>> {
    // What JSON calls space; the CR of a CRLF is among it.
    const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];
    let marked = bytes.strip_prefix(MARK);
    let text = str::from_utf8(marked.unwrap_or(bytes)).map_err(|error| {
        let offset = error.valid_up_to() + if marked.is_some() { MARK.len() } else { 0 };
        Bad {
            why: RejectCode::Encoding.because(EN.reject_not_utf8(offset)),
            brace: bytes.contains(&b'{'),
            begun: None,
        }
    })?;
    let trimmed = text.trim_matches(SPACE);
    if trimmed.is_empty() {
        return Ok("");
    }
    match trimmed.split_once('{') {
        Some(("", _)) => Ok(text.trim_end_matches(SPACE)),
        Some(_) if serde_json::from_str::<IgnoredAny>(trimmed).is_ok() => {
            let why = RejectCode::NotObject.because(EN.reject_json_not_object());
            Err(Bad { why, brace: true, begun: None })
        }
        Some((before, _)) => Err(Bad {
            why: RejectCode::NotObject.because(EN.reject_before_brace(Quoted(before))),
            brace: true,
            begun: None,
        }),
        None => Err(Bad {
            why: RejectCode::NotObject.because(EN.reject_not_object(Quoted(trimmed))),
            brace: false,
            begun: None,
        }),
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
