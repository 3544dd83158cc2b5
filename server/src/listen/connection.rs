//! The socket of one client, with deadlines: for the head of a request, for writes that the
//! client does not read, and for what it still sends after its answer.

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

/// How long in all a connection lingers after its last answer, and how long in silence.
const LINGER: Duration = Duration::from_secs(15);
const LINGER_SILENCE: Duration = Duration::from_secs(3);

/// What the service knows of a connection and its socket has to.
#[derive(Debug, Clone, Default)]
pub(super) struct Exchange(Arc<Flags>);

#[derive(Debug, Default)]
struct Flags {
    /// A request is being answered.
    busy: AtomicBool,
    /// The head that the socket was timing is complete.
    head_complete: AtomicBool,
    /// The last request had a body, of which the client may still be sending.
    has_body: AtomicBool,
}

/// From the head of a request until its answer is handed over or dropped.
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
    /// Runs while the head of a request has begun and is not complete.
    head: Option<Pin<Box<Sleep>>>,
    /// Runs while the client's side takes nothing.
    write: Option<Pin<Box<Sleep>>>,
    linger: Option<Linger>,
    _permit: Permit,
}

/// Closing a socket of which there is something left to read resets the connection, and the
/// client loses the answer. So what it still sends is read and discarded for a while.
#[derive(Debug)]
struct Linger {
    ends: Pin<Box<Sleep>>,
    silence: Pin<Box<Sleep>>,
}

impl Connection {
    /// The head of the first request is due from now on.
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

    /// The client takes nothing: for so long that it is given up?
    fn within_stall<T>(
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
        self.within_stall(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.within_stall(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.within_stall(cx, flushed)
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
            ends: Box::pin(sleep(LINGER)),
            silence: Box::pin(sleep(LINGER_SILENCE)),
        });
        let mut discarded = [0; 8 << 10];
        loop {
            if linger.ends.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let mut buffer = ReadBuf::new(&mut discarded);
            match Pin::new(&mut this.stream).poll_read(cx, &mut buffer) {
                Poll::Pending => {
                    ready!(linger.silence.as_mut().poll(cx));
                    return Poll::Ready(Ok(()));
                }
                // It has closed, too, or is gone.
                Poll::Ready(Err(_)) => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(())) if buffer.filled().is_empty() => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(())) => linger.silence.set(sleep(LINGER_SILENCE)),
            }
        }
    }
}

fn timed_out(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::TimedOut, why)
}
