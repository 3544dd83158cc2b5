//! What every handler shares.

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
    disk: Arc<Disk>,
    readiness: Readiness,
    admission: Admission,
    of_tenants: OfTenants,
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

/// How many uploads and downloads of each tenant may go on at once, and their memory.
#[derive(Debug, Default)]
struct OfTenants {
    received: Keyed<TenantId, Semaphore>,
    written: Keyed<TenantId, Semaphore>,
    downloads: Keyed<TenantId, Semaphore>,
    bodies: Keyed<TenantId, Semaphore>,
    frames_sent: Keyed<TenantId, Semaphore>,
}

/// Permission that a tenant and all together have given, held until it is dropped.
#[derive(Debug)]
pub struct SharedPermit {
    _of_tenant: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

/// Permission that a person has given; tokens are bounded by their tenant alone, for all
/// stations of a factory may send with one.
#[derive(Debug)]
pub(crate) struct PersonPermit {
    _of_person: Option<OwnedSemaphorePermit>,
}

/// The share of one person: half of their tenant's, so that it takes two to use it up.
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
            disk: Arc::new(disk),
            readiness: Readiness::default(),
            admission: Admission::new(limits.shares),
            of_tenants: OfTenants::default(),
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

    /// Who may be answered now.
    #[must_use]
    pub fn admission(&self) -> &Admission {
        &self.0.admission
    }

    /// Where handlers run: the runtime that was set, else the caller's.
    #[must_use]
    pub fn work(&self) -> Handle {
        self.0.work.get().cloned().unwrap_or_else(Handle::current)
    }

    /// From now on handlers run there.
    pub fn work_on(&self, runtime: Handle) {
        let _ = self.0.work.set(runtime);
    }

    /// The store, to begin a transaction on.
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

    /// Whether this server should be sent requests.
    pub(crate) async fn findings(&self) -> Findings {
        self.0.readiness.findings(&self.0.store, &self.0.disk).await
    }

    /// The live streams of pages that are open.
    #[must_use]
    pub fn streams(&self) -> &Arc<Streams> {
        &self.0.streams
    }

    /// The frames that are kept.
    #[must_use]
    pub(crate) fn frames(&self) -> &Frames {
        &self.0.frames
    }

    /// A permit to send an upload, if the person has one left.
    #[must_use]
    pub(crate) fn try_acquire_upload_of_person(&self, caller: &Principal) -> Option<PersonPermit> {
        let of_tenant = self.limits().shares.uploads_of_tenant;
        try_acquire_of_person(&self.0.uploads_of_people, caller, of_tenant, "uploads")
    }

    /// A permit to take raw bytes, if the person has one left.
    #[must_use]
    pub(crate) fn try_acquire_download_of_person(
        &self,
        caller: &Principal,
    ) -> Option<PersonPermit> {
        let of_tenant = self.limits().shares.downloads_of_tenant;
        try_acquire_of_person(&self.0.downloads_of_people, caller, of_tenant, "downloads")
    }

    /// A permit to receive an upload, if the tenant has one left: its slow stations hold up
    /// nobody else.
    #[must_use]
    pub fn try_acquire_upload(&self, tenant: TenantId) -> Option<OwnedSemaphorePermit> {
        let places = self.limits().shares.uploads_of_tenant;
        let of_tenant = self.0.of_tenants.received.get(tenant, || Semaphore::new(places));
        let permit = of_tenant.try_acquire_owned();
        permit.inspect_err(|_| count_refusal("uploads")).ok()
    }

    /// Waits for a permit to parse and write an upload: the tenant's own first, then one of
    /// all, each first in, first out. None where it can never be had.
    pub async fn acquire_writer(&self, tenant: TenantId) -> Option<SharedPermit> {
        let places = self.limits().shares.writers_of_tenant;
        let of_tenant = self.0.of_tenants.written.get(tenant, || Semaphore::new(places));
        let of_tenant = of_tenant.acquire_owned().await.ok()?;
        let of_all = Arc::clone(&self.0.writers).acquire_owned().await.ok()?;
        Some(SharedPermit { _of_tenant: of_tenant, _of_all: of_all })
    }

    /// A permit to send raw bytes, if the tenant and all together have one left.
    #[must_use]
    pub fn try_acquire_download(&self, tenant: TenantId) -> Option<SharedPermit> {
        let places = self.limits().shares.downloads_of_tenant;
        let of_tenant = self.0.of_tenants.downloads.get(tenant, || Semaphore::new(places));
        let permits = of_tenant.try_acquire_owned().ok().and_then(|of_tenant| {
            let of_all = Arc::clone(&self.0.downloads).try_acquire_owned().ok()?;
            Some(SharedPermit { _of_tenant: of_tenant, _of_all: of_all })
        });
        if permits.is_none() {
            count_refusal("downloads");
        }
        permits
    }

    /// The memory of a body that is about to be received for the tenant.
    #[must_use]
    pub fn body_memory(&self, tenant: TenantId) -> BodyMemory {
        let bytes = self.limits().shares.body_bytes_of_tenant.max(self.limits().upload_bytes);
        let of_tenant = self.0.of_tenants.bodies.get(tenant, || budget(bytes));
        BodyMemory::new(of_tenant, Arc::clone(&self.0.bodies))
    }

    /// The memory of a frame that is about to be sent to a reader of the tenant, who may be
    /// slow.
    #[must_use]
    pub(crate) fn frame_memory(&self, tenant: TenantId) -> BodyMemory {
        let bytes = self.limits().shares.frame_bytes_of_tenant;
        let of_tenant = self.0.of_tenants.frames_sent.get(tenant, || budget(bytes));
        BodyMemory::new(of_tenant, Arc::clone(&self.0.frames_sent))
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
