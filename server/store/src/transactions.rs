//! The four kinds of transaction. Each sets its database role, and the tenant, for that
//! transaction only; committing or dropping it resets them.

// The only module that may begin a transaction.
#![allow(clippy::disallowed_methods)]

use std::fmt::Write as _;
use std::time::Duration;

use domain::{Role, TenantId, Timestamp};
use sqlx::{AssertSqlSafe, PgConnection, Postgres, SqlSafeStr as _, Transaction};
use tokio::time::timeout;
use uuid::Uuid;

use crate::data_version::Change;
use crate::{Error, Principal, Result, Store, utc};

pub(crate) type Tx = Transaction<'static, Postgres>;

/// Timeout of a COMMIT. When synchronous replication has lost its standby, COMMIT waits
/// indefinitely, and no timeout of the server ends that wait.
const COMMIT_TIMEOUT: Duration = Duration::from_secs(15);

/// A transaction that authenticates a caller: sessions, tokens and passwords, no tenant data.
#[derive(Debug)]
pub struct AuthTx(Tx);

/// A transaction on the data of the principal's tenant.
#[derive(Debug)]
pub struct TenantTx {
    tx: Tx,
    tenant: TenantId,
    actor: String,
    store: Store,
    is_data_changed: bool,
}

/// A principal who has access to a tenant's data, without a connection.
#[derive(Debug)]
pub struct DetachedTenant {
    tenant: TenantId,
    actor: String,
}

/// An administrative transaction: of internal users over every tenant, or of a partner's
/// manager over their own tenant's users and tokens. Audited when it begins.
#[derive(Debug)]
pub struct AdminTx {
    tx: Tx,
    scope: Option<TenantId>,
}

/// A worker's transaction on the jobs and schedules of every tenant; it can access nothing else.
#[derive(Debug)]
pub struct JobsTx(Tx);

/// How a transaction begins.
#[derive(Debug, Clone, Copy)]
enum Mode {
    /// Read committed: each statement sees the data committed when it starts.
    Ordinary,
    /// Read committed with asynchronous commit, which waits for neither disk nor standby.
    Unsynchronised,
    /// Repeatable read: all statements see one snapshot. They get custom plans for their
    /// parameter values, so absent bounds and filters are removed from the plan.
    Snapshot,
}

impl AuthTx {
    /// Begins a transaction as `firstpass_auth`.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn begin(store: &Store) -> Result<Self> {
        let statements = begin_statements(Mode::Ordinary, "firstpass_auth", None);
        Ok(Self(begin(store, statements).await?))
    }

    /// Begins a transaction as `firstpass_auth` that identifies the caller, with asynchronous
    /// commit. A crash may lose the last-used times that it records; in return, callers can
    /// authenticate while commits wait for a lost standby.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn begin_authentication(store: &Store) -> Result<Self> {
        let statements = begin_statements(Mode::Unsynchronised, "firstpass_auth", None);
        Ok(Self(begin(store, statements).await?))
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    /// Commits the changes.
    ///
    /// # Errors
    /// When the database is unreachable; the changes are then lost.
    /// [`Error::CommitUnknown`] when it does not answer whether they were committed.
    pub async fn commit(self) -> Result<()> {
        commit(self.0).await
    }
}

impl TenantTx {
    /// Begins a transaction as `firstpass_app` for the principal's tenant. Access by an
    /// internal user is already in the tenant's audit ([`AuthTx::audit_internal_access`]).
    ///
    /// # Errors
    /// [`Error::NoTenant`] when the principal has no tenant.
    pub async fn begin(store: &Store, principal: &Principal) -> Result<Self> {
        let tenant = principal.tenant().ok_or(Error::NoTenant)?;
        Self::open(store, tenant, principal.label(), Mode::Ordinary).await
    }

    /// Begins a repeatable-read transaction for figures: all its reads see one snapshot. Runs
    /// that start after `until` are in the future; runs that were in the future when they were
    /// stored and no longer are get their attempt numbers first.
    ///
    /// # Errors
    /// [`Error::NoTenant`] when the principal has no tenant.
    pub async fn begin_counting(
        store: &Store,
        principal: &Principal,
        until: Timestamp,
    ) -> Result<Self> {
        let tenant = principal.tenant().ok_or(Error::NoTenant)?;
        let mut counting = Self::begin_repeatable_read(store, tenant, principal.label()).await?;
        if counting.has_due(until).await? {
            drop(counting);
            let mut numbering =
                Self::open(store, tenant, principal.label(), Mode::Ordinary).await?;
            numbering.number_due(until).await?;
            numbering.commit().await?;
            counting = Self::begin_repeatable_read(store, tenant, principal.label()).await?;
        }
        Ok(counting)
    }

    async fn begin_repeatable_read(store: &Store, tenant: TenantId, actor: String) -> Result<Self> {
        Self::open(store, tenant, actor, Mode::Snapshot).await
    }

    async fn open(store: &Store, tenant: TenantId, actor: String, mode: Mode) -> Result<Self> {
        let statements = begin_statements(mode, "firstpass_app", Some(tenant));
        let tx = begin(store, statements).await?;
        Ok(Self { tx, tenant, actor, store: store.clone(), is_data_changed: false })
    }

    /// Returns the connection to the pool during a wait. Rolls back all changes.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn release(self) -> Result<DetachedTenant> {
        self.tx.rollback().await?;
        Ok(DetachedTenant { tenant: self.tenant, actor: self.actor })
    }

    /// The tenant whose rows are visible in this transaction.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    pub(crate) fn actor(&self) -> &str {
        &self.actor
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Records that displayed data changed: runs, repairs, units or users' decisions about
    /// them. The commit then advances the data version.
    pub(crate) fn set_data_changed(&mut self) {
        self.is_data_changed = true;
    }

    /// Commits the changes, with a new data version if displayed data changed.
    ///
    /// # Errors
    /// When the database is unreachable; the changes are then lost.
    /// [`Error::CommitUnknown`] when it does not answer whether they were committed.
    pub async fn commit(mut self) -> Result<()> {
        let version = match self.is_data_changed {
            true => Some(self.advance_data_version().await?),
            false => None,
        };
        commit(self.tx).await?;
        if let Some(version) = version {
            self.store.announce(Change { tenant: self.tenant, version });
        }
        Ok(())
    }
}

impl DetachedTenant {
    /// Begins a new repeatable-read transaction, with a new snapshot.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn reacquire(self, store: &Store) -> Result<TenantTx> {
        TenantTx::begin_repeatable_read(store, self.tenant, self.actor).await
    }
}

impl AdminTx {
    /// Begins a transaction as `firstpass_admin` and audits who began it, and why. The audit
    /// line belongs to the tenant that the principal acts for, and is stored only if the
    /// transaction is committed: commit also after reading. Row-level security shows every
    /// tenant here; the caller must restrict itself to [`scope`](Self::scope).
    ///
    /// # Errors
    /// [`Error::NoTenant`] when the principal is neither internal nor manages a tenant.
    pub async fn begin(
        store: &Store,
        principal: &Principal,
        reason: &str,
        now: Timestamp,
    ) -> Result<Self> {
        let manages = principal.role() == Some(Role::PartnerAdmin);
        let scope = match principal.is_internal() {
            true => None,
            false => Some(principal.tenant().filter(|_| manages).ok_or(Error::NoTenant)?),
        };
        let statements = begin_statements(Mode::Ordinary, "firstpass_admin", None);
        let mut tx = Self { tx: begin(store, statements).await?, scope };
        sqlx::query(include_str!("../sql/admin/audit_insert.sql"))
            .bind(Uuid::now_v7())
            .bind(principal.tenant().map(Uuid::from))
            .bind(utc(now))
            .bind(principal.label())
            .bind(reason)
            .bind(principal.audit_detail())
            .execute(tx.conn())
            .await?;
        Ok(tx)
    }

    /// The only tenant that a partner's manager may administer; none for internal users, who
    /// may administer all.
    #[must_use]
    pub fn scope(&self) -> Option<TenantId> {
        self.scope
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Commits the changes and the audit line.
    ///
    /// # Errors
    /// When the database is unreachable; the changes are then lost.
    /// [`Error::CommitUnknown`] when it does not answer whether they were committed.
    pub async fn commit(self) -> Result<()> {
        commit(self.tx).await
    }
}

impl JobsTx {
    /// Begins a transaction as `firstpass_jobs`. Its commit waits for the disk and the standby:
    /// if a crash lost a claim, the next claim would get the same fencing token.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn begin(store: &Store) -> Result<Self> {
        let statements = begin_statements(Mode::Ordinary, "firstpass_jobs", None);
        Ok(Self(begin(store, statements).await?))
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    /// Commits the changes.
    ///
    /// # Errors
    /// When the database is unreachable; the changes are then lost.
    /// [`Error::CommitUnknown`] when it does not answer whether they were committed.
    pub async fn commit(self) -> Result<()> {
        commit(self.0).await
    }
}

/// Begins the read-only transaction of a probe, as `firstpass_app` without a tenant.
pub(crate) async fn begin_probe(store: &Store) -> Result<Tx> {
    begin(store, begin_statements(Mode::Ordinary, "firstpass_app", None)).await
}

/// Begins a transaction in one round trip.
async fn begin(store: &Store, statements: String) -> Result<Tx> {
    let connection = store.acquire().await?;
    Ok(Tx::begin(connection, Some(AssertSqlSafe(statements).into_sql_str())).await?)
}

/// Commits. Dropping this future leaves it unknown whether the changes were committed.
async fn commit(tx: Tx) -> Result<()> {
    match timeout(COMMIT_TIMEOUT, tx.commit()).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(Error::CommitUnknown),
    }
}

/// The statements that begin a transaction. All settings are local to it. Without a tenant
/// `app.tenant` is unset or empty, which no policy accepts. This is the only SQL that is not
/// static text; the only value formatted into it is a UUID.
fn begin_statements(mode: Mode, role: &'static str, tenant: Option<TenantId>) -> String {
    let mut statements = String::from(match mode {
        Mode::Ordinary => "begin",
        Mode::Unsynchronised => "begin; set local synchronous_commit = off",
        Mode::Snapshot => {
            "begin isolation level repeatable read; set local plan_cache_mode = force_custom_plan"
        }
    });
    let _ = write!(statements, "; set local role {role}");
    if let Some(tenant) = tenant {
        let _ = write!(statements, "; set local app.tenant = '{}'", Uuid::from(tenant));
    }
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_names_role_and_tenant_as_it_begins() {
        let tenant = TenantId::from(Uuid::from_u128(1));
        assert_eq!(
            begin_statements(Mode::Snapshot, "firstpass_app", Some(tenant)),
            "begin isolation level repeatable read; set local plan_cache_mode = force_custom_plan; \
             set local role firstpass_app; \
             set local app.tenant = '00000000-0000-0000-0000-000000000001'"
        );
        assert_eq!(
            begin_statements(Mode::Ordinary, "firstpass_auth", None),
            "begin; set local role firstpass_auth"
        );
        assert_eq!(
            begin_statements(Mode::Unsynchronised, "firstpass_auth", None),
            "begin; set local synchronous_commit = off; set local role firstpass_auth"
        );
    }
}
