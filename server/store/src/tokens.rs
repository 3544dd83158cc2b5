//! API tokens: looked up by the hash of a secret that only the holder has.

use chrono::{DateTime, Utc};
use domain::{Scope, TenantId, Timestamp};
use serde::Serialize;
use sqlx::{FromRow, Row};
use uuid::Uuid;

use crate::{Actor, AdminTx, AuthTx, Principal, Result, utc};

/// A row of the list of tokens.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct Token {
    /// Its id, which grants no access.
    pub id: Uuid,
    /// The first characters of its secret.
    pub prefix: Option<String>,
    /// Its permissions.
    pub scopes: Vec<String>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it expires.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to within a minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// The secret of a new token, as the store receives it.
#[derive(Debug, Clone, Copy)]
pub struct TokenSecret<'a> {
    /// Its SHA-256.
    pub hash: &'a [u8; 32],
    /// Its first characters, for display in lists.
    pub prefix: &'a str,
}

impl AuthTx {
    /// The principal of the token with that hash, unless it is revoked or expired, and whether
    /// the caller must record its use ([`record_token_use`](Self::record_token_use)).
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn principal_of_token(
        &mut self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Principal, bool)>> {
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
        Ok(Some((Principal::new(actor, Some(tenant)), row.try_get("is_use_due")?)))
    }

    /// Updates the last-used time of a token, at most once a minute (throttled).
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn record_token_use(&mut self, token: Uuid, now: Timestamp) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/token_touch.sql"));
        query.bind(token).bind(utc(now)).execute(self.conn()).await?;
        Ok(())
    }
}

impl AdminTx {
    /// Adds a token of a tenant; stores only the hash and the prefix of its secret.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn add_token(
        &mut self,
        tenant: TenantId,
        secret: TokenSecret<'_>,
        scopes: &[Scope],
        expires_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Uuid> {
        let id = Uuid::now_v7();
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        sqlx::query(include_str!("../sql/admin/token_insert.sql"))
            .bind(Uuid::from(tenant))
            .bind(id)
            .bind(secret.hash.as_slice())
            .bind(secret.prefix)
            .bind(scopes)
            .bind(utc(now))
            .bind(expires_at.map(utc))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// Lists the tokens of a tenant, oldest first; includes revoked and expired ones.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn tokens(&mut self, tenant: TenantId) -> Result<Vec<Token>> {
        let query = sqlx::query_as(include_str!("../sql/admin/token_list.sql"));
        Ok(query.bind(Uuid::from(tenant)).fetch_all(self.conn()).await?)
    }

    /// Revokes a token, of that tenant or of any; false if it does not exist. Idempotent.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn revoke_token(
        &mut self,
        token: Uuid,
        tenant: Option<TenantId>,
        now: Timestamp,
    ) -> Result<bool> {
        let query = sqlx::query(include_str!("../sql/admin/token_revoke.sql"));
        let query = query.bind(token).bind(utc(now)).bind(tenant.map(Uuid::from));
        let done = query.execute(self.conn()).await?;
        Ok(done.rows_affected() > 0)
    }
}
