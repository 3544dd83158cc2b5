//! Streaming parser of multipart forms with files: `multer` with limits of memory and time.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use futures::{Stream, StreamExt};
use http::{HeaderMap, header};

use crate::problem::{ApiResult, Cause, EN, Problem};
use crate::web::request::unreadable;

/// Maximum number of bytes without any field data: headers, and the preamble.
const MAX_HEADER_BYTES: u64 = 1 << 20;
/// Maximum length of a text field.
const MAX_TEXT_BYTES: usize = 4096;

/// A form that is being received.
pub(super) struct Form {
    fields: multer::Multipart<'static>,
    unused: Arc<AtomicU64>,
    timeout: Duration,
}

/// A field of the form; it must be read to its end before the next one.
pub(super) struct Field {
    field: multer::Field<'static>,
    unused: Arc<AtomicU64>,
    timeout: Duration,
}

impl Form {
    /// Creates the parser of a request's form; each field must arrive within `timeout`.
    pub(super) fn new(headers: &HeaderMap, body: Body, timeout: Duration) -> ApiResult<Self> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let boundary = multer::parse_boundary(kind.unwrap_or_default())
            .map_err(|_| Problem::unsupported(EN.form_multipart()))?;
        let unused = Arc::new(AtomicU64::new(0));
        let throttled = ThrottledBody {
            body: body.into_data_stream(),
            unused: Arc::clone(&unused),
            paused: false,
        };
        Ok(Self { fields: multer::Multipart::new(throttled, boundary), unused, timeout })
    }

    /// The next field, if there is one.
    pub(super) async fn next(&mut self) -> ApiResult<Option<Field>> {
        let next = tokio::time::timeout(self.timeout, self.fields.next_field());
        let field = next.await.map_err(|_| too_slow(self.timeout))?.map_err(|e| broken(&e))?;
        self.unused.store(0, Ordering::Relaxed);
        let (unused, timeout) = (Arc::clone(&self.unused), self.timeout);
        Ok(field.map(|field| Field { field, unused, timeout }))
    }

    /// Drains the body up to a limit, for clients that send everything before they read the
    /// response.
    pub(super) async fn drain(&mut self, limit: usize) {
        let mut left = limit;
        while left > 0
            && let Ok(Some(mut field)) = self.next().await
        {
            match field.drain(left).await {
                Some(read) => left = left.saturating_sub(read.max(1)),
                None => return,
            }
        }
    }
}

impl Field {
    pub(super) fn name(&self) -> &str {
        self.field.name().unwrap_or_default()
    }

    /// The file name, if the field is a file: without folders and control characters.
    pub(super) fn file_name(&self) -> Option<String> {
        let name = self.field.file_name()?;
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = name.chars().filter(|it| !it.is_control()).take(255).collect();
        Some(name).filter(|name| !name.is_empty())
    }

    /// The chunks of the field, without a timeout.
    pub(super) fn pieces(&mut self) -> impl Stream<Item = ApiResult<Bytes>> + Unpin {
        let Self { field, unused, .. } = self;
        field.map(|piece| {
            unused.store(0, Ordering::Relaxed);
            piece.map_err(|error| broken(&error))
        })
    }

    /// Reads the field as trimmed text.
    pub(super) async fn text(&mut self) -> ApiResult<String> {
        let name = self.name().to_owned();
        let invalid = |why: &str| {
            Problem::bad_request(vec![Cause { parameter: name.clone(), why: why.to_owned() }])
        };
        let timeout = self.timeout;
        let read_all = async {
            let mut bytes = Vec::new();
            let mut pieces = self.pieces();
            while let Some(piece) = pieces.next().await {
                bytes.extend_from_slice(&piece?);
                if bytes.len() > MAX_TEXT_BYTES {
                    return Err(invalid(EN.form_text_long()));
                }
            }
            Ok(bytes)
        };
        let bytes =
            tokio::time::timeout(timeout, read_all).await.map_err(|_| too_slow(timeout))??;
        let text = String::from_utf8(bytes).map_err(|_| invalid(EN.form_text_utf8()))?;
        Ok(text.trim().to_owned())
    }

    /// Drains the rest of the field, up to a limit of bytes. Returns their number; none if there
    /// are more or the end did not arrive.
    pub(super) async fn drain(&mut self, limit: usize) -> Option<usize> {
        let timeout = self.timeout;
        let read_all = async {
            let mut read = 0;
            let mut pieces = self.pieces();
            while let Some(piece) = pieces.next().await {
                read += piece.ok()?.len();
                if read > limit {
                    return None;
                }
            }
            Some(read)
        };
        tokio::time::timeout(timeout, read_all).await.ok().flatten()
    }
}

/// Backpressure for `multer`, which buffers all ready chunks before it parses them, and keeps
/// bytes that are not part of a field: after every chunk the stream is pending once,
/// and after too many bytes without a field it fails.
struct ThrottledBody {
    body: BodyDataStream,
    unused: Arc<AtomicU64>,
    paused: bool,
}

impl Stream for ThrottledBody {
    type Item = Result<Bytes, BodyError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.paused) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let piece = match self.body.poll_next_unpin(cx) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Ready(Some(Err(error))) => {
                return Poll::Ready(Some(Err(BodyError::Unreadable(unreadable(&error)))));
            }
            Poll::Ready(Some(Ok(piece))) => piece,
        };
        self.paused = true;
        let length = piece.len() as u64;
        if self.unused.fetch_add(length, Ordering::Relaxed) > MAX_HEADER_BYTES {
            return Poll::Ready(Some(Err(BodyError::NoField)));
        }
        Poll::Ready(Some(Ok(piece)))
    }
}

#[derive(Debug, thiserror::Error)]
enum BodyError {
    #[error("the body cannot be read to its end")]
    Unreadable(Problem),
    #[error("no field comes")]
    NoField,
}

fn broken(error: &multer::Error) -> Problem {
    if let multer::Error::StreamReadFailed(cause) = error
        && let Some(BodyError::Unreadable(problem)) = cause.downcast_ref()
    {
        return problem.clone();
    }
    Problem::invalid("body", EN.form_broken())
}

fn too_slow(timeout: Duration) -> Problem {
    Problem::timeout(EN.form_slow(timeout.as_secs()))
}
