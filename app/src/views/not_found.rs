//! The page of an unknown address, and that of a refused form.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::backend::{Failure, PageStatus};
use crate::ui::locale::use_locale;

/// The page is the same whether the address does not exist or belongs to another tenant.
#[component]
pub fn NotFound() -> impl IntoView {
    if let Some(failure) = use_context::<Failure>() {
        return view! { <FormErrorPage failure/> }.into_any();
    }
    let t = use_locale();
    view! {
        <Title text=t.page_not_found()/>
        <main id="main" class="lonely">
            <p><a class="brand" href="/"><span class="brand-mark" aria-hidden="true"></span>{t.brand()}</a></p>
            <h1>{t.page_not_found()}</h1>
            <p>{t.page_not_found_hint()}</p>
            <p><a class="button" href="/">{t.page_to_overview()}</a></p>
        </main>
    }
    .into_any()
}

/// Error page of a form: the response to a refused POST request.
#[component]
fn FormErrorPage(failure: Failure) -> impl IntoView {
    let t = use_locale();
    let Failure { status, message } = failure;
    if let Some(page) = use_context::<PageStatus>() {
        page.set(status);
    }
    let (message, on, way) = match status {
        401 => (t.page_refused_session().to_owned(), "/login", t.login_title()),
        404 => (t.page_refused_gone().to_owned(), "/", t.page_to_overview()),
        _ => (message, "/", t.page_to_overview()),
    };
    view! {
        <Title text=t.page_refused_title()/>
        <main id="main" class="lonely">
            <p><a class="brand" href="/"><span class="brand-mark" aria-hidden="true"></span>{t.brand()}</a></p>
            <h1>{t.page_refused()}</h1>
            <p class="error" role="alert">{message}</p>
            <p>{t.page_refused_hint()}</p>
            <p><a class="button" href=on>{way}</a></p>
        </main>
    }
}
