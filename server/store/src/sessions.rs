//! Sessions: found by the hash of a secret that only the browser has.

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
    /// Its id, which opens nothing.
    pub id: Uuid,
    /// When its owner logged in.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

/// A tenant that a person belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The tenant.
    pub tenant: TenantId,
    /// Its slug.
    pub slug: String,
    /// What the person may do there.
    pub role: Role,
    /// Whether the tenant is suspended.
    pub is_suspended: bool,
}

/// The person of a session as a principal for no tenant. A partner's person may there do no
/// more than a viewer. None for somebody who is neither internal nor a member of any tenant.
fn principal(row: &PgRow) -> Result<Option<Principal>> {
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
    Ok(Some(Principal::new(actor, None).with_memberships(memberships)))
}

/// The hash of a session's secret: the only form in which the store sees one.
pub type SessionSecret = [u8; 32];

impl AuthTx {
    /// Whoever holds the session, for no tenant yet, unless it ended, idled longer than `idle`,
    /// or its user was disabled or belongs to no tenant any more. Marks the session as seen.
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
        let Some(principal) = row.as_ref().map(principal).transpose()?.flatten() else {
            return Ok(None);
        };
        sqlx::query(include_str!("../sql/auth/session_touch.sql"))
            .bind(hash.as_slice())
            .bind(utc(now))
            .execute(self.conn())
            .await?;
        Ok(Some(principal))
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

    /// A person's sessions, the latest used first, at most 100, and how many there are.
    ///
    /// # Errors
    /// When the database is out of reach.
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

    /// Which of these sessions and tokens are valid for which tenant, with the role of the
    /// person there.
    ///
    /// # Errors
    /// When the database is out of reach.
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

    /// Deletes at most 1,000 sessions that have ended; how many it were.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn delete_expired_sessions(&mut self, now: Timestamp) -> Result<u64> {
        let query = sqlx::query(include_str!("../sql/auth/sessions_delete_expired.sql"));
        Ok(query.bind(utc(now)).execute(self.conn()).await?.rows_affected())
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
