//! An internal user chooses the partner to look at. The choice is kept in the session,
//! never in a link, and is written down.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::TenantId;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use store::{AdminTx, AuthTx};

use super::{Caller, cookie, secret};
use crate::clock;
use crate::extract::{Form, Json};
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;

/// The partner to look at; none is none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    // Named, also where it is none: a body without it is a mistake.
    #[serde(deserialize_with = "Option::deserialize")]
    tenant: Option<String>,
}

/// `POST /api/v1/sessions/partner` `{"tenant": slug | null}`.
///
/// # Errors
/// 404 when there is no such partner.
pub async fn json(
    State(state): State<AppState>,
    Caller(caller): Caller,
    headers: HeaderMap,
    Json(choice): Json<Choice>,
) -> ApiResult<Response> {
    choose(&state, &caller, &headers, choice.tenant.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /partner`, from a form; an empty slug is none.
///
/// # Errors
/// 404 when there is no such partner.
pub async fn form(
    State(state): State<AppState>,
    Caller(caller): Caller,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> ApiResult<Response> {
    let slug = choice.tenant.as_deref().filter(|slug| !slug.is_empty());
    choose(&state, &caller, &headers, slug).await?;
    Ok(Redirect::to("/").into_response())
}

async fn choose(
    state: &AppState,
    caller: &store::Principal,
    headers: &HeaderMap,
    slug: Option<&str>,
) -> ApiResult<()> {
    let session = cookie::session(headers).ok_or_else(Problem::unauthorised)?;
    // No slug is longer, and what anybody types is not the audit's to keep.
    if slug.is_some_and(|slug| slug.len() > 63 || slug.contains(char::is_control)) {
        return Err(Problem::not_found());
    }
    let reason = format!("choose partner {}", slug.unwrap_or("none"));
    let mut tx = AdminTx::begin(state.store(), caller, &reason, clock::now()).await?;
    let tenant = match slug {
        Some(slug) => tx.tenant_by_slug(slug).await?,
        None => None,
    };
    // The try is written down, whether there is such a partner or not.
    tx.commit().await?;
    if slug.is_some() && tenant.is_none() {
        return Err(Problem::not_found());
    }
    let mut tx = AuthTx::begin(state.store()).await?;
    let tenant = tenant.map(|tenant| TenantId::from(tenant.id));
    tx.choose_partner(&secret::hash(&session), tenant).await?;
    tx.commit().await?;
    Ok(())
}
