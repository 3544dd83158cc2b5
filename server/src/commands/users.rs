//! Commands for people: add, list, disable, roles and passwords.

use domain::{Role, TenantId, Timestamp};
use store::users::{LockedUser, User};
use store::{AdminTx, Principal, Store};

use super::{CommandError, CommandResult, find_tenant_if_named, missing, refused};
use crate::credentials::throttle::address_key;
use crate::problem::EN;

/// The person of a command.
#[derive(Debug, Clone, Copy)]
pub struct Who<'a> {
    /// The e-mail address, in any case.
    pub email: &'a str,
    /// Only if they belong to the tenant of this slug.
    pub tenant: Option<&'a str>,
}

/// The result of adding a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// A new person with the given password.
    Person,
    /// An existing person has a role in one more tenant; their password is unchanged.
    Membership,
}

/// Adds a person with the hash of their password: of a tenant, or an internal one. An existing
/// person becomes a member of the tenant too.
///
/// # Errors
/// When an internal person or a member of the tenant has that address; when there is no such
/// tenant, or the role is invalid.
pub async fn add(
    store: &Store,
    by: &Principal,
    who: Who<'_>,
    role: Role,
    password_hash: &str,
    now: Timestamp,
) -> CommandResult<Added> {
    let mut tx = AdminTx::begin(store, by, &format!("user add {}", who.email), now).await?;
    let tenant = find_tenant_if_named(&mut tx, who.tenant).await?;
    let taken = || CommandError::Refused(EN.command_user_exists(who.email));
    let added = match (tx.lock_user(who.email, None).await?, tenant) {
        (None, _) => {
            tx.add_user(who.email, tenant, role, password_hash, now).await.map_err(|error| {
                match error.constraint() {
                    Some("app_user_email_key") => taken(),
                    _ => constraint_error(error),
                }
            })?;
            Added::Person
        }
        (Some(user), Some(tenant)) if user.internal_role.is_none() => {
            tx.add_membership(user.id, tenant, role, now).await.map_err(|error| {
                match error.constraint() {
                    Some("membership_pkey") => taken(),
                    _ => constraint_error(error),
                }
            })?;
            Added::Membership
        }
        (Some(_), _) => return Err(taken()),
    };
    tx.commit().await?;
    Ok(added)
}

/// Lists the people of a tenant, or all.
///
/// # Errors
/// When there is no such tenant.
pub async fn list(
    store: &Store,
    by: &Principal,
    tenant: Option<&str>,
    now: Timestamp,
) -> CommandResult<Vec<User>> {
    let mut tx = AdminTx::begin(store, by, "user list", now).await?;
    let tenant = find_tenant_if_named(&mut tx, tenant).await?;
    let users = tx.users(tenant).await?;
    tx.commit().await?;
    Ok(users)
}

/// Disables a person in one tenant, or everywhere: sessions end, and so do their streams.
/// Returns how many sessions ended.
///
/// # Errors
/// When there is no such person.
pub async fn disable(
    store: &Store,
    by: &Principal,
    who: Who<'_>,
    now: Timestamp,
) -> CommandResult<u64> {
    let (mut tx, user, tenant) = begin(store, by, "user disable", who, now).await?;
    match tenant {
        Some(tenant) => tx.set_membership_disabled(user.id, tenant, Some(now)).await?,
        None => tx.set_disabled(user.id, Some(now)).await?,
    }
    // Must not become valid again when the person is enabled.
    tx.forget_devices(user.id).await?;
    let ended = tx.end_sessions(user.id).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Enables a person who was disabled, in one tenant or everywhere.
///
/// # Errors
/// When there is no such person.
pub async fn enable(
    store: &Store,
    by: &Principal,
    who: Who<'_>,
    now: Timestamp,
) -> CommandResult<()> {
    let (mut tx, user, tenant) = begin(store, by, "user enable", who, now).await?;
    match tenant {
        Some(tenant) => tx.set_membership_disabled(user.id, tenant, None).await?,
        None => tx.set_disabled(user.id, None).await?,
    }
    Ok(tx.commit().await?)
}

/// Changes the role of a person, in one tenant or in all of theirs, from their next request on;
/// their streams end, and the clients reconnect.
///
/// # Errors
/// When there is no such person, or the role is invalid for them.
pub async fn set_role(
    store: &Store,
    by: &Principal,
    who: Who<'_>,
    role: Role,
    now: Timestamp,
) -> CommandResult<()> {
    let (mut tx, user, tenant) =
        begin(store, by, &format!("user set-role {role}"), who, now).await?;
    match user.internal_role {
        Some(_) => tx.set_internal_role(user.id, role).await.map_err(constraint_error)?,
        None => tx.set_membership_role(user.id, tenant, role).await.map_err(constraint_error)?,
    }
    Ok(tx.commit().await?)
}

/// Resets the password of a person by its hash: every session and known device ends, and
/// failed log-ins are reset. Returns how many sessions ended.
///
/// # Errors
/// When there is no such person.
pub async fn reset_password(
    store: &Store,
    by: &Principal,
    who: Who<'_>,
    password_hash: &str,
    now: Timestamp,
) -> CommandResult<u64> {
    let (mut tx, user, _) = begin(store, by, "user reset-password", who, now).await?;
    if tx.scope().is_some() && user.memberships > 1 {
        return refused(EN.command_several_partners(who.email));
    }
    tx.set_password(user.id, password_hash).await?;
    tx.forget_devices(user.id).await?;
    tx.reset_attempts(&address_key(&user.email)).await?;
    let ended = tx.end_sessions(user.id).await?;
    tx.commit().await?;
    Ok(ended)
}

async fn begin(
    store: &Store,
    by: &Principal,
    action: &str,
    who: Who<'_>,
    now: Timestamp,
) -> CommandResult<(AdminTx, LockedUser, Option<TenantId>)> {
    let mut tx = AdminTx::begin(store, by, &format!("{action} {}", who.email), now).await?;
    let tenant = find_tenant_if_named(&mut tx, who.tenant).await?;
    match tx.lock_user(who.email, tenant).await? {
        Some(user) => Ok((tx, user, tenant)),
        None => missing(match who.tenant {
            Some(tenant) => EN.command_no_user_of(who.email, tenant),
            None => EN.command_no_user(who.email),
        }),
    }
}

pub(super) fn constraint_error(error: store::Error) -> CommandError {
    match error.constraint() {
        Some("app_user_internal_role_check" | "membership_role_check") => {
            CommandError::Refused(EN.command_roles().into())
        }
        _ => error.into(),
    }
}
