//! Sessions: found by the hash of a secret that only the browser has.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{Role, TenantId, Timestamp};
use sqlx::{FromRow, Row};
use uuid::Uuid;

use crate::{Actor, AuthTx, Principal, Result, utc};

/// A session as its owner may see it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Session {
    /// Its id, which opens nothing.
    pub id: Uuid,
    /// When its owner logged in.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

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
        let tenant: Option<Uuid> = row.try_get("own_tenant")?;
        let actor = Actor::User {
            id: row.try_get("user_id")?,
            email: row.try_get("email")?,
            role,
            session: row.try_get("session_id")?,
        };
        Ok(Some(Principal::new(actor, tenant.map(TenantId::from))))
    }

    /// Begins a session that ends at `expires_at` at the latest, and forgets the user's
    /// sessions that have ended. `agent` is what the browser calls itself.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn add_session(
        &mut self,
        hash: &SessionSecret,
        user: Uuid,
        now: Timestamp,
        expires_at: Timestamp,
        agent: Option<&str>,
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
            .bind(agent)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// A person's sessions, the latest used first.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn sessions_of(
        &mut self,
        user: Uuid,
        idle: Duration,
        now: Timestamp,
    ) -> Result<Vec<Session>> {
        let query = sqlx::query_as(include_str!("../sql/auth/sessions_of_user.sql"))
            .bind(user)
            .bind(utc(now))
            .bind(idle.as_secs_f64());
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Ends one of a person's sessions, or with none named all of them but `keep`; how many
    /// ended.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn revoke_sessions(
        &mut self,
        user: Uuid,
        session: Option<Uuid>,
        keep: Option<Uuid>,
    ) -> Result<u64> {
        let done = sqlx::query(include_str!("../sql/auth/session_revoke.sql"))
            .bind(user)
            .bind(session)
            .bind(keep)
            .execute(self.conn())
            .await?;
        Ok(done.rows_affected())
    }

    /// The hash of a person's password; their row is locked until the transaction ends.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn password_hash(&mut self, user: Uuid) -> Result<Option<String>> {
        let query = sqlx::query_scalar(include_str!("../sql/auth/password_hash.sql"));
        Ok(query.bind(user).fetch_optional(self.conn()).await?)
    }

    /// Gives a person another password, by its hash.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn set_password(&mut self, user: Uuid, hash: &str) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/password_update.sql"));
        query.bind(user).bind(hash).execute(self.conn()).await?;
        Ok(())
    }

    /// Which of these sessions and tokens are valid, with the role of the person.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn valid_credentials(
        &mut self,
        ids: &[Uuid],
        now: Timestamp,
    ) -> Result<HashMap<Uuid, Option<Role>>> {
        let rows: Vec<(Uuid, Option<String>)> =
            sqlx::query_as(include_str!("../sql/auth/credentials_valid.sql"))
                .bind(ids)
                .bind(utc(now))
                .fetch_all(self.conn())
                .await?;
        Ok(rows.into_iter().map(|(id, role)| (id, role.and_then(|it| it.parse().ok()))).collect())
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
}
