//! Whether this server should be sent requests, as a probe of the database and the disk says.

use std::sync::Arc;
use std::time::Duration;

use store::{Error, Store};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::resources::disk::Disk;

/// How long the findings are cached, so that many health checks cause one probe.
const CACHE_TTL: Duration = Duration::from_secs(1);
/// Timeout of a probe: a database that does not answer in this time is unavailable.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// The cached findings about readiness.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Option<(Instant, Findings)>>);

#[derive(Debug, Clone, Copy)]
pub(crate) struct Findings {
    pub(crate) database: bool,
    /// A fault of this server that other servers do not share.
    pub(crate) fault: Option<&'static str>,
}

impl Readiness {
    pub(crate) async fn findings(&self, store: &Store, disk: &Arc<Disk>) -> Findings {
        let mut latest = self.0.lock().await;
        if let Some((at, findings)) = *latest
            && at.elapsed() < CACHE_TTL
        {
            return findings;
        }
        // A task of its own: a timeout must not drop a transaction in the middle of a statement.
        let probing = tokio::spawn(probe(store.clone(), Arc::clone(disk)));
        let findings = match timeout(PROBE_TIMEOUT, probing).await {
            Ok(Ok(findings)) => findings,
            Ok(Err(_)) | Err(_) => Findings { database: false, fault: None },
        };
        *latest = Some((Instant::now(), findings));
        findings
    }
}

/// Checks everything that an upload needs.
async fn probe(store: Store, disk: Arc<Disk>) -> Findings {
    let found = |database, fault| Findings { database, fault };
    match store.probe().await {
        Ok(()) if disk.room().is_err() => found(true, Some("disk full")),
        Ok(()) => found(true, None),
        Err(Error::Unreachable(_) | Error::Exhausted(_)) => found(false, None),
        Err(Error::DiskFull) if disk.is_local() => found(true, Some("disk full")),
        Err(Error::Schema(why)) => {
            tracing::error!(why, "not ready: the schema is not this program's");
            found(true, Some("wrong schema version"))
        }
        Err(error) => {
            tracing::error!(%error, "not ready: the database refuses what an upload needs");
            let fault = disk.is_local().then_some("broken database installation");
            found(true, fault)
        }
    }
}
