//! Published meanings of codes.

use leptos::prelude::*;

use crate::model::Meaning;

/// The published meaning of a code.
#[component]
pub fn CodeMeaning(
    /// The meaning.
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
