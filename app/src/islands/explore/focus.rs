//! Keeps the keyboard focus over a rendering that replaces what has it.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

/// The attributes that name the parts of the page that are replaced by a rendering. Each part can
/// take the focus.
const PARTS: [&str; 4] = ["data-part", "data-chart", "data-table", "data-note"];

/// The focused link of a part.
pub(super) struct Focus {
    /// Selects the part, whose element may be replaced.
    part: String,
    key: String,
}

impl Focus {
    /// None where the focus is not in a part.
    pub(super) fn capture() -> Option<Self> {
        let element = document().active_element()?;
        let around = element.parent_element()?;
        let select = |name: &str| {
            let part = around.closest(&format!("[{name}]")).ok()??;
            Some(format!("[{name}=\"{}\"]", part.get_attribute(name)?))
        };
        let part = PARTS.into_iter().find_map(select)?;
        Some(Self { part, key: link_key(&element) })
    }

    /// Focuses the link with the same key, else the part.
    pub(super) fn restore(self) -> Option<()> {
        let part: HtmlElement = document().query_selector(&self.part).ok()??.unchecked_into();
        if part.contains(document().active_element().as_deref()) {
            return None;
        }
        let links = part.query_selector_all("a").ok()?;
        let same = (0..links.length())
            .filter_map(|at| links.item(at))
            .find(|link| link_key(link.unchecked_ref()) == self.key);
        // A link of a drawing takes the focus as one of HTML does.
        focus(&same.map_or(part, JsCast::unchecked_into));
        Some(())
    }
}

/// Focuses without scrolling.
pub(super) fn focus(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}

/// Identifies a link of a part over renderings: its label up to the figures.
pub(super) fn link_key(element: &Element) -> String {
    let label = element.get_attribute("aria-label");
    let label = label.or_else(|| element.text_content()).unwrap_or_default();
    label.split(": ").next().unwrap_or_default().to_owned()
}
