//! The bar above the figures: the slice, and what failures are counted by.

use leptos::prelude::*;

use super::query::{href_with, place};
use crate::backend::{FailureKey, FailuresQuery};
use crate::ui::locale::use_locale;
use crate::views::slice_bar::SliceBar;

/// The bar above the figures.
#[component]
pub fn Bar(
    /// The state of the page.
    query: FailuresQuery,
    /// The first and the last day that are shown.
    window: Option<(String, String)>,
) -> impl IntoView {
    let t = use_locale();
    let keys = [
        (FailureKey::Code, t.failure_by_code()),
        (FailureKey::Step, t.failure_by_step()),
        (FailureKey::Component, t.failure_by_component()),
    ];
    let keys = keys.map(|(by, name)| {
        let current = (by == query.by).then_some("true");
        let address = href_with(&query, |query| query.by = by);
        view! { <a href=address aria-current=current>{name}</a> }
    });
    let place = place(&query);
    view! {
        <SliceBar slice=query.slice place window>
            <nav class="segment" aria-label=t.failure_by()>{keys}</nav>
        </SliceBar>
    }
}
