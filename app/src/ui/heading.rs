//! The heading of a page.

use leptos::prelude::*;

/// A noun, and below it the question that the page answers.
#[component]
pub fn Heading(
    /// The noun.
    title: &'static str,
    /// The question.
    question: &'static str,
) -> impl IntoView {
    view! {
        <hgroup>
            <h1>{title}</h1>
            <p>{question}</p>
        </hgroup>
    }
}
