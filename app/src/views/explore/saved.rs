//! Saved views: states of Explore with a name.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

use leptos::prelude::*;

use crate::backend::SavedView;
use crate::explore::State;
use crate::ui::dialog::Dialog;
use crate::ui::locale::{sentence, use_locale};
use crate::ui::name::{Name, isolated};
use crate::ui::query::in_tenant;
use crate::ui::time;
use crate::views::frame::may_change;

/// A button that opens the list of saved views, and the form to save the state as another.
#[component]
pub fn Views(
    /// By name.
    views: Vec<SavedView>,
    /// The state of the page.
    state: State,
) -> impl IntoView {
    let t = use_locale();
    let query = state.query();
    let (none, may) = (views.is_empty(), may_change());
    let rows: Vec<_> = views.into_iter().map(|view| row(view, &query, may)).collect();
    let none = none.then(|| view! { <p class="quiet-text">{t.views_none()}</p> });
    let save = may.then(|| {
        view! {
            <form method="post" action=in_tenant("/explore/views") class="save-view">
                <input type="hidden" name="state" value=query.clone()/>
                <label for="view-name">{t.views_name()}</label>
                <div class="search-row">
                    <input id="view-name" name="name" required maxlength="80" autocomplete="off"/>
                    <button class="primary">{t.views_save()}</button>
                </div>
                <p class="quiet-text">{t.views_hint()}</p>
            </form>
        }
    });
    view! {
        <Dialog id="views".to_owned() opener=t.views_title() title=t.views_title().to_owned()>
            <ul class="views">{rows}</ul>
            {none}
            {save}
        </Dialog>
    }
}

fn row(saved: SavedView, query: &str, may: bool) -> impl IntoView + use<> {
    let t = use_locale();
    let SavedView { id, name, state, by, at } = saved;
    let current = (state.query() == query).then_some("true");
    let remove = may.then(|| {
        let label = t.views_remove_label(isolated(&name));
        view! {
            <form method="post" action=in_tenant(&format!("/explore/views/{id}/remove"))>
                <input type="hidden" name="state" value=query.to_owned()/>
                <button class="quiet" aria-label=label>{t.views_remove()}</button>
            </form>
        }
    });
    let details = t.views_details(
        state.sentence(t).into_any(),
        state.period(t),
        by,
        time::at(&at).into_any(),
    );
    view! {
        <li>
            <div>
                <a href=state.address() aria-current=current><Name of=name.clone()/></a>
                <span class="quiet-text under">{sentence(details)}</span>
            </div>
            {remove}
        </li>
    }
}
