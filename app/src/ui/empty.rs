//! Empty state: why there is no content, and what to do.

use leptos::prelude::*;

/// Replaces content that does not exist.
#[component]
pub fn Empty(
    /// Why there is no content.
    title: String,
    /// What to do.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="empty">
            <h2>{title}</h2>
            {children()}
        </section>
    }
}
