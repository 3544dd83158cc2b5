//! People and tokens: what our own people keep, and what a log-in looks up.

use domain::{Role, Scope, TenantId, Timestamp};
use sqlx::{FromRow, Row};
use uuid::Uuid;

use crate::{Actor, AdminTx, AuthTx, Principal, Result, utc};

/// What a log-in needs to know of a user.
#[derive(Debug, Clone, FromRow)]
pub struct Login {
    /// The user's id.
    pub id: Uuid,
    /// The password's hash in PHC form.
    pub password_hash: String,
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

    /// Whoever holds the token with that hash, unless it is revoked or expired.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn principal_of_token(
        &mut self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Principal>> {
        let row = sqlx::query(include_str!("../sql/auth/token_by_hash.sql"))
            .bind(hash.as_slice())
            .bind(utc(now))
            .fetch_optional(self.conn())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let scopes: Vec<String> = row.try_get("scopes")?;
        let scopes = scopes.iter().filter_map(|scope| scope.parse::<Scope>().ok()).collect();
        let tenant = TenantId::from(row.try_get::<Uuid, _>("tenant_id")?);
        let actor = Actor::Token { id: row.try_get("id")?, scopes };
        Ok(Some(Principal::new(actor, Some(tenant))))
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
    /// Adds a user: of a tenant, or one of ours where there is none.
    ///
    /// # Errors
    /// Constraint `app_user_email_key` when the address is taken, `app_user_role_check`
    /// when the role does not fit.
    pub async fn add_user(
        &mut self,
        email: &str,
        tenant: Option<TenantId>,
        role: Role,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<Uuid> {
        let id = Uuid::now_v7();
        sqlx::query(include_str!("../sql/admin/user_insert.sql"))
            .bind(id)
            .bind(tenant.map(Uuid::from))
            .bind(email)
            .bind(role.as_str())
            .bind(password_hash)
            .bind(utc(now))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// Adds a token of a tenant; only the hash of its secret is kept.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn add_token(
        &mut self,
        tenant: TenantId,
        hash: &[u8; 32],
        scopes: &[Scope],
        expires_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Uuid> {
        let id = Uuid::now_v7();
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        sqlx::query(include_str!("../sql/admin/token_insert.sql"))
            .bind(Uuid::from(tenant))
            .bind(id)
            .bind(hash.as_slice())
            .bind(scopes)
            .bind(utc(now))
            .bind(expires_at.map(utc))
            .execute(self.conn())
            .await?;
        Ok(id)
    }
}
