//! Who is calling and what they may do.
//!
//! Every route names its [`Access`] in the router; [`guard`] stands before the handler,
//! finds the caller by cookie or token, and turns away whoever may not. The handler
//! then takes a [`Caller`].

pub mod account;
pub mod cookie;
pub mod login;
pub mod partner;
pub mod password;
pub mod secret;
mod throttle;

use std::time::Duration;

use app::routes::login_address;
use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::Scope;
use http::request::Parts;
use http::{HeaderMap, header};
use store::{Actor, AuthTx, Principal};

use crate::problem::{ApiResult, Problem};
use crate::state::AppState;
use crate::{clock, pages};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody: the handler learns nothing about the caller.
    Anyone,
    /// A page for whoever has a session; others are sent to log in.
    Page,
    /// Anybody with a session, about themselves.
    Person,
    /// One of our own people.
    Internal,
    /// A token with the scope `ingest`, or a person who may upload.
    Ingest,
    /// A token with the scope `read`, or any person.
    Read,
    /// A token with either scope, or any person: receipts.
    Receipts,
    /// A person who may change what the data say, and read raw bytes.
    Engineer,
}

/// The caller, checked.
#[derive(Debug, Clone)]
pub struct Caller(pub Principal);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::unauthorised)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _: &S,
    ) -> Result<Option<Self>, std::convert::Infallible> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}

/// Stands before every handler.
pub async fn guard(
    State((state, access)): State<(AppState, Access)>,
    mut request: Request,
    next: Next,
) -> Response {
    if access == Access::Anyone {
        return next.run(request).await;
    }
    let caller = match identify(&state, request.headers(), access).await {
        Ok(caller) => caller,
        Err(problem) if access == Access::Page => return pages::sorry(request, &problem).await,
        Err(problem) => return problem.into_response(),
    };
    let Some(caller) = caller else {
        return match access {
            Access::Page => {
                let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
                Redirect::to(&login_address(wanted)).into_response()
            }
            _ => Problem::unauthorised().into_response(),
        };
    };
    if let Err(problem) = permit(&caller, access) {
        return problem.into_response();
    }
    if access == Access::Ingest
        && let Err(wait) = state.rate().ask(&caller)
    {
        return too_often(wait).into_response();
    }
    request.extensions_mut().insert(Caller(caller));
    next.run(request).await
}

/// A page is for people: a token does not open it.
async fn identify(
    state: &AppState,
    headers: &HeaderMap,
    access: Access,
) -> ApiResult<Option<Principal>> {
    let now = clock::now();
    if let Some(token) = bearer(headers).filter(|_| access != Access::Page) {
        let mut tx = AuthTx::begin(state.store()).await?;
        return Ok(tx.principal_of_token(&secret::hash(token), now).await?);
    }
    let Some(session) = cookie::session(headers) else { return Ok(None) };
    let mut tx = AuthTx::begin(state.store()).await?;
    let idle = state.limits().session_idle;
    let caller = tx.principal_of_session(&secret::hash(&session), idle, now).await?;
    tx.commit().await?;
    Ok(caller)
}

fn permit(caller: &Principal, access: Access) -> ApiResult<()> {
    let allowed = match (access, caller.actor()) {
        (Access::Anyone, _) => true,
        (Access::Page | Access::Person, actor) => matches!(actor, Actor::User { .. }),
        (Access::Internal, _) => caller.is_internal(),
        (Access::Ingest, Actor::Token { scopes, .. }) => scopes.contains(&Scope::Ingest),
        (Access::Ingest | Access::Engineer, Actor::User { role, .. }) => role.may_change(),
        (Access::Read, Actor::Token { scopes, .. }) => scopes.contains(&Scope::Read),
        (Access::Receipts, Actor::Token { .. })
        | (Access::Read | Access::Receipts, Actor::User { .. }) => true,
        (Access::Engineer, Actor::Token { .. }) | (_, Actor::Console) => false,
    };
    if allowed {
        return Ok(());
    }
    Err(Problem::forbidden(match access {
        Access::Ingest => {
            "Uploading needs a token with the scope `ingest`, or the role engineer or partner-admin."
        }
        Access::Read => "Reading needs a token with the scope `read`.",
        Access::Engineer => {
            "This needs a person with the role engineer or partner-admin; a token does not do."
        }
        Access::Internal => "This is for the server maker's own people.",
        _ => "This needs a person who is signed in; a token does not do.",
    }))
}

pub(crate) fn too_often(wait: Duration) -> Problem {
    // Whole seconds are all that the header can say.
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    Problem::too_many(
        format!("This credential asks too often. Nothing was kept; ask again in {seconds} s."),
        u64::try_from(seconds).unwrap_or(u64::MAX),
    )
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
