//! Account management: change the password and the language, end sessions.

use axum::extract::State;
use axum::response::Response;
use messages::Locale;
use serde::Deserialize;
use serde_json::json;
use store::{Actor, AuthTx, Principal};
use uuid::Uuid;

use super::login::{clear_cache, see_other};
use super::{Caller, Source};
use crate::clock;
use crate::credentials::password::PasswordError;
use crate::credentials::throttle::{Attempt, Subject};
use crate::limits::count_refusal;
use crate::problem::{ApiResult, Cause, EN, Problem};
use crate::state::AppState;
use crate::web::extract::{Form, Path};

/// The form to change the password.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    current: String,
    new: String,
}

/// The person who calls, with their session and address.
fn person(caller: &Principal) -> ApiResult<(Uuid, Uuid, &str)> {
    match caller.actor() {
        Actor::User { id, session, email, .. } => Ok((*id, *session, email)),
        Actor::Token { .. } | Actor::Console => Err(Problem::forbidden(EN.access_person())),
    }
}

/// `POST /account/password`: changes the password, and ends every other session.
///
/// # Errors
/// When the database is unreachable. A wrong or invalid password redirects to the page.
pub async fn change_password(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Source(source): Source,
    form: Result<Form<NewPassword>, Problem>,
) -> ApiResult<Response> {
    let (user, session, email) = person(&caller)?;
    let Ok(Form(NewPassword { current, new })) = form else {
        return Ok(see_other("/account?password=unfit"));
    };
    let _permit = state.log_ins().acquire(source).await.ok_or_else(|| {
        count_refusal("log_ins");
        Problem::too_many(EN.limit_log_ins(), 2)
    })?;
    let now = clock::now();
    let mut tx = AuthTx::begin(state.store()).await?;
    let attempt = Attempt::admit(&mut tx, Subject::Person(user), now).await?;
    let old_hash = tx.password_hash(user).await?;
    tx.commit().await?; // hashing is slow: release the connection
    if !state.hasher().verify(current, old_hash.clone()).await {
        return Ok(see_other("/account?password=wrong"));
    }
    let hash = match state.hasher().hash(new, email.to_owned()).await {
        Ok(hash) => hash,
        Err(PasswordError::Length) => return Ok(see_other("/account?password=unfit")),
        Err(PasswordError::Common) => return Ok(see_other("/account?password=common")),
        Err(PasswordError::Failed(why)) => {
            tracing::error!(why, "hashing a password failed");
            return Err(Problem::internal());
        }
    };
    let mut tx = AuthTx::begin(state.store()).await?;
    if tx.password_hash(user).await? != old_hash {
        // Concurrently changed while it was verified.
        return Ok(see_other("/account?password=wrong"));
    }
    tx.set_password(user, &hash).await?;
    tx.forget_devices(user).await?;
    let ended = tx.revoke_sessions(user, None, Some(session)).await?;
    attempt.succeed(&mut tx).await?;
    tx.audit(email, "password changed", json!({ "sessions_ended": ended }), now).await?;
    tx.commit().await?;
    Ok(see_other("/account?password=changed"))
}

/// The form to change the language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewLanguage {
    /// The tag of a language of the catalogue; empty for that of the browser.
    language: String,
}

/// `POST /account/language`: sets the language of the caller's pages.
///
/// # Errors
/// 400 for a language that is not in the catalogue.
pub async fn change_language(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Form(NewLanguage { language }): Form<NewLanguage>,
) -> ApiResult<Response> {
    let (user, _, email) = person(&caller)?;
    let locale = Locale::ALL.iter().find(|locale| locale.tag() == language);
    if locale.is_none() && !language.is_empty() {
        let why = EN.cause_language().to_owned();
        return Err(Problem::bad_request(vec![Cause { parameter: "language".into(), why }]));
    }
    let tag = locale.map(|locale| locale.tag());
    let mut tx = AuthTx::begin(state.store()).await?;
    tx.set_language(user, tag).await?;
    tx.audit(email, "language changed", json!({ "language": tag }), clock::now()).await?;
    tx.commit().await?;
    Ok(see_other("/account"))
}

/// `POST /account/sessions/{id}`: ends one of the caller's sessions.
///
/// # Errors
/// 404 when the caller has no such session.
pub async fn end_session(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    let (user, _, email) = person(&caller)?;
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
/// When the database is unreachable.
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
    let mut response = see_other("/login");
    clear_cache(&mut response);
    Ok(response)
}
