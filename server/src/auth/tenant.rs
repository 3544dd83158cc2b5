//! Determines the tenant of a request from its address, and authorizes the caller for it.
//!
//! Pages have addresses under `/t/{tenant}/…`; programs name the tenant with `tenant=` if their
//! credential is for more than one. The tenant in an address is untrusted until it is
//! authorised here, on each request; the transaction's tenant comes from that decision.

use std::fmt;

use axum::extract::{FromRequestParts, Request};
use domain::{TenantId, Timestamp};
use http::Uri;
use http::request::Parts;
use store::{Actor, AuthTx, Principal, Store};
use uuid::Uuid;

use super::{Access, check_access};
use crate::problem::{ApiResult, EN, Problem};

/// The header with the id of the view that a page's request belongs to.
pub const VIEW_ID: &str = "x-view-id";

/// Path prefix of tenant administration; the next segment names the tenant.
const MANAGED: &str = "/api/v1/admin/tenants/";

/// The tenant that a request names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NamedTenant {
    /// Nothing.
    Nothing,
    /// A slug in the path of a page.
    Page(String),
    /// A slug in the query of a program's request.
    Parameter(String),
    /// All tenants: `tenant=*`.
    All,
}

/// The queries that internal people may ask of all tenants at once.
const MERGED: [&str; 4] = ["/api/v1/yield", "/api/v1/pareto", "/api/v1/rty", "/api/v1/units"];

/// The audited view that a request belongs to, for an internal person.
#[derive(Debug, Clone, Copy)]
pub struct ViewId(pub Uuid);

impl NamedTenant {
    /// # Errors
    /// 400 if the query names more than one.
    pub(super) fn from_uri(uri: &Uri) -> ApiResult<Self> {
        let path = uri.path();
        if let Some(rest) = path.strip_prefix("/t/") {
            return Ok(Self::Page(rest.split('/').next().unwrap_or_default().to_owned()));
        }
        if let Some(rest) = path.strip_prefix(MANAGED) {
            return Ok(Self::Parameter(rest.split('/').next().unwrap_or_default().to_owned()));
        }
        let query = uri.query().unwrap_or_default();
        let mut named =
            form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "tenant");
        match (named.next(), named.next()) {
            (None, _) => Ok(Self::Nothing),
            (Some((_, slug)), None) if slug == "*" => match MERGED.contains(&path) {
                true => Ok(Self::All),
                false => Err(invalid_tenant(EN.cause_tenant_all())),
            },
            (Some((_, slug)), None) => Ok(Self::Parameter(slug.into_owned())),
            (Some(_), Some(_)) => Err(invalid_tenant(EN.cause_twice())),
        }
    }
}

/// The result of authorization.
#[derive(Debug)]
pub(super) enum Authorised {
    /// The caller for the tenant that the request names, and for an internal person the view.
    Caller(Principal, Option<ViewId>),
    /// An internal person, for all tenants.
    All(Principal),
    /// The page names a former slug of the tenant; this is the current one.
    Moved(String),
}

/// Authorizes the caller for the tenant that the request names.
///
/// # Errors
/// 400 if a caller with access to several tenants names none, or a token names one; 403
/// if `access` is not for the caller's role, or the tenant is suspended; 404 for a tenant
/// that does not exist, or that the caller may not see. Attempts of internal people on
/// nonexistent tenants are audited.
pub(super) async fn authorise(
    store: &Store,
    tx: AuthTx,
    caller: Principal,
    named: NamedTenant,
    access: Access,
    view: Option<Uuid>,
    now: Timestamp,
) -> ApiResult<Authorised> {
    if matches!(caller.actor(), Actor::User { .. }) && !caller.is_internal() {
        return authorise_member(tx, caller, named, access).await;
    }
    // Checked first: callers without access must not learn which tenants exist.
    check_access(&caller, access)?;
    match (named, caller.actor()) {
        (NamedTenant::Nothing, _) if caller.tenant().is_some() || !access.needs_tenant() => {
            tx.commit().await?;
            Ok(Authorised::Caller(caller, None))
        }
        (NamedTenant::Nothing, _) => Err(invalid_tenant(EN.cause_tenant_missing())),
        (_, Actor::Token { .. }) => Err(invalid_tenant(EN.cause_tenant_of_token())),
        (NamedTenant::All, _) => {
            tx.commit().await?;
            Ok(Authorised::All(caller))
        }
        (NamedTenant::Page(slug), _) => {
            authorise_internal(store, tx, caller, &slug, true, view, now).await
        }
        (NamedTenant::Parameter(slug), _) => {
            authorise_internal(store, tx, caller, &slug, false, view, now).await
        }
    }
}

/// Authorizes a partner's person for the named tenant, or else for their only one.
async fn authorise_member(
    mut tx: AuthTx,
    caller: Principal,
    named: NamedTenant,
    access: Access,
) -> ApiResult<Authorised> {
    let members = caller.memberships();
    let (slug, is_page) = match named {
        NamedTenant::Nothing => (None, false),
        NamedTenant::Page(slug) => (Some(slug), true),
        NamedTenant::Parameter(slug) => (Some(slug), false),
        NamedTenant::All => return Err(Problem::not_found()),
    };
    let membership = match (&slug, members) {
        (Some(slug), _) => members.iter().find(|it| it.slug == *slug),
        (None, [one]) if access.needs_tenant() || !one.is_suspended => Some(one),
        (None, _) if access.needs_tenant() => {
            return Err(invalid_tenant(EN.cause_tenant_missing()));
        }
        (None, _) => None,
    };
    let Some(membership) = membership else {
        return match slug {
            Some(slug) => match find_former_slug(&mut tx, &slug, is_page).await? {
                Some((tenant, current)) if members.iter().any(|it| it.tenant == tenant) => {
                    Ok(Authorised::Moved(current))
                }
                _ => Err(Problem::not_found()),
            },
            None => {
                check_access(&caller, access)?;
                tx.commit().await?;
                Ok(Authorised::Caller(caller, None))
            }
        };
    };
    let caller = caller
        .for_tenant(membership.tenant)
        .ok_or_else(|| Problem::forbidden(EN.access_suspended()))?;
    check_access(&caller, access)?;
    tx.commit().await?;
    Ok(Authorised::Caller(caller, None))
}

/// Authorizes an internal person for the tenant of a slug.
async fn authorise_internal(
    store: &Store,
    mut tx: AuthTx,
    caller: Principal,
    slug: &str,
    is_page: bool,
    view: Option<Uuid>,
    now: Timestamp,
) -> ApiResult<Authorised> {
    if let Some(found) = tx.tenant_by_slug(slug).await? {
        tx.commit().await?;
        // Identification may be lost in a crash, the audit log may not: a durable transaction.
        let mut tx = AuthTx::begin(store).await?;
        let admitted = tx.audit_internal_access(&caller, found, view).await?;
        tx.commit().await?;
        let (caller, view) = admitted.ok_or_else(Problem::not_found)?;
        return Ok(Authorised::Caller(caller, Some(ViewId(view))));
    }
    if let Some((_, current)) = find_former_slug(&mut tx, slug, is_page).await? {
        return Ok(Authorised::Moved(current));
    }
    tx.commit().await?;
    // Untrusted input: truncated to the maximum length of a slug.
    let slug: String = slug.chars().filter(|it| !it.is_control()).take(63).collect();
    let detail = serde_json::json!({ "tenant": slug });
    let mut tx = AuthTx::begin(store).await?;
    tx.audit(&caller.label(), "look at a partner that is not there", detail, now).await?;
    tx.commit().await?;
    Err(Problem::not_found())
}

/// Finds the tenant that had that slug before, and its current slug; only for pages.
async fn find_former_slug(
    tx: &mut AuthTx,
    slug: &str,
    is_page: bool,
) -> ApiResult<Option<(TenantId, String)>> {
    Ok(if is_page { tx.current_slug(slug).await? } else { None })
}

/// The address of a page under the current slug of its tenant.
pub(super) fn moved_address(uri: &Uri, current: &str) -> String {
    let rest = uri.path().strip_prefix("/t/").unwrap_or_default();
    let rest = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("/t/{current}{rest}{query}")
}

/// Extracts the base path of the pages of a tenant, such as `/t/northwind`.
#[derive(Debug, Clone)]
pub struct TenantBase(String);

impl TenantBase {
    /// `/t/{tenant}`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<S: Sync> FromRequestParts<S> for TenantBase {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match NamedTenant::from_uri(&parts.uri)? {
            NamedTenant::Page(slug) => Ok(Self(format!("/t/{slug}"))),
            _ => Err(Problem::not_found()),
        }
    }
}

/// Removes the parameters `tenant` and `view` from a program's request: handlers
/// take these from their caller. None if it has neither, and for a page, whose
/// path names the tenant: there both are unknown parameters.
pub(super) fn without_tenant(uri: &Uri) -> Option<Uri> {
    let query = uri.query().filter(|_| !uri.path().starts_with("/t/"))?;
    let is_tenant_parameter =
        |pair: &str| ["tenant", "view"].contains(&pair.split('=').next().unwrap_or(""));
    if !query.split('&').any(is_tenant_parameter) {
        return None;
    }
    let remaining: Vec<&str> = query.split('&').filter(|pair| !is_tenant_parameter(pair)).collect();
    let target = match remaining.is_empty() {
        true => uri.path().to_owned(),
        false => format!("{}?{}", uri.path(), remaining.join("&")),
    };
    target.parse().ok()
}

/// Parses the id of the view that a request belongs to: from the header, or from `view=` if a
/// browser cannot send headers.
///
/// # Errors
/// 400 if it is not an id.
pub(super) fn parse_view_id(request: &Request) -> ApiResult<Option<Uuid>> {
    if let Some(view) = request.headers().get(VIEW_ID) {
        let id = view.to_str().ok().and_then(|view| view.parse().ok());
        return id.map(Some).ok_or_else(|| Problem::invalid(VIEW_ID, EN.cause_view()));
    }
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let Some((_, view)) = pairs.find(|(name, _)| name == "view") else { return Ok(None) };
    view.parse().map(Some).map_err(|_| Problem::invalid("view", EN.cause_view()))
}

fn invalid_tenant(why: &str) -> Problem {
    Problem::invalid("tenant", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(address: &str) -> ApiResult<NamedTenant> {
        NamedTenant::from_uri(&address.parse().unwrap())
    }

    #[test]
    fn a_page_names_its_tenant_in_the_path_and_a_program_in_the_query() {
        assert_eq!(
            named("/t/north/units?tenant=south").unwrap(),
            NamedTenant::Page("north".into())
        );
        assert_eq!(named("/t/").unwrap(), NamedTenant::Page(String::new()));
        let query = named("/api/v1/yield?from=2026-01-01&tenant=north").unwrap();
        assert_eq!(query, NamedTenant::Parameter("north".into()));
        assert_eq!(named("/api/v1/yield?tenants=north").unwrap(), NamedTenant::Nothing);
        assert_eq!(named("/live?tenant=a&tenant=b").unwrap_err().status(), 400);
        assert_eq!(named("/api/v1/rty?tenant=*").unwrap(), NamedTenant::All);
        assert_eq!(named("/api/v1/receipts?tenant=*").unwrap_err().status(), 400);
    }

    #[test]
    fn a_page_moves_with_the_slug_of_its_tenant() {
        let moved = |address: &str| moved_address(&address.parse().unwrap(), "new");
        assert_eq!(moved("/t/old/units/A%2F1?q=t/old"), "/t/new/units/A%2F1?q=t/old");
        assert_eq!(moved("/t/old"), "/t/new/");
    }

    #[test]
    fn handlers_see_a_query_without_tenant_and_view() {
        let without = |target: &str| without_tenant(&target.parse().unwrap());
        let remaining = without("/api/v1/yield?tenant=a&from=x%26&view=1").unwrap();
        assert_eq!(remaining, "/api/v1/yield?from=x%26");
        assert_eq!(without("/live?tenant=a").unwrap(), "/live");
        assert_eq!(without("/live?tenants=a"), None);
        assert_eq!(without("/live"), None);
        assert_eq!(without("/t/north/uploads?tenant=south"), None);
    }
}
