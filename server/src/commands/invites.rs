//! Invitations: a new person chooses a password with a link.

use std::time::Duration;

use domain::{Role, Scope, TenantId, Timestamp};
use store::tokens::TokenSecret;
use store::{AdminTx, Principal, Store};

use super::tenants::{NewTenant, insert};
use super::users::{Who, constraint_error};
use super::{CommandError, CommandResult, check_internal, find_tenant, refused};
use crate::credentials::secret;
use crate::problem::EN;

/// How long an invitation can be accepted.
pub const LIFETIME: Duration = Duration::from_secs(7 * 24 * 3600);

/// An invalid hash: the person cannot log in before the invitation is accepted.
const NO_PASSWORD: &str = "";

/// The secrets of a new partner; each is shown only once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onboarded {
    /// The secret of the first person's invitation; none if no person was named.
    pub invite: Option<String>,
    /// A token with the scope `ingest`.
    pub ingest_token: String,
}

/// Adds a tenant, an invitation of its first person and a token for its stations, in one
/// transaction.
///
/// # Errors
/// As [`super::tenants::add`] and [`invite`].
pub async fn onboard(
    store: &Store,
    by: &Principal,
    tenant: NewTenant<'_>,
    first: Option<(&str, Role)>,
    now: Timestamp,
) -> CommandResult<Onboarded> {
    let mut tx = AdminTx::begin(store, by, &format!("tenant add {}", tenant.slug), now).await?;
    check_internal(&tx)?;
    let id = insert(&mut tx, tenant, now).await?;
    let invite = match first {
        Some((email, role)) => add_invited(&mut tx, id, email, role, now).await?,
        None => None,
    };
    let ingest_token = secret::new("fpt_");
    let stored =
        TokenSecret { hash: &secret::hash(&ingest_token), prefix: secret::prefix(&ingest_token) };
    tx.add_token(id, stored, &[Scope::Ingest], None, now).await?;
    tx.commit().await?;
    Ok(Onboarded { invite, ingest_token })
}

/// Adds a person to a tenant and returns the secret of their invitation. An existing person
/// becomes a member at once, keeps their password and needs no invitation.
///
/// # Errors
/// When there is no such tenant, the person is a member of it or internal, or the role is
/// invalid.
pub async fn invite(
    store: &Store,
    by: &Principal,
    who: Who<'_>,
    role: Role,
    now: Timestamp,
) -> CommandResult<Option<String>> {
    let mut tx = AdminTx::begin(store, by, &format!("user invite {}", who.email), now).await?;
    let Some(slug) = who.tenant else { return refused(EN.command_invitation()) };
    let tenant = find_tenant(&mut tx, slug).await?;
    let invite = add_invited(&mut tx, tenant, who.email, role, now).await?;
    tx.commit().await?;
    Ok(invite)
}

async fn add_invited(
    tx: &mut AdminTx,
    tenant: TenantId,
    email: &str,
    role: Role,
    now: Timestamp,
) -> CommandResult<Option<String>> {
    let taken = || CommandError::Refused(EN.command_user_exists(email));
    if let Some(known) = tx.lock_user(email, None).await? {
        if known.internal_role.is_some() {
            return Err(taken());
        }
        tx.add_membership(known.id, tenant, role, now).await.map_err(|error| {
            match error.constraint() {
                Some("membership_pkey") => taken(),
                _ => constraint_error(error),
            }
        })?;
        return Ok(None);
    }
    let user =
        tx.add_user(email, Some(tenant), role, NO_PASSWORD, now).await.map_err(constraint_error)?;
    let invite = secret::new("fpi_");
    let expires_at = now.saturating_add(LIFETIME);
    tx.add_invite(tenant, user, &secret::hash(&invite), now, expires_at).await?;
    Ok(Some(invite))
}
