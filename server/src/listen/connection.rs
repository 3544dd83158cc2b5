//! The socket of one client, with timeouts: for the head of a request, for stalled writes, and
//! for a lingering close.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::admission::Permit;

/// Total and idle timeouts of the lingering close after the last response.
const LINGER_TIMEOUT: Duration = Duration::from_secs(15);
const LINGER_IDLE_TIMEOUT: Duration = Duration::from_secs(3);

/// State of a connection, shared between the service and the socket.
#[derive(Debug, Clone, Default)]
pub(super) struct Exchange(Arc<Flags>);

#[derive(Debug, Default)]
struct Flags {
    /// A request is in progress.
    busy: AtomicBool,
    /// The head with the running timeout is complete.
    head_complete: AtomicBool,
    /// The last request had a body, which the client may still be sending.
    has_body: AtomicBool,
}

/// Guard of a request in progress: from its head until its response is sent or dropped.
#[derive(Debug)]
pub(super) struct Busy(Exchange);

impl Exchange {
    pub(super) fn begin(&self, has_body: bool) -> Busy {
        self.0.busy.store(true, Ordering::Relaxed);
        self.0.head_complete.store(true, Ordering::Relaxed);
        self.0.has_body.store(has_body, Ordering::Relaxed);
        Busy(self.clone())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.0.busy.store(false, Ordering::Relaxed);
    }
}

/// A client's socket.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    exchange: Exchange,
    head_time: Duration,
    write_stall: Duration,
    /// Timeout of an incomplete head.
    head: Option<Pin<Box<Sleep>>>,
    /// Timeout of a stalled write.
    write: Option<Pin<Box<Sleep>>>,
    linger: Option<Linger>,
    _permit: Permit,
}

/// Lingering close: closing a socket with unread data resets the connection, and the
/// client loses the response. So remaining data are read and discarded for a while.
#[derive(Debug)]
struct Linger {
    deadline: Pin<Box<Sleep>>,
    idle: Pin<Box<Sleep>>,
}

impl Connection {
    /// Creates the connection, and starts the timeout of the first head.
    pub(super) fn new(
        stream: TcpStream,
        permit: Permit,
        head_time: Duration,
        write_stall: Duration,
    ) -> Self {
        Self {
            stream,
            exchange: Exchange::default(),
            head_time,
            write_stall,
            head: Some(Box::pin(sleep(head_time))),
            write: None,
            linger: None,
            _permit: permit,
        }
    }

    pub(super) fn exchange(&self) -> Exchange {
        self.exchange.clone()
    }

    pub(super) fn is_for_health_only(&self) -> bool {
        self._permit.health_only
    }

    /// Applies the stall timeout to a write that is pending because the client reads nothing.
    fn apply_write_timeout<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.write = None;
            return written;
        }
        let stall = self.write_stall;
        let deadline = self.write.get_or_insert_with(|| Box::pin(sleep(stall)));
        ready!(deadline.as_mut().poll(cx));
        metrics::counter!("connections_stalled_total").increment(1);
        Poll::Ready(Err(timed_out("the client does not read")))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(cx, buffer);
        if this.exchange.0.head_complete.swap(false, Ordering::Relaxed) {
            this.head = None;
        }
        if this.exchange.0.busy.load(Ordering::Relaxed) {
            return read;
        }
        if buffer.filled().len() > before && this.head.is_none() {
            this.head = Some(Box::pin(sleep(this.head_time)));
        }
        if read.is_pending()
            && let Some(head) = &mut this.head
        {
            ready!(head.as_mut().poll(cx));
            return Poll::Ready(Err(timed_out("the head of a request did not arrive in time")));
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.apply_write_timeout(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.apply_write_timeout(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.apply_write_timeout(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.linger.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
            if !this.exchange.0.has_body.load(Ordering::Relaxed) {
                return Poll::Ready(Ok(()));
            }
        }
        let linger = this.linger.get_or_insert_with(|| Linger {
            deadline: Box::pin(sleep(LINGER_TIMEOUT)),
            idle: Box::pin(sleep(LINGER_IDLE_TIMEOUT)),
        });
        let mut discarded = [0; 8 << 10];
        loop {
            if linger.deadline.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let mut buffer = ReadBuf::new(&mut discarded);
            match Pin::new(&mut this.stream).poll_read(cx, &mut buffer) {
                Poll::Pending => {
                    ready!(linger.idle.as_mut().poll(cx));
                    return Poll::Ready(Ok(()));
                }
                // The peer has closed or reset the connection.
                Poll::Ready(Err(_)) => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(())) if buffer.filled().is_empty() => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(())) => linger.idle.set(sleep(LINGER_IDLE_TIMEOUT)),
            }
        }
    }
}

fn timed_out(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::TimedOut, why)
}
