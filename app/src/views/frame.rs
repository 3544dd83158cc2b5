//! What stands around the content of a page: who you are, where you can go.

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

/// The part of the portal that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Are we all right?
    Overview,
    /// What failed, where, since when?
    Failures,
    /// Which slice is it?
    Explore,
    /// What happened to this serial number?
    Units,
    /// Did my data arrive?
    Uploads,
    /// All partners, for internal people.
    Partners,
    /// A person's own log-ins.
    Account,
}

/// A page: asks, and shows what is answered.
#[component]
pub fn Page<T, L, F, S>(
    /// Where the page belongs.
    section: Section,
    /// Asks.
    load: L,
    /// Shows the answer.
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
            return view! { <Sorry failure=Failure { status: 500, message }/> }.into_any();
        };
        let viewer = match backend.viewer().await {
            Ok(viewer) => viewer,
            // There is no such tenant, or it is not the reader's.
            Err(failure) if failure.status == 404 => {
                if let Some(status) = use_context::<PageStatus>() {
                    status.set(404);
                }
                return view! { <NotFound/> }.into_any();
            }
            Err(failure) => return view! { <Sorry failure/> }.into_any(),
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
                view! { <Frame viewer section><Nothing/></Frame> }.into_any()
            }
            Err(failure) => view! { <Sorry failure/> }.into_any(),
        }
    })
}

/// Whether the viewer may send results and decide what counts.
pub(crate) fn may_change() -> bool {
    use_context::<Viewer>().is_some_and(|viewer| viewer.role.may_change())
}

/// The head of a page for somebody who is logged in, and its content.
#[component]
fn Frame(viewer: Viewer, section: Section, children: Children) -> impl IntoView {
    let t = use_locale();
    let Viewer { email, role, partner, has_several_partners, .. } = viewer;
    let switch = has_several_partners && partner.is_some();
    let zone = partner.as_ref().map(|partner| t.page_zone(&partner.zone));
    // A page about the reader alone leads to the partner too.
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
        <main id="main" tabindex="-1">{notice::told()}{children()}</main>
    }
}

/// There is no such thing, or it is another partner's.
#[component]
fn Nothing() -> impl IntoView {
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

/// A page that has nothing to show, because something is wrong.
#[component]
pub fn Sorry(
    /// What is wrong.
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
