//! A form with files, field by field as it arrives: `multer` under bounds of memory and
//! time.

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

/// Bytes that may come without any of them being part of a field: heads, and what stands
/// before the first.
const HEADS: u64 = 1 << 20;
/// Bytes of a field that is no file.
const TEXT: usize = 4096;

/// A form that arrives.
pub(super) struct Form {
    fields: multer::Multipart<'static>,
    unused: Arc<AtomicU64>,
    patience: Duration,
}

/// A field of it, which is to be read to its end before the next is asked for.
pub(super) struct Field {
    field: multer::Field<'static>,
    unused: Arc<AtomicU64>,
    patience: Duration,
}

impl Form {
    /// The form that a request holds, each of whose fields is to arrive within `patience`.
    pub(super) fn of(headers: &HeaderMap, body: Body, patience: Duration) -> ApiResult<Self> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let boundary = multer::parse_boundary(kind.unwrap_or_default())
            .map_err(|_| Problem::unsupported(EN.form_multipart()))?;
        let unused = Arc::new(AtomicU64::new(0));
        let sips =
            Sips { body: body.into_data_stream(), unused: Arc::clone(&unused), paused: false };
        Ok(Self { fields: multer::Multipart::new(sips, boundary), unused, patience })
    }

    /// The next field, if there is one.
    pub(super) async fn next(&mut self) -> ApiResult<Option<Field>> {
        let next = tokio::time::timeout(self.patience, self.fields.next_field());
        let field = next.await.map_err(|_| too_slow(self.patience))?.map_err(|e| broken(&e))?;
        self.unused.store(0, Ordering::Relaxed);
        let (unused, patience) = (Arc::clone(&self.unused), self.patience);
        Ok(field.map(|field| Field { field, unused, patience }))
    }

    /// Reads on for whoever sends before they listen, but not for ever.
    pub(super) async fn rest(&mut self, most: usize) {
        let mut left = most;
        while left > 0
            && let Ok(Some(mut field)) = self.next().await
        {
            match field.rest(left).await {
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

    /// What the file is called, where it is one: without folders and control characters.
    pub(super) fn file_name(&self) -> Option<String> {
        let name = self.field.file_name()?;
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = name.chars().filter(|it| !it.is_control()).take(255).collect();
        Some(name).filter(|name| !name.is_empty())
    }

    /// The pieces of it, in any time.
    pub(super) fn pieces(&mut self) -> impl Stream<Item = ApiResult<Bytes>> + Unpin {
        let Self { field, unused, .. } = self;
        field.map(|piece| {
            unused.store(0, Ordering::Relaxed);
            piece.map_err(|error| broken(&error))
        })
    }

    /// All of it, as text without the space around.
    pub(super) async fn text(&mut self) -> ApiResult<String> {
        let name = self.name().to_owned();
        let wrong = |why: &str| {
            Problem::bad_request(vec![Cause { parameter: name.clone(), why: why.to_owned() }])
        };
        let patience = self.patience;
        let whole = async {
            let mut bytes = Vec::new();
            let mut pieces = self.pieces();
            while let Some(piece) = pieces.next().await {
                bytes.extend_from_slice(&piece?);
                if bytes.len() > TEXT {
                    return Err(wrong(EN.form_text_long()));
                }
            }
            Ok(bytes)
        };
        let bytes =
            tokio::time::timeout(patience, whole).await.map_err(|_| too_slow(patience))??;
        let text = String::from_utf8(bytes).map_err(|_| wrong(EN.form_text_utf8()))?;
        Ok(text.trim().to_owned())
    }

    /// Reads what is left of it, at most so many bytes. How many there were, unless there
    /// are more or no end came.
    pub(super) async fn rest(&mut self, most: usize) -> Option<usize> {
        let patience = self.patience;
        let whole = async {
            let mut read = 0;
            let mut pieces = self.pieces();
            while let Some(piece) = pieces.next().await {
                read += piece.ok()?.len();
                if read > most {
                    return None;
                }
            }
            Some(read)
        };
        tokio::time::timeout(patience, whole).await.ok().flatten()
    }
}

/// The body in small sips. `multer` takes whatever is ready before it looks at any of it,
/// and keeps what it can make no field of: after every piece the stream is not ready once,
/// and after too many pieces without a field it ends.
struct Sips {
    body: BodyDataStream,
    unused: Arc<AtomicU64>,
    paused: bool,
}

impl Stream for Sips {
    type Item = Result<Bytes, SipError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.paused) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let piece = match self.body.poll_next_unpin(cx) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Ready(Some(Err(error))) => {
                return Poll::Ready(Some(Err(SipError::Unreadable(unreadable(&error)))));
            }
            Poll::Ready(Some(Ok(piece))) => piece,
        };
        self.paused = true;
        let length = piece.len() as u64;
        if self.unused.fetch_add(length, Ordering::Relaxed) > HEADS {
            return Poll::Ready(Some(Err(SipError::NoField)));
        }
        Poll::Ready(Some(Ok(piece)))
    }
}

#[derive(Debug, thiserror::Error)]
enum SipError {
    #[error("the body cannot be read to its end")]
    Unreadable(Problem),
    #[error("no field comes")]
    NoField,
}

fn broken(error: &multer::Error) -> Problem {
    if let multer::Error::StreamReadFailed(cause) = error
        && let Some(SipError::Unreadable(problem)) = cause.downcast_ref()
    {
        return problem.clone();
    }
    Problem::invalid("body", EN.form_broken())
}

fn too_slow(patience: Duration) -> Problem {
    Problem::timeout(EN.form_slow(patience.as_secs()))
}
