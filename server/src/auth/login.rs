//! Log-in and log-out: the form, and the JSON API.

use std::net::IpAddr;

use app::routes::login_address;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, TimeDelta, Utc};
use domain::Timestamp;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::AuthTx;
use store::logins::DeviceHash;
use store::users::Login;

use super::{Source, cookie};
use crate::clock;
use crate::credentials::secret;
use crate::credentials::throttle::{self, Attempt, Subject};
use crate::limits::count_refusal;
use crate::problem::{ApiResult, EN, Problem};
use crate::state::AppState;
use crate::web::context::ClientGone;
use crate::web::extract::{Form, Json, Query};

/// The log-in form.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    email: String,
    password: String,
}

/// The response to a log-in through the API; the session is in the cookie.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SessionAnswer {}

/// Maximum length of an e-mail address (RFC 5321).
const MAX_EMAIL_BYTES: usize = 254;

/// `POST /login`, from the form.
///
/// # Errors
/// When the database is unreachable. A wrong password redirects to the form.
pub async fn form(
    State(state): State<AppState>,
    query: Query,
    Source(source): Source,
    gone: ClientGone,
    headers: HeaderMap,
    credentials: Result<Form<Credentials>, Problem>,
) -> ApiResult<Response> {
    let next = query.get("next")?.filter(|path| is_local(path));
    let cookies = match credentials {
        Ok(Form(credentials)) => match log_in(&state, credentials, source, &gone, &headers).await {
            Err(problem) if problem.status() == StatusCode::TOO_MANY_REQUESTS => {
                let again = login_address(next.unwrap_or("/"));
                return Ok(see_other(&format!("{again}&wait=1")));
            }
            cookies => cookies?,
        },
        Err(_) => None,
    };
    let Some(cookies) = cookies else {
        let again = login_address(next.unwrap_or("/"));
        return Ok(see_other(&format!("{again}&failed=1")));
    };
    Ok(with_cookies(see_other(next.unwrap_or("/")), cookies))
}

/// `POST /api/v1/sessions`, the JSON API.
///
/// # Errors
/// 401 when the address and password do not match, 429 after too many failures.
pub async fn json(
    State(state): State<AppState>,
    Source(source): Source,
    gone: ClientGone,
    headers: HeaderMap,
    Json(credentials): Json<Credentials>,
) -> ApiResult<Response> {
    let cookies = log_in(&state, credentials, source, &gone, &headers).await?;
    let cookies = cookies.ok_or_else(Problem::wrong_password)?;
    Ok(with_cookies((StatusCode::CREATED, Json(SessionAnswer {})).into_response(), cookies))
}

/// `POST /logout`: ends the session on the server and in the browser.
///
/// # Errors
/// When the database is unreachable.
pub async fn logout(
    State(state): State<AppState>,
    gone: ClientGone,
    headers: HeaderMap,
) -> ApiResult<Response> {
    if let Some(session) = cookie::session(&headers) {
        let end = async {
            let mut tx = AuthTx::begin(state.store()).await?;
            tx.end_session(&secret::hash(&session)).await?;
            Ok(tx.commit().await?)
        };
        state.admission().look_up(&gone, end).await?;
    }
    let mut response = see_other("/login");
    clear_cache(&mut response);
    if let Some(clear) = cookie::clear() {
        response.headers_mut().insert(header::SET_COOKIE, clear);
    }
    Ok(response)
}

/// Logs in; returns the cookies of a new session, the session's first, or none if the password is
/// wrong or the address is unknown: response and timing are the same for both.
async fn log_in(
    state: &AppState,
    Credentials { email, password }: Credentials,
    source: IpAddr,
    gone: &ClientGone,
    headers: &HeaderMap,
) -> ApiResult<Option<Vec<HeaderValue>>> {
    let email = email.trim();
    if email.len() > MAX_EMAIL_BYTES || email.contains(char::is_control) {
        return Ok(None);
    }
    let _permit = state.log_ins().acquire(source).await.ok_or_else(|| {
        count_refusal("log_ins");
        Problem::too_many(EN.limit_log_ins(), 2)
    })?;
    let now = clock::now();
    let find = async {
        let mut tx = AuthTx::begin(state.store()).await?;
        let login = tx.login_by_email(email).await?;
        let device = known_device(&mut tx, login.as_ref(), headers, now).await?;
        let address = login.as_ref().map_or(email, |login| login.email.as_str());
        let subject = device.as_ref().map_or(Subject::Address(address, source), Subject::Device);
        let attempt = Attempt::admit(&mut tx, subject, now).await?;
        tx.commit().await?; // hashing is slow: release the connection
        Ok((login, device, attempt))
    };
    let (login, device, attempt) = state.admission().look_up(gone, find).await?;
    let hash = login.as_ref().map(|login| login.password_hash.clone());
    let right = state.hasher().verify(password, hash).await;

    let conclude = async {
        let mut tx = AuthTx::begin(state.store()).await?;
        let session = match login.as_ref().filter(|_| right) {
            Some(login) => begin_session(state, &mut tx, login, device, headers, now).await?,
            None => None,
        };
        match (&session, &login) {
            (Some(_), Some(login)) => {
                attempt.succeed(&mut tx).await?;
                let detail = json!({ "source": source.to_string() });
                tx.audit(&login.email, "log-in", detail, now).await?;
            }
            _ => audit_failure(&mut tx, login.as_ref(), &attempt, source, now).await?,
        }
        throttle::expire(&mut tx, now).await?;
        tx.commit().await?;
        Ok(session)
    };
    // The counted attempt is concluded even if the client has disconnected.
    state.admission().look_up(&ClientGone::default(), conclude).await
}

/// Gets the device that the browser sent, if the person logged in with it before.
async fn known_device(
    tx: &mut AuthTx,
    login: Option<&Login>,
    headers: &HeaderMap,
    now: Timestamp,
) -> ApiResult<Option<DeviceHash>> {
    let (Some(login), Some(device)) = (login, cookie::device(headers)) else { return Ok(None) };
    let device = secret::hash(&device);
    let since = DateTime::<Utc>::from(now) - TimeDelta::days(cookie::DEVICE_DAYS);
    Ok(tx.is_known_device(login.id, &device, since).await?.then_some(device))
}

/// Begins a session after the password was verified. None if the password was changed,
/// or the person disabled, in the meantime.
async fn begin_session(
    state: &AppState,
    tx: &mut AuthTx,
    login: &Login,
    device: Option<DeviceHash>,
    headers: &HeaderMap,
    now: Timestamp,
) -> ApiResult<Option<Vec<HeaderValue>>> {
    if tx.password_hash(login.id).await?.as_ref() != Some(&login.password_hash) {
        return Ok(None);
    }
    let session = secret::new("fps_");
    let ends = now.saturating_add(state.limits().session_life);
    tx.add_session(&secret::hash(&session), login.id, now, ends, user_agent(headers).as_deref())
        .await?;
    let mut cookies: Vec<_> = cookie::set(&session).into_iter().collect();
    match device {
        Some(device) => tx.touch_device(login.id, &device, now).await?,
        None => {
            let device = secret::new("fpd_");
            tx.add_device(login.id, &secret::hash(&device), now).await?;
            cookies.extend(cookie::set_device(&device));
        }
    }
    Ok(Some(cookies))
}

/// Audits a failed log-in: the 1st, 2nd, 4th, 8th … of an address, so that nobody can
/// flood the audit log. An unknown address may be a mistyped password, so it is
/// omitted, and all unknown addresses share one counter.
async fn audit_failure(
    tx: &mut AuthTx,
    login: Option<&Login>,
    attempt: &Attempt,
    source: IpAddr,
    now: Timestamp,
) -> ApiResult<()> {
    let (actor, failures) = match login {
        Some(login) => (login.email.as_str(), attempt.failures),
        None => ("unknown address", throttle::count_unknown(tx, now).await?),
    };
    if failures.is_power_of_two() {
        let detail = json!({ "failures": failures, "source": source.to_string() });
        tx.audit(actor, "log-in failed", detail, now).await?;
    }
    Ok(())
}

fn with_cookies(mut response: Response, cookies: Vec<HeaderValue>) -> Response {
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The user agent, truncated for lists.
fn user_agent(headers: &HeaderMap) -> Option<String> {
    let user_agent = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(user_agent.chars().take(200).collect())
}

/// Clears the browser cache of this site. Frames are revalidated with every use, but would
/// otherwise stay on the disk of a shared computer.
pub(super) fn clear_cache(response: &mut Response) {
    let name = HeaderName::from_static("clear-site-data");
    response.headers_mut().insert(name, HeaderValue::from_static("\"cache\""));
}

pub(super) fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// Whether a redirect target is a local path: prevents open redirects (`//host`, `/\host`) and
/// header injection by control characters.
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
