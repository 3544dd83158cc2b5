//! Compression of response bodies by content negotiation.

use std::io::Write as _;

use axum::body::Bytes;
use http::{HeaderMap, HeaderValue};

use crate::web::accept;

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Zstd,
    Brotli,
    Identity,
}

impl Coding {
    /// Negotiates the coding: prefers zstd, which is ten times as fast as brotli and compresses
    /// frames as well.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Self {
        match () {
            () if accept::allows_coding(headers, "zstd") => Self::Zstd,
            () if accept::allows_coding(headers, "br") => Self::Brotli,
            () => Self::Identity,
        }
    }

    /// Its name in `Content-Encoding`.
    pub(crate) const fn name(self) -> Option<HeaderValue> {
        match self {
            Self::Zstd => Some(HeaderValue::from_static("zstd")),
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Identity => None,
        }
    }

    /// Compresses the bytes. CPU-bound: run it on a blocking thread.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub(crate) fn compress(self, bytes: Bytes) -> std::io::Result<Bytes> {
        match self {
            Self::Zstd => Ok(zstd::encode_all(&*bytes, 3)?.into()),
            Self::Brotli => {
                let mut writer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 4, 22);
                writer.write_all(&bytes)?;
                Ok(writer.into_inner().into())
            }
            Self::Identity => Ok(bytes),
        }
    }
}
