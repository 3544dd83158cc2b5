//! What every handler shares.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::TenantId;
use store::Store;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit, watch};

use crate::auth::password::Hasher;
use crate::auth::queue::LogInQueue;
use crate::disk::Disk;
use crate::frames::Frames;
use crate::live::Streams;
use crate::rate::Rate;

/// What every handler shares; cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    store: Store,
    hasher: Hasher,
    log_ins: LogInQueue,
    limits: Limits,
    rate: Rate,
    disk: Disk,
    uploads: Mutex<HashMap<TenantId, Places>>,
    writers: Semaphore,
    streams: Streams,
    frames: Frames,
    draining: watch::Sender<bool>,
}

/// Uploads of one tenant at once; each may hold its body in memory, as it was sent.
const UPLOADS: usize = 16;
/// Uploads being parsed and written at once; each may hold its largest run and a
/// connection.
const WRITERS: usize = 4;
/// Those of one tenant: it merges one at a time, and parses the next meanwhile.
const WRITERS_OF_TENANT: usize = 2;

/// How many of a tenant's uploads may go on at once.
#[derive(Debug, Clone)]
struct Places {
    uploads: Arc<Semaphore>,
    writers: Arc<Semaphore>,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            uploads: Arc::new(Semaphore::new(UPLOADS)),
            writers: Arc::new(Semaphore::new(WRITERS_OF_TENANT)),
        }
    }
}

/// A turn to parse and write an upload, held until it is dropped.
#[derive(Debug)]
pub struct Turn<'a> {
    _of_tenant: OwnedSemaphorePermit,
    _of_all: SemaphorePermit<'a>,
}

/// What bounds a request.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// A session that is not used for this long ends.
    pub session_idle: Duration,
    /// A session ends after this long, used or not.
    pub session_life: Duration,
    /// Bytes of an upload as sent.
    pub upload_bytes: usize,
    /// Bytes of an upload, decoded.
    pub decoded_bytes: u64,
    /// Bytes of a line.
    pub line_bytes: usize,
    /// How deep a line may nest objects and arrays.
    pub line_depth: usize,
    /// How long an upload may take to arrive.
    pub upload_time: Duration,
    /// Runs and repairs of one upload.
    pub upload_runs: u64,
    /// Requests of ingest that one credential may make in a second, for long.
    pub upload_rate: NonZeroU32,
    /// Those that it may make at once, after a rest.
    pub upload_burst: NonZeroU32,
    /// Bytes of the embedded database's disk that uploads leave free.
    pub reserve_bytes: u64,
    /// Rows of a frame: runs, or cells where there are more runs.
    pub frame_runs: usize,
    /// Bytes of frames that are kept for whoever asks the same again.
    pub frame_cache_bytes: u64,
    /// Live streams of this process.
    pub live_streams: usize,
    /// Live streams of one session or token.
    pub live_streams_of_one: usize,
    /// Live streams of one person, over all sessions.
    pub live_streams_of_person: usize,
    /// Live streams of one tenant.
    pub live_streams_of_tenant: usize,
    /// A live stream ends after this long, and whoever comes back is asked again who it is.
    pub live_time: Duration,
    /// A proxy of ours is in front: its headers say where a request comes from.
    pub behind_proxy: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            session_idle: Duration::from_secs(12 * 3600),
            session_life: Duration::from_secs(7 * 24 * 3600),
            upload_bytes: 64 << 20,
            decoded_bytes: 1 << 30,
            line_bytes: 1 << 20,
            line_depth: 64,
            upload_time: Duration::from_secs(600),
            upload_runs: 100_000,
            upload_rate: const { NonZeroU32::new(50).unwrap() },
            upload_burst: const { NonZeroU32::new(500).unwrap() },
            reserve_bytes: 256 << 20,
            frame_runs: 1_000_000,
            frame_cache_bytes: 256 << 20,
            live_streams: 1_000,
            live_streams_of_one: 16,
            live_streams_of_person: 48,
            live_streams_of_tenant: 250,
            live_time: Duration::from_secs(300),
            behind_proxy: false,
        }
    }
}

impl AppState {
    /// The state of a server over `store`, whose disk is not ours to look at.
    #[must_use]
    pub fn new(store: Store, limits: Limits) -> Self {
        Self::on(Disk::elsewhere(), store, limits)
    }

    /// The state of a server over `store`, whose database is on that disk.
    #[must_use]
    pub fn on(disk: Disk, store: Store, limits: Limits) -> Self {
        Self(Arc::new(Shared {
            store,
            hasher: Hasher::default(),
            log_ins: LogInQueue::default(),
            limits,
            rate: Rate::new(limits.upload_rate, limits.upload_burst),
            disk,
            uploads: Mutex::default(),
            writers: Semaphore::new(WRITERS),
            streams: Streams::default(),
            frames: Frames::new(limits.frame_cache_bytes),
            draining: watch::Sender::new(false),
        }))
    }

    /// The store, to begin a transaction at one of its doors.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The password hasher, which bounds how many run at once.
    #[must_use]
    pub fn hasher(&self) -> &Hasher {
        &self.0.hasher
    }

    /// The queue of log-ins, fair between sources.
    #[must_use]
    pub fn log_ins(&self) -> &LogInQueue {
        &self.0.log_ins
    }

    /// What bounds a request.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// How often a credential may ask.
    #[must_use]
    pub fn rate(&self) -> &Rate {
        &self.0.rate
    }

    /// The disk that uploads end on.
    #[must_use]
    pub fn disk(&self) -> &Disk {
        &self.0.disk
    }

    /// The live streams of pages that are open.
    #[must_use]
    pub fn streams(&self) -> &Streams {
        &self.0.streams
    }

    /// The frames that are kept.
    #[must_use]
    pub(crate) fn frames(&self) -> &Frames {
        &self.0.frames
    }

    /// A place to receive an upload, held until it is dropped, if the caller's tenant has
    /// one left: a tenant's slow stations hold up nobody else.
    #[must_use]
    pub fn upload_place(&self, tenant: TenantId) -> Option<OwnedSemaphorePermit> {
        self.places(tenant).uploads.try_acquire_owned().ok()
    }

    /// A turn to parse and write an upload; those before come first, the tenant's own and
    /// then everybody's.
    pub async fn write_turn(&self, tenant: TenantId) -> Option<Turn<'_>> {
        let of_tenant = self.places(tenant).writers.acquire_owned().await.ok()?;
        let of_all = self.0.writers.acquire().await.ok()?;
        Some(Turn { _of_tenant: of_tenant, _of_all: of_all })
    }

    fn places(&self, tenant: TenantId) -> Places {
        let mut all = self.0.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(tenant).or_default().clone()
    }

    /// From now on `/readyz` says that this server is going away, and live streams end.
    pub fn drain(&self) {
        self.0.draining.send_replace(true);
    }

    /// Whether this server is going away.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        *self.0.draining.borrow()
    }

    /// Becomes true when this server is going away: what would not end by itself ends then.
    #[must_use]
    pub fn draining(&self) -> watch::Receiver<bool> {
        self.0.draining.subscribe()
    }
}
