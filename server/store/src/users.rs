//! Users: administration by internal users, and look-ups of log-ins.

use chrono::{DateTime, Utc};
use domain::{Role, TenantId, Timestamp};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{AdminTx, AuthTx, Result, utc};

/// The data of a user that a log-in needs.
#[derive(Debug, Clone, FromRow)]
pub struct Login {
    /// The user's id.
    pub id: Uuid,
    /// The user's e-mail address, as stored.
    pub email: String,
    /// The password's hash, in PHC string format.
    pub password_hash: String,
}

/// A row of the list of users.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct User {
    /// The e-mail address of the log-in.
    pub email: String,
    /// The tenant's slug, with one row for each membership; none for internal users.
    pub tenant: Option<String>,
    /// Their role.
    pub role: String,
    /// When they were added.
    pub created_at: DateTime<Utc>,
    /// When they were disabled.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// A user whose row is locked until the transaction ends.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LockedUser {
    /// The user's id.
    pub id: Uuid,
    /// The user's e-mail address, as stored.
    pub email: String,
    /// The role of an internal user.
    pub internal_role: Option<String>,
    /// The number of tenants that they belong to.
    pub memberships: i64,
}

impl AuthTx {
    /// Finds a user by e-mail address, ignoring case.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn login_by_email(&mut self, email: &str) -> Result<Option<Login>> {
        let query = sqlx::query_as(include_str!("../sql/auth/user_by_email.sql"));
        Ok(query.bind(email).fetch_optional(self.conn()).await?)
    }

    /// Adds the result of a log-in to the audit.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn audit(
        &mut self,
        actor: &str,
        action: &str,
        detail: serde_json::Value,
        now: Timestamp,
    ) -> Result<()> {
        sqlx::query(include_str!("../sql/auth/audit_insert.sql"))
            .bind(Uuid::now_v7())
            .bind(None::<Uuid>)
            .bind(utc(now))
            .bind(actor)
            .bind(action)
            .bind(detail)
            .execute(self.conn())
            .await?;
        Ok(())
    }
}

impl AdminTx {
    /// Adds a user with a role in a tenant, or with an internal role.
    ///
    /// # Errors
    /// Constraint `app_user_email_key` when the address is in use, `membership_role_check` or
    /// `app_user_internal_role_check` when the role does not fit.
    pub async fn add_user(
        &mut self,
        email: &str,
        tenant: Option<TenantId>,
        role: Role,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<Uuid> {
        let id = Uuid::now_v7();
        let internal = tenant.is_none().then(|| role.as_str());
        sqlx::query(include_str!("../sql/admin/user_insert.sql"))
            .bind(id)
            .bind(email)
            .bind(internal)
            .bind(password_hash)
            .bind(utc(now))
            .execute(self.conn())
            .await?;
        if let Some(tenant) = tenant {
            self.add_membership(id, tenant, role, now).await?;
        }
        Ok(id)
    }

    /// Adds a user's membership in a tenant.
    ///
    /// # Errors
    /// Constraint `membership_pkey` when they already belong to it, `membership_role_check` when
    /// the role is invalid.
    pub async fn add_membership(
        &mut self,
        user: Uuid,
        tenant: TenantId,
        role: Role,
        now: Timestamp,
    ) -> Result<()> {
        sqlx::query(include_str!("../sql/admin/membership_insert.sql"))
            .bind(Uuid::from(tenant))
            .bind(user)
            .bind(role.as_str())
            .bind(utc(now))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Lists the users of a tenant, or all, by address; includes disabled ones.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn users(&mut self, tenant: Option<TenantId>) -> Result<Vec<User>> {
        let query = sqlx::query_as(include_str!("../sql/admin/user_list.sql"));
        Ok(query.bind(tenant.map(Uuid::from)).fetch_all(self.conn()).await?)
    }

    /// Finds and locks a user by e-mail address, ignoring case, of that tenant or of any.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn lock_user(
        &mut self,
        email: &str,
        tenant: Option<TenantId>,
    ) -> Result<Option<LockedUser>> {
        let query = sqlx::query_as(include_str!("../sql/admin/user_by_email.sql"));
        let query = query.bind(email).bind(tenant.map(Uuid::from));
        Ok(query.fetch_optional(self.conn()).await?)
    }

    /// Disables a user, or with `None` enables them.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn set_disabled(&mut self, user: Uuid, since: Option<Timestamp>) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/user_set_disabled.sql"));
        query.bind(user).bind(since.map(utc)).execute(self.conn()).await?;
        Ok(())
    }

    /// Disables a user's membership in one tenant, or with `None` enables it.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn set_membership_disabled(
        &mut self,
        user: Uuid,
        tenant: TenantId,
        since: Option<Timestamp>,
    ) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/membership_set_disabled.sql"));
        let query = query.bind(user).bind(Uuid::from(tenant)).bind(since.map(utc));
        query.execute(self.conn()).await?;
        Ok(())
    }

    /// Sets the role of an internal user.
    ///
    /// # Errors
    /// Constraint `app_user_internal_role_check` when the role does not fit.
    pub async fn set_internal_role(&mut self, user: Uuid, role: Role) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/user_set_role.sql"));
        query.bind(user).bind(role.as_str()).execute(self.conn()).await?;
        Ok(())
    }

    /// Sets a user's role in one of their tenants, or in all.
    ///
    /// # Errors
    /// Constraint `membership_role_check` when the role does not fit.
    pub async fn set_membership_role(
        &mut self,
        user: Uuid,
        tenant: Option<TenantId>,
        role: Role,
    ) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/membership_set_role.sql"));
        let query = query.bind(user).bind(tenant.map(Uuid::from)).bind(role.as_str());
        query.execute(self.conn()).await?;
        Ok(())
    }

    /// Sets a user's password hash.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn set_password(&mut self, user: Uuid, hash: &str) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/user_set_password.sql"));
        query.bind(user).bind(hash).execute(self.conn()).await?;
        Ok(())
    }

    /// Ends all sessions of a user; returns the number ended.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn end_sessions(&mut self, user: Uuid) -> Result<u64> {
        let query = sqlx::query(include_str!("../sql/admin/user_sessions_delete.sql"));
        Ok(query.bind(user).execute(self.conn()).await?.rows_affected())
    }
}
