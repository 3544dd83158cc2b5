//! Why there is nothing, and what to do.

use leptos::prelude::*;

/// Stands where something would be.
#[component]
pub fn Empty(
    /// Why there is nothing.
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
