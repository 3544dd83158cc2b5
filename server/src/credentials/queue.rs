//! Fair queue of log-ins: limits the log-ins of each source that are in progress and waiting, so
//! that a flood from one source does not delay the others.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Log-ins of one source in progress; each may hold a connection or an Argon2 permit.
const IN_PROGRESS: usize = 2;
/// Log-ins of one source in progress or waiting.
const WAITING: usize = 16;
/// Number of sources at which those without a log-in are evicted.
const SWEEP_AT: usize = 1024;

/// The log-ins of every source.
#[derive(Debug, Default)]
pub struct LogInQueue(Mutex<HashMap<IpAddr, SourceQueue>>);

#[derive(Debug)]
struct SourceQueue {
    waiting: Arc<Semaphore>,
    in_progress: Arc<Semaphore>,
}

impl Default for SourceQueue {
    fn default() -> Self {
        Self {
            waiting: Arc::new(Semaphore::new(WAITING)),
            in_progress: Arc::new(Semaphore::new(IN_PROGRESS)),
        }
    }
}

/// Permit of a log-in in progress; dropping it releases the semaphores.
#[derive(Debug)]
pub struct LogInPermit {
    _in_progress: OwnedSemaphorePermit,
    _waiting: OwnedSemaphorePermit,
}

impl LogInQueue {
    /// Waits until the source may log in, in FIFO order; none if too many of
    /// its log-ins wait.
    pub async fn acquire(&self, source: IpAddr) -> Option<LogInPermit> {
        let (waiting, in_progress) = self.try_wait(source)?;
        let in_progress = in_progress.acquire_owned().await.ok()?;
        Some(LogInPermit { _in_progress: in_progress, _waiting: waiting })
    }

    fn try_wait(&self, source: IpAddr) -> Option<(OwnedSemaphorePermit, Arc<Semaphore>)> {
        let mut sources = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sources.len() >= SWEEP_AT {
            sources.retain(|_, queue| queue.waiting.available_permits() < WAITING);
        }
        let queue = sources.entry(source).or_default();
        let waiting = Arc::clone(&queue.waiting).try_acquire_owned().ok()?;
        Some((waiting, Arc::clone(&queue.in_progress)))
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use futures::FutureExt;

    use super::*;

    fn source(number: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(number))
    }

    #[test]
    fn a_source_waits_for_itself_alone() {
        let queue = LogInQueue::default();
        let held: Vec<_> =
            (0..IN_PROGRESS).map(|_| queue.acquire(source(1)).now_or_never().unwrap()).collect();
        let mut waiting: Vec<_> =
            (IN_PROGRESS..WAITING).map(|_| Box::pin(queue.acquire(source(1)))).collect();
        for one in &mut waiting {
            assert!(one.now_or_never().is_none(), "it waits");
        }
        assert!(queue.acquire(source(1)).now_or_never().unwrap().is_none(), "too many wait");
        assert!(queue.acquire(source(2)).now_or_never().unwrap().is_some(), "another source");
        drop(held);
        assert!(waiting.remove(0).now_or_never().unwrap().is_some(), "the first in the queue");
    }

    #[test]
    fn sources_without_log_ins_are_forgotten() {
        let queue = LogInQueue::default();
        let _held = queue.acquire(source(0)).now_or_never();
        for number in 1..10 * SWEEP_AT as u32 {
            queue.acquire(source(number)).now_or_never();
        }
        let sources = queue.0.lock().unwrap();
        assert!(sources.len() <= SWEEP_AT && sources.contains_key(&source(0)));
    }
}
