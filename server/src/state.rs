//! The shared state of the handlers.

use std::sync::{Arc, OnceLock};

use domain::TenantId;
use store::{Actor, Principal, Store};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use uuid::Uuid;

use crate::credentials::password::Hasher;
use crate::credentials::queue::LogInQueue;
use crate::frames::Frames;
pub use crate::limits::Limits;
use crate::limits::count_refusal;
use crate::resources::admission::{Admission, Keyed};
use crate::resources::disk::Disk;
use crate::resources::memory::{BodyMemory, budget};
use crate::resources::rate::Rate;
use crate::resources::readiness::{Findings, Readiness};
use crate::resources::streams::Streams;

/// The shared state of the handlers; cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    store: Store,
    hasher: Hasher,
    log_ins: LogInQueue,
    limits: Limits,
    rate: Rate,
    disk: Arc<Disk>,
    readiness: Readiness,
    admission: Admission,
    of_tenants: TenantSemaphores,
    uploads_of_people: Keyed<Uuid, Semaphore>,
    downloads_of_people: Keyed<Uuid, Semaphore>,
    writers: Arc<Semaphore>,
    downloads: Arc<Semaphore>,
    bodies: Arc<Semaphore>,
    frames_sent: Arc<Semaphore>,
    streams: Arc<Streams>,
    frames: Frames,
    draining: watch::Sender<bool>,
    work: OnceLock<Handle>,
}

/// Per-tenant semaphores of uploads, downloads and their memory.
#[derive(Debug, Default)]
struct TenantSemaphores {
    received: Keyed<TenantId, Semaphore>,
    written: Keyed<TenantId, Semaphore>,
    downloads: Keyed<TenantId, Semaphore>,
    bodies: Keyed<TenantId, Semaphore>,
    frames_sent: Keyed<TenantId, Semaphore>,
}

/// Permit of a tenant's semaphore and the total one; dropping it releases both.
#[derive(Debug)]
pub struct SharedPermit {
    _of_tenant: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

/// Permit of a person's semaphore. Tokens only have the limit of their tenant, because all
/// stations of a factory may share one.
#[derive(Debug)]
pub(crate) struct PersonPermit {
    _of_person: Option<OwnedSemaphorePermit>,
}

/// Tries to acquire a permit of one person, whose limit is half of their tenant's, so that one
/// person cannot exhaust it.
fn try_acquire_of_person(
    people: &Keyed<Uuid, Semaphore>,
    caller: &Principal,
    of_tenant: usize,
    limit: &'static str,
) -> Option<PersonPermit> {
    let Actor::User { id, .. } = caller.actor() else {
        return Some(PersonPermit { _of_person: None });
    };
    let person = people.get(*id, || Semaphore::new(of_tenant.div_ceil(2)));
    let permit = person.try_acquire_owned().inspect_err(|_| count_refusal(limit)).ok()?;
    Some(PersonPermit { _of_person: Some(permit) })
}

impl AppState {
    /// The state of a server with an external database, whose disk is not checked.
    #[must_use]
    pub fn new(store: Store, limits: Limits) -> Self {
        Self::with_disk(Disk::external(), store, limits)
    }

    /// The state of a server whose database is on this disk.
    #[must_use]
    pub fn with_disk(disk: Disk, store: Store, limits: Limits) -> Self {
        Self(Arc::new(Shared {
            store,
            hasher: Hasher::default(),
            log_ins: LogInQueue::default(),
            limits,
            rate: Rate::new(limits.upload_rate, limits.upload_burst),
            disk: Arc::new(disk),
            readiness: Readiness::default(),
            admission: Admission::new(limits.shares),
            of_tenants: TenantSemaphores::default(),
            uploads_of_people: Keyed::default(),
            downloads_of_people: Keyed::default(),
            writers: Arc::new(Semaphore::new(limits.shares.writers)),
            downloads: Arc::new(Semaphore::new(limits.shares.downloads)),
            bodies: Arc::new(budget(limits.shares.body_bytes.max(limits.upload_bytes))),
            frames_sent: Arc::new(budget(limits.shares.frame_bytes)),
            streams: Arc::default(),
            frames: Frames::new(limits.frame_cache_bytes),
            draining: watch::Sender::new(false),
            work: OnceLock::new(),
        }))
    }

    /// Admission control of reads.
    #[must_use]
    pub fn admission(&self) -> &Admission {
        &self.0.admission
    }

    /// The runtime of handlers: the one that was set, or the caller's.
    #[must_use]
    pub fn work(&self) -> Handle {
        self.0.work.get().cloned().unwrap_or_else(Handle::current)
    }

    /// Sets the runtime of handlers.
    pub fn set_runtime(&self, runtime: Handle) {
        let _ = self.0.work.set(runtime);
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The password hasher, which limits its concurrency.
    #[must_use]
    pub fn hasher(&self) -> &Hasher {
        &self.0.hasher
    }

    /// The queue of log-ins, fair between sources.
    #[must_use]
    pub fn log_ins(&self) -> &LogInQueue {
        &self.0.log_ins
    }

    /// The limits of requests.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// The rate limit of credentials.
    #[must_use]
    pub fn rate(&self) -> &Rate {
        &self.0.rate
    }

    /// The disk of the database.
    #[must_use]
    pub fn disk(&self) -> &Disk {
        &self.0.disk
    }

    /// Whether this server should be sent requests.
    pub(crate) async fn findings(&self) -> Findings {
        self.0.readiness.findings(&self.0.store, &self.0.disk).await
    }

    /// The open live streams.
    #[must_use]
    pub fn streams(&self) -> &Arc<Streams> {
        &self.0.streams
    }

    /// The cache of frames.
    #[must_use]
    pub(crate) fn frames(&self) -> &Frames {
        &self.0.frames
    }

    /// Tries to acquire a permit of the person to send an upload.
    #[must_use]
    pub(crate) fn try_acquire_upload_of_person(&self, caller: &Principal) -> Option<PersonPermit> {
        let of_tenant = self.limits().shares.uploads_of_tenant;
        try_acquire_of_person(&self.0.uploads_of_people, caller, of_tenant, "uploads")
    }

    /// Tries to acquire a permit of the person to download raw bytes.
    #[must_use]
    pub(crate) fn try_acquire_download_of_person(
        &self,
        caller: &Principal,
    ) -> Option<PersonPermit> {
        let of_tenant = self.limits().shares.downloads_of_tenant;
        try_acquire_of_person(&self.0.downloads_of_people, caller, of_tenant, "downloads")
    }

    /// Tries to acquire a permit of the tenant to receive an upload: its slow stations do not
    /// block other tenants.
    #[must_use]
    pub fn try_acquire_upload(&self, tenant: TenantId) -> Option<OwnedSemaphorePermit> {
        let limit = self.limits().shares.uploads_of_tenant;
        let of_tenant = self.0.of_tenants.received.get(tenant, || Semaphore::new(limit));
        let permit = of_tenant.try_acquire_owned();
        permit.inspect_err(|_| count_refusal("uploads")).ok()
    }

    /// Waits for a permit to parse and write an upload: first the tenant's semaphore, then the
    /// total one, each in FIFO order. None if a semaphore is closed.
    pub async fn acquire_writer(&self, tenant: TenantId) -> Option<SharedPermit> {
        let limit = self.limits().shares.writers_of_tenant;
        let of_tenant = self.0.of_tenants.written.get(tenant, || Semaphore::new(limit));
        let of_tenant = of_tenant.acquire_owned().await.ok()?;
        let of_all = Arc::clone(&self.0.writers).acquire_owned().await.ok()?;
        Some(SharedPermit { _of_tenant: of_tenant, _of_all: of_all })
    }

    /// Tries to acquire a permit to send raw bytes: the tenant's and the total one.
    #[must_use]
    pub fn try_acquire_download(&self, tenant: TenantId) -> Option<SharedPermit> {
        let limit = self.limits().shares.downloads_of_tenant;
        let of_tenant = self.0.of_tenants.downloads.get(tenant, || Semaphore::new(limit));
        let permits = of_tenant.try_acquire_owned().ok().and_then(|of_tenant| {
            let of_all = Arc::clone(&self.0.downloads).try_acquire_owned().ok()?;
            Some(SharedPermit { _of_tenant: of_tenant, _of_all: of_all })
        });
        if permits.is_none() {
            count_refusal("downloads");
        }
        permits
    }

    /// The memory budget of a body that is being received for the tenant.
    #[must_use]
    pub fn body_memory(&self, tenant: TenantId) -> BodyMemory {
        let bytes = self.limits().shares.body_bytes_of_tenant.max(self.limits().upload_bytes);
        let of_tenant = self.0.of_tenants.bodies.get(tenant, || budget(bytes));
        BodyMemory::new(of_tenant, Arc::clone(&self.0.bodies))
    }

    /// The memory budget of a frame that is being sent to a client of the tenant, which may be
    /// slow.
    #[must_use]
    pub(crate) fn frame_memory(&self, tenant: TenantId) -> BodyMemory {
        let bytes = self.limits().shares.frame_bytes_of_tenant;
        let of_tenant = self.0.of_tenants.frames_sent.get(tenant, || budget(bytes));
        BodyMemory::new(of_tenant, Arc::clone(&self.0.frames_sent))
    }

    /// Begins to drain: `/readyz` fails, and live streams end.
    pub fn drain(&self) {
        self.0.draining.send_replace(true);
    }

    /// Whether this server is draining.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        *self.0.draining.borrow()
    }

    /// Receiver that becomes true when this server drains: for long-lived tasks that must end then.
    #[must_use]
    pub fn draining(&self) -> watch::Receiver<bool> {
        self.0.draining.subscribe()
    }
}
