//! The page of a wrong address.

use leptos::prelude::*;
use leptos_meta::Title;

/// The same whether it does not exist or belongs to somebody else.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Title text="Not found"/>
        <main id="main" class="lonely">
            <p><a class="brand" href="/"><span class="brand-mark" aria-hidden="true"></span>"Firstpass"</a></p>
            <h1>"There is no such page"</h1>
            <p>"The address may be mistyped, or what was here belongs to another partner."</p>
            <p><a class="button" href="/">"Go to the overview"</a></p>
        </main>
    }
}
