//! Logging in and out: the form, and its JSON twin.

use app::routes::login_address;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::{FormRejection, JsonRejection, QueryRejection};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, extract::Query};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use store::AuthTx;

use super::{cookie, secret, throttle};
use crate::clock;
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;

/// What is filled in to log in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    email: String,
    password: String,
}

/// What a mail server would take.
const LONGEST_EMAIL: usize = 254;

/// Where to go after logging in.
#[derive(Debug, Deserialize)]
pub struct Next {
    next: Option<String>,
}

/// `POST /login`, from the form.
///
/// # Errors
/// When the database is out of reach. A wrong password leads back to the form.
pub async fn form(
    State(state): State<AppState>,
    query: Result<Query<Next>, QueryRejection>,
    headers: HeaderMap,
    credentials: Result<Form<Credentials>, FormRejection>,
) -> ApiResult<Response> {
    let next = query.ok().and_then(|Query(Next { next })| next).filter(|path| is_local(path));
    let session = match credentials {
        Ok(Form(credentials)) => match begin_session(&state, credentials, agent(&headers)).await {
            Err(problem) if problem.status() == StatusCode::TOO_MANY_REQUESTS => {
                let again = login_address(next.as_deref().unwrap_or("/"));
                return Ok(see_other(&format!("{again}&wait=1")));
            }
            session => session?,
        },
        Err(_) => None,
    };
    let Some(cookie) = session.as_deref().and_then(cookie::set) else {
        let again = login_address(next.as_deref().unwrap_or("/"));
        return Ok(see_other(&format!("{again}&failed=1")));
    };
    let mut response = see_other(next.as_deref().unwrap_or("/"));
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// `POST /api/v1/sessions`, the JSON twin.
///
/// # Errors
/// 401 when the address and password do not belong together, 429 after too many failures.
pub async fn json(
    State(state): State<AppState>,
    headers: HeaderMap,
    credentials: Result<Json<Credentials>, JsonRejection>,
) -> ApiResult<Response> {
    let Json(credentials) = credentials?;
    let session = begin_session(&state, credentials, agent(&headers)).await?;
    let cookie = session.as_deref().and_then(cookie::set).ok_or_else(Problem::unauthorised)?;
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(json!({}))).into_response())
}

/// `POST /logout`: ends the session, here and in the browser.
///
/// # Errors
/// When the database is out of reach.
pub async fn logout(State(state): State<AppState>, headers: HeaderMap) -> ApiResult<Response> {
    if let Some(session) = cookie::session(&headers) {
        let mut tx = AuthTx::begin(state.store()).await?;
        tx.end_session(&secret::hash(&session)).await?;
        tx.commit().await?;
    }
    let mut response = see_other("/login");
    if let Some(clear) = cookie::clear() {
        response.headers_mut().insert(header::SET_COOKIE, clear);
    }
    Ok(response)
}

/// The secret of a new session, or nothing when the password is wrong or nobody has
/// that address: the answer and its time are the same.
async fn begin_session(
    state: &AppState,
    credentials: Credentials,
    agent: Option<String>,
) -> ApiResult<Option<String>> {
    let email = credentials.email.trim().to_owned();
    if email.len() > LONGEST_EMAIL || email.contains(char::is_control) {
        return Ok(None);
    }
    // Each check takes a core for a while: a flood of them waits no longer than it must.
    let _place = state.hasher().place().ok_or_else(|| {
        Problem::too_many("Too many are logging in at this moment. Try again.", 2)
    })?;
    let now = clock::now();
    let mut tx = AuthTx::begin(state.store()).await?;
    throttle::admit(&mut tx, &email, now).await?;
    let login = tx.login_by_email(&email).await?;
    drop(tx); // the hash takes a while, a connection is dear
    let hash = login.as_ref().map(|login| login.password_hash.clone());
    let right = state.hasher().verify(credentials.password, hash).await;

    let mut tx = AuthTx::begin(state.store()).await?;
    let session = match login.filter(|_| right) {
        Some(login) => {
            let session = secret::new("fps_");
            let ends = clock::later(now, state.limits().session_life);
            tx.add_session(&secret::hash(&session), login.id, now, ends, agent.as_deref()).await?;
            throttle::forget(&mut tx, &email).await?;
            Some(session)
        }
        None => {
            throttle::count(&mut tx, &email, now).await?;
            None
        }
    };
    let action = if session.is_some() { "log-in" } else { "log-in failed" };
    tx.audit(&email, action, json!({}), now).await?;
    tx.commit().await?;
    Ok(session)
}

/// What the browser calls itself, cut to what a list has room for.
fn agent(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(agent.chars().take(200).collect())
}

pub(super) fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// A path on this site: `//host` and `/\host` would lead away, and control characters
/// into the header.
fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|byte| (0x21..0x7f).contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn nothing_leads_off_the_site() {
        assert!(is_local("/units?q=a"));
        for path in ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", ""] {
            assert!(!is_local(path), "{path}");
        }
    }
}
