//! The page of a wrong address.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::backend::{Failure, PageStatus};

/// The same whether it does not exist or belongs to somebody else.
#[component]
pub fn NotFound() -> impl IntoView {
    if let Some(failure) = use_context::<Failure>() {
        return view! { <Refused failure/> }.into_any();
    }
    view! {
        <Title text="Not found"/>
        <main id="main" class="lonely">
            <p><a class="brand" href="/"><span class="brand-mark" aria-hidden="true"></span>"Firstpass"</a></p>
            <h1>"There is no such page"</h1>
            <p>"The address may be mistyped, or what was here belongs to another partner."</p>
            <p><a class="button" href="/">"Go to the overview"</a></p>
        </main>
    }
    .into_any()
}

/// What a form asked for was not done: this is no address, but the answer to it.
#[component]
fn Refused(failure: Failure) -> impl IntoView {
    let Failure { status, message } = failure;
    if let Some(page) = use_context::<PageStatus>() {
        page.set(status);
    }
    let (message, on, way) = match status {
        401 => {
            let ended = "Your session has ended. Sign in, then send it again.";
            (ended.to_owned(), "/login", "Sign in")
        }
        404 => {
            let gone = "What it was about is not there, or belongs to another partner.".to_owned();
            (gone, "/", "Go to the overview")
        }
        _ => (message, "/", "Go to the overview"),
    };
    view! {
        <Title text="Refused"/>
        <main id="main" class="lonely">
            <p><a class="brand" href="/"><span class="brand-mark" aria-hidden="true"></span>"Firstpass"</a></p>
            <h1>"The request was refused"</h1>
            <p class="error" role="alert">{message}</p>
            <p>"Go back in the browser to correct it; what you filled in is still there."</p>
            <p><a class="button" href=on>{way}</a></p>
        </main>
    }
}
