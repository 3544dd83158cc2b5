//! Registry of the open streams: their holders, their subscriptions, and how they end.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Role, TenantId};
use store::data_version::{Change, CredentialChange};
use store::{Actor, AuthTx, Principal, Store};
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{oneshot, watch};
use uuid::Uuid;

use crate::clock;
use crate::limits::Limits;

/// The streams of this process.
#[derive(Debug, Default)]
pub struct Streams {
    /// The latest data version of each tenant with subscribers.
    versions: Mutex<HashMap<TenantId, watch::Sender<i64>>>,
    /// The open streams; a stream ends when it is removed.
    open: Mutex<HashMap<u64, OpenStream>>,
    next: AtomicU64,
}

#[derive(Debug)]
struct OpenStream {
    holder: Holder,
    /// Never sent: the stream ends when this is dropped.
    _end: oneshot::Sender<Infallible>,
}

/// The holder of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Holder {
    tenant: TenantId,
    /// The user, or the token.
    person: Uuid,
    /// The session, or the token.
    credential: Uuid,
    role: Option<Role>,
}

impl Holder {
    fn new(caller: &Principal, tenant: TenantId) -> Self {
        let (person, credential) = match caller.actor() {
            Actor::User { id, session, .. } => (*id, *session),
            Actor::Token { id, .. } => (*id, *id),
            Actor::Console => (Uuid::nil(), Uuid::nil()),
        };
        Self { tenant, person, credential, role: caller.role() }
    }

    fn is_affected(&self, change: CredentialChange) -> bool {
        match change {
            CredentialChange::User(id) => self.person == id,
            CredentialChange::Tenant(id) => self.tenant == id,
            CredentialChange::Session(id) | CredentialChange::Token(id) => self.credential == id,
        }
    }
}

impl Streams {
    /// Subscribes to the data version of the tenant.
    pub(crate) fn subscribe(&self, tenant: TenantId) -> watch::Receiver<i64> {
        lock(&self.versions).entry(tenant).or_default().subscribe()
    }

    /// Publishes a data version to the subscribers of the tenant, unless they know a later one:
    /// notifications may arrive out of order.
    pub(crate) fn publish(&self, Change { tenant, version }: Change) {
        if let Some(latest) = lock(&self.versions).get(&tenant) {
            latest.send_if_modified(|known| {
                let is_later = version > *known;
                *known = version.max(*known);
                is_later
            });
        }
    }

    /// The tenants with subscribers; removes the others.
    pub(crate) fn subscribed_tenants(&self) -> Vec<TenantId> {
        let mut versions = lock(&self.versions);
        versions.retain(|_, sender| sender.receiver_count() > 0);
        versions.keys().copied().collect()
    }

    /// Ends the streams of a credential that ended or changed. Clients with access
    /// reconnect.
    pub(crate) fn end(&self, change: CredentialChange) {
        self.retain(|holder| !holder.is_affected(change));
    }

    /// The session or token of every open stream, and its tenant.
    pub(crate) fn credentials(&self) -> Vec<(Uuid, TenantId)> {
        let open = lock(&self.open);
        open.values().map(|stream| (stream.holder.credential, stream.holder.tenant)).collect()
    }

    fn retain(&self, keep: impl Fn(&Holder) -> bool) {
        let mut open = lock(&self.open);
        open.retain(|_, stream| keep(&stream.holder));
        metrics::gauge!("live_streams").set(open.len() as f64);
    }
}

/// Checks these sessions and tokens again, and ends the streams of those that are no longer
/// valid or have another role.
pub(crate) async fn end_invalid(
    store: &Store,
    streams: &Streams,
    credentials: &[(Uuid, TenantId)],
) -> store::Result<()> {
    let mut tx = AuthTx::begin(store).await?;
    let valid = tx.valid_credentials(credentials, clock::now()).await?;
    drop(tx);
    streams.retain(|holder| {
        let credential = (holder.credential, holder.tenant);
        !credentials.contains(&credential) || valid.get(&credential) == Some(&holder.role)
    });
    Ok(())
}

/// Permit of an open stream; dropping it removes the stream.
pub(crate) struct StreamPermit {
    streams: Arc<Streams>,
    id: u64,
    ended: oneshot::Receiver<Infallible>,
}

impl StreamPermit {
    /// Registers a stream. None if the limit of the session or token, of the person, of the tenant
    /// or of the process is reached.
    pub(crate) fn try_acquire(
        streams: &Arc<Streams>,
        limits: &Limits,
        caller: &Principal,
        tenant: TenantId,
    ) -> Option<Self> {
        let holder = Holder::new(caller, tenant);
        let mut open = lock(&streams.open);
        let count = |is_same: fn(&Holder, &Holder) -> bool| {
            open.values().filter(|other| is_same(&other.holder, &holder)).count()
        };
        let Limits { live_streams, live_streams_of_one, .. } = *limits;
        let Limits { live_streams_of_person, live_streams_of_tenant, .. } = *limits;
        if open.len() >= live_streams
            || count(|one, other| one.credential == other.credential) >= live_streams_of_one
            || count(|one, other| one.person == other.person) >= live_streams_of_person
            || count(|one, other| one.tenant == other.tenant) >= live_streams_of_tenant
        {
            return None;
        }
        let id = streams.next.fetch_add(1, Ordering::Relaxed);
        let (end, ended) = oneshot::channel();
        open.insert(id, OpenStream { holder, _end: end });
        metrics::gauge!("live_streams").set(open.len() as f64);
        Some(Self { streams: Arc::clone(streams), id, ended })
    }

    /// Whether the stream was ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        matches!(self.ended.try_recv(), Err(TryRecvError::Closed))
    }

    /// Waits until the stream is ended.
    pub(crate) async fn ended(&mut self) {
        let Err(_) = (&mut self.ended).await;
    }
}

impl Drop for StreamPermit {
    fn drop(&mut self) {
        let mut open = lock(&self.streams.open);
        open.remove(&self.id);
        metrics::gauge!("live_streams").set(open.len() as f64);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
