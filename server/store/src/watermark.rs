//! Whether what is kept of a tenant changed, and being told when it does. Triggers move the
//! mark with whatever writes, in the same transaction (migration 0008).

use std::io::{Error as IoError, ErrorKind};

use domain::TenantId;
use sqlx::postgres::{PgListener, PgPoolOptions};
use uuid::Uuid;

use crate::{Error, Result, Store, TenantTx};

const DATA: &str = "watermark";
const CREDENTIAL: &str = "credential";

/// What a server is notified of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notification {
    /// A tenant's data changed.
    Data(Change),
    /// A credential ended, or changed what it may do (migration 0015).
    Credential(CredentialChange),
}

/// Whose credential ended or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialChange {
    /// All sessions of a user: disabled, deleted, or with another role.
    User(Uuid),
    /// One session.
    Session(Uuid),
    /// One token.
    Token(Uuid),
    /// All credentials of a tenant: suspended, or resumed.
    Tenant(TenantId),
}

/// Something changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Whose data.
    pub tenant: TenantId,
    /// The tenant's mark since.
    pub mark: i64,
}

/// The changes of all tenants and of credentials as they are committed, on a connection of
/// their own.
#[derive(Debug)]
pub struct Changes(PgListener);

impl TenantTx {
    /// How often the tenant's data changed: runs, repairs, units, receipts, and what people
    /// decide about them; 0 before the first. What was read in one transaction under the
    /// same mark is the same, but for what the clock decides.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn watermark(&mut self) -> Result<i64> {
        let query = sqlx::query_scalar(include_str!("../sql/tenant/watermark.sql"));
        Ok(query.fetch_one(self.conn()).await?)
    }

    /// The version of what figures and frames are computed from: runs, repairs, units, and what
    /// people decide about them; 0 before the first. Unlike [`watermark`](Self::watermark) it
    /// stays where an upload brings nothing new.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn data_version(&mut self) -> Result<i64> {
        let query = sqlx::query_scalar(include_str!("../sql/tenant/data_version.sql"));
        Ok(query.fetch_one(self.conn()).await?)
    }
}

impl Store {
    /// Begins to listen. What is committed from now on is told by [`Changes::next`].
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn changes(&self) -> Result<Changes> {
        // Not one of the pool's connections: those are for requests.
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with((*self.pool().connect_options()).clone());
        let mut listener = PgListener::connect_with(&pool).await.map_err(Error::connecting)?;
        listener.eager_reconnect(false);
        listener.listen_all([DATA, CREDENTIAL]).await?;
        Ok(Changes(listener))
    }
}

impl Changes {
    /// Waits for the next change. May be dropped before it came, and called again.
    ///
    /// # Errors
    /// When the connection is lost: changes may have been missed. Begin to listen again and
    /// then look at the marks and check the credentials.
    pub async fn next(&mut self) -> Result<Notification> {
        loop {
            let lost = || sqlx::Error::Io(IoError::from(ErrorKind::ConnectionAborted));
            let told = self.0.try_recv().await?.ok_or_else(lost)?;
            if let Some(notification) = parse(told.channel(), told.payload()) {
                return Ok(notification);
            }
            tracing::warn!(payload = told.payload(), "not a notification of ours");
        }
    }

    /// Asks whether the connection is still there: one that is gone may be silent for ever.
    ///
    /// # Errors
    /// When it is not.
    pub async fn ping(&mut self) -> Result<()> {
        sqlx::query(include_str!("../sql/system/ping.sql")).execute(&mut self.0).await?;
        Ok(())
    }
}

fn parse(channel: &str, payload: &str) -> Option<Notification> {
    let (first, second) = payload.split_once(' ')?;
    if channel == DATA {
        let change = Change { tenant: first.parse().ok()?, mark: second.parse().ok()? };
        return Some(Notification::Data(change));
    }
    let id: Uuid = second.parse().ok()?;
    Some(Notification::Credential(match first {
        "user" => CredentialChange::User(id),
        "session" => CredentialChange::Session(id),
        "token" => CredentialChange::Token(id),
        "tenant" => CredentialChange::Tenant(id.into()),
        _ => return None,
    }))
}
