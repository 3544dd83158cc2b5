//! The tenants that a request reads.

use axum::extract::FromRequestParts;
use http::request::Parts;
use store::{AdminTx, AuthTx, Principal, Store};

use super::Caller;
use crate::clock;
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;

/// Marks a request for all tenants.
#[derive(Debug, Clone, Copy)]
pub(super) struct AllTenants;

/// Extracts the tenants that a request reads: that of its caller, or with `tenant=*` all of
/// them. Access of internal people to each is audited.
#[derive(Debug)]
pub struct Tenants {
    /// The caller, for each tenant, by its short name. Never empty for one tenant.
    pub callers: Vec<Principal>,
    /// Whether the request is for all tenants.
    pub is_all: bool,
}

impl FromRequestParts<AppState> for Tenants {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Caller(caller) =
            parts.extensions.get::<Caller>().cloned().ok_or_else(Problem::unauthorised)?;
        let is_all = parts.extensions.get::<AllTenants>().is_some();
        let callers = match is_all {
            true => admit_to_all(state.store(), &caller).await?,
            false => vec![caller],
        };
        Ok(Self { callers, is_all })
    }
}

/// Admits an internal person to every tenant, which is audited; by short name.
///
/// # Errors
/// 404 if the caller is not an internal person, and when the database is unreachable.
pub(crate) async fn admit_to_all(store: &Store, caller: &Principal) -> ApiResult<Vec<Principal>> {
    let mut tx = AdminTx::begin(store, caller, "list partners", clock::now()).await?;
    let mut tenants = tx.tenants().await?;
    tx.commit().await?;
    tenants.sort_by(|one, other| one.slug.cmp(&other.slug));
    let mut callers = Vec::with_capacity(tenants.len());
    let mut tx = AuthTx::begin(store).await?;
    for tenant in tenants {
        let admitted = tx.audit_internal_access(caller, tenant.id.into(), None).await?;
        callers.push(admitted.ok_or_else(Problem::not_found)?.0);
    }
    tx.commit().await?;
    Ok(callers)
}
