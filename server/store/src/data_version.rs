//! The data version of a tenant: whether what is shown of it changed, and notifications of that.
//!
//! A tenant transaction that changed shown data moves the version as it is committed
//! ([`TenantTx::commit`]). The notification follows in a transaction of its own, which waits
//! for no disk and no standby: NOTIFY takes a lock of the whole cluster until its transaction
//! has ended. It may be lost in a crash, so servers also compare versions every few seconds
//! ([`AuthTx::data_versions`]).

use std::io::{Error as IoError, ErrorKind};

use domain::TenantId;
use sqlx::postgres::{PgListener, PgPoolOptions};
use uuid::Uuid;

use crate::{AuthTx, Error, Result, Store, TenantTx};

const DATA: &str = "data_version";
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
    /// The tenant's data version since.
    pub version: i64,
}

/// The changes of all tenants and of credentials as they are committed, on a connection of
/// their own.
#[derive(Debug)]
pub struct Changes(PgListener);

impl TenantTx {
    /// The version of what is shown of the tenant: runs, repairs, units, and what people decide
    /// about them; 0 before the first. What was read in one transaction under the same version
    /// is the same, but for what the clock decides. An upload that brings nothing new leaves it
    /// as it is.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn data_version(&mut self) -> Result<i64> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_scalar(include_str!("../sql/tenant/data_version.sql"));
        Ok(query.bind(tenant).fetch_one(self.conn()).await?)
    }

    /// Moves the data version; the new one.
    pub(crate) async fn move_data_version(&mut self) -> Result<i64> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_scalar(include_str!("../sql/tenant/data_version_move.sql"));
        Ok(query.bind(tenant).fetch_one(self.conn()).await?)
    }
}

impl AuthTx {
    /// The data versions of these tenants; of those that have none yet there is none.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn data_versions(&mut self, tenants: &[TenantId]) -> Result<Vec<Change>> {
        let tenants: Vec<Uuid> = tenants.iter().map(|tenant| tenant.uuid()).collect();
        let rows: Vec<(Uuid, i64)> = sqlx::query_as(include_str!("../sql/auth/data_versions.sql"))
            .bind(tenants)
            .fetch_all(self.conn())
            .await?;
        let change = |(tenant, version)| Change { tenant: TenantId::from(tenant), version };
        Ok(rows.into_iter().map(change).collect())
    }
}

impl Store {
    /// Notifies every server of a data version that was committed, beside the caller, who waits
    /// for nothing.
    pub(crate) fn announce(&self, change: Change) {
        let store = self.clone();
        tokio::spawn(async move {
            if let Err(error) = store.notify(change).await {
                tracing::warn!(%error, "a change was not announced: servers see it later");
            }
        });
    }

    async fn notify(&self, Change { tenant, version }: Change) -> Result<()> {
        let mut connection = self.acquire().await?;
        sqlx::query(include_str!("../sql/system/notify_data_version.sql"))
            .bind(DATA)
            .bind(format!("{tenant} {version}"))
            .execute(&mut *connection)
            .await?;
        Ok(())
    }

    /// Begins to listen. What is committed from now on is returned by [`Changes::next`].
    ///
    /// # Errors
    /// When the database is unreachable.
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
    /// then compare the data versions and check the credentials.
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

    /// Asks whether the connection is still there: one that is gone may be silent indefinitely.
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
        let change = Change { tenant: first.parse().ok()?, version: second.parse().ok()? };
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
