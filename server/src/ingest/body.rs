//! Reading an upload's body: bounded as it is sent, as it is decoded, and in time.

use std::io::{ErrorKind, Read};
use std::time::Duration;

use axum::body::{Body, Bytes};
use flate2::read::MultiGzDecoder;
use formats::{ZSTD_WINDOW_LOG, zstd_window_error};
use futures::{Stream, StreamExt};
use http::{HeaderMap, header};
use rustix::time::{ClockId, clock_gettime};

use crate::problem::{ApiResult, Cause, EN, Problem};
use crate::resources::memory::BodyMemory;
use crate::state::Limits;
use crate::web::request::unreadable;

/// How the body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Not.
    Identity,
    /// gzip, also several members one after the other.
    Gzip,
    /// zstd, also several frames.
    Zstd,
}

/// Any type of content but multipart, in one of three encodings.
pub(super) fn encoding(headers: &HeaderMap) -> ApiResult<Encoding> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?").trim());
    if let Some(kind) = text(header::CONTENT_TYPE)
        && kind.get(..10).is_some_and(|head| head.eq_ignore_ascii_case("multipart/"))
    {
        return Err(Problem::unsupported(EN.upload_multipart()));
    }
    match text(header::CONTENT_ENCODING).map(str::to_ascii_lowercase).as_deref() {
        None | Some("" | "identity") => Ok(Encoding::Identity),
        Some("gzip" | "x-gzip") => Ok(Encoding::Gzip),
        Some("zstd") => Ok(Encoding::Zstd),
        Some(other) => Err(Problem::unsupported(EN.upload_encoding(other))),
    }
}

/// The pieces of a request's body.
pub(super) fn pieces(body: Body) -> impl Stream<Item = ApiResult<Bytes>> + Unpin {
    body.into_data_stream().map(|piece| piece.map_err(|error| unreadable(&error)))
}

/// The body as it was sent.
pub(super) async fn read(
    mut pieces: impl Stream<Item = ApiResult<Bytes>> + Unpin,
    limits: &Limits,
    memory: &mut BodyMemory,
) -> ApiResult<Vec<u8>> {
    let most = limits.upload_bytes;
    let whole = async {
        let mut bytes = Vec::new();
        while let Some(piece) = pieces.next().await {
            let piece = piece?;
            if bytes.len() + piece.len() > most {
                return Err(Problem::too_large(EN.upload_large(most)));
            }
            grow(&mut bytes, piece.len(), most, memory)?;
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    };
    match tokio::time::timeout(limits.upload_time, whole).await {
        Ok(read) => read,
        Err(_) => Err(Problem::timeout(EN.upload_late(limits.upload_time.as_secs()))),
    }
}

/// Makes room in `bytes` for `more` of them and some beyond, counted in `memory`: what a
/// vector holds is its capacity, not its length.
fn grow(bytes: &mut Vec<u8>, more: usize, most: usize, memory: &mut BodyMemory) -> ApiResult<()> {
    let needed = bytes.len() + more;
    if needed <= bytes.capacity() {
        return Ok(());
    }
    let capacity = needed.max(bytes.capacity() + bytes.capacity() / 4).min(most);
    memory.grow_to(capacity)?;
    bytes.reserve_exact(capacity - bytes.len());
    Ok(())
}

/// How many times larger an upload may be when decoded, beyond the first bytes. Test logs
/// compress ten to fiftyfold; what compresses a thousandfold was made to cost processor time.
const EXPANSION: u64 = 256;
const EXPANSION_FREE_BYTES: u64 = 16 << 20;
/// Processor time that decoding and parsing one upload may take on its thread.
const DECODE_CPU: Duration = Duration::from_secs(120);

/// Bytes that an upload of `sent` bytes may have when decoded. What is kept was within
/// this limit when it came, and may have been compressed much better since.
pub(super) fn decoded_limit(sent: usize, limits: &Limits) -> u64 {
    let expanded = (sent as u64).saturating_mul(EXPANSION).max(EXPANSION_FREE_BYTES);
    limits.decoded_bytes.min(expanded)
}

/// Processor time that this thread has used.
fn cpu_time() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap_or_default()
}

/// Hands the body as it was meant to `sink`, piece by piece, so that a small body that
/// decodes to a large one never stands in memory whole. Returns how many bytes there
/// were. Blocks: for a thread of its own.
pub(super) fn decode(
    bytes: &[u8],
    encoding: Encoding,
    most: u64,
    mut sink: impl FnMut(&[u8]) -> ApiResult<()>,
) -> ApiResult<u64> {
    let mut decoder: Box<dyn Read + '_> = match encoding {
        Encoding::Identity => Box::new(bytes),
        Encoding::Gzip => Box::new(MultiGzDecoder::new(bytes)),
        Encoding::Zstd => {
            let mut decoder = zstd::Decoder::with_buffer(bytes).map_err(|e| misfit(&e))?;
            decoder.window_log_max(ZSTD_WINDOW_LOG).map_err(|e| misfit(&e))?;
            Box::new(decoder)
        }
    };
    let mut piece = vec![0; 128 << 10];
    let mut total = 0;
    let begun = cpu_time();
    loop {
        if cpu_time().saturating_sub(begun) > DECODE_CPU {
            return Err(Problem::too_large(EN.upload_cpu(DECODE_CPU.as_secs())));
        }
        let length = match decoder.read(&mut piece) {
            Ok(0) => return Ok(total),
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(misfit(&error)),
        };
        total += length as u64;
        if total > most {
            return Err(Problem::too_large(EN.upload_decoded(most)));
        }
        sink(piece.get(..length).unwrap_or_default())?;
    }
}

/// Bytes to tell a format by, also where a line may have fewer.
const BEGINNING: u64 = 1 << 20;

/// The first bytes of the body as it was meant, as many as a line may have: enough to tell
/// what it is. Blocks.
///
/// # Errors
/// 400 for a body that is not coded as it is said to be from its first byte on.
pub(super) fn beginning(bytes: &[u8], encoding: Encoding, limits: &Limits) -> ApiResult<Vec<u8>> {
    let mut beginning = Vec::new();
    let most = (limits.line_bytes as u64).max(BEGINNING);
    let decoded = decode(bytes, encoding, most, |piece| {
        beginning.extend_from_slice(piece);
        Ok(())
    });
    match decoded {
        Err(problem) if beginning.is_empty() => Err(problem),
        _ => Ok(beginning),
    }
}

fn misfit(error: &std::io::Error) -> Problem {
    let why = undecodable(error);
    Problem::bad_request(vec![Cause { parameter: "body".into(), why: EN.upload_nothing_kept(why) }])
}

/// Why compressed bytes cannot be decoded.
fn undecodable(error: &std::io::Error) -> String {
    if let Some(why) = zstd_window_error(error) {
        return why;
    }
    if error.kind() == ErrorKind::UnexpectedEof || error.to_string().contains("incomplete frame") {
        return EN.cause_cut_off().to_owned();
    }
    EN.cause_not_compressed().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, http::HeaderValue::from_static(value))])
    }

    #[test]
    fn the_capacity_of_a_body_is_counted_and_not_more_than_a_body_may_have() {
        let most = 1_000_000;
        let share = || std::sync::Arc::new(crate::resources::memory::budget(most));
        let mut memory = BodyMemory::new(share(), share());
        let mut bytes = Vec::new();
        for _ in 0..most / 1_000 {
            grow(&mut bytes, 1_000, most, &mut memory).unwrap();
            bytes.extend_from_slice(&[0; 1_000]);
            assert!(bytes.capacity() <= memory.bytes(), "{} are held", bytes.capacity());
        }
        assert_eq!((bytes.len(), bytes.capacity()), (most, most));
    }

    #[test]
    fn what_is_not_read_is_said() {
        assert_eq!(encoding(&HeaderMap::new()).unwrap(), Encoding::Identity);
        assert_eq!(encoding(&with(header::CONTENT_ENCODING, "GZIP")).unwrap(), Encoding::Gzip);
        for refused in [
            with(header::CONTENT_ENCODING, "br"),
            with(header::CONTENT_ENCODING, "gzip, zstd"),
            with(header::CONTENT_TYPE, "Multipart/Form-Data; boundary=x"),
        ] {
            assert_eq!(encoding(&refused).unwrap_err().status(), 415);
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = zstd::bulk::compress(&vec![b' '; 1 << 20], 3).unwrap();
        let mut largest = 0;
        let refused = decode(&bomb, Encoding::Zstd, 1000, |piece| {
            largest = largest.max(piece.len());
            Ok(())
        });
        assert_eq!(refused.unwrap_err().status(), 413);
        assert_eq!(largest, 0);
        assert_eq!(decode(&bomb, Encoding::Zstd, 1 << 20, |_| Ok(())).unwrap(), 1 << 20);
    }

    #[test]
    fn what_is_sent_bounds_what_may_be_decoded() {
        let limits = Limits::default();
        assert_eq!(decoded_limit(0, &limits), 16 << 20);
        assert_eq!(decoded_limit(93 << 10, &limits), (93 << 10) * 256);
        assert_eq!(decoded_limit(64 << 20, &limits), 1 << 30);
        let small = Limits { decoded_bytes: 1000, ..limits };
        assert_eq!(decoded_limit(93 << 10, &small), 1000);
    }

    #[test]
    fn a_window_is_decoded_up_to_128_mib_and_past_it_the_option_is_named() {
        let compressed = |window: u32| {
            let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
            encoder.long_distance_matching(true).unwrap();
            encoder.window_log(window).unwrap();
            std::io::Write::write_all(&mut encoder, b"one\n").unwrap();
            encoder.finish().unwrap()
        };
        let read = |bytes: &[u8]| decode(bytes, Encoding::Zstd, 100, |_| Ok(()));
        assert_eq!(read(&compressed(27)).unwrap(), 4);
        let refused = read(&compressed(28)).unwrap_err();
        assert_eq!(refused.status(), 400);
        assert!(refused.detail().contains("128 MiB: compress it without --long"), "{refused:?}");
        for (broken, why) in
            [(&b"not zstd"[..], "is not the gzip"), (&compressed(20)[..9], "is cut off")]
        {
            let refused = read(broken).unwrap_err();
            assert!(refused.detail().contains(why), "{refused:?}");
        }
    }

    #[test]
    fn members_and_frames_one_after_the_other_are_one_body() {
        let mut gzip = Vec::new();
        for text in ["one\n", "two\n"] {
            let mut member = flate2::write::GzEncoder::new(&mut gzip, flate2::Compression::fast());
            std::io::Write::write_all(&mut member, text.as_bytes()).unwrap();
            member.finish().unwrap();
        }
        let zstd = [
            zstd::bulk::compress(b"one\n", 1).unwrap(),
            zstd::bulk::compress(b"two\n", 1).unwrap(),
        ]
        .concat();
        for (bytes, encoding) in [(gzip, Encoding::Gzip), (zstd, Encoding::Zstd)] {
            let mut text = Vec::new();
            decode(&bytes, encoding, 100, |piece| {
                text.extend_from_slice(piece);
                Ok(())
            })
            .unwrap();
            assert_eq!(text, b"one\ntwo\n");
        }
    }
}
