//! The four kinds of transaction. Each takes on its database role, and the tenant, for
//! just that transaction; committing or dropping it gives them up.

// The one place that may begin a transaction.
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

/// How long a COMMIT may take. Where synchronous replication has lost its standby it waits
/// for ever, and no timeout of the server ends that wait.
const COMMIT_TIMEOUT: Duration = Duration::from_secs(15);

/// The transaction of a caller who is not known yet: sessions, tokens and passwords, no
/// tenant data.
#[derive(Debug)]
pub struct AuthTx(Tx);

/// A transaction on one tenant's data: the principal's.
#[derive(Debug)]
pub struct TenantTx {
    tx: Tx,
    tenant: TenantId,
    actor: String,
    store: Store,
    is_data_changed: bool,
}

/// A principal who was admitted to a tenant's data, without a connection.
#[derive(Debug)]
pub struct DetachedTenant {
    tenant: TenantId,
    actor: String,
}

/// A transaction of internal people over every tenant, or of a partner's manager over their own
/// tenant's people and tokens; audited as it begins.
#[derive(Debug)]
pub struct AdminTx {
    tx: Tx,
    scope: Option<TenantId>,
}

/// A worker's transaction on the jobs and schedules of every tenant, and on nothing else.
#[derive(Debug)]
pub struct JobsTx(Tx);

/// How a transaction begins.
#[derive(Debug, Clone, Copy)]
enum Mode {
    /// Each statement sees what is committed by then.
    Ordinary,
    /// As ordinary, and the commit waits for no disk and no standby.
    Unsynchronised,
    /// All statements see one snapshot, and are planned for the values they are given: bounds
    /// and filters that are absent vanish from the plan.
    Snapshot,
}

impl AuthTx {
    /// Begins a transaction as `firstpass_auth`.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn begin(store: &Store) -> Result<Self> {
        let statements = begin_statements(Mode::Ordinary, "firstpass_auth", None);
        Ok(Self(begin(store, statements).await?))
    }

    /// Begins a transaction as `firstpass_auth` that finds out who is calling. What it notes
    /// of the use of a credential may be lost in a crash; in return nobody is kept out while
    /// commits wait for a standby that is gone.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn begin_identifying(store: &Store) -> Result<Self> {
        let statements = begin_statements(Mode::Unsynchronised, "firstpass_auth", None);
        Ok(Self(begin(store, statements).await?))
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    /// Makes the changes last.
    ///
    /// # Errors
    /// When the database is out of reach; the changes are then lost.
    /// [`Error::CommitUnknown`] when it does not say whether they were kept.
    pub async fn commit(self) -> Result<()> {
        commit(self.0).await
    }
}

impl TenantTx {
    /// Begins a transaction as `firstpass_app` for the principal's tenant. Access by an
    /// internal person is in the tenant's audit already ([`AuthTx::look_at`]).
    ///
    /// # Errors
    /// [`Error::NoTenant`] when the principal stands for none.
    pub async fn begin(store: &Store, principal: &Principal) -> Result<Self> {
        let tenant = principal.tenant().ok_or(Error::NoTenant)?;
        Self::open(store, tenant, principal.label(), Mode::Ordinary).await
    }

    /// Begins a transaction for figures: everything it reads is of one snapshot. Runs that
    /// start after `until` are from the future; those whose time has come since they were
    /// kept are numbered first.
    ///
    /// # Errors
    /// [`Error::NoTenant`] when the principal stands for none.
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

    /// Gives the connection back while something else is waited for. Changes are lost.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn release(self) -> Result<DetachedTenant> {
        self.tx.rollback().await?;
        Ok(DetachedTenant { tenant: self.tenant, actor: self.actor })
    }

    /// The tenant whose rows are visible here.
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

    /// Notes that shown data changed: runs, repairs, units or what people decided about them.
    /// The data version moves with the commit.
    pub(crate) fn set_data_changed(&mut self) {
        self.is_data_changed = true;
    }

    /// Makes the changes last, with a new data version where shown data changed.
    ///
    /// # Errors
    /// When the database is out of reach; the changes are then lost.
    /// [`Error::CommitUnknown`] when it does not say whether they were kept.
    pub async fn commit(mut self) -> Result<()> {
        let version = match self.is_data_changed {
            true => Some(self.move_data_version().await?),
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
    /// Goes on to read, in a new snapshot.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn reacquire(self, store: &Store) -> Result<TenantTx> {
        TenantTx::begin_repeatable_read(store, self.tenant, self.actor).await
    }
}

impl AdminTx {
    /// Begins a transaction as `firstpass_admin` and audits who began it, and why. The audit
    /// line is the tenant's that the principal acts for, and lasts if the transaction is
    /// committed: commit also after reading. Row-level security shows every tenant here; whoever
    /// uses it keeps to [`scope`](Self::scope).
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

    /// The one tenant that a partner's manager may administer; none for internal people, who may
    /// administer all.
    #[must_use]
    pub fn scope(&self) -> Option<TenantId> {
        self.scope
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Makes the changes and the audit line last.
    ///
    /// # Errors
    /// When the database is out of reach; the changes are then lost.
    /// [`Error::CommitUnknown`] when it does not say whether they were kept.
    pub async fn commit(self) -> Result<()> {
        commit(self.tx).await
    }
}

impl JobsTx {
    /// Begins a transaction as `firstpass_jobs`. Its commit waits for the disk and the standby:
    /// a claim that a crash forgot would give its fencing token to the next one too.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn begin(store: &Store) -> Result<Self> {
        let statements = begin_statements(Mode::Ordinary, "firstpass_jobs", None);
        Ok(Self(begin(store, statements).await?))
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    /// Makes the changes last.
    ///
    /// # Errors
    /// When the database is out of reach; the changes are then lost.
    /// [`Error::CommitUnknown`] when it does not say whether they were kept.
    pub async fn commit(self) -> Result<()> {
        commit(self.0).await
    }
}

/// Begins the transaction of a probe, which writes nothing, as `firstpass_app` without a tenant.
pub(crate) async fn begin_probe(store: &Store) -> Result<Tx> {
    begin(store, begin_statements(Mode::Ordinary, "firstpass_app", None)).await
}

/// Begins a transaction in one round trip.
async fn begin(store: &Store, statements: String) -> Result<Tx> {
    let connection = store.acquire().await?;
    Ok(Tx::begin(connection, Some(AssertSqlSafe(statements).into_sql_str())).await?)
}

/// Commits; dropping the wait leaves it open whether the changes were kept.
async fn commit(tx: Tx) -> Result<()> {
    match timeout(COMMIT_TIMEOUT, tx.commit()).await {
        Ok(answered) => Ok(answered?),
        Err(_) => Err(Error::CommitUnknown),
    }
}

/// The statements that open a transaction. All settings end with it. Without a tenant
/// `app.tenant` is unset or empty, which no policy accepts. The only SQL that is not static
/// text: a UUID is the only thing formatted into it.
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
