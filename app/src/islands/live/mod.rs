//! Live updates: the page receives the data version from an event stream, fetches itself again,
//! and morphs its regions with `data-live` into the new ones.

mod follow;
mod leader;
mod morph;

use leptos::prelude::*;

use crate::backend::{View, Viewer};

pub use self::follow::mount;

/// The data version that the page shows, for [`LiveState`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown(pub(crate) i64);

/// The slug of the tenant whose pages an internal person views, and the id of that audited view.
pub(crate) fn viewed() -> Option<(String, String)> {
    let View(view) = use_context()?;
    let partner = use_context::<Viewer>()?.partner?;
    Some((partner.slug, view))
}

/// The status of live updates, empty until WASM is loaded. A page with it follows the event
/// stream.
#[component]
pub(crate) fn LiveState(
    /// Whether new data is only announced, with a link, instead of morphed into the page.
    #[prop(optional)]
    offers: bool,
) -> impl IntoView {
    let offers = offers.then_some("");
    let partner = use_context::<Viewer>().and_then(|viewer| viewer.partner);
    let partner = partner.map(|partner| partner.slug);
    let view = use_context::<View>().map(|View(id)| id);
    use_context::<Shown>().map(|Shown(version)| {
        view! {
            <span class="live" data-version=version data-partner=partner data-offers=offers data-view=view>
                <span></span>" "<a hidden=""></a><span class="hidden" role="status"></span>
            </span>
        }
    })
}
