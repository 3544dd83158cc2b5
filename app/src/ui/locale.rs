//! The language of the page, and sentences with links in them.

use leptos::prelude::*;
use messages::{Locale, Part};

/// The language of the page: on the server from the context, in the browser from the document.
#[must_use]
pub fn use_locale() -> Locale {
    #[cfg(target_arch = "wasm32")]
    let known = document()
        .document_element()
        .and_then(|root| root.get_attribute("lang"))
        .and_then(|tag| Locale::from_tag(&tag));
    #[cfg(not(target_arch = "wasm32"))]
    let known = use_context::<Locale>();
    known.unwrap_or_default()
}

/// A sentence that holds elements.
pub(crate) fn sentence(parts: Vec<Part<AnyView>>) -> Vec<AnyView> {
    parts
        .into_iter()
        .map(|part| match part {
            Part::Text(text) => text.into_any(),
            Part::View(view) => view,
        })
        .collect()
}
