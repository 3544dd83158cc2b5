//! Commands for tokens of stations and scripts.

use domain::{Scope, Timestamp};
use store::tokens::{Token, TokenSecret};
use store::{AdminTx, Principal, Store};
use uuid::Uuid;

use super::{CommandResult, find_tenant, find_tenant_if_named, missing};
use crate::credentials::secret;
use crate::problem::EN;

/// Creates a token and returns its secret, which is shown only once.
///
/// # Errors
/// When there is no such tenant.
pub async fn add(
    store: &Store,
    by: &Principal,
    tenant: &str,
    scopes: &[Scope],
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> CommandResult<String> {
    let mut tx = AdminTx::begin(store, by, &format!("token add --tenant {tenant}"), now).await?;
    let tenant = find_tenant(&mut tx, tenant).await?;
    let token = secret::new("fpt_");
    let secret = TokenSecret { hash: &secret::hash(&token), prefix: secret::prefix(&token) };
    tx.add_token(tenant, secret, scopes, expires_at, now).await?;
    tx.commit().await?;
    Ok(token)
}

/// Lists the tokens of a tenant, including revoked and expired ones.
///
/// # Errors
/// When there is no such tenant.
pub async fn list(
    store: &Store,
    by: &Principal,
    tenant: &str,
    now: Timestamp,
) -> CommandResult<Vec<Token>> {
    let mut tx = AdminTx::begin(store, by, &format!("token list --tenant {tenant}"), now).await?;
    let tenant = find_tenant(&mut tx, tenant).await?;
    let tokens = tx.tokens(tenant).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// Revokes a token immediately; its streams end. If a tenant is given, the token must be of that
/// tenant. Idempotent.
///
/// # Errors
/// When there is no such token.
pub async fn revoke(
    store: &Store,
    by: &Principal,
    token: Uuid,
    tenant: Option<&str>,
    now: Timestamp,
) -> CommandResult<()> {
    let mut tx = AdminTx::begin(store, by, &format!("token revoke {token}"), now).await?;
    let scope = find_tenant_if_named(&mut tx, tenant).await?;
    if !tx.revoke_token(token, scope, now).await? {
        return missing(EN.command_no_token(token));
    }
    Ok(tx.commit().await?)
}
