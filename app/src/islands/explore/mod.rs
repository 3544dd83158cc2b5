//! The island of Explore: fetches the runs once, then renders every click and drag itself. Until
//! then, and without WASM, every mark is a link to a page from the server.
//!
//! The island's children are the page as the server rendered it. They are not hydrated: the runs
//! that hydration would need are loaded later, and may be newer than the page. Once they are
//! loaded, the same views are mounted in their places.

#![allow(unreachable_pub)]
// the component macro makes the arguments public
// A method's path is not general over the lifetime of the board.
#![allow(clippy::redundant_closure, clippy::redundant_closure_for_method_calls)]

mod chart;
mod drag;
mod fetch;
mod focus;
mod morph;
mod navigation;
mod summary;
mod workbench;

use charts::Markup;
use engine::explore::Explorer;
use leptos::ev::MouseEvent;
use leptos::html;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

pub use self::chart::{Chart, ChartModel, is_brushed};
use self::fetch::{LoadError, fetch_runs};
use self::navigation::current_query;
pub use self::summary::{SliceActions, SliceBar, SliceFacts};
use self::workbench::{Status, Workbench};
use crate::explore::{CHARTS, State, explorer};
use crate::ui::locale::{sentence, use_locale};

/// The page with what the island reads from it.
#[component]
pub fn ExplorePage(
    /// Where the runs are.
    source: String,
    /// How many there are, in words.
    runs: String,
    /// The moment of the figures.
    as_of: String,
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <ExploreIsland>
            <div data-source=source data-runs=runs data-as-of=as_of>
                {children()}
            </div>
        </ExploreIsland>
    }
}

/// Takes over what the server rendered. Properties would be sent as JSON beside the page, so it
/// reads attributes.
#[cfg_attr(any(not(target_arch = "wasm32"), feature = "workbench"), island)]
#[cfg_attr(all(target_arch = "wasm32", not(feature = "workbench")), component)]
fn ExploreIsland(children: Children) -> impl IntoView {
    let workbench = Workbench::new();
    let host = NodeRef::<html::Div>::new();
    let owner = Owner::current().unwrap_or_default();
    host.on_load(move |host| load(workbench, host.into(), owner));
    let on_click = move |event: MouseEvent| workbench.on_click(&event);
    // Not every drag ends with a click.
    let on_pointer_down = move |_| workbench.ignore_click.set_value(false);
    view! {
        <div class="explore" node_ref=host on:click=on_click on:pointerdown=on_pointer_down>
            {children()}
        </div>
    }
}

/// Loads the runs, then takes the page over.
fn load(workbench: Workbench, host: HtmlElement, owner: Owner) {
    let Ok(Some(page)) = host.query_selector("[data-source]") else { return };
    let attribute = |name| page.get_attribute(name).unwrap_or_default();
    let (source, runs, as_of) =
        (attribute("data-source"), attribute("data-runs"), attribute("data-as-of"));
    workbench.state.set_value(State::parse(&current_query()));
    workbench.status.set(Status::Text(use_locale().explore_loading(runs)));
    let status = move || workbench.status.get().into_view();
    owner.with(|| mount_in(&host, "[data-part=status]", move || status));
    spawn_local(async move {
        let frame = fetch_runs(&source).await;
        let state = workbench.state.get_value();
        let status = match frame.map(|frame| explorer(frame, &state)) {
            Ok(Ok(explorer)) => {
                owner.with(|| take_over(workbench, &host, explorer, as_of));
                Status::Nothing
            }
            Ok(Err(missing)) => Status::Text(use_locale().explore_unreadable(missing)),
            Err(why) => Status::Failed(why),
        };
        workbench.status.set(status);
    });
}

fn take_over(workbench: Workbench, host: &HtmlElement, explorer: Explorer, as_of: String) {
    workbench.open(host.clone(), explorer, as_of);
    workbench.render(true);
    let choices = Memo::new(move |before: Option<&Markup>| {
        match before.filter(|_| workbench.rendering.with(|rendering| rendering.dragging)) {
            Some(before) => before.clone(),
            None => workbench.with_board(|board| board.choices()).unwrap_or_default(),
        }
    });
    if let Some(host) = workbench.find("[data-part=choices]") {
        Effect::new(move |_| host.set_inner_html(&choices.get()));
    }
    let slice = Memo::new(move |_| workbench.with_board(|board| board.slice()).unwrap_or_default());
    let facts = Memo::new(move |_| workbench.with_board(|board| board.facts()).unwrap_or_default());
    mount_in(host, "[data-part=slice]", move || view! { <SliceBar slice=slice.into()/> });
    mount_in(host, "[data-part=actions]", move || view! { <SliceActions slice=slice.into()/> });
    mount_in(host, "[data-part=header]", move || view! { <SliceFacts facts=facts.into()/> });
    mount_in(host, "[data-part=age]", move || move || workbench.age.get());
    mount_in(host, "[data-part=said]", move || move || workbench.announcement.get());
    for column in CHARTS {
        let place = format!("[data-slot={column}]");
        let is_open = workbench.find(&format!("{place} details[open]")).is_some();
        if workbench.with_board(|board| board.has_chart(column)) == Some(true) {
            let model = move || ChartModel::live(workbench, column, is_open);
            mount_in(host, &place, move || view! { <Chart model=model()/> });
        }
    }
    listen(workbench);
    // For tests and style.
    let _ = host.set_attribute("data-alive", "");
}

fn listen(workbench: Workbench) {
    let on_pop_state = window_event_listener_untyped("popstate", move |_| workbench.on_pop_state());
    let on_resize = window_event_listener_untyped("resize", move |_| {
        workbench.measure();
        workbench.schedule_render();
    });
    // They listen as long as the page is open.
    std::mem::forget((on_pop_state, on_resize));
}

/// Mounts a view in place of what the server rendered there.
fn mount_in<V: IntoView + 'static>(
    host: &HtmlElement,
    place: &str,
    view: impl FnOnce() -> V + 'static,
) {
    if let Ok(Some(place)) = host.query_selector(place) {
        let place: HtmlElement = place.unchecked_into();
        place.set_text_content(None);
        mount_to(place, view).forget();
    }
}

impl Status {
    fn into_view(self) -> AnyView {
        let t = use_locale();
        let text = match self {
            Self::Nothing => return ().into_any(),
            Self::Text(text) => text,
            Self::Failed(LoadError::SignedOut { login }) => {
                let link = view! { <a href=login>{t.login_submit()}</a> };
                return sentence(t.explore_signed_out(link.into_any())).into_any();
            }
            Self::Failed(LoadError::Unreachable) => t.explore_unreachable().to_owned(),
            Self::Failed(LoadError::TooMany) => t.explore_now_too_many().to_owned(),
            Self::Failed(LoadError::Status(status)) => t.explore_not_loaded(status),
            Self::Failed(LoadError::Malformed(why)) => t.explore_unreadable(why),
        };
        text.into_any()
    }
}
