//! What stands around the content of a page: who you are, where you can go.

use leptos::prelude::*;

use crate::backend::{Failure, PageStatus, Viewer};

/// The head of a page for somebody who is logged in, and its content.
#[component]
pub fn Frame(
    /// Who looks.
    viewer: Viewer,
    /// The content.
    children: Children,
) -> impl IntoView {
    let Viewer { email, role, partner, .. } = viewer;
    let switch = role.is_internal() && partner.is_some();
    let partner = partner.map(|partner| partner.name);
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <header class="bar">
            <a class="brand" href="/">
                <span class="brand-mark" aria-hidden="true"></span>
                "Firstpass"
            </a>
            <nav aria-label="Pages">
                <a href="/" aria-current="page">"Overview"</a>
            </nav>
            <div class="bar-end">
                {partner.map(|name| view! { <span class="partner">{name}</span> })}
                {switch.then(|| view! {
                    <form method="post" action="/partner">
                        <input type="hidden" name="tenant" value=""/>
                        <button class="quiet">"Other partner"</button>
                    </form>
                })}
                <span class="who" title=format!("Signed in as {role}")>{email}</span>
                <form method="post" action="/logout">
                    <button class="quiet">"Sign out"</button>
                </form>
            </div>
        </header>
        <main id="main" tabindex="-1">{children()}</main>
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
    view! {
        <main id="main" class="lonely">
            <h1>"This page is not available right now"</h1>
            <p>{failure.message}</p>
            <p><a class="button" href="">"Try again"</a></p>
        </main>
    }
}
