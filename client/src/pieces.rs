//! Splits a long stream of lines into pieces at record boundaries.
//!
//! Splitting is deterministic, so a piece can be looked up by its hash. A piece is hashed and
//! compressed while it is read: memory holds it compressed.

use std::io::{self, BufRead, Read, Write};

use crate::EN;
use formats::{Format, Limits};
use sha2::{Digest, Sha256};

/// Decoded bytes after which a piece ends at the next boundary.
pub(crate) const BYTES: u64 = 16 << 20;
/// Lines after which it ends: an upload may have 100,000 runs and 100,000 remarks, and a line may
/// give several of these.
const LINES: u64 = 20_000;
/// The server's limit of one upload, compressed.
const ENCODED_BYTES: usize = 64 << 20;

/// The content of one upload request.
#[derive(Debug)]
pub(crate) struct Piece {
    /// Its first line in the file, from 1.
    pub(crate) first_line: u64,
    /// Its last line in the file.
    pub(crate) last_line: u64,
    /// The hash of the decoded bytes.
    pub(crate) sha256: [u8; 32],
    /// The bytes, compressed.
    pub(crate) zstd: Vec<u8>,
}

impl Piece {
    /// Its range of lines, for messages.
    pub(crate) fn place(&self, name: &str) -> String {
        EN.client_lines(name, self.first_line, self.last_line)
    }
}

/// Iterates over the pieces of a stream, without empty ones. Ends after an error.
pub(crate) struct Pieces<R> {
    input: R,
    format: &'static Format,
    bytes: u64,
    /// Data that was read and belongs to the next piece: a line, or a part of one that exceeds the
    /// maximum length.
    part: Vec<u8>,
    /// Whether the part is the start of a line.
    begins_line: bool,
    /// Number of lines before the part.
    lines: u64,
    ended: bool,
}

/// A piece that is being read.
struct PieceBuilder {
    first_line: u64,
    lines: u64,
    bytes: u64,
    blank: bool,
    sha256: Sha256,
    zstd: zstd::Encoder<'static, Vec<u8>>,
}

impl<R: BufRead> Pieces<R> {
    /// Splits `input` into pieces of about `bytes` bytes.
    pub(crate) fn new(input: R, format: &'static Format, bytes: u64) -> Self {
        Self { input, format, bytes, part: Vec::new(), begins_line: true, lines: 0, ended: false }
    }

    fn piece(&mut self) -> io::Result<Option<Piece>> {
        if self.part.is_empty() && !self.advance()? {
            return Ok(None);
        }
        let mut growing = PieceBuilder::new(self.lines + 1)?;
        loop {
            growing.take(&self.part, self.begins_line)?;
            let more = self.advance()?;
            let full = growing.bytes >= self.bytes || growing.lines >= LINES;
            let border = full && self.begins_line && self.format.may_cut_before(&self.part);
            if !more || border {
                return growing.end();
            }
        }
    }

    /// Reads the next part; false at the end.
    fn advance(&mut self) -> io::Result<bool> {
        if !self.part.is_empty() {
            self.begins_line = self.part.ends_with(b"\n");
            self.lines += u64::from(self.begins_line);
        }
        self.part.clear();
        let most = Limits::default().line_bytes as u64 + 1;
        let read = self.input.by_ref().take(most).read_until(b'\n', &mut self.part)?;
        Ok(read > 0)
    }
}

impl<R: BufRead> Iterator for Pieces<R> {
    type Item = io::Result<Piece>;

    fn next(&mut self) -> Option<io::Result<Piece>> {
        while !self.ended {
            let piece = self.piece();
            self.ended = piece.is_err() || self.part.is_empty();
            match piece {
                Ok(None) => {}
                Ok(Some(piece)) => return Some(Ok(piece)),
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }
}

impl PieceBuilder {
    fn new(first_line: u64) -> io::Result<Self> {
        let zstd = zstd::Encoder::new(Vec::new(), 3)?;
        Ok(Self { first_line, lines: 0, bytes: 0, blank: true, sha256: Sha256::new(), zstd })
    }

    fn take(&mut self, part: &[u8], begins_line: bool) -> io::Result<()> {
        self.lines += u64::from(begins_line);
        self.bytes += part.len() as u64;
        self.blank &= part.trim_ascii().is_empty();
        self.sha256.update(part);
        self.zstd.write_all(part)?;
        if self.zstd.get_ref().len() <= ENCODED_BYTES {
            return Ok(());
        }
        let (first, last) = (self.first_line, self.first_line + self.lines - 1);
        Err(io::Error::other(EN.client_no_border(first, last)))
    }

    /// `None` if the piece is empty, which the server would reject.
    fn end(self) -> io::Result<Option<Piece>> {
        if self.blank {
            return Ok(None);
        }
        Ok(Some(Piece {
            first_line: self.first_line,
            last_line: self.first_line + self.lines - 1,
            sha256: self.sha256.finalize().into(),
            zstd: self.zstd.finish()?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    const VERSION: &str = r#"{"schemaVersion":{"major":2,"minor":0},"sequenceNumber":0,"timestamp":"2026-03-01T00:00:00Z"}"#;

    /// First line, last line and text of each piece.
    fn cut(format: &str, bytes: u64, text: &str) -> Vec<(u64, u64, String)> {
        let format = Format::named(format).unwrap();
        // A buffer that is shorter than any line.
        let input = BufReader::with_capacity(3, text.as_bytes());
        Pieces::new(input, format, bytes)
            .map(|piece| {
                let piece = piece.unwrap();
                let text = zstd::decode_all(piece.zstd.as_slice()).unwrap();
                assert_eq!(piece.sha256, <[u8; 32]>::from(Sha256::digest(&text)));
                (piece.first_line, piece.last_line, String::from_utf8(text).unwrap())
            })
            .collect()
    }

    fn owned(pieces: &[(u64, u64, &str)]) -> Vec<(u64, u64, String)> {
        pieces.iter().map(|(first, last, text)| (*first, *last, (*text).to_owned())).collect()
    }

    #[test]
    fn firstpass_files_are_split_before_any_whole_object_after_the_minimum_length() {
        let text = "{\"a\":1}\n{}\n\n{\"b\":2}\r\n{}";
        assert_eq!(
            cut("firstpass", 5, text),
            owned(&[(1, 1, "{\"a\":1}\n"), (2, 4, "{}\n\n{\"b\":2}\r\n"), (5, 5, "{}")])
        );
        assert_eq!(cut("firstpass", 1000, text), owned(&[(1, 5, text)]));
        assert_eq!(cut("firstpass", 0, "{}\n{}\n"), owned(&[(1, 1, "{}\n"), (2, 2, "{}\n")]));
        // A line that is read for what came before it is no border.
        assert_eq!(cut("firstpass", 0, "{}\n{\n}\n"), owned(&[(1, 3, "{}\n{\n}\n")]));
    }

    #[test]
    fn a_stream_is_split_only_before_a_run() {
        let run = format!("{VERSION}\nx\ny\n");
        let text = run.repeat(3);
        assert_eq!(
            cut("ocptv", 1, &text),
            owned(&[(1, 3, run.as_str()), (4, 6, run.as_str()), (7, 9, run.as_str())])
        );
        let two = run.repeat(2);
        let between = run.len() as u64 + 1;
        assert_eq!(
            cut("ocptv", between, &text),
            owned(&[(1, 6, two.as_str()), (7, 9, run.as_str())])
        );
        let one = "x\n".repeat(1000);
        assert_eq!(cut("ocptv", 1, &one), owned(&[(1, 1000, one.as_str())]));
    }

    #[test]
    fn concatenated_pieces_equal_the_input() {
        let text: String = (0..50).map(|line| format!("{VERSION}\n{line}\n")).collect();
        for format in ["firstpass", "ocptv"] {
            for bytes in [0, 1, 100, 1000, 100_000] {
                let pieces = cut(format, bytes, &text);
                let together: String = pieces.iter().map(|(.., text)| text.as_str()).collect();
                assert!(together == text, "{format} {bytes}");
                assert!(pieces == cut(format, bytes, &text), "{format} {bytes}");
            }
        }
    }

    #[test]
    fn a_piece_has_a_maximum_number_of_lines() {
        let text = "{}\n".repeat(LINES as usize + 1);
        let pieces = cut("firstpass", BYTES, &text);
        let lines: Vec<_> = pieces.iter().map(|(first, last, _)| (*first, *last)).collect();
        assert_eq!(lines, [(1, LINES), (LINES + 1, LINES + 1)]);
    }

    #[test]
    fn empty_pieces_are_not_sent_and_their_lines_are_counted() {
        assert_eq!(cut("firstpass", 1, ""), []);
        assert_eq!(cut("firstpass", 1, "\n \r\n\n"), []);
        assert_eq!(cut("firstpass", 1, "\n\n{}\n\n\n"), owned(&[(3, 5, "{}\n\n\n")]));
    }

    #[test]
    fn an_overlong_line_is_one_line_of_a_piece() {
        let long = "y".repeat(3 << 20);
        let text = format!("x\n{long}\n{VERSION}\n");
        let pieces = cut("ocptv", 1, &text);
        let lines: Vec<_> = pieces.iter().map(|(first, last, _)| (*first, *last)).collect();
        assert_eq!(lines, [(1, 2), (3, 3)]);
        let pieces = cut("firstpass", 1, &format!("{{}}\n{long}\n{{}}\n"));
        let lines: Vec<_> = pieces.iter().map(|(first, last, _)| (*first, *last)).collect();
        assert_eq!(lines, [(1, 2), (3, 3)]);
    }

    #[test]
    fn a_failing_input_gives_the_complete_pieces_and_then_the_error() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        let input = BufReader::new(b"{}\n{}".as_slice().chain(Broken));
        let pieces: Vec<_> = Pieces::new(input, Format::named("firstpass").unwrap(), 1).collect();
        assert_eq!(pieces.len(), 1, "{pieces:?}");
        assert!(pieces[0].is_err());
        let input = BufReader::new(b"{}\n{}\n{}".as_slice().chain(Broken));
        let pieces: Vec<_> = Pieces::new(input, Format::named("firstpass").unwrap(), 1).collect();
        assert_eq!(pieces.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false]);
    }
}
