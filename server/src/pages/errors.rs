//! Errors as pages, for people: a [`Problem`] that a page or a form answered with.

use std::sync::Arc;

use app::backend::{
    Account, Answer, Backend, BackendHandle, Explored, Failure, FailureReport, FailuresQuery,
    Measurements, Overview, OverviewQuery, ParameterPage, ParameterQuery, ParameterReport,
    ParametersQuery, PartnerFigures, ReceiptList, ReceiptView, SavedView, Search, SiteAddress,
    UnitHistory, UnitList, Viewer,
};
use app::explore;
use app::views::VIEWS;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::{Method, StatusCode, Uri, header};

use super::{PageExtras, PageRequest, backend, render_page};
use crate::problem::Problem;
use crate::web::context::is_for_programs;

/// Middleware that renders the problem of a page or a form as a page. A form, and a page
/// whose address is wrong, get a page of their own; another page is rendered without data.
pub async fn render(request: Request, next: Next) -> Response {
    let is_form = is_form(&request);
    if !(is_form || is_page(&request)) {
        return next.run(request).await;
    }
    let page_request = PageRequest::from_request(&request);
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let mut rendered = match is_form || problem.status() == StatusCode::BAD_REQUEST {
        true => refused_page(page_request, &problem).await,
        false => unavailable(page_request, &problem).await,
    };
    for cookie in response.headers().get_all(header::SET_COOKIE) {
        rendered.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    problem.add_headers(&mut rendered);
    rendered
}

/// Whether a person waits for the answer: a form was sent from a page.
fn is_form(request: &Request) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|accepts| accepts.to_str().ok());
    request.method() == Method::POST
        && accepts.is_some_and(|accepts| accepts.starts_with("text/html"))
        && !is_for_programs(request.uri().path())
}

fn is_page(request: &Request) -> bool {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    matches!(*request.method(), Method::GET | Method::HEAD)
        && VIEWS.iter().any(|view| Some(view.path) == path)
}

/// The page of the address, whose data are not available.
async fn unavailable(page_request: PageRequest, problem: &Problem) -> Response {
    let failure = backend::failure_of(problem);
    render_page(
        page_request,
        Some(BackendHandle(Arc::new(FailedBackend(failure)))),
        PageExtras::default(),
    )
    .await
}

/// The answer to a form or an address that was refused.
async fn refused_page(page_request: PageRequest, problem: &Problem) -> Response {
    // No page of its own: the page for addresses that do not exist says why.
    let (uri, site) = (Uri::from_static("/refused"), SiteAddress(String::new()));
    let status = problem.status().as_u16();
    let refused = Failure { status, message: problem.detail().to_owned() };
    let extras = PageExtras { refused: Some(refused), ..PageExtras::default() };
    render_page(PageRequest { uri, site, view: None, api: None, ..page_request }, None, extras)
        .await
}

/// A backend that answers everything with one failure.
struct FailedBackend(Failure);

impl Backend for FailedBackend {
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

    fn parameters(&self, _: ParametersQuery) -> Answer<'_, ParameterPage> {
        Box::pin(async { Err(self.0.clone()) })
    }

    fn parameter(&self, _: ParameterQuery) -> Answer<'_, ParameterReport> {
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
