//! Rendering the pages of `app`, and answering what they ask.

mod backend;
pub mod files;

use std::sync::{Arc, Once};

use app::backend::{
    Account, Answer, Backend, BackendHandle, Failure, Overview, OverviewQuery, PageStatus,
    PartnerFigures, ReceiptList, ReceiptView, Search, UnitHistory, UnitList, Viewer,
};
use app::routes;
use app::shell::{Site, shell};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use leptos::nonce::Nonce;
use leptos::prelude::provide_context;
use store::Principal;

use crate::assets;
use crate::auth::Caller;
use crate::observe::CspNonce;
use crate::problem::Problem;
use crate::state::AppState;
use backend::ServerBackend;

/// A page for the caller, if the route has one.
pub async fn render(
    State(state): State<AppState>,
    caller: Option<Caller>,
    request: Request,
) -> Response {
    let principal = caller.map(|Caller(principal)| principal);
    let backend = principal.map(|principal| backend_of(state, principal));
    page(request, backend).await
}

/// A page that asks nothing.
pub async fn render_public(request: Request) -> Response {
    page(request, None).await
}

/// The page that says that there is none, and why.
pub async fn sorry(request: Request, problem: &Problem) -> Response {
    let failure = backend::failure_of(problem);
    let backend = BackendHandle(Arc::new(Failing(failure)));
    page(request, Some(backend)).await
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

    fn account(&self) -> Answer<'_, Account> {
        Box::pin(async { Err(self.0.clone()) })
    }

    fn units(&self, _: Search) -> Answer<'_, UnitList> {
        Box::pin(async { Err(self.0.clone()) })
    }

    fn unit(&self, _: String) -> Answer<'_, UnitHistory> {
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

async fn page(request: Request, backend: Option<BackendHandle>) -> Response {
    static EXECUTOR: Once = Once::new();
    // Without it the first render panics; a second call is an error that means nothing.
    EXECUTOR.call_once(|| drop(any_spawner::Executor::init_tokio()));

    let site = Site {
        assets: assets::are_here().then(|| format!("/pkg/{}", assets::build())),
        islands: routes::has_islands(request.uri().path()),
    };
    let nonce = request.extensions().get::<CspNonce>().cloned();
    let status = PageStatus::default();
    let context = {
        let status = status.clone();
        move || {
            provide_context(status.clone());
            if let Some(CspNonce(nonce)) = &nonce {
                provide_context(Nonce::from_value(Arc::clone(nonce)));
            }
            if let Some(backend) = &backend {
                provide_context(backend.clone());
            }
        }
    };
    let render = leptos_axum::render_app_async_with_context(context, move || shell(site.clone()));
    let mut response = render(request).await.into_response();
    if let Ok(status) = StatusCode::from_u16(status.get())
        && status != StatusCode::OK
    {
        *response.status_mut() = status;
    }
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}
