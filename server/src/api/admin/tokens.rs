//! `/api/v1/admin/tenants/{tenant}/tokens`: tokens of stations and scripts.

use std::time::Duration;

use axum::extract::State;
use domain::Scope;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::tokens::Token;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::Caller;
use crate::clock;
use crate::commands::tokens;
use crate::problem::{ApiResult, EN, Problem};
use crate::state::AppState;
use crate::web::extract::{Json, Path};

/// Lifetime in days of a token that expires.
const DAYS: std::ops::RangeInclusive<u32> = 1..=3650;

/// The tokens of a tenant, revoked and expired ones too.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenList {
    #[schema(value_type = Vec<Object>)]
    items: Vec<Token>,
}

/// A token to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    scopes: Vec<String>,
    expires_days: Option<u32>,
}

/// A new token; it is shown only once.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewToken {
    token: String,
}

/// `GET …/tokens`, oldest first.
///
/// # Errors
/// When the database is unreachable.
pub async fn list(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(slug): Path<String>,
) -> ApiResult<Json<TokenList>> {
    let items = tokens::list(state.store(), &caller, &slug, clock::now()).await?;
    Ok(Json(TokenList { items }))
}

/// `POST …/tokens` `{"scopes": ["ingest"], "expires_days": 30}`.
///
/// # Errors
/// 400 for invalid scopes or an invalid lifetime.
pub async fn add(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(slug): Path<String>,
    Json(request): Json<TokenRequest>,
) -> ApiResult<(StatusCode, Json<NewToken>)> {
    let invalid = || Problem::invalid("scopes", EN.cause_some_of("ingest, read"));
    let scopes: Result<Vec<Scope>, _> = request.scopes.iter().map(|name| name.parse()).collect();
    let mut scopes = scopes.map_err(|_| invalid())?;
    scopes.sort_unstable_by_key(|scope| scope.as_str());
    scopes.dedup();
    if scopes.is_empty() {
        return Err(invalid());
    }
    let now = clock::now();
    let expires_at = match request.expires_days {
        Some(days) if DAYS.contains(&days) => {
            Some(now.saturating_add(Duration::from_secs(u64::from(days) * 86_400)))
        }
        Some(_) => return Err(Problem::invalid("expires_days", EN.cause_days_3650())),
        None => None,
    };
    let token = tokens::add(state.store(), &caller, &slug, &scopes, expires_at, now).await?;
    Ok((StatusCode::CREATED, Json(NewToken { token })))
}

/// `DELETE …/tokens/{id}`: revokes a token at once; its streams end.
///
/// # Errors
/// 404 when the tenant has no such token.
pub async fn revoke(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path((slug, id)): Path<(String, Uuid)>,
) -> ApiResult<StatusCode> {
    tokens::revoke(state.store(), &caller, id, Some(&slug), clock::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
