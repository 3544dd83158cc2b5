//! The three doors. Each begins a transaction and takes on its role for just that
//! transaction; committing or dropping it gives the role up.

// The doors are the one place that may begin a transaction.
#![allow(clippy::disallowed_methods)]

use domain::{Role, TenantId, Timestamp};
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::{Error, Principal, Result, Store, utc};

type Tx = Transaction<'static, Postgres>;

/// The door of whoever is not known yet: sessions, tokens and passwords, no tenant data.
#[derive(Debug)]
pub struct AuthTx(Tx);

/// The door to one tenant's data: the principal's.
#[derive(Debug)]
pub struct TenantTx {
    tx: Tx,
    tenant: TenantId,
    actor: String,
}

/// Whoever passed the door to a tenant's data, without a connection.
#[derive(Debug)]
pub struct Resting {
    tenant: TenantId,
    actor: String,
}

/// The door of our own people to every tenant, audited as it begins.
#[derive(Debug)]
pub struct AdminTx(Tx);

impl AuthTx {
    /// Begins a transaction as `firstpass_auth`.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn begin(store: &Store) -> Result<Self> {
        let mut tx = store.pool().begin().await?;
        become_role(&mut tx, "firstpass_auth", None).await?;
        Ok(Self(tx))
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    /// Makes the changes last.
    ///
    /// # Errors
    /// When the database is out of reach; the changes are then lost.
    pub async fn commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }
}

impl TenantTx {
    /// Begins a transaction as `firstpass_app` for the principal's tenant. A look by one
    /// of our own people is written down first, in the tenant's audit.
    ///
    /// # Errors
    /// [`Error::NoTenant`] when the principal stands for none.
    pub async fn begin(store: &Store, principal: &Principal) -> Result<Self> {
        let tenant = Self::look(store, principal).await?;
        let mut tx = store.pool().begin().await?;
        become_role(&mut tx, "firstpass_app", Some(tenant)).await?;
        Ok(Self { tx, tenant, actor: principal.label() })
    }

    /// Begins to count: everything that is read is of one moment. Runs that start after
    /// `until` are from the future; those whose time has come since they were kept are
    /// numbered first.
    ///
    /// # Errors
    /// [`Error::NoTenant`] when the principal stands for none.
    pub async fn begin_counting(
        store: &Store,
        principal: &Principal,
        until: Timestamp,
    ) -> Result<Self> {
        let tenant = Self::look(store, principal).await?;
        let mut counting = Self::of_one_moment(store, tenant, principal.label()).await?;
        if counting.has_due(until).await? {
            drop(counting);
            let mut tx = store.pool().begin().await?;
            become_role(&mut tx, "firstpass_app", Some(tenant)).await?;
            let mut numbering = Self { tx, tenant, actor: principal.label() };
            numbering.number_due(until).await?;
            numbering.commit().await?;
            counting = Self::of_one_moment(store, tenant, principal.label()).await?;
        }
        Ok(counting)
    }

    async fn of_one_moment(store: &Store, tenant: TenantId, actor: String) -> Result<Self> {
        let mut tx = store.pool().begin_with("begin isolation level repeatable read").await?;
        // What is asked decides the plan: bounds and filters that are not there vanish.
        sqlx::query(
            "select set_config('role', 'firstpass_app', true), set_config('app.tenant', $1, true),
                    set_config('plan_cache_mode', 'force_custom_plan', true)",
        )
        .bind(tenant.to_string())
        .execute(&mut *tx)
        .await?;
        Ok(Self { tx, tenant, actor })
    }

    /// Gives the connection back, for something is waited for. What was changed is lost.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn rest(self) -> Result<Resting> {
        self.tx.rollback().await?;
        Ok(Resting { tenant: self.tenant, actor: self.actor })
    }

    /// The principal's tenant; that one of our own people looks at it is written down.
    async fn look(store: &Store, principal: &Principal) -> Result<TenantId> {
        let tenant = principal.tenant().ok_or(Error::NoTenant)?;
        if principal.role().is_some_and(Role::is_internal) {
            let mut tx = store.pool().begin().await?;
            become_role(&mut tx, "firstpass_auth", None).await?;
            sqlx::query(include_str!("../sql/auth/look_insert.sql"))
                .bind(Uuid::now_v7())
                .bind(Uuid::from(tenant))
                .bind(principal.label())
                .bind(principal.audit_detail())
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
        }
        Ok(tenant)
    }

    /// The tenant whose rows exist here.
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

    /// Makes the changes last.
    ///
    /// # Errors
    /// When the database is out of reach; the changes are then lost.
    pub async fn commit(self) -> Result<()> {
        Ok(self.tx.commit().await?)
    }
}

impl Resting {
    /// Goes on to read, of the moment that it is now. That somebody looks was written down
    /// when the door was passed.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn resume(self, store: &Store) -> Result<TenantTx> {
        TenantTx::of_one_moment(store, self.tenant, self.actor).await
    }
}

impl AdminTx {
    /// Begins a transaction as `firstpass_admin` and writes down who began it, and why.
    /// The line is about no one partner, and lasts if the transaction is committed:
    /// commit also after reading.
    ///
    /// # Errors
    /// [`Error::NoTenant`] when the principal is not one of ours.
    pub async fn begin(
        store: &Store,
        principal: &Principal,
        reason: &str,
        now: Timestamp,
    ) -> Result<Self> {
        if !principal.is_internal() {
            return Err(Error::NoTenant);
        }
        let mut tx = store.pool().begin().await?;
        become_role(&mut tx, "firstpass_admin", None).await?;
        sqlx::query(include_str!("../sql/admin/audit_insert.sql"))
            .bind(Uuid::now_v7())
            .bind(None::<Uuid>)
            .bind(utc(now))
            .bind(principal.label())
            .bind(reason)
            .bind(principal.audit_detail())
            .execute(&mut *tx)
            .await?;
        Ok(Self(tx))
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    /// Makes the changes and the audit line last.
    ///
    /// # Errors
    /// When the database is out of reach; the changes are then lost.
    pub async fn commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }
}

/// Both settings end with the transaction. The first without a tenant leaves
/// `app.tenant` unset or empty, which no policy accepts.
async fn become_role(tx: &mut Tx, role: &'static str, tenant: Option<TenantId>) -> Result<()> {
    let query = match tenant {
        Some(tenant) => {
            sqlx::query("select set_config('role', $1, true), set_config('app.tenant', $2, true)")
                .bind(role)
                .bind(tenant.to_string())
        }
        None => sqlx::query("select set_config('role', $1, true)").bind(role),
    };
    query.execute(&mut **tx).await?;
    Ok(())
}
