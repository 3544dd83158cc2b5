//! Links to other states of the page, which need no server, and the history.

use domain::frame::Column;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlInputElement, MouseEvent};

use super::focus::link_key;
use super::workbench::{Status, Workbench};
use crate::explore::State;
use crate::ui::locale::use_locale;
use crate::ui::query::in_tenant;

/// How the address of the page changes.
#[derive(Clone, Copy)]
pub(super) enum History {
    /// A new entry, which the back button leaves.
    Push,
    Replace,
}

/// The query string of the page.
pub(super) fn current_query() -> String {
    window().location().search().unwrap_or_default()
}

impl Workbench {
    /// Selects another state, with an entry in the history.
    pub(super) fn navigate(self, state: State) {
        if self.state.with_value(|it| *it == state) {
            return;
        }
        if state.is_too_long() {
            self.status.set(Status::Text(use_locale().explore_selection_full().to_owned()));
            return;
        }
        self.status.set(Status::Nothing);
        self.state.set_value(state);
        self.sync_url(History::Push);
        self.schedule_render();
    }

    /// Writes the selected state into the address and the forms of the page.
    pub(super) fn sync_url(self, change: History) {
        let Ok(history) = window().history() else { return };
        let state = self.state.get_value();
        let address = state.address();
        let _ = match change {
            History::Push => history.push_state_with_url(&JsValue::NULL, "", Some(&address)),
            History::Replace => history.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
        };
        update_forms(&state);
    }

    /// Follows the back and forward buttons.
    pub(super) fn on_pop_state(self) {
        let state = State::parse(&current_query());
        if self.is_loaded() && self.state.with_value(|it| it.is_of_the_same(&state)) {
            self.replace(state);
        } else {
            let _ = window().location().reload();
        }
    }

    /// Follows a link to another state of the same runs; with shift, extends the selection.
    pub(super) fn on_click(self, event: &MouseEvent) {
        if self.ignore_click.get_value() {
            self.ignore_click.set_value(false);
            event.prevent_default();
            return;
        }
        let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let Some(target) = target else { return };
        let chart = target.closest("[data-chart]").ok().flatten();
        if chart.is_some() && self.is_dragging() {
            // A second finger, while the links of the marks are out of date.
            event.prevent_default();
            return;
        }
        if event.ctrl_key() || event.meta_key() || (event.shift_key() && chart.is_none()) {
            return;
        }
        let Ok(Some(link)) = target.closest("a[href]") else { return };
        let Some(mut state) = state_of_link(&link) else { return };
        if !self.is_loaded() || !self.state.with_value(|it| it.is_of_the_same(&state)) {
            return;
        }
        let name = chart.as_ref().and_then(|chart| chart.get_attribute("data-chart"));
        if event.shift_key() {
            let last = self.last_mark.get_value().filter(|(of, _)| Some(of) == name.as_ref());
            state = self.extend_selection(state, &link, chart.zip(last.map(|(_, key)| key)));
        }
        self.last_mark.set_value(name.map(|name| (name, link_key(&link))));
        event.prevent_default();
        self.navigate(state);
    }

    /// The selected state with all marks from the one that was clicked before to this one, which
    /// alone leads to `to`.
    fn extend_selection(self, to: State, link: &Element, from: Option<(Element, String)>) -> State {
        let mut state = self.state.get_value();
        let Some((chart, key)) = from.filter(|(chart, _)| !chart.has_attribute("data-brush"))
        else {
            let mut to = to;
            to.extend(&state);
            return to;
        };
        let Ok(marks) = chart.query_selector_all("a[href]") else { return to };
        let marks: Vec<Element> =
            (0..marks.length()).filter_map(|at| marks.item(at)?.dyn_into().ok()).collect();
        let from = marks.iter().position(|mark| link_key(mark) == key);
        let here = marks.iter().position(|mark| mark == link);
        let (Some(from), Some(here)) = (from, here) else { return to };
        for mark in &marks[from.min(here)..=from.max(here)] {
            if let Some(with) = state_of_link(mark) {
                state.extend(&with);
            }
        }
        state
    }
}

/// The state that a link leads to; none where that is another page, or a file.
fn state_of_link(link: &Element) -> Option<State> {
    let href = link.get_attribute("href")?;
    let query = href.strip_prefix(in_tenant("/explore").as_str())?;
    (query.is_empty() || query.starts_with('?')).then(|| State::parse(query))
}

/// Forms save the selected state as a view, or keep it with another measurement or attribute.
pub(super) fn update_forms(state: &State) {
    if let Ok(fields) = document().query_selector_all("[data-fields]") {
        for host in (0..fields.length()).filter_map(|at| fields.item(at)) {
            let host = host.unchecked_into::<Element>();
            let chosen = host.get_attribute("data-fields").and_then(|it| it.parse().ok());
            host.set_inner_html(&state.fields(chosen.unwrap_or(Column::Measured)));
        }
    }
    let Ok(inputs) = document().query_selector_all("input[name=state]") else { return };
    let query = state.query();
    for input in (0..inputs.length()).filter_map(|at| inputs.item(at)) {
        input.unchecked_into::<HtmlInputElement>().set_value(&query);
    }
}
