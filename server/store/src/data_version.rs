//! The data version (watermark) of a tenant, which changes with its displayed data, and change
//! notifications.
//!
//! A tenant transaction that changed displayed data advances the version when it commits
//! ([`TenantTx::commit`]). The notification follows in a separate transaction with asynchronous
//! commit, because NOTIFY holds a cluster-wide lock until its transaction ends. A crash may lose
//! it, so servers also poll the versions every few seconds ([`AuthTx::data_versions`]).

use std::io::{Error as IoError, ErrorKind};

use domain::TenantId;
use sqlx::postgres::{PgListener, PgPoolOptions};
use uuid::Uuid;

use crate::{AuthTx, Error, Result, Store, TenantTx};

const DATA: &str = "data_version";
const CREDENTIAL: &str = "credential";

/// A notification to servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notification {
    /// A tenant's data changed.
    Data(Change),
    /// A credential ended, or its permissions changed (migration 0015).
    Credential(CredentialChange),
}

/// The credentials that ended or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialChange {
    /// All sessions of a user: the user was disabled, deleted, or got another role.
    User(Uuid),
    /// One session.
    Session(Uuid),
    /// One token.
    Token(Uuid),
    /// All credentials of a tenant: the tenant was suspended or resumed.
    Tenant(TenantId),
}

/// A change of a tenant's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The tenant.
    pub tenant: TenantId,
    /// The tenant's data version after the change.
    pub version: i64,
}

/// A LISTEN connection that receives the changes of all tenants and of credentials as they are
/// committed.
#[derive(Debug)]
pub struct Changes(PgListener);

impl TenantTx {
    /// The version of the tenant's displayed data: runs, repairs, units, and users' decisions
    /// about them; 0 before the first change. Snapshots with the same version contain the same
    /// data, except for values that depend on the clock. An upload without new data does not change it.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn data_version(&mut self) -> Result<i64> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_scalar(include_str!("../sql/tenant/data_version.sql"));
        Ok(query.bind(tenant).fetch_one(self.conn()).await?)
    }

    /// Advances the data version; returns the new one.
    pub(crate) async fn advance_data_version(&mut self) -> Result<i64> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_scalar(include_str!("../sql/tenant/data_version_move.sql"));
        Ok(query.bind(tenant).fetch_one(self.conn()).await?)
    }
}

impl AuthTx {
    /// The data versions of these tenants, without those that have none yet.
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
    /// Notifies all servers of a committed data version, in a background task.
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

    /// Begins to listen: [`Changes::next`] returns changes that are committed after this call.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn changes(&self) -> Result<Changes> {
        // A separate connection: those of the pool are for requests.
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with((*self.pool().connect_options()).clone());
        let mut listener = PgListener::connect_with(&pool).await.map_err(Error::from_connect)?;
        listener.eager_reconnect(false);
        listener.listen_all([DATA, CREDENTIAL]).await?;
        Ok(Changes(listener))
    }
}

impl Changes {
    /// Waits for the next change. Cancel-safe.
    ///
    /// # Errors
    /// When the connection is lost: changes may have been missed. The caller must listen again,
    /// and then compare the data versions and check the credentials.
    pub async fn next(&mut self) -> Result<Notification> {
        loop {
            let lost = || sqlx::Error::Io(IoError::from(ErrorKind::ConnectionAborted));
            let message = self.0.try_recv().await?.ok_or_else(lost)?;
            if let Some(notification) = parse_notification(message.channel(), message.payload()) {
                return Ok(notification);
            }
            tracing::warn!(payload = message.payload(), "not a notification of ours");
        }
    }

    /// Checks that the connection is alive: a lost one may stay silent indefinitely.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn ping(&mut self) -> Result<()> {
        sqlx::query(include_str!("../sql/system/ping.sql")).execute(&mut self.0).await?;
        Ok(())
    }
}

fn parse_notification(channel: &str, payload: &str) -> Option<Notification> {
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
