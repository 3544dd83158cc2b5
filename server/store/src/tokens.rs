//! API tokens: found by the hash of a secret that only their holder has.

use chrono::{DateTime, Utc};
use domain::{Scope, TenantId, Timestamp};
use serde::Serialize;
use sqlx::{FromRow, Row};
use uuid::Uuid;

use crate::{Actor, AdminTx, AuthTx, Principal, Result, utc};

/// A token as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct Token {
    /// Its id, which opens nothing.
    pub id: Uuid,
    /// The first characters of its secret.
    pub prefix: Option<String>,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// The secret of a new token, as far as the store sees it.
#[derive(Debug, Clone, Copy)]
pub struct TokenSecret<'a> {
    /// Its SHA-256.
    pub hash: &'a [u8; 32],
    /// Its first characters, which a list may show.
    pub prefix: &'a str,
}

impl AuthTx {
    /// Whoever holds the token with that hash, unless it is revoked or expired, and whether
    /// its use is to be noted ([`note_token_use`](Self::note_token_use)).
    ///
    /// # Errors
    /// When the database is out of reach.
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

    /// Notes that a token was used; at most once a minute this writes.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn note_token_use(&mut self, token: Uuid, now: Timestamp) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/token_touch.sql"));
        query.bind(token).bind(utc(now)).execute(self.conn()).await?;
        Ok(())
    }
}

impl AdminTx {
    /// Adds a token of a tenant; of its secret only the hash and the prefix are kept.
    ///
    /// # Errors
    /// When the database is out of reach.
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

    /// The tokens of a tenant, revoked and expired ones too, the oldest first.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn tokens(&mut self, tenant: TenantId) -> Result<Vec<Token>> {
        let query = sqlx::query_as(include_str!("../sql/admin/token_list.sql"));
        Ok(query.bind(Uuid::from(tenant)).fetch_all(self.conn()).await?)
    }

    /// Revokes a token, of that tenant or of any; false when there is none. One that is revoked
    /// stays so.
    ///
    /// # Errors
    /// When the database is out of reach.
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
