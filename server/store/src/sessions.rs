//! Sessions: found by the hash of a secret that only the browser has.

use std::time::Duration;

use domain::{Role, TenantId, Timestamp};
use sqlx::Row;
use uuid::Uuid;

use crate::{Actor, AuthTx, Principal, Result, utc};

/// The hash of a session's secret: the only form in which the store sees one.
pub type SessionSecret = [u8; 32];

impl AuthTx {
    /// Whoever holds the session, unless it ended, idled longer than `idle`, or its user
    /// was disabled. Marks the session as seen.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn principal_of_session(
        &mut self,
        hash: &SessionSecret,
        idle: Duration,
        now: Timestamp,
    ) -> Result<Option<Principal>> {
        let row = sqlx::query(include_str!("../sql/auth/session_by_hash.sql"))
            .bind(hash.as_slice())
            .bind(utc(now))
            .bind(idle.as_secs_f64())
            .fetch_optional(self.conn())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let Ok(role) = row.try_get::<String, _>("role")?.parse::<Role>() else { return Ok(None) };
        sqlx::query(include_str!("../sql/auth/session_touch.sql"))
            .bind(hash.as_slice())
            .bind(utc(now))
            .execute(self.conn())
            .await?;
        let tenant: Option<Uuid> = match role.is_internal() {
            true => row.try_get("chosen_tenant")?,
            false => row.try_get("own_tenant")?,
        };
        let actor = Actor::User { id: row.try_get("user_id")?, email: row.try_get("email")?, role };
        Ok(Some(Principal::new(actor, tenant.map(TenantId::from))))
    }

    /// Begins a session that ends at `expires_at` at the latest, and forgets the user's
    /// sessions that have ended.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn add_session(
        &mut self,
        hash: &SessionSecret,
        user: Uuid,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()> {
        sqlx::query(include_str!("../sql/auth/sessions_expire.sql"))
            .bind(user)
            .bind(utc(now))
            .execute(self.conn())
            .await?;
        sqlx::query(include_str!("../sql/auth/session_insert.sql"))
            .bind(hash.as_slice())
            .bind(user)
            .bind(utc(now))
            .bind(utc(expires_at))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Ends a session; one that is not there is ended already.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn end_session(&mut self, hash: &SessionSecret) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/session_delete.sql"));
        query.bind(hash.as_slice()).execute(self.conn()).await?;
        Ok(())
    }

    /// Sets the partner that an internal user's session looks at.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn choose_partner(
        &mut self,
        hash: &SessionSecret,
        tenant: Option<TenantId>,
    ) -> Result<()> {
        sqlx::query(include_str!("../sql/auth/session_choose.sql"))
            .bind(hash.as_slice())
            .bind(tenant.map(Uuid::from))
            .execute(self.conn())
            .await?;
        Ok(())
    }
}
