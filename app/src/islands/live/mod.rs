//! Live updates: the page learns that its figures are out of date, asks for itself again,
//! and takes over what changed. Its regions that are renewed say so with `data-live`.

mod follow;
mod leader;
mod renew;

use leptos::prelude::*;

use crate::backend::{View, Viewer};

pub use self::follow::begin;

/// The mark of the data that the page shows, for [`LiveState`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown(pub(crate) i64);

/// The slug of the tenant that an internal person looks at, and their view.
pub(crate) fn viewed() -> Option<(String, String)> {
    let View(view) = use_context()?;
    let partner = use_context::<Viewer>()?.partner?;
    Some((partner.slug, view))
}

/// Asks for the page to be kept up to date, and is where the reader is told that it is:
/// nothing, until WASM is there.
#[component]
pub(crate) fn LiveState(
    /// Whether the page only says that there is something new, and how to have it.
    #[prop(optional)]
    offers: bool,
) -> impl IntoView {
    let offers = offers.then_some("");
    let partner = use_context::<Viewer>().and_then(|viewer| viewer.partner);
    let partner = partner.map(|partner| partner.slug);
    let view = use_context::<View>().map(|View(id)| id);
    use_context::<Shown>().map(|Shown(seen)| {
        view! {
            <span class="live" data-seen=seen data-partner=partner data-offers=offers data-view=view>
                <span></span>" "<a hidden=""></a><span class="hidden" role="status"></span>
            </span>
        }
    })
}
