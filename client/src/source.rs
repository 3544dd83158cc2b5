//! Input files and standard input, decompressed while reading.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use anyhow::Result;
use flate2::bufread::MultiGzDecoder;
use formats::zstd_window_error;

use crate::progress::Progress;
use crate::{EN, Usage};

/// Magic numbers of compressed files.
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// An input to upload.
pub(crate) struct Source {
    /// Its name on the command line; `-` for standard input.
    pub(crate) name: String,
    /// Its size on disk in bytes.
    pub(crate) bytes: Option<u64>,
    input: Input,
}

enum Input {
    Stdin,
    File(PathBuf),
    /// Not a regular file: once closed, it cannot be opened again.
    Opened(File),
}

/// Checks that every input can be read.
///
/// # Errors
/// Lists every input that cannot be read.
pub(crate) fn find(files: &[PathBuf]) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    let mut wrong = Vec::new();
    let mut stdin = 0;
    for file in files {
        let name = file.display().to_string();
        if name == "-" {
            stdin += 1;
            sources.push(Source { name, bytes: None, input: Input::Stdin });
            continue;
        }
        match open_input(file) {
            Ok((bytes, input)) => sources.push(Source { name, bytes, input }),
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    if stdin > 1 {
        wrong.push(EN.client_stdin_once().to_owned());
    }
    if wrong.is_empty() {
        return Ok(sources);
    }
    Err(Usage(EN.client_nothing_sent(wrong.join("; "))).into())
}

fn open_input(path: &Path) -> io::Result<(Option<u64>, Input)> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if about.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    // Opened later: thousands of files would exceed the limit of open files.
    Ok(match about.is_file() {
        true => (Some(about.len()), Input::File(path.to_owned())),
        false => (None, Input::Opened(file)),
    })
}

impl Source {
    /// Opens the input. The progress counts the bytes before decompression.
    pub(crate) fn open(self, progress: &Progress) -> io::Result<Box<dyn BufRead>> {
        match self.input {
            Input::Stdin => decoded(progress.count(io::stdin())),
            Input::File(path) => decoded(progress.count(File::open(path)?)),
            Input::Opened(file) => decoded(progress.count(file)),
        }
    }
}

/// Decompresses the input, if it is compressed.
fn decoded(raw: impl Read + 'static) -> io::Result<Box<dyn BufRead>> {
    let mut raw = BufReader::with_capacity(128 << 10, raw);
    let mut head = Vec::new();
    raw.by_ref().take(ZSTD.len() as u64).read_to_end(&mut head)?;
    let (gzip, zstd) = (head.starts_with(GZIP), head == ZSTD);
    let whole = Cursor::new(head).chain(raw);
    Ok(if gzip {
        Box::new(BufReader::with_capacity(128 << 10, MultiGzDecoder::new(whole)))
    } else if zstd {
        let decoder = DescribedErrors(zstd::Decoder::with_buffer(whole)?);
        Box::new(BufReader::with_capacity(128 << 10, decoder))
    } else {
        Box::new(whole)
    })
}

/// Replaces the error of a too large zstd window with a clear message.
struct DescribedErrors<R>(R);

impl<R: Read> Read for DescribedErrors<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match zstd_window_error(&error) {
            Some(why) => io::Error::other(EN.client_file_is(why)),
            None => error,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// Returns a byte at a time, as a slow pipe may.
    struct Slow(Cursor<Vec<u8>>);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let one = buffer.len().min(1);
            self.0.read(buffer.get_mut(..one).unwrap_or_default())
        }
    }

    fn read(bytes: &[u8]) -> String {
        let mut text = String::new();
        decoded(Slow(Cursor::new(bytes.to_vec()))).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn compression_is_detected_by_magic_numbers() {
        let gzip = |text: &str| {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(text.as_bytes()).unwrap();
            encoder.finish().unwrap()
        };
        let zstd = |text: &str| zstd::bulk::compress(text.as_bytes(), 1).unwrap();
        for plain in ["", "{", "one\ntwo\n"] {
            assert_eq!(read(plain.as_bytes()), plain);
            assert_eq!(read(&gzip(plain)), plain);
            assert_eq!(read(&zstd(plain)), plain);
        }
        assert_eq!(read(&[gzip("one\n"), gzip("two\n")].concat()), "one\ntwo\n");
        assert_eq!(read(&[zstd("one\n"), zstd("two\n")].concat()), "one\ntwo\n");
    }

    #[test]
    fn all_unreadable_inputs_are_reported_together() {
        let refused = find(&["/nowhere".into(), "-".into(), "/".into(), "-".into()]);
        let said = refused.err().unwrap().to_string();
        for named in
            ["/nowhere: No such file", "/: is a directory", "-: standard input can be read once"]
        {
            assert!(said.contains(named), "{said}");
        }
    }
}
