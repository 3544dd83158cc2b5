//! Reading an upload's body: bounded as it is sent, as it is decoded, and in time.

use async_compression::tokio::bufread::{GzipDecoder, ZstdDecoder};
use axum::body::Body;
use futures::StreamExt;
use http::{HeaderMap, header};
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::problem::{ApiResult, Problem};
use crate::state::Limits;

/// How the body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
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
        return Err(Problem::unsupported(
            "A multipart form is not read: send the file itself as the body (curl --data-binary @FILE).",
        ));
    }
    match text(header::CONTENT_ENCODING).map(str::to_ascii_lowercase).as_deref() {
        None | Some("" | "identity") => Ok(Encoding::Identity),
        Some("gzip" | "x-gzip") => Ok(Encoding::Gzip),
        Some("zstd") => Ok(Encoding::Zstd),
        Some(other) => Err(Problem::unsupported(format!(
            "Content-Encoding {other} is not read: send identity, gzip or zstd."
        ))),
    }
}

/// The body as it was sent.
pub(super) async fn read(body: Body, limits: &Limits) -> ApiResult<Vec<u8>> {
    let most = limits.upload_bytes;
    let whole = async {
        let mut stream = body.into_data_stream();
        let mut bytes = Vec::new();
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|_| {
                Problem::timeout(
                    "The body broke off before its end. Nothing was kept; send it again.",
                )
            })?;
            if bytes.len() + piece.len() > most {
                return Err(Problem::too_large(format!(
                    "The body has more than {most} bytes. Nothing was kept: send the runs in several requests, or compressed."
                )));
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    };
    match tokio::time::timeout(limits.upload_time, whole).await {
        Ok(read) => read,
        Err(_) => Err(Problem::timeout(format!(
            "The body did not arrive within {} s. Nothing was kept; send it again.",
            limits.upload_time.as_secs()
        ))),
    }
}

/// The body as it was meant.
pub(super) async fn decode(bytes: Vec<u8>, encoding: Encoding, most: u64) -> ApiResult<Vec<u8>> {
    match encoding {
        Encoding::Identity => Ok(bytes),
        Encoding::Gzip => {
            let mut decoder = GzipDecoder::new(bytes.as_slice());
            decoder.multiple_members(true);
            drain(decoder, most).await
        }
        Encoding::Zstd => {
            let mut decoder = ZstdDecoder::new(bytes.as_slice());
            decoder.multiple_members(true);
            drain(decoder, most).await
        }
    }
}

async fn drain(decoder: impl AsyncRead + Unpin, most: u64) -> ApiResult<Vec<u8>> {
    let mut decoded = Vec::new();
    // One byte more than allowed tells too much from just enough.
    decoder.take(most + 1).read_to_end(&mut decoded).await.map_err(|error| {
        Problem::bad_request(vec![crate::problem::Cause {
            parameter: "body".into(),
            why: format!("is not what its Content-Encoding says: {error}. Nothing was kept."),
        }])
    })?;
    if decoded.len() as u64 > most {
        return Err(Problem::too_large(format!(
            "The body has more than {most} bytes when decoded. Nothing was kept: send the runs in several requests."
        )));
    }
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, http::HeaderValue::from_static(value))])
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

    #[tokio::test]
    async fn a_bomb_stops_at_the_limit() {
        let bomb = zstd::bulk::compress(&vec![b' '; 1 << 20], 3).unwrap();
        let refused = decode(bomb.clone(), Encoding::Zstd, 1000).await.unwrap_err();
        assert_eq!(refused.status(), 413);
        assert_eq!(decode(bomb, Encoding::Zstd, 1 << 20).await.unwrap().len(), 1 << 20);
    }
}
