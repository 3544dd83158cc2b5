//! Line-delimited JSON: bytes cut anywhere into lines, lines into objects.
//!
//! Lines end in LF or CRLF, the last one perhaps in nothing; a byte order mark
//! may stand before each, for files are put together. Blank lines are counted
//! and otherwise ignored. Everything else is one JSON object a line, or is
//! rejected with what is wrong with it.
//!
//! What is wrong with the whole file is said once: that it is UTF-16, UTF-32, HTML, an
//! image, an archive, CSV or another of our formats, or that its objects are spread over
//! several lines. Such lines are left out, up to the next line that is a whole object.

use messages::Locale;
use serde::de::IgnoredAny;

use crate::names::Names;
use crate::out::Out;
use crate::reject::EN;
use crate::wording::Quoted;
use crate::{Event, FORMATS, Format, Limits, Reader, Reject, RejectCode, TooMuch};

/// A format whose unit is the line.
pub(crate) trait LineFormat: Send {
    /// A line that begins with a brace and is not nested too deeply. The text
    /// is the whole line, so that columns are those of the line.
    fn object(&mut self, line: u64, text: &str, out: &mut Out<'_>) -> Result<(), TooMuch>;

    /// A line that is not an object.
    fn bad(&mut self, line: u64, bad: Bad<'_>, out: &mut Out<'_>);

    /// The name of the format.
    fn name(&self) -> &'static str;

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
    /// A line that ends where no value ends: the next says whether it continues there.
    held: Option<(u64, Vec<u8>)>,
    /// Whether lines in UTF-16 were rejected since the last whole object.
    utf16: bool,
    /// Whether the rest of the line is left out.
    skips_line: bool,
}

/// What is known of the whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum File {
    /// Nothing but blank lines came.
    Blank,
    /// Lines come.
    Lines,
    /// An object or a list continues over several lines: rejects are left out as long as
    /// the lines look like parts of one.
    Spread,
    /// It is of another encoding, a document or bytes: lines are left out up to one that is a
    /// whole object.
    Unreadable,
    /// It looks like CSV: lines that do not begin with a brace are left out.
    Csv,
    /// It is in another of our formats: lines are left out up to one that is not.
    Other(&'static str),
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
            skips_line: false,
        }
    }
}

impl<F: LineFormat> Reader for ByLine<F> {
    fn push(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Event)) -> Result<(), TooMuch> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let limit = self.limits.line_bytes;
            let whole = piece.strip_suffix(b"\n");
            if self.skips_line {
                if whole.is_some() {
                    self.line += 1;
                    self.skips_line = false;
                }
                continue;
            }
            if self.partial.len() + whole.unwrap_or(piece).len() > limit {
                self.too_long(piece, whole.is_none(), sink)?;
                continue;
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

    /// Takes a line that is longer than the limit: an error, unless it begins a file that is not
    /// read at all.
    fn too_long(
        &mut self,
        piece: &[u8],
        continues: bool,
        sink: &mut dyn FnMut(Event),
    ) -> Result<(), TooMuch> {
        let too_much = TooMuch::Line { line: self.line + 1, limit: self.limits.line_bytes };
        if self.file != File::Unreadable {
            let mut head = std::mem::take(&mut self.partial);
            head.extend(piece.iter().take(HEAD_BYTES));
            head.truncate(HEAD_BYTES);
            let why = (self.file == File::Blank).then(|| unreadable(&head)).flatten();
            let list = self.file == File::Blank && begins_list_of_objects(&head);
            let why = why.or_else(|| list.then(one_line_list)).ok_or(too_much)?;
            self.file = File::Unreadable;
            self.tell(self.line + 1, why, &[], sink);
        }
        self.partial.clear();
        self.skips_line = continues;
        self.line += u64::from(!continues);
        Ok(())
    }

    fn line(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Event)) -> Result<(), TooMuch> {
        self.line += 1;
        let skips = match self.file {
            File::Unreadable => !is_whole_object(bytes),
            File::Csv => !begins_object(bytes),
            File::Other(format) => bytes.trim_ascii().is_empty() || is_of(format, bytes),
            File::Blank | File::Lines | File::Spread => false,
        };
        if skips {
            return Ok(());
        }
        if matches!(self.file, File::Unreadable | File::Csv | File::Other(_)) {
            self.file = File::Lines;
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
            if is_list_of_objects(bytes) {
                self.file = File::Unreadable;
                self.tell(self.line, one_line_list(), bytes, sink);
                return Ok(());
            }
            if let Some(other) = other_format(self.format.name(), bytes) {
                self.file = File::Other(other);
                let why = RejectCode::OtherFormat.because(EN.reject_other_format(other));
                self.tell(self.line, why, &[], sink);
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
        if self.utf16 && is_whole_object(bytes) {
            self.utf16 = false;
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
        let begun = object(bytes).ok().filter(|text| !text.is_empty());
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
    if ["<!", "<html", "<?xml", "<svg"].into_iter().any(begins) {
        return Some(RejectCode::Document.because(EN.reject_html()));
    }
    let what = BINARY.iter().find(|(magic, _)| first.starts_with(magic)).map(|(_, what)| what(EN));
    what.map(|what| RejectCode::Binary.because(EN.reject_binary(what)))
}

type What = fn(Locale) -> &'static str;

/// What files begin with that are not text.
const BINARY: [(&[u8], What); 10] = [
    (b"\x89PNG", Locale::binary_png),
    (b"\xff\xd8\xff", Locale::binary_jpeg),
    (b"GIF8", Locale::binary_gif),
    (b"%PDF-", Locale::binary_pdf),
    (b"PK\x03\x04", Locale::binary_zip),
    (b"7z\xbc\xaf\x27\x1c", Locale::binary_7z),
    (b"\x1f\x8b", Locale::binary_gzip),
    (b"\x28\xb5\x2f\xfd", Locale::binary_zstd),
    (b"BZh", Locale::binary_bzip2),
    (b"\xfd7zXZ", Locale::binary_xz),
];

/// Bytes of a line that show what a file is that is not read.
const HEAD_BYTES: usize = 64;

fn begins_object(line: &[u8]) -> bool {
    line.strip_prefix(MARK).unwrap_or(line).trim_ascii_start().starts_with(b"{")
}

/// Whether a line is one whole JSON object: wherever it stands in a file, it is read.
pub(crate) fn is_whole_object(line: &[u8]) -> bool {
    begins_object(line)
        && object(line).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
}

/// Whether a line begins a list of objects.
fn begins_list_of_objects(line: &[u8]) -> bool {
    let text = line.strip_prefix(MARK).unwrap_or(line).trim_ascii_start();
    text.strip_prefix(b"[").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"{"))
}

fn is_list_of_objects(line: &[u8]) -> bool {
    let text = line.strip_prefix(MARK).unwrap_or(line);
    begins_list_of_objects(text) && serde_json::from_slice::<Vec<IgnoredAny>>(text).is_ok()
}

fn one_line_list() -> Reject {
    RejectCode::NotJsonLines.because(EN.reject_one_line_list())
}

/// Another of our formats that a line can only be of.
pub(crate) fn other_format(name: &str, line: &[u8]) -> Option<&'static str> {
    let own = Format::named(name)?;
    let object = serde_json::from_str(object(line).ok()?).ok()?;
    let other = FORMATS.iter().find(|other| (other.owns)(&object))?;
    (!(own.owns)(&object)).then_some(other.name)
}

fn is_of(format: &str, line: &[u8]) -> bool {
    let Some(format) = Format::named(format) else { return false };
    let object = object(line).ok().and_then(|text| serde_json::from_str(text).ok());
    object.is_some_and(|object| (format.owns)(&object))
}

/// Whether the first line of a file looks like the head of a table: names with commas,
/// semicolons or tabs between.
fn is_csv(first: &[u8]) -> bool {
    let line = first.strip_prefix(MARK).unwrap_or(first).trim_ascii();
    [b',', b';', b'\t'].into_iter().any(|separator| {
        let mut fields = line.split(|byte| *byte == separator);
        let separators = line.iter().filter(|byte| **byte == separator).count();
        // Two clauses of a sentence have a comma between them, too.
        let spaces = separators > usize::from(separator == b',');
        let is_name = |field: &[u8]| {
            let letter = |it: u8| it.is_ascii_alphanumeric() || !it.is_ascii();
            let mark = |it: &u8| b"_-.\"()/#%".contains(it) || spaces && *it == b' ';
            field.first().is_some_and(|it| letter(*it) && !it.is_ascii_digit() || *it == b'"')
                && field.iter().all(|it| letter(*it) || mark(it))
        };
        separators > 0 && fields.all(is_name)
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

/// The sentence about a line where an object or a list begins that continues over several
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
    unreadable(first)
        .or_else(|| is_csv(first).then(csv))
        .or_else(|| begins_list_of_objects(first).then(one_line_list))
        .or_else(|| spreads(first))
}

/// Whether a line looks like one of an object that continues over several lines: a member,
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
