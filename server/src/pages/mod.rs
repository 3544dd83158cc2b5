//! Rendering the pages of `app`, and answering what they ask.

mod backend;
pub mod files;

use std::sync::{Arc, Once};

use app::backend::{
    Account, Answer, ApiReference, Backend, BackendHandle, Explored, Failure, FailureReport,
    FailuresQuery, Measurements, Overview, OverviewQuery, PageStatus, PartnerFigures, ReceiptList,
    ReceiptView, SavedView, Search, Sent, SiteAddress, UnitHistory, UnitList, View, Viewer,
};
use app::explore;
use app::routes;
use app::shell::{Site, shell};
use app::ui::notice::Notice;
use app::views::{self, Bundle};
use axum::body::Body;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use leptos::nonce::Nonce;
use leptos::prelude::provide_context;
use store::{AuthTx, Principal};

use crate::assets;
use crate::auth::Caller;
use crate::auth::tenant::ViewId;
use crate::forms::notice;
use crate::observe::CspNonce;
use crate::packed::Coding;
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;
use backend::ServerBackend;

/// What is asked for: an address, from where, and under which nonce.
struct Asked {
    uri: Uri,
    site: SiteAddress,
    nonce: Option<CspNonce>,
    coding: Coding,
    view: Option<ViewId>,
    /// What the documentation of the API shows.
    api: Option<ApiReference>,
}

impl Asked {
    fn by(request: &Request) -> Self {
        Self {
            uri: request.uri().clone(),
            site: site_address(request.headers()),
            nonce: request.extensions().get().cloned(),
            coding: Coding::of(request.headers()),
            view: request.extensions().get().copied(),
            api: request.extensions().get().cloned(),
        }
    }
}

/// What a page is told beside what it asks.
#[derive(Clone, Default)]
struct Beside {
    /// What to say once.
    notice: Option<Notice>,
    /// Files that came with the request.
    sent: Option<Sent>,
    /// Why what was asked for was not done.
    refused: Option<Failure>,
}

/// A page for the caller, if the route has one.
pub async fn render(
    State(state): State<AppState>,
    caller: Option<Caller>,
    request: Request,
) -> Response {
    if let Some(address) = routes::unit_redirect(request.uri().path()) {
        return Redirect::to(&address).into_response();
    }
    let principal = caller.map(|Caller(principal)| principal);
    let backend = principal.map(|principal| backend_of(state, principal));
    let notice = notice::of(request.headers());
    let beside = Beside { notice, ..Beside::default() };
    let mut response = page(Asked::by(&request), backend, beside).await;
    if notice.is_some()
        && let Some(clear) = notice::clear()
    {
        response.headers_mut().append(header::SET_COOKIE, clear);
    }
    response
}

/// `/`: leads a partner's people to their pages, and shows internal people all partners.
pub async fn home(
    State(state): State<AppState>,
    Caller(principal): Caller,
    request: Request,
) -> Response {
    match tenant_home(&state, &principal).await {
        Ok(Some(home)) => Redirect::to(&with_query(&format!("{home}/"), &request)).into_response(),
        Ok(None) => render(State(state), Some(Caller(principal)), request).await,
        Err(problem) => sorry(request, &problem).await,
    }
}

/// The addresses of pages from before they named their tenant: leads people who have one
/// tenant to the page, for good, and internal people to all partners.
pub async fn moved(
    State(state): State<AppState>,
    Caller(principal): Caller,
    request: Request,
) -> Response {
    let path = request.uri().path();
    match tenant_home(&state, &principal).await {
        Ok(Some(home)) => {
            Redirect::permanent(&with_query(&format!("{home}{path}"), &request)).into_response()
        }
        Ok(None) => Redirect::to("/").into_response(),
        Err(problem) => sorry(request, &problem).await,
    }
}

/// `/t/{tenant}` is the overview, whose address ends in a slash.
pub async fn with_slash(request: Request) -> Response {
    Redirect::permanent(&with_query(&format!("{}/", request.uri().path()), &request))
        .into_response()
}

/// Where the pages of the caller's own tenant begin, such as `/t/northwind`.
async fn tenant_home(state: &AppState, principal: &Principal) -> ApiResult<Option<String>> {
    let Some(tenant) = principal.tenant() else { return Ok(None) };
    let mut tx = AuthTx::begin(state.store()).await?;
    let slug = tx.tenant_slug(tenant).await?;
    Ok(slug.map(|slug| format!("/t/{slug}")))
}

fn with_query(path: &str, request: &Request) -> String {
    match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

/// The page that files were sent from, with what came of each.
pub async fn render_sent(
    state: AppState,
    principal: Principal,
    request: Request,
    sent: Sent,
) -> Response {
    let beside = Beside { sent: Some(sent), ..Beside::default() };
    page(Asked::by(&request), Some(backend_of(state, principal)), beside).await
}

/// A page that asks nothing.
pub async fn render_public(request: Request) -> Response {
    page(Asked::by(&request), None, Beside::default()).await
}

/// The page that says that there is none, and why.
pub async fn sorry(request: Request, problem: &Problem) -> Response {
    let failure = backend::failure_of(problem);
    let backend = BackendHandle(Arc::new(Failing(failure)));
    let mut response = page(Asked::by(&request), Some(backend), Beside::default()).await;
    problem.add_headers(&mut response);
    response
}

/// The answer to a form that was not heeded.
pub async fn refusal(nonce: CspNonce, problem: &Problem) -> Response {
    // No page of its own: what stands there where there is none.
    let uri = Uri::from_static("/refused");
    let (site, coding) = (SiteAddress(String::new()), Coding::Identity);
    let asked = Asked { uri, site, nonce: Some(nonce), coding, view: None, api: None };
    let status = problem.status().as_u16();
    let refused = Failure { status, message: problem.detail().to_owned() };
    let beside = Beside { refused: Some(refused), ..Beside::default() };
    let mut response = page(asked, None, beside).await;
    problem.add_headers(&mut response);
    response
}

/// A backend that answers everything with one failure.
struct Failing(Failure);

impl Backend for Failing {
    fn viewer(&self) -> Answer<'_, Viewer> {
        Box::pin(async { Err(self.0.clone()) })
    }

    fn partners(&self) -> Answer<'_, Vec<PartnerFigures>> {
        Box::pin(async { Err(self.0.clone()) })
    }

    fn overview(&self, _: OverviewQuery) -> Answer<'_, Overview> {
        Box::pin(async { Err(self.0.clone()) })
    }

    fn failures(&self, _: FailuresQuery) -> Answer<'_, FailureReport> {
        Box::pin(async { Err(self.0.clone()) })
    }

    fn measurements(&self, _: String) -> Answer<'_, Measurements> {
        Box::pin(async { Err(self.0.clone()) })
    }

    fn views(&self) -> Answer<'_, Vec<SavedView>> {
        Box::pin(async { Err(self.0.clone()) })
    }

    fn explored(&self, _: explore::State) -> Answer<'_, Explored> {
        Box::pin(async { Err(self.0.clone()) })
    }

    fn account(&self) -> Answer<'_, Account> {
        Box::pin(async { Err(self.0.clone()) })
    }

    fn units(&self, _: Search) -> Answer<'_, UnitList> {
        Box::pin(async { Err(self.0.clone()) })
    }

    fn unit(&self, _: String, _: Option<String>) -> Answer<'_, UnitHistory> {
        Box::pin(async { Err(self.0.clone()) })
    }

    fn receipts(&self, _: Option<String>) -> Answer<'_, ReceiptList> {
        Box::pin(async { Err(self.0.clone()) })
    }

    fn receipt(&self, _: String, _: Option<String>) -> Answer<'_, ReceiptView> {
        Box::pin(async { Err(self.0.clone()) })
    }
}

fn backend_of(state: AppState, principal: Principal) -> BackendHandle {
    BackendHandle(Arc::new(ServerBackend::new(state, principal)))
}

/// Where this site is reached. Off loopback it is behind TLS, or it would not be served.
pub(crate) fn site_address(headers: &HeaderMap) -> SiteAddress {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let loopback = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|name| host == *name || host.strip_prefix(name).is_some_and(|it| it.starts_with(':')));
    let scheme = if loopback { "http" } else { "https" };
    SiteAddress(format!("{scheme}://{host}"))
}

async fn page(asked: Asked, backend: Option<BackendHandle>, beside: Beside) -> Response {
    static EXECUTOR: Once = Once::new();
    // Without it the first render panics; a second call is an error that means nothing.
    EXECUTOR.call_once(|| drop(any_spawner::Executor::init_tokio()));

    let site = Site {
        assets: assets::are_here().then(|| format!("/pkg/{}", assets::build())),
        bundle: views::find(asked.uri.path()).map_or(Bundle::None, |view| view.bundle),
    };
    let Asked { uri, site: address, nonce, coding, view, api } = asked;
    let status = PageStatus::default();
    let request = routes::RequestAddress::new(uri.path(), uri.query().unwrap_or_default());
    let context = {
        let status = status.clone();
        move || {
            provide_context(status.clone());
            provide_context(request.clone());
            if let Some(ViewId(view)) = view {
                provide_context(View(view.to_string()));
            }
            if let Some(CspNonce(nonce)) = &nonce {
                provide_context(Nonce::from_value(Arc::clone(nonce)));
            }
            if let Some(backend) = &backend {
                provide_context(backend.clone());
            }
            provide_context(address.clone());
            if let Some(api) = &api {
                provide_context(api.clone());
            }
            if let Some(notice) = beside.notice {
                provide_context(notice);
            }
            if let Some(sent) = &beside.sent {
                provide_context(sent.clone());
            }
            if let Some(refused) = &beside.refused {
                provide_context(refused.clone());
            }
        }
    };
    let render = leptos_axum::render_app_async_with_context(context, move || shell(site.clone()));
    // The rendering reads the address; method and body are none of its business.
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = uri;
    let mut response = render(request).await.into_response();
    if let Ok(status) = StatusCode::from_u16(status.get())
        && status != StatusCode::OK
    {
        *response.status_mut() = status;
    }
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    pack(response, coding).await
}

/// A page as its reader takes it. It repeats itself a lot, and holds no secret that somebody
/// could guess by its length: who posts is told by where the request comes from.
async fn pack(response: Response, coding: Coding) -> Response {
    let (mut parts, body) = response.into_parts();
    parts.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let Some(name) = coding.name() else { return Response::from_parts(parts, body) };
    let packed = match to_bytes(body, usize::MAX).await {
        Ok(page) => coding.pack(page).ok(),
        Err(_) => None,
    };
    let Some(packed) = packed else { return Problem::internal().into_response() };
    parts.headers.insert(header::CONTENT_ENCODING, name);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, packed.into())
}
