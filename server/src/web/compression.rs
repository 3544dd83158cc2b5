//! A body in the coding that its reader takes.

use std::io::Write as _;

use axum::body::Bytes;
use http::{HeaderMap, HeaderValue};

use crate::web::accept;

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Zstd,
    Brotli,
    Identity,
}

impl Coding {
    /// The first that is taken: zstd is ten times as quick as brotli and packs frames as well.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        match () {
            () if accept::coding(headers, "zstd") => Self::Zstd,
            () if accept::coding(headers, "br") => Self::Brotli,
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

    /// The bytes, packed. Takes a while for millions of them: for a thread of its own.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub(crate) fn pack(self, bytes: Bytes) -> std::io::Result<Bytes> {
        match self {
            Self::Zstd => Ok(zstd::encode_all(&*bytes, 3)?.into()),
            Self::Brotli => {
                let mut packer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 4, 22);
                packer.write_all(&bytes)?;
                Ok(packer.into_inner().into())
            }
            Self::Identity => Ok(bytes),
        }
    }
}
