//! What codes mean, beside the codes.

use leptos::prelude::*;

use crate::model::Meaning;

/// What is published about a code.
#[component]
pub fn Meant(
    /// What is published.
    meaning: Meaning,
) -> impl IntoView {
    let Meaning { code, name, says, advice } = meaning;
    view! {
        <p class="meaning">
            <span class="meaning-says" title=name>{code}": "{says}"."</span>
            {advice.map(|advice| view! { " "<span class="quiet-text">{advice}</span> })}
        </p>
    }
}
