//! DOM morphing: makes the regions of a page those of a newer one, node by node. Equal nodes are
//! not touched, so that scroll positions, focus, open details and selections stay.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, FocusOptions, HtmlElement, Node};

use crate::islands::enhance::{enhance, keep_order};

/// Marks text that changed in the last morph.
const FRESH: &str = "data-fresh";

/// The result of a morph.
pub(super) enum Outcome {
    Unchanged,
    /// Some text changed.
    Changed {
        /// The moment of the figures, where the page has it.
        as_of: Option<String>,
    },
    /// The header, the program or the set of regions is another one.
    ReloadRequired,
}

/// Morphs the regions of the document into those of `fresh`.
pub(super) fn morph_page(document: &Document, fresh: &Element) -> Outcome {
    let Some(page) = document.document_element() else { return Outcome::ReloadRequired };
    // As the page was enhanced, or its buttons would be removed.
    enhance(fresh);
    let around = ["header.bar", "link[rel=stylesheet]"];
    let same = |what| match (page.query_selector(what), fresh.query_selector(what)) {
        (Ok(Some(old)), Ok(Some(new))) => old.is_equal_node(Some(&new)),
        _ => false,
    };
    let (regions, others) = (all(&page, "[data-live]"), all(fresh, "[data-live]"));
    let named = |region: &Element| region.get_attribute("data-live");
    if !around.into_iter().all(same) || !regions.iter().map(named).eq(others.iter().map(named)) {
        return Outcome::ReloadRequired;
    }
    for old in all(&page, "[data-fresh]") {
        let _ = old.remove_attribute(FRESH);
    }
    let focused = document.active_element();
    let anchor = scroll_anchor(&page, focused.as_ref());
    let mut changed = false;
    for (old, new) in regions.iter().zip(&others) {
        sync_children(old, new, &mut changed);
    }
    // A moved element loses the focus.
    if let Some(focused) =
        focused.filter(|it| it.is_connected() && document.active_element().as_ref() != Some(it))
    {
        focus(&focused);
    }
    if let Some((anchor, before)) = anchor {
        let moved = if anchor.is_connected() { top(&anchor) - before } else { 0.0 };
        // The scroll anchoring of the browser is off: its anchor may be a replaced node.
        leptos::prelude::window().scroll_by_with_x_and_y(0.0, moved);
    }
    let as_of = || page.query_selector("[data-as-of]").ok()??.text_content();
    match changed {
        true => Outcome::Changed { as_of: as_of() },
        false => Outcome::Unchanged,
    }
}

/// The element that stays in place, and its position: the focused one, else the first visible
/// heading or row.
fn scroll_anchor(page: &Element, focused: Option<&Element>) -> Option<(Element, f64)> {
    let height = f64::from(page.client_height());
    let main = page.query_selector("main").ok()??;
    let is_visible = |element: &Element| (0.0..height).contains(&top(element));
    let focused = focused.filter(|it| main.contains(Some(it)) && !it.is_same_node(Some(&main)));
    let anchor = focused.cloned().filter(is_visible);
    let others = || all(&main, "h1, h2, tr").into_iter().find(is_visible);
    let anchor = anchor.or_else(others)?;
    let top = top(&anchor);
    Some((anchor, top))
}

fn top(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}

fn focus(element: &Element) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.unchecked_ref::<HtmlElement>().focus_with_options(&options);
}

/// Makes the children of `old` those of `new`; keeps each node that is in both.
fn sync_children(old: &Node, new: &Node, changed: &mut bool) {
    let mut position = old.first_child();
    let mut next = new.first_child();
    while let Some(fresh) = next {
        next = fresh.next_sibling();
        let same = std::iter::successors(position.clone(), Node::next_sibling)
            .find(|kept| same_node(kept, &fresh));
        match same {
            Some(kept) if Some(&kept) == position.as_ref() => {
                position = kept.next_sibling();
                sync_node(&kept, &fresh, changed);
            }
            Some(kept) => {
                let _ = old.insert_before(&kept, position.as_ref());
                sync_node(&kept, &fresh, changed);
            }
            None => {
                let _ = old.insert_before(&fresh, position.as_ref());
                *changed = true;
            }
        }
    }
    while let Some(removed) = position {
        position = removed.next_sibling();
        let _ = old.remove_child(&removed);
    }
}

/// Whether one is a newer version of the other: of the same kind and key.
fn same_node(old: &Node, new: &Node) -> bool {
    if old.node_name() != new.node_name() {
        return false;
    }
    match (element(old), element(new)) {
        (Some(old), Some(new)) => node_key(old) == node_key(new),
        _ => true,
    }
}

/// The node, if it is an element.
fn element(node: &Node) -> Option<&Element> {
    (node.node_type() == Node::ELEMENT_NODE).then(|| node.unchecked_ref())
}

/// The id of an element; of a row of a table its first cell.
fn node_key(element: &Element) -> Option<String> {
    match element.node_name().as_str() {
        "TR" => Some(element.first_element_child()?.inner_html()),
        _ => element.get_attribute("id"),
    }
}

fn sync_node(old: &Node, new: &Node, changed: &mut bool) {
    if old.is_equal_node(Some(new)) {
        return;
    }
    let (Some(kept), Some(fresh)) = (element(old), element(new)) else {
        sync_text(old, new, changed);
        return;
    };
    match old.node_name().to_ascii_lowercase().as_str() {
        // User input stays.
        "form" => {}
        name => {
            if name == "table" {
                keep_order(kept, fresh);
            }
            sync_attributes(kept, fresh);
            sync_children(old, new, changed);
        }
    }
}

fn sync_text(old: &Node, new: &Node, changed: &mut bool) {
    old.set_node_value(new.node_value().as_deref());
    // Text in drawings and in notes is not highlighted.
    let beside = |it: &Element| it.closest("svg, .figure-note").is_ok_and(|it| it.is_some());
    if let Some(around) = old.parent_element().filter(|around| !beside(around)) {
        *changed = true;
        let _ = around.set_attribute(FRESH, "");
    }
}

fn sync_attributes(old: &Element, new: &Element) {
    let names = |of: &Element| {
        of.get_attribute_names().iter().filter_map(|it| it.as_string()).collect::<Vec<_>>()
    };
    for removed in names(old) {
        // Whether details are open is up to the user.
        if removed != "open" && !new.has_attribute(&removed) {
            let _ = old.remove_attribute(&removed);
        }
    }
    for name in names(new) {
        let value = new.get_attribute(&name);
        if name != "open" && value != old.get_attribute(&name) {
            let _ = old.set_attribute(&name, &value.unwrap_or_default());
        }
    }
}

fn all(around: &Element, selector: &str) -> Vec<Element> {
    let Ok(nodes) = around.query_selector_all(selector) else { return Vec::new() };
    (0..nodes.length()).filter_map(|at| nodes.item(at)).map(JsCast::unchecked_into).collect()
}
