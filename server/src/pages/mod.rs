//! Rendering the pages of `app`, and answering what they ask.

mod backend;
pub mod errors;
pub mod files;

use std::sync::{Arc, Once};

use app::backend::{ApiReference, BackendHandle, Failure, PageStatus, Sent, SiteAddress, View};
use app::routes;
use app::shell::{Site, shell};
use app::ui::notice::Notice;
use app::views::{self, Bundle};
use axum::body::Body;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, Uri, header};
use leptos::nonce::Nonce;
use leptos::prelude::provide_context;
use store::{AuthTx, Principal};

use crate::assets;
use crate::auth::Caller;
use crate::auth::tenant::ViewId;
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;
use crate::web::compression::Coding;
use crate::web::context::CspNonce;
use crate::web::notice;
use crate::web::site::site_address;
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
        Err(problem) => problem.into_response(),
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
        Err(problem) => problem.into_response(),
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

fn backend_of(state: AppState, principal: Principal) -> BackendHandle {
    BackendHandle(Arc::new(ServerBackend::new(state, principal)))
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
