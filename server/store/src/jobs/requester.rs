//! Re-authorization of a job's requester when the job starts.

use std::fmt;

use domain::{Role, Scope, TenantId};
use sqlx::Row;
use uuid::Uuid;

use super::Requester;
use crate::{Actor, AuthTx, Principal, Result};

/// Why a job may not run as the principal who requested it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequesterRefusal {
    /// The tenant is suspended or was deleted.
    TenantSuspended,
    /// The user's account is disabled or was deleted.
    UserDisabled,
    /// The user no longer belongs to the tenant.
    UserOfOtherTenant,
    /// The token is revoked or was deleted.
    TokenRevoked,
    /// The token has expired.
    TokenExpired,
}

impl fmt::Display for RequesterRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TenantSuspended => "The tenant is suspended.",
            Self::UserDisabled => "The account that requested the job is disabled.",
            Self::UserOfOtherTenant => {
                "The account that requested the job does not belong to the tenant."
            }
            Self::TokenRevoked => "The token that requested the job is revoked.",
            Self::TokenExpired => "The token that requested the job has expired.",
        })
    }
}

impl AuthTx {
    /// The principal who requested a job of that tenant, with their current permissions. Audits
    /// access by an internal user again: commit to store the audit line.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn principal_of_requester(
        &mut self,
        asker: Requester,
        tenant: TenantId,
    ) -> Result<Result<Principal, RequesterRefusal>> {
        let suspended: Option<bool> =
            sqlx::query_scalar(include_str!("../../sql/auth/tenant_suspended.sql"))
                .bind(Uuid::from(tenant))
                .fetch_optional(self.conn())
                .await?;
        if suspended.unwrap_or(true) {
            return Ok(Err(RequesterRefusal::TenantSuspended));
        }
        match asker {
            Requester::Server => Ok(Ok(Principal::console(Some(tenant)))),
            Requester::Token(id) => self.principal_of_requesting_token(id, tenant).await,
            Requester::User(id) => self.principal_of_requesting_user(id, tenant).await,
        }
    }

    async fn principal_of_requesting_token(
        &mut self,
        id: Uuid,
        tenant: TenantId,
    ) -> Result<Result<Principal, RequesterRefusal>> {
        let row = sqlx::query(include_str!("../../sql/auth/asker_token.sql"))
            .bind(Uuid::from(tenant))
            .bind(id)
            .fetch_optional(self.conn())
            .await?;
        let Some(row) = row else { return Ok(Err(RequesterRefusal::TokenRevoked)) };
        if row.try_get("is_revoked")? {
            return Ok(Err(RequesterRefusal::TokenRevoked));
        }
        if row.try_get::<Option<bool>, _>("is_expired")? == Some(true) {
            return Ok(Err(RequesterRefusal::TokenExpired));
        }
        let scopes: Vec<String> = row.try_get("scopes")?;
        let scopes = scopes.iter().filter_map(|scope| scope.parse::<Scope>().ok()).collect();
        Ok(Ok(Principal::new(Actor::Token { id, scopes }, Some(tenant))))
    }

    async fn principal_of_requesting_user(
        &mut self,
        id: Uuid,
        tenant: TenantId,
    ) -> Result<Result<Principal, RequesterRefusal>> {
        let row = sqlx::query(include_str!("../../sql/auth/asker_user.sql"))
            .bind(id)
            .bind(Uuid::from(tenant))
            .fetch_optional(self.conn())
            .await?;
        let Some(row) = row else { return Ok(Err(RequesterRefusal::UserDisabled)) };
        if row.try_get("is_disabled")? {
            return Ok(Err(RequesterRefusal::UserDisabled));
        }
        let parse = |role: Option<String>| role.and_then(|role| role.parse::<Role>().ok());
        let (internal, role) = (parse(row.try_get("internal_role")?), parse(row.try_get("role")?));
        let Some(role) = internal.or(role) else {
            return Ok(Err(RequesterRefusal::UserOfOtherTenant));
        };
        // No session: the job may outlive the session in which it was requested.
        let actor = Actor::User { id, email: row.try_get("email")?, role, session: Uuid::nil() };
        if !role.is_internal() {
            return Ok(Ok(Principal::new(actor, Some(tenant))));
        }
        let principal = Principal::new(actor, None).with_request("job");
        let admitted = self.audit_internal_access(&principal, tenant, None).await?;
        Ok(admitted.map(|(principal, _)| principal).ok_or(RequesterRefusal::UserOfOtherTenant))
    }
}
