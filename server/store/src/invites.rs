//! Invitations: links with which a user sets their password.

use domain::{TenantId, Timestamp};
use uuid::Uuid;

use crate::{AdminTx, AuthTx, Result, utc};

impl AdminTx {
    /// Adds an invitation; stores only the hash of its secret.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn add_invite(
        &mut self,
        tenant: TenantId,
        user: Uuid,
        hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()> {
        sqlx::query(include_str!("../sql/admin/invite_insert.sql"))
            .bind(Uuid::from(tenant))
            .bind(hash.as_slice())
            .bind(user)
            .bind(utc(now))
            .bind(utc(expires_at))
            .execute(self.conn())
            .await?;
        Ok(())
    }
}

impl AuthTx {
    /// Accepts an invitation; returns the id and the address of the invited user. None if the
    /// invitation was already accepted, has expired or does not exist. Commit to keep the
    /// acceptance.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn accept_invite(
        &mut self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Uuid, String)>> {
        let query = sqlx::query_as(include_str!("../sql/auth/invite_accept.sql"));
        let query = query.bind(hash.as_slice()).bind(utc(now));
        Ok(query.fetch_optional(self.conn()).await?)
    }
}
