//! Authentication and authorization.
//!
//! Every route declares its [`Access`] in the router. The middleware [`guard`] identifies the
//! caller by cookie or token, and rejects requests without access. The handler
//! then extracts a [`Caller`].

pub mod account;
pub mod cookie;
pub mod invite;
pub mod login;
pub mod tenant;
mod tenants;

use std::net::IpAddr;
use std::time::Duration;

use app::routes::login_address;
use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Role, Scope, Timestamp};
use http::request::Parts;
use http::{HeaderMap, header};
use store::{Actor, AuthTx, Principal};
use uuid::Uuid;

use self::tenant::{Authorised, NamedTenant, moved_address};
use self::tenants::AllTenants;
pub use self::tenants::Tenants;
pub(crate) use self::tenants::admit_to_all;
use crate::clock;
use crate::credentials::secret;
use crate::limits::count_refusal;
use crate::problem::{ApiResult, EN, Problem};
use crate::resources::admission::Cost;
use crate::state::AppState;
use crate::web::context::ClientGone;
use crate::web::peer;

/// Access level of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody: the caller is not identified.
    Anyone,
    /// A page for people with a session; others are redirected to log in.
    Page,
    /// A file of a page, for people with a session. Others get 401: a saved file must
    /// never contain the log-in page.
    File,
    /// Anybody with a session, about themselves.
    Person,
    /// An internal person.
    Internal,
    /// An internal administrator.
    Admin,
    /// A manager of the tenant in the path: its partner-admin, or an internal administrator.
    Manager,
    /// A token with the scope `ingest`, or a person who may upload.
    Ingest,
    /// A token with the scope `read`, or any person.
    Read,
    /// A token with either scope, or any person: receipts.
    Receipts,
    /// A person who may override data (void runs, set the kind of units), and read raw bytes.
    Engineer,
}

impl Access {
    /// Whether the handler reads or changes a tenant's data.
    #[must_use]
    pub const fn needs_tenant(self) -> bool {
        matches!(self, Self::Ingest | Self::Read | Self::Receipts | Self::Engineer | Self::Manager)
    }
}

/// Extracts the authenticated and authorized caller.
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

/// Extracts the source address of a request, by which log-ins are limited.
#[derive(Debug, Clone, Copy)]
pub struct Source(pub IpAddr);

impl FromRequestParts<AppState> for Source {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, std::convert::Infallible> {
        let behind_proxy = state.limits().behind_proxy;
        Ok(Self(peer::source(&parts.extensions, &parts.headers, behind_proxy)))
    }
}

/// Middleware of every route: identifies, authorizes, rate-limits and admits the caller.
pub async fn guard(
    State((state, access, cost)): State<(AppState, Access, Cost)>,
    mut request: Request,
    next: Next,
) -> Response {
    if access == Access::Anyone {
        return next.run(request).await;
    }
    let gone = ClientGone::from_extensions(request.extensions());
    let target = RequestTarget::from_request(&request);
    let identified = identify(&state, request.headers(), access, target);
    let caller = match state.admission().look_up(&gone, identified).await {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    let Some(authorised) = caller else {
        return match access {
            Access::Page => {
                let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
                Redirect::to(&login_address(wanted)).into_response()
            }
            Access::File => Problem::signed_out().into_response(),
            _ => Problem::unauthorised().into_response(),
        };
    };
    let (caller, view) = match authorised {
        Authorised::Caller(caller, view) => (caller, view),
        Authorised::All(caller) => {
            request.extensions_mut().insert(AllTenants);
            (caller, None)
        }
        Authorised::Moved(slug) => {
            return Redirect::permanent(&moved_address(request.uri(), &slug)).into_response();
        }
    };
    if access == Access::Ingest
        && let Err(wait) = state.rate().check(&caller)
    {
        return rate_limited(wait).into_response();
    }
    let _permit = match state.admission().admit(&caller, cost, &gone).await {
        Ok(permit) => permit,
        Err(problem) => return problem.into_response(),
    };
    request.extensions_mut().insert(Caller(caller));
    if access.needs_tenant()
        && let Some(uri) = tenant::without_tenant(request.uri())
    {
        *request.uri_mut() = uri;
    }
    if let Some(view) = view {
        request.extensions_mut().insert(view);
    }
    next.run(request).await
}

/// Tenant, view and audit description of a request, without its credential.
struct RequestTarget {
    named: ApiResult<NamedTenant>,
    view: ApiResult<Option<Uuid>>,
    /// Method and path, for the audit log.
    what: String,
}

impl RequestTarget {
    fn from_request(request: &Request) -> Self {
        let (named, view) = (NamedTenant::from_uri(request.uri()), tenant::parse_view_id(request));
        Self { named, view, what: describe(request) }
    }
}

/// Identifies the caller and authorizes them for the tenant of the request. Pages are for people:
/// they accept no token.
async fn identify(
    state: &AppState,
    headers: &HeaderMap,
    access: Access,
    target: RequestTarget,
) -> ApiResult<Option<Authorised>> {
    let now = clock::now();
    let is_for_people = matches!(access, Access::Page | Access::File);
    let token = bearer_token(headers).filter(|_| !is_for_people).map(secret::hash);
    let session = cookie::session(headers).map(|session| secret::hash(&session));
    if token.is_none() && session.is_none() {
        return Ok(None);
    }
    let mut tx = AuthTx::begin_authentication(state.store()).await?;
    let found = match (token, session) {
        (Some(token), _) => tx.principal_of_token(&token, now).await?,
        (None, Some(session)) => {
            let idle = state.limits().session_idle;
            tx.principal_of_session(&session, idle, now).await?.map(|caller| (caller, false))
        }
        (None, None) => None,
    };
    let Some((caller, use_is_due)) = found else { return Ok(None) };
    let RequestTarget { named, view, what } = target;
    let caller = caller.with_request(&what);
    let authorised =
        tenant::authorise(state.store(), tx, caller, named?, access, view?, now).await?;
    if use_is_due && let Authorised::Caller(caller, _) = &authorised {
        record_token_use(state, caller, now).await;
    }
    Ok(Some(authorised))
}

/// Records when a token was last used. A failure is only logged: a read-only database
/// still answers reads.
async fn record_token_use(state: &AppState, caller: &Principal, now: Timestamp) {
    let Actor::Token { id, .. } = caller.actor() else { return };
    let noted = async {
        let mut tx = AuthTx::begin_authentication(state.store()).await?;
        tx.record_token_use(*id, now).await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, "the use of a token was not noted");
    }
}

/// Describes a request for the audit log: method and path.
fn describe(request: &Request) -> String {
    let path: String = request.uri().path().chars().take(200).collect();
    format!("{} {path}", request.method())
}

fn check_access(caller: &Principal, access: Access) -> ApiResult<()> {
    let allowed = match (access, caller.actor()) {
        (Access::Anyone, _) => true,
        (Access::Page | Access::File | Access::Person, actor) => {
            matches!(actor, Actor::User { .. })
        }
        (Access::Internal, _) => caller.is_internal(),
        (Access::Admin, actor) => matches!(actor, Actor::User { role: Role::Admin, .. }),
        (Access::Manager, Actor::User { role, .. }) => role.may_manage(),
        (Access::Ingest, Actor::Token { scopes, .. }) => scopes.contains(&Scope::Ingest),
        (Access::Ingest | Access::Engineer, Actor::User { role, .. }) => role.may_change(),
        (Access::Read, Actor::Token { scopes, .. }) => scopes.contains(&Scope::Read),
        (Access::Receipts, Actor::Token { .. })
        | (Access::Read | Access::Receipts, Actor::User { .. }) => true,
        (Access::Engineer | Access::Manager, Actor::Token { .. }) | (_, Actor::Console) => false,
    };
    if allowed {
        return Ok(());
    }
    Err(Problem::forbidden(match access {
        Access::Ingest => EN.access_ingest(),
        Access::Read => EN.access_read(),
        Access::Engineer => EN.access_engineer(),
        Access::Internal => EN.access_internal(),
        Access::Admin => EN.access_admin(),
        Access::Manager => EN.access_manager(),
        _ => EN.access_person(),
    }))
}

pub(crate) fn rate_limited(wait: Duration) -> Problem {
    count_refusal("rate");
    // `Retry-After` has whole seconds.
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    Problem::too_many(EN.limit_rate(seconds), u64::try_from(seconds).unwrap_or(u64::MAX))
}

fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
