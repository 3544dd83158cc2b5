//! People: what our own people keep, and what a log-in looks up.

use chrono::{DateTime, Utc};
use domain::{Role, TenantId, Timestamp};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{AdminTx, AuthTx, Result, utc};

/// What a log-in needs to know of a user.
#[derive(Debug, Clone, FromRow)]
pub struct Login {
    /// The user's id.
    pub id: Uuid,
    /// The user's e-mail address, as it is kept.
    pub email: String,
    /// The password's hash in PHC form.
    pub password_hash: String,
}

/// A person as a list shows them.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct User {
    /// The address to log in with.
    pub email: String,
    /// The slug of the partner, one line for each that they belong to; none for our own people.
    pub tenant: Option<String>,
    /// What they may do.
    pub role: String,
    /// When they were added.
    pub created_at: DateTime<Utc>,
    /// Since when they cannot log in.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// Somebody whose row is locked until the transaction ends.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LockedUser {
    /// The user's id.
    pub id: Uuid,
    /// The user's e-mail address, as it is kept.
    pub email: String,
    /// The role of an internal person.
    pub internal_role: Option<String>,
    /// How many tenants they belong to.
    pub memberships: i64,
}

impl AuthTx {
    /// The user who logs in under that address, case ignored.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn login_by_email(&mut self, email: &str) -> Result<Option<Login>> {
        let query = sqlx::query_as(include_str!("../sql/auth/user_by_email.sql"));
        Ok(query.bind(email).fetch_optional(self.conn()).await?)
    }

    /// Writes down that a log-in succeeded or failed.
    ///
    /// # Errors
    /// When the database is out of reach.
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
    /// Adds a person: with a role in a tenant, or with an internal role.
    ///
    /// # Errors
    /// Constraint `app_user_email_key` when the address is taken, `membership_role_check` or
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

    /// Gives a person a role in one more tenant.
    ///
    /// # Errors
    /// Constraint `membership_pkey` when they belong to it, `membership_role_check` when the
    /// role does not fit.
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

    /// The people of a tenant, or everybody, by address; disabled ones too.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn users(&mut self, tenant: Option<TenantId>) -> Result<Vec<User>> {
        let query = sqlx::query_as(include_str!("../sql/admin/user_list.sql"));
        Ok(query.bind(tenant.map(Uuid::from)).fetch_all(self.conn()).await?)
    }

    /// The user of that address, case ignored, of that tenant or of any; locked.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn lock_user(
        &mut self,
        email: &str,
        tenant: Option<TenantId>,
    ) -> Result<Option<LockedUser>> {
        let query = sqlx::query_as(include_str!("../sql/admin/user_by_email.sql"));
        let query = query.bind(email).bind(tenant.map(Uuid::from));
        Ok(query.fetch_optional(self.conn()).await?)
    }

    /// Disables a user since then, or with none enables them again.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn set_disabled(&mut self, user: Uuid, since: Option<Timestamp>) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/user_set_disabled.sql"));
        query.bind(user).bind(since.map(utc)).execute(self.conn()).await?;
        Ok(())
    }

    /// Ends, or with none resumes, a person's membership in one tenant.
    ///
    /// # Errors
    /// When the database is out of reach.
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

    /// Gives an internal person another role.
    ///
    /// # Errors
    /// Constraint `app_user_internal_role_check` when the role does not fit.
    pub async fn set_internal_role(&mut self, user: Uuid, role: Role) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/user_set_role.sql"));
        query.bind(user).bind(role.as_str()).execute(self.conn()).await?;
        Ok(())
    }

    /// Gives a person another role in one of their tenants, or in all.
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

    /// Gives a user another password, by its hash.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn set_password(&mut self, user: Uuid, hash: &str) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/user_set_password.sql"));
        query.bind(user).bind(hash).execute(self.conn()).await?;
        Ok(())
    }

    /// Ends every session of a user; how many ended.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn end_sessions(&mut self, user: Uuid) -> Result<u64> {
        let query = sqlx::query(include_str!("../sql/admin/user_sessions_delete.sql"));
        Ok(query.bind(user).execute(self.conn()).await?.rows_affected())
    }
}
