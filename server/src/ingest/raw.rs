//! The raw bytes of an upload: what they are, and how they are kept.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};
use store::ingest::Raw;

use super::{Encoding, body};
use crate::problem::{ApiResult, Problem};

/// Decodes, hashes and, where they are kept, compresses the bytes. Blocks: for a
/// thread of its own, beside the one that parses them; ends early when nobody waits.
pub(super) fn raw(
    bytes: &[u8],
    encoding: Encoding,
    most: u64,
    keeps: bool,
    given_up: &AtomicBool,
) -> ApiResult<Raw> {
    let mut sha256 = Sha256::new();
    let mut zstd = zstd::Encoder::new(Vec::new(), 3).map_err(compressing)?;
    let length = body::decode(bytes, encoding, most, |piece| {
        if given_up.load(Ordering::Relaxed) {
            return Err(Problem::internal());
        }
        sha256.update(piece);
        if keeps { zstd.write_all(piece).map_err(compressing) } else { Ok(()) }
    })?;
    let zstd = zstd.finish().map_err(compressing)?;
    Ok(Raw { sha256: sha256.finalize().into(), bytes: length, zstd })
}

fn compressing(error: std::io::Error) -> Problem {
    tracing::error!(%error, "cannot compress an upload");
    Problem::internal()
}
