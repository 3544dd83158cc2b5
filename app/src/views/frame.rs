//! The page frame: account, navigation, and the content of the page.

use std::sync::Arc;

use leptos::prelude::*;

use super::not_found::NotFound;
use super::{VIEWS, View};
use crate::backend::{Backend, BackendHandle, Failure, PageStatus, Viewer};
use crate::islands::live::Shown;
use crate::ui::locale::use_locale;
use crate::ui::name::Name;
use crate::ui::notice;
use crate::ui::query::in_tenant;

/// The section of the portal that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Yields of all operations.
    Overview,
    /// Failures by code, step or component.
    Failures,
    /// Parameters: stability and capability.
    Measurements,
    /// Linked charts with filters.
    Explore,
    /// Search of units, and the history of one.
    Units,
    /// Uploads and their receipts.
    Uploads,
    /// All partners, for internal people.
    Partners,
    /// A person's own sessions and password.
    Account,
}

/// Loads the data of a page and renders it in the page frame.
#[component]
pub fn Page<T, L, F, S>(
    /// The section of the page.
    section: Section,
    /// Queries the backend.
    load: L,
    /// Renders the result.
    show: S,
) -> impl IntoView
where
    T: Send + 'static,
    L: FnOnce(Arc<dyn Backend>) -> F + Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
    S: FnOnce(T) -> AnyView + Send + 'static,
{
    Suspend::new(async move {
        let Some(BackendHandle(backend)) = use_context() else {
            let message = use_locale().page_without_server().to_owned();
            return view! { <ErrorPage failure=Failure { status: 500, message }/> }.into_any();
        };
        let viewer = match backend.viewer().await {
            Ok(viewer) => viewer,
            // The tenant does not exist, or the reader has no access to it.
            Err(failure) if failure.status == 404 => {
                if let Some(status) = use_context::<PageStatus>() {
                    status.set(404);
                }
                return view! { <NotFound/> }.into_any();
            }
            Err(failure) => return view! { <ErrorPage failure/> }.into_any(),
        };
        let shown = Shown(viewer.mark);
        provide_context(viewer.clone());
        match load(backend).await {
            Ok(answer) => {
                provide_context(shown);
                let content = show(answer);
                view! { <Frame viewer section>{content}</Frame> }.into_any()
            }
            Err(failure) if failure.status == 404 => {
                view! { <Frame viewer section><EmptyState/></Frame> }.into_any()
            }
            Err(failure) => view! { <ErrorPage failure/> }.into_any(),
        }
    })
}

/// Whether the viewer may upload results, void runs and set unit types.
pub(crate) fn may_change() -> bool {
    use_context::<Viewer>().is_some_and(|viewer| viewer.role.may_change())
}

/// The header of a page for a signed-in person, and its content.
#[component]
fn Frame(viewer: Viewer, section: Section, children: Children) -> impl IntoView {
    let t = use_locale();
    let Viewer { email, role, partner, has_several_partners, .. } = viewer;
    let switch = has_several_partners && partner.is_some();
    let zone = partner.as_ref().map(|partner| t.page_zone(&partner.zone));
    // A page without a tenant in its path, such as the account, still links to the partner.
    let base = partner.as_ref().map(|partner| format!("/t/{}", partner.slug));
    let partner = partner.map(|partner| partner.name);
    let home = base.clone().unwrap_or_default() + "/";
    let links = base.map(|base| {
        let link = |view: &View| {
            let path = view.path.strip_prefix("/t/{tenant}")?;
            let current = (view.navigation? == section).then_some("page");
            Some(view! { <a href=format!("{base}{path}") aria-current=current>{(view.title)(t)}</a> })
        };
        VIEWS.iter().filter_map(link).collect::<Vec<_>>()
    });
    view! {
        <a class="skip" href="#main">{t.page_skip()}</a>
        <header class="bar">
            <a class="brand" href=home>
                <span class="brand-mark" aria-hidden="true"></span>
                {t.brand()}
            </a>
            <nav aria-label=t.page_navigation()>{links}</nav>
            <div class="bar-end">
                {partner.map(|name| view! { <span class="partner" title=zone><Name of=name/></span> })}
                {switch.then(|| view! { <a class="button quiet" href="/">{t.page_all_partners()}</a> })}
                <a class="who" href="/account" title=t.page_signed_in(&email, role)>
                    <span class="address">{email.clone()}</span>
                    <span class="word">{t.page_account()}</span>
                </a>
                <form method="post" action="/logout">
                    <button class="quiet">{t.page_sign_out()}</button>
                </form>
            </div>
        </header>
        <main id="main" tabindex="-1">{notice::dialog()}{children()}</main>
    }
}

/// Empty state of a page whose record does not exist or belongs to another partner. Status 404.
#[component]
fn EmptyState() -> impl IntoView {
    if let Some(status) = use_context::<PageStatus>() {
        status.set(404);
    }
    let t = use_locale();
    view! {
        <section class="empty">
            <h1>{t.page_nothing_title()}</h1>
            <p>{t.page_nothing()}</p>
            <p class="actions"><a class="button" href=in_tenant("/units")>{t.page_find_unit()}</a><a class="button" href=in_tenant("/")>{t.page_to_overview()}</a></p>
        </section>
    }
}

/// Error page: the data of the page could not be loaded.
#[component]
pub fn ErrorPage(
    /// The error.
    failure: Failure,
) -> impl IntoView {
    if let Some(status) = use_context::<PageStatus>() {
        status.set(failure.status);
    }
    let t = use_locale();
    view! {
        <main id="main" class="lonely">
            <h1>{t.page_unavailable()}</h1>
            <p>{failure.message}</p>
            <p><a class="button" href="">{t.page_try_again()}</a></p>
        </main>
    }
}
