//! `/api/v1/admin/tenants/{tenant}/users`: the people of a tenant.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::users::User;
use utoipa::ToSchema;

use super::tenants::role;
use super::{Site, invite_url};
use crate::auth::Caller;
use crate::clock;
use crate::commands::invites::invite;
use crate::commands::users::{self, Who};
use crate::problem::{ApiResult, EN, Problem};
use crate::state::AppState;
use crate::web::extract::{Json, Path};

/// The people of a tenant.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserList {
    #[schema(value_type = Vec<Object>)]
    items: Vec<User>,
}

/// A person to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserRequest {
    email: String,
    role: String,
}

/// A person who was invited. An existing user keeps their password and needs no link.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invited {
    email: String,
    role: String,
    invite_url: Option<String>,
}

/// Changes to a person in this tenant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    role: Option<String>,
    disabled: Option<bool>,
}

/// `GET …/users`, sorted by address.
///
/// # Errors
/// When the database is unreachable.
pub async fn list(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(slug): Path<String>,
) -> ApiResult<Json<UserList>> {
    let items = users::list(state.store(), &caller, Some(&slug), clock::now()).await?;
    Ok(Json(UserList { items }))
}

/// `POST …/users` `{"email": "…", "role": "…"}`: invites a person.
///
/// # Errors
/// 400 for an address that is invalid or taken, or an invalid role.
pub async fn add(
    State(state): State<AppState>,
    Caller(caller): Caller,
    site: Site,
    Path(slug): Path<String>,
    Json(request): Json<UserRequest>,
) -> ApiResult<(StatusCode, Json<Invited>)> {
    let who = Who { email: email(&request.email)?, tenant: Some(&slug) };
    let role = role(&request.role)?;
    let secret = invite(state.store(), &caller, who, role, clock::now()).await?;
    let answer = Invited {
        email: who.email.to_owned(),
        role: role.to_string(),
        invite_url: secret.map(|secret| invite_url(&site, &secret)),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// `PATCH …/users/{email}` `{"role": "…", "disabled": true}`: disabling ends every session of
/// the person; a role applies from the next request on.
///
/// # Errors
/// 404 for a person who is not a member of the tenant, 400 for an invalid role.
pub async fn change(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path((slug, address)): Path<(String, String)>,
    Json(patch): Json<UserPatch>,
) -> ApiResult<StatusCode> {
    let who = Who { email: email(&address)?, tenant: Some(&slug) };
    let now = clock::now();
    if let Some(name) = &patch.role {
        users::set_role(state.store(), &caller, who, role(name)?, now).await?;
    }
    match patch.disabled {
        Some(true) => users::disable(state.store(), &caller, who, now).await.map(|_| ())?,
        Some(false) => users::enable(state.store(), &caller, who, now).await?,
        None => {}
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Validates the form of an e-mail address.
///
/// # Errors
/// 400 if it is invalid.
pub(super) fn email(text: &str) -> ApiResult<&str> {
    let text = text.trim();
    let is_valid = text.len() <= 254
        && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if is_valid { Ok(text) } else { Err(Problem::invalid("email", EN.cause_email())) }
}
