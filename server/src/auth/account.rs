//! What people do with their own log-ins: another password, and sessions to end.

use axum::Form;
use axum::extract::Path;
use axum::extract::State;
use axum::extract::rejection::{FormRejection, PathRejection};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use store::{Actor, AuthTx, Principal};
use uuid::Uuid;

use super::login::see_other;
use super::{Caller, password};
use crate::clock;
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;

/// What is filled in for another password.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    current: String,
    new: String,
}

/// The person who calls, and the session that they are here with.
fn person(caller: &Principal) -> ApiResult<(Uuid, Uuid, &str)> {
    match caller.actor() {
        Actor::User { id, session, email, .. } => Ok((*id, *session, email)),
        Actor::Token { .. } | Actor::Console => {
            Err(Problem::forbidden("This needs a person who is signed in; a token does not do."))
        }
    }
}

/// `POST /account/password`: another password, which ends every other session.
///
/// # Errors
/// When the database is out of reach. A wrong or unfit password leads back to the page.
pub async fn change_password(
    State(state): State<AppState>,
    Caller(caller): Caller,
    form: Result<Form<NewPassword>, FormRejection>,
) -> ApiResult<Response> {
    let (user, session, email) = person(&caller)?;
    let Ok(Form(NewPassword { current, new })) = form else {
        return Ok(see_other("/account?password=unfit"));
    };
    let _place = state.hasher().place().ok_or_else(|| {
        Problem::too_many("Too many are logging in at this moment. Try again.", 2)
    })?;
    let mut tx = AuthTx::begin(state.store()).await?;
    super::throttle::admit(&mut tx, email, clock::now()).await?;
    let kept = tx.password_hash(user).await?;
    drop(tx); // the hash takes a while, a connection is dear
    let right = state.hasher().verify(current, kept).await;
    let now = clock::now();
    let mut tx = AuthTx::begin(state.store()).await?;
    if !right {
        super::throttle::count(&mut tx, email, now).await?;
        tx.commit().await?;
        return Ok(see_other("/account?password=wrong"));
    }
    let hashed = tokio::task::spawn_blocking(move || password::hash(&new)).await;
    let Ok(Ok(hash)) = hashed else { return Ok(see_other("/account?password=unfit")) };
    tx.set_password(user, &hash).await?;
    let ended = tx.revoke_sessions(user, None, Some(session)).await?;
    tx.audit(email, "password changed", json!({ "sessions_ended": ended }), now).await?;
    tx.commit().await?;
    Ok(see_other("/account?password=changed"))
}

/// `POST /account/sessions/{id}`: ends one of the caller's sessions.
///
/// # Errors
/// 404 when the caller has no such session.
pub async fn end_session(
    State(state): State<AppState>,
    Caller(caller): Caller,
    id: Result<Path<Uuid>, PathRejection>,
) -> ApiResult<Response> {
    let (user, _, email) = person(&caller)?;
    let Path(id) = id.map_err(|_| Problem::not_found())?;
    let mut tx = AuthTx::begin(state.store()).await?;
    if tx.revoke_sessions(user, Some(id), None).await? == 0 {
        return Err(Problem::not_found());
    }
    tx.audit(email, "session ended", json!({ "session": id }), clock::now()).await?;
    tx.commit().await?;
    Ok(see_other("/account"))
}

/// `POST /account/sign-out`: ends all of the caller's sessions, this one too.
///
/// # Errors
/// When the database is out of reach.
pub async fn sign_out_everywhere(
    State(state): State<AppState>,
    Caller(caller): Caller,
) -> ApiResult<Response> {
    let (user, _, email) = person(&caller)?;
    let mut tx = AuthTx::begin(state.store()).await?;
    let ended = tx.revoke_sessions(user, None, None).await?;
    tx.audit(email, "signed out everywhere", json!({ "sessions_ended": ended }), clock::now())
        .await?;
    tx.commit().await?;
    Ok(see_other("/login"))
}
