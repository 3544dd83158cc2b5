//! Sessions: looked up by the hash of a secret that only the browser has.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{Role, TenantId, Timestamp};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row};
use uuid::Uuid;

use crate::{Actor, AuthTx, Principal, Result, utc};

/// A session as its owner may see it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Session {
    /// Its id, which grants no access.
    pub id: Uuid,
    /// When its owner logged in.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to within a minute.
    pub last_seen_at: DateTime<Utc>,
    /// The browser's user agent.
    pub agent: Option<String>,
}

/// A tenant that a user belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The tenant.
    pub tenant: TenantId,
    /// Its slug.
    pub slug: String,
    /// The user's role there.
    pub role: Role,
    /// Whether the tenant is suspended.
    pub is_suspended: bool,
}

/// The user of a session as a principal without a tenant, in which a partner's user has only
/// the viewer's permissions. None for a user who is neither internal nor a member of a tenant.
fn principal_from_row(row: &PgRow) -> Result<Option<Principal>> {
    let internal: Option<String> = row.try_get("internal_role")?;
    let internal = internal.and_then(|role| role.parse::<Role>().ok());
    let tenants: Vec<Uuid> = row.try_get("tenant_ids")?;
    let slugs: Vec<String> = row.try_get("slugs")?;
    let roles: Vec<String> = row.try_get("roles")?;
    let suspended: Vec<bool> = row.try_get("suspended")?;
    let memberships = tenants.into_iter().zip(slugs).zip(roles).zip(suspended);
    let memberships = memberships.filter_map(|(((tenant, slug), role), is_suspended)| {
        let role = role.parse().ok()?;
        Some(Membership { tenant: tenant.into(), slug, role, is_suspended })
    });
    let memberships: Arc<[Membership]> = match internal {
        Some(_) => Arc::default(),
        None => memberships.collect(),
    };
    if internal.is_none() && memberships.is_empty() {
        return Ok(None);
    }
    let actor = Actor::User {
        id: row.try_get("user_id")?,
        email: row.try_get("email")?,
        role: internal.unwrap_or(Role::Viewer),
        session: row.try_get("session_id")?,
    };
    let language = row.try_get("language")?;
    Ok(Some(Principal::new(actor, None).with_memberships(memberships).with_language(language)))
}

/// The hash of a session's secret, which the store never receives in clear.
pub type SessionSecret = [u8; 32];

impl AuthTx {
    /// The principal of a session, without a tenant. None if the session ended or was idle for
    /// longer than `idle`, or if its user is disabled or no longer belongs to any tenant. Updates
    /// the session's last-seen time.
    ///
    /// # Errors
    /// When the database is unreachable.
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
        let Some(principal) = row.as_ref().map(principal_from_row).transpose()?.flatten() else {
            return Ok(None);
        };
        sqlx::query(include_str!("../sql/auth/session_touch.sql"))
            .bind(hash.as_slice())
            .bind(utc(now))
            .execute(self.conn())
            .await?;
        Ok(Some(principal))
    }

    /// Adds a session that expires at `expires_at`, and deletes the user's expired sessions.
    /// `agent` is the browser's user agent.
    ///
    /// # Errors
    /// When the database is unreachable.
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

    /// A person's sessions, the latest used first, at most 100, and how many there are.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn sessions_of(
        &mut self,
        user: Uuid,
        idle: Duration,
        now: Timestamp,
    ) -> Result<(Vec<Session>, u64)> {
        let rows = sqlx::query(include_str!("../sql/auth/sessions_of_user.sql"))
            .bind(user)
            .bind(utc(now))
            .bind(idle.as_secs_f64())
            .fetch_all(self.conn())
            .await?;
        let total: i64 = rows.first().map_or(Ok(0), |row| row.try_get("total"))?;
        let sessions = rows.iter().map(Session::from_row).collect::<sqlx::Result<_>>()?;
        Ok((sessions, total.unsigned_abs()))
    }

    /// Ends one of a user's sessions, or all of them except `keep` if `session` is `None`;
    /// returns the number ended.
    ///
    /// # Errors
    /// When the database is unreachable.
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

    /// The hash of a user's password; locks the user's row until the transaction ends.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn password_hash(&mut self, user: Uuid) -> Result<Option<String>> {
        let query = sqlx::query_scalar(include_str!("../sql/auth/password_hash.sql"));
        Ok(query.bind(user).fetch_optional(self.conn()).await?)
    }

    /// Sets a user's password hash.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn set_password(&mut self, user: Uuid, hash: &str) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/password_update.sql"));
        query.bind(user).bind(hash).execute(self.conn()).await?;
        Ok(())
    }

    /// Sets the language of a user's pages, a BCP 47 tag, or that of the browser.
    ///
    /// # Errors
    /// When the database is unreachable, or for a text that is not a tag.
    pub async fn set_language(&mut self, user: Uuid, language: Option<&str>) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/language_update.sql"));
        query.bind(user).bind(language).execute(self.conn()).await?;
        Ok(())
    }

    /// Which of these sessions and tokens are valid for which tenant, with the user's role
    /// there.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn valid_credentials(
        &mut self,
        credentials: &[(Uuid, TenantId)],
        now: Timestamp,
    ) -> Result<HashMap<(Uuid, TenantId), Option<Role>>> {
        let (ids, tenants): (Vec<Uuid>, Vec<Uuid>) =
            credentials.iter().map(|(id, tenant)| (*id, Uuid::from(*tenant))).unzip();
        let rows: Vec<(Uuid, Uuid, Option<String>)> =
            sqlx::query_as(include_str!("../sql/auth/credentials_valid.sql"))
                .bind(ids)
                .bind(utc(now))
                .bind(tenants)
                .fetch_all(self.conn())
                .await?;
        let valid = rows.into_iter().map(|(id, tenant, role)| {
            ((id, TenantId::from(tenant)), role.and_then(|role| role.parse().ok()))
        });
        Ok(valid.collect())
    }

    /// Deletes at most 1,000 expired sessions; returns the number deleted.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn delete_expired_sessions(&mut self, now: Timestamp) -> Result<u64> {
        let query = sqlx::query(include_str!("../sql/auth/sessions_delete_expired.sql"));
        Ok(query.bind(utc(now)).execute(self.conn()).await?.rows_affected())
    }

    /// Ends a session; does nothing if it does not exist.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn end_session(&mut self, hash: &SessionSecret) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/session_delete.sql"));
        query.bind(hash.as_slice()).execute(self.conn()).await?;
        Ok(())
    }
}
