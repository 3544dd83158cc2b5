//! Which tenant a request is about: named by its address, authorised for its caller.
//!
//! Pages live under `/t/{tenant}/…`; programs name the tenant with `tenant=` where their
//! credential stands for more than one. What an address says counts only after it was
//! authorised here, on each request, and the transaction's tenant comes from that decision.

use std::fmt;

use axum::extract::{FromRequestParts, Request};
use domain::{TenantId, Timestamp};
use http::Uri;
use http::request::Parts;
use store::{Actor, AuthTx, Principal, Store};
use uuid::Uuid;

use super::{Access, permit};
use crate::problem::{ApiResult, EN, Problem};

/// The header by which a page's requests say which view they belong to.
pub const VIEW_ID: &str = "x-view-id";

/// Below this path a tenant is administered, which is named by the next segment.
const MANAGED: &str = "/api/v1/admin/tenants/";

/// What a request says of its tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// Nothing.
    Nothing,
    /// A slug in the path of a page.
    Page(String),
    /// A slug in the query of a program's request.
    Parameter(String),
}

/// The audited view that a request belongs to, for an internal person.
#[derive(Debug, Clone, Copy)]
pub struct ViewId(pub Uuid);

impl Named {
    /// # Errors
    /// 400 where the query names more than one.
    pub(super) fn of(uri: &Uri) -> ApiResult<Self> {
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
            (Some((_, slug)), None) => Ok(Self::Parameter(slug.into_owned())),
            (Some(_), Some(_)) => Err(wrong(EN.cause_twice())),
        }
    }
}

/// What a request is authorised as.
#[derive(Debug)]
pub(super) enum Authorised {
    /// The caller for the tenant that the request names, and for an internal person the view.
    Caller(Principal, Option<ViewId>),
    /// The page names a slug that the tenant had before; it has this one now.
    Moved(String),
}

/// The caller for the tenant that the request names.
///
/// # Errors
/// 400 where somebody who may see more than one tenant names none, or a token names one; 403
/// where `access` is not for the caller's role, or the tenant is suspended; 404 for a tenant
/// that there is not, or that the caller may not see. That an internal person tried one that
/// there is not is audited.
pub(super) async fn authorise(
    store: &Store,
    tx: AuthTx,
    caller: Principal,
    named: Named,
    access: Access,
    view: Option<Uuid>,
    now: Timestamp,
) -> ApiResult<Authorised> {
    if matches!(caller.actor(), Actor::User { .. }) && !caller.is_internal() {
        return authorise_member(tx, caller, named, access).await;
    }
    // Before anything is said about tenants: whoever may not call learns of none.
    permit(&caller, access)?;
    match (named, caller.actor()) {
        (Named::Nothing, _) if caller.tenant().is_some() || !access.needs_tenant() => {
            tx.commit().await?;
            Ok(Authorised::Caller(caller, None))
        }
        (Named::Nothing, _) => Err(wrong(EN.cause_tenant_missing())),
        (_, Actor::Token { .. }) => Err(wrong(EN.cause_tenant_of_token())),
        (Named::Page(slug), _) => {
            authorise_internal(store, tx, caller, &slug, true, view, now).await
        }
        (Named::Parameter(slug), _) => {
            authorise_internal(store, tx, caller, &slug, false, view, now).await
        }
    }
}

/// A partner's person, for the tenant that is named or else their only one.
async fn authorise_member(
    mut tx: AuthTx,
    caller: Principal,
    named: Named,
    access: Access,
) -> ApiResult<Authorised> {
    let members = caller.memberships();
    let (slug, is_page) = match named {
        Named::Nothing => (None, false),
        Named::Page(slug) => (Some(slug), true),
        Named::Parameter(slug) => (Some(slug), false),
    };
    let membership = match (&slug, members) {
        (Some(slug), _) => members.iter().find(|it| it.slug == *slug),
        (None, [one]) if access.needs_tenant() || !one.is_suspended => Some(one),
        (None, _) if access.needs_tenant() => {
            return Err(wrong(EN.cause_tenant_missing()));
        }
        (None, _) => None,
    };
    let Some(membership) = membership else {
        return match slug {
            Some(slug) => match former(&mut tx, &slug, is_page).await? {
                Some((tenant, current)) if members.iter().any(|it| it.tenant == tenant) => {
                    Ok(Authorised::Moved(current))
                }
                _ => Err(Problem::not_found()),
            },
            None => {
                permit(&caller, access)?;
                tx.commit().await?;
                Ok(Authorised::Caller(caller, None))
            }
        };
    };
    let caller = caller
        .for_tenant(membership.tenant)
        .ok_or_else(|| Problem::forbidden(EN.access_suspended()))?;
    permit(&caller, access)?;
    tx.commit().await?;
    Ok(Authorised::Caller(caller, None))
}

/// An internal person, for the tenant of a slug.
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
        // What identifies may be lost in a crash, the audit may not.
        let mut tx = AuthTx::begin(store).await?;
        let admitted = tx.look_at(&caller, found, view).await?;
        tx.commit().await?;
        let (caller, view) = admitted.ok_or_else(Problem::not_found)?;
        return Ok(Authorised::Caller(caller, Some(ViewId(view))));
    }
    if let Some((_, current)) = former(&mut tx, slug, is_page).await? {
        return Ok(Authorised::Moved(current));
    }
    tx.commit().await?;
    // What anybody may type is not kept: at most what a slug may be.
    let slug: String = slug.chars().filter(|it| !it.is_control()).take(63).collect();
    let detail = serde_json::json!({ "tenant": slug });
    let mut tx = AuthTx::begin(store).await?;
    tx.audit(&caller.label(), "look at a partner that is not there", detail, now).await?;
    tx.commit().await?;
    Err(Problem::not_found())
}

/// The tenant that had that slug before, and its slug now, where a page names it.
async fn former(
    tx: &mut AuthTx,
    slug: &str,
    is_page: bool,
) -> ApiResult<Option<(TenantId, String)>> {
    Ok(if is_page { tx.current_slug(slug).await? } else { None })
}

/// The address of a page under the slug that its tenant has now.
pub(super) fn moved_address(uri: &Uri, current: &str) -> String {
    let rest = uri.path().strip_prefix("/t/").unwrap_or_default();
    let rest = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("/t/{current}{rest}{query}")
}

/// Where the pages of the tenant begin that a request is about, such as `/t/northwind`.
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
        match Named::of(&parts.uri)? {
            Named::Page(slug) => Ok(Self(format!("/t/{slug}"))),
            _ => Err(Problem::not_found()),
        }
    }
}

/// The target of a program's request without what it says of its tenant and view: handlers
/// take these from their caller. None where it says nothing of them, and for a page, whose
/// path names the tenant: there both are unknown parameters.
pub(super) fn without_tenant(uri: &Uri) -> Option<Uri> {
    let query = uri.query().filter(|_| !uri.path().starts_with("/t/"))?;
    let is_said = |pair: &str| ["tenant", "view"].contains(&pair.split('=').next().unwrap_or(""));
    if !query.split('&').any(is_said) {
        return None;
    }
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_said(pair)).collect();
    let target = match kept.is_empty() {
        true => uri.path().to_owned(),
        false => format!("{}?{}", uri.path(), kept.join("&")),
    };
    target.parse().ok()
}

/// The view that a request says it belongs to: by the header, or by `view=` where a browser
/// can send none.
///
/// # Errors
/// 400 where it is no id.
pub(super) fn view_of(request: &Request) -> ApiResult<Option<Uuid>> {
    if let Some(view) = request.headers().get(VIEW_ID) {
        let id = view.to_str().ok().and_then(|view| view.parse().ok());
        return id.map(Some).ok_or_else(|| Problem::invalid(VIEW_ID, EN.cause_view()));
    }
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let Some((_, view)) = pairs.find(|(name, _)| name == "view") else { return Ok(None) };
    view.parse().map(Some).map_err(|_| Problem::invalid("view", EN.cause_view()))
}

fn wrong(why: &str) -> Problem {
    Problem::invalid("tenant", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(address: &str) -> ApiResult<Named> {
        Named::of(&address.parse().unwrap())
    }

    #[test]
    fn a_page_names_its_tenant_in_the_path_and_a_program_in_the_query() {
        assert_eq!(named("/t/north/units?tenant=south").unwrap(), Named::Page("north".into()));
        assert_eq!(named("/t/").unwrap(), Named::Page(String::new()));
        let query = named("/api/v1/yield?from=2026-01-01&tenant=north").unwrap();
        assert_eq!(query, Named::Parameter("north".into()));
        assert_eq!(named("/api/v1/yield?tenants=north").unwrap(), Named::Nothing);
        assert_eq!(named("/live?tenant=a&tenant=b").unwrap_err().status(), 400);
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
        let kept = without("/api/v1/yield?tenant=a&from=x%26&view=1").unwrap();
        assert_eq!(kept, "/api/v1/yield?from=x%26");
        assert_eq!(without("/live?tenant=a").unwrap(), "/live");
        assert_eq!(without("/live?tenants=a"), None);
        assert_eq!(without("/live"), None);
        assert_eq!(without("/t/north/uploads?tenant=south"), None);
    }
}
