//! Server-side rendering of the pages of `app`, and their backend.

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
use messages::Locale;
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

/// The request of a page: the parts that rendering needs.
struct PageRequest {
    uri: Uri,
    site: SiteAddress,
    nonce: Option<CspNonce>,
    coding: Coding,
    view: Option<ViewId>,
    /// The content of the API documentation.
    api: Option<ApiReference>,
    locale: Locale,
}

impl PageRequest {
    fn from_request(request: &Request) -> Self {
        Self {
            uri: request.uri().clone(),
            site: site_address(request.headers()),
            nonce: request.extensions().get().cloned(),
            coding: Coding::from_headers(request.headers()),
            view: request.extensions().get().copied(),
            api: request.extensions().get().cloned(),
            locale: locale(request),
        }
    }
}

/// The language of a page: that which the person chose, else the one that the browser prefers.
pub(crate) fn locale(request: &Request) -> Locale {
    let caller = request.extensions().get::<Caller>();
    let chosen = caller.and_then(|Caller(principal)| principal.language());
    let offers = request.headers().get_all(header::ACCEPT_LANGUAGE).iter();
    let offers: Vec<_> = offers.filter_map(|value| value.to_str().ok()).collect();
    chosen.and_then(Locale::from_tag).unwrap_or_else(|| Locale::negotiate(&offers.join(",")))
}

/// Further context of a page, besides its backend.
#[derive(Clone, Default)]
struct PageExtras {
    /// The flash message.
    notice: Option<Notice>,
    /// Results of files that were uploaded with the request.
    sent: Option<Sent>,
    /// Why the form was rejected.
    refused: Option<Failure>,
}

/// Renders a page for the caller, if the route has one.
pub async fn render(
    State(state): State<AppState>,
    caller: Option<Caller>,
    request: Request,
) -> Response {
    if let Some(address) = routes::unit_redirect(request.uri().path()) {
        return Redirect::to(&address).into_response();
    }
    let principal = caller.map(|Caller(principal)| principal);
    let backend = principal.map(|principal| backend_for(state, principal));
    let notice = notice::from_headers(request.headers());
    let extras = PageExtras { notice, ..PageExtras::default() };
    let mut response = render_page(PageRequest::from_request(&request), backend, extras).await;
    if notice.is_some()
        && let Some(clear) = notice::clear()
    {
        response.headers_mut().append(header::SET_COOKIE, clear);
    }
    response
}

/// `/`: redirects a partner's people to their pages, and shows internal people all partners.
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

/// Legacy addresses of pages, without their tenant: redirects people with one
/// tenant to the page, permanently, and internal people to all partners.
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

/// Redirects `/t/{tenant}` to the overview, whose address ends in a slash.
pub async fn with_slash(request: Request) -> Response {
    Redirect::permanent(&with_query(&format!("{}/", request.uri().path()), &request))
        .into_response()
}

/// The base path of the pages of the caller's own tenant, such as `/t/northwind`.
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

/// Renders the upload page with the result of each file.
pub async fn render_sent(
    state: AppState,
    principal: Principal,
    request: Request,
    sent: Sent,
) -> Response {
    let extras = PageExtras { sent: Some(sent), ..PageExtras::default() };
    render_page(PageRequest::from_request(&request), Some(backend_for(state, principal)), extras)
        .await
}

/// Renders a page without a backend.
pub async fn render_public(request: Request) -> Response {
    render_page(PageRequest::from_request(&request), None, PageExtras::default()).await
}

fn backend_for(state: AppState, principal: Principal) -> BackendHandle {
    BackendHandle(Arc::new(ServerBackend::new(state, principal)))
}

async fn render_page(
    page_request: PageRequest,
    backend: Option<BackendHandle>,
    extras: PageExtras,
) -> Response {
    static EXECUTOR: Once = Once::new();
    // The first render panics without it; the error of a second call is harmless.
    EXECUTOR.call_once(|| drop(any_spawner::Executor::init_tokio()));

    let site = Site {
        assets: assets::are_available().then(|| format!("/pkg/{}", assets::build())),
        bundle: views::find(page_request.uri.path()).map_or(Bundle::None, |view| view.bundle),
    };
    let PageRequest { uri, site: address, nonce, coding, view, api, locale } = page_request;
    let status = PageStatus::default();
    let request = routes::RequestAddress::new(uri.path(), uri.query().unwrap_or_default());
    let context = {
        let status = status.clone();
        move || {
            provide_context(status.clone());
            provide_context(locale);
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
            if let Some(notice) = extras.notice {
                provide_context(notice);
            }
            if let Some(sent) = &extras.sent {
                provide_context(sent.clone());
            }
            if let Some(refused) = &extras.refused {
                provide_context(refused.clone());
            }
        }
    };
    let render = leptos_axum::render_app_async_with_context(context, move || shell(site.clone()));
    // Rendering only needs the address, not the method and the body.
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
    compress(response, coding).await
}

/// Compresses a page. Pages are repetitive, and contain no secret that the compressed length
/// could leak (BREACH): forms are protected by the origin check instead of a token.
async fn compress(response: Response, coding: Coding) -> Response {
    let (mut parts, body) = response.into_parts();
    parts
        .headers
        .insert(header::VARY, HeaderValue::from_static("accept-encoding, accept-language"));
    let Some(name) = coding.name() else { return Response::from_parts(parts, body) };
    let compressed = match to_bytes(body, usize::MAX).await {
        Ok(bytes) => coding.compress(bytes).ok(),
        Err(_) => None,
    };
    let Some(compressed) = compressed else { return Problem::internal().into_response() };
    parts.headers.insert(header::CONTENT_ENCODING, name);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, compressed.into())
}
