//! `/api/v1/admin/tenants`: partner organisations.

use axum::extract::State;
use domain::Role;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::tenants::Tenant;
use utoipa::ToSchema;

use super::{Site, invite_url};
use crate::api::time;
use crate::auth::Caller;
use crate::clock;
use crate::commands::invites::{Onboarded, onboard};
use crate::commands::tenants::{self, NewTenant, TenantChange};
use crate::problem::{ApiResult, EN, Problem};
use crate::state::AppState;
use crate::web::extract::{Json, Path};

/// A partner organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantAnswer {
    slug: String,
    name: String,
    timezone: String,
    created_at: String,
    suspended_at: Option<String>,
}

impl From<Tenant> for TenantAnswer {
    fn from(tenant: Tenant) -> Self {
        Self {
            slug: tenant.slug,
            name: tenant.name,
            timezone: tenant.timezone,
            created_at: time(tenant.created_at),
            suspended_at: tenant.suspended_at.map(time),
        }
    }
}

/// All tenants.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantList {
    items: Vec<TenantAnswer>,
}

/// A tenant to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantRequest {
    slug: String,
    name: String,
    #[serde(default = "utc")]
    timezone: String,
    user: Option<FirstPerson>,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// The first person of a tenant, who receives an invitation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstPerson {
    email: String,
    #[serde(default = "partner_admin")]
    role: String,
}

fn partner_admin() -> String {
    Role::PartnerAdmin.to_string()
}

/// A tenant that was added; the secrets are shown only once.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnboardedAnswer {
    tenant: TenantAnswer,
    invite_url: Option<String>,
    ingest_token: String,
}

/// Changes to a tenant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantPatch {
    slug: Option<String>,
    name: Option<String>,
    timezone: Option<String>,
    suspended: Option<bool>,
}

/// `GET /api/v1/admin/tenants`, by slug.
///
/// # Errors
/// When the database is unreachable.
pub async fn list(
    State(state): State<AppState>,
    Caller(caller): Caller,
) -> ApiResult<Json<TenantList>> {
    let tenants = tenants::list(state.store(), &caller, clock::now()).await?;
    Ok(Json(TenantList { items: tenants.into_iter().map(TenantAnswer::from).collect() }))
}

/// `GET /api/v1/admin/tenants/{tenant}`.
///
/// # Errors
/// 404 when there is no such tenant.
pub async fn one(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(slug): Path<String>,
) -> ApiResult<Json<TenantAnswer>> {
    Ok(Json(tenants::get(state.store(), &caller, &slug, clock::now()).await?.into()))
}

/// `POST /api/v1/admin/tenants`: adds a tenant, an invitation of its first person and a token for
/// its stations, in one transaction.
///
/// # Errors
/// 400 for a value that is invalid or taken.
pub async fn add(
    State(state): State<AppState>,
    Caller(caller): Caller,
    site: Site,
    Json(request): Json<TenantRequest>,
) -> ApiResult<(StatusCode, Json<OnboardedAnswer>)> {
    let tenant = NewTenant {
        slug: &request.slug,
        name: &request.name,
        timezone: &request.timezone,
        chassis_part_type: None,
    };
    let first = match &request.user {
        Some(person) => Some((super::users::email(&person.email)?, role(&person.role)?)),
        None => None,
    };
    let now = clock::now();
    let Onboarded { invite, ingest_token } =
        onboard(state.store(), &caller, tenant, first, now).await?;
    let tenant = tenants::get(state.store(), &caller, &request.slug, now).await?.into();
    let invite_url = invite.map(|invite| invite_url(&site, &invite));
    Ok((StatusCode::CREATED, Json(OnboardedAnswer { tenant, invite_url, ingest_token })))
}

/// `PATCH /api/v1/admin/tenants/{tenant}`: changes the name, the short name, the time zone, or
/// whether it is suspended. Suspension takes effect at once, for streams too.
///
/// # Errors
/// 404 when there is no such tenant, 400 for a value that is invalid or taken.
pub async fn change(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(slug): Path<String>,
    Json(patch): Json<TenantPatch>,
) -> ApiResult<Json<TenantAnswer>> {
    let change = TenantChange {
        slug: patch.slug.as_deref(),
        name: patch.name.as_deref(),
        timezone: patch.timezone.as_deref(),
        suspended: patch.suspended,
    };
    let now = clock::now();
    tenants::change(state.store(), &caller, &slug, change, now).await?;
    let slug = patch.slug.as_deref().unwrap_or(&slug);
    Ok(Json(tenants::get(state.store(), &caller, slug, now).await?.into()))
}

/// Parses the role in a request.
///
/// # Errors
/// 400 if there is no such role.
pub(super) fn role(name: &str) -> ApiResult<Role> {
    name.parse()
        .map_err(|_| Problem::invalid("role", EN.cause_one_of("viewer, engineer, partner-admin")))
}
