//! Taking over what changed of a page, node by node: what stays the same is not touched, so
//! that scroll positions, focus, open details and selections stay too.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, FocusOptions, HtmlElement, Node};

use crate::islands::reading::{enliven, keep_order};

/// Marks text that changed just now.
const FRESH: &str = "data-fresh";

/// What came of it.
pub(super) enum Renewed {
    Nothing,
    /// Some text is another.
    Something {
        /// The moment of the figures, where the page says it.
        as_of: Option<String>,
    },
    /// The page is another one than this: another person, partner or program.
    Otherwise,
}

/// Makes the regions of `page` those of `fresh`.
pub(super) fn renew(document: &Document, fresh: &Element) -> Renewed {
    let Some(page) = document.document_element() else { return Renewed::Otherwise };
    // As the page was, or its buttons would be gone.
    enliven(fresh);
    let around = ["header.bar", "link[rel=stylesheet]"];
    let same = |what| match (page.query_selector(what), fresh.query_selector(what)) {
        (Ok(Some(old)), Ok(Some(new))) => old.is_equal_node(Some(&new)),
        _ => false,
    };
    let (regions, others) = (all(&page, "[data-live]"), all(fresh, "[data-live]"));
    let named = |region: &Element| region.get_attribute("data-live");
    if !around.into_iter().all(same) || !regions.iter().map(named).eq(others.iter().map(named)) {
        return Renewed::Otherwise;
    }
    for old in all(&page, "[data-fresh]") {
        let _ = old.remove_attribute(FRESH);
    }
    let focused = document.active_element();
    let held = held(&page, focused.as_ref());
    let mut changed = false;
    for (old, new) in regions.iter().zip(&others) {
        children(old, new, &mut changed);
    }
    // What is moved loses it.
    if let Some(focused) =
        focused.filter(|it| it.is_connected() && document.active_element().as_ref() != Some(it))
    {
        focus(&focused);
    }
    if let Some((held, before)) = held {
        let moved = if held.is_connected() { top(&held) - before } else { 0.0 };
        // The page's own anchoring is off: it may hold on to what was replaced.
        leptos::prelude::window().scroll_by_with_x_and_y(0.0, moved);
    }
    let as_of = || page.query_selector("[data-as-of]").ok()??.text_content();
    match changed {
        true => Renewed::Something { as_of: as_of() },
        false => Renewed::Nothing,
    }
}

/// What is to stay where the reader sees it, and where that is: what has the focus, else the
/// first heading or row in sight.
fn held(page: &Element, focused: Option<&Element>) -> Option<(Element, f64)> {
    let height = f64::from(page.client_height());
    let main = page.query_selector("main").ok()??;
    let in_sight = |element: &Element| (0.0..height).contains(&top(element));
    let focused = focused.filter(|it| main.contains(Some(it)) && !it.is_same_node(Some(&main)));
    let held = focused.cloned().filter(in_sight);
    let others = || all(&main, "h1, h2, tr").into_iter().find(in_sight);
    let held = held.or_else(others)?;
    let top = top(&held);
    Some((held, top))
}

fn top(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}

fn focus(element: &Element) {
    let still = FocusOptions::new();
    still.set_prevent_scroll(true);
    let _ = element.unchecked_ref::<HtmlElement>().focus_with_options(&still);
}

/// Makes the children of `old` those of `new`, keeping every node that has its like.
fn children(old: &Node, new: &Node, changed: &mut bool) {
    let mut place = old.first_child();
    let mut next = new.first_child();
    while let Some(fresh) = next {
        next = fresh.next_sibling();
        let like = std::iter::successors(place.clone(), Node::next_sibling)
            .find(|kept| alike(kept, &fresh));
        match like {
            Some(kept) if Some(&kept) == place.as_ref() => {
                place = kept.next_sibling();
                node(&kept, &fresh, changed);
            }
            Some(kept) => {
                let _ = old.insert_before(&kept, place.as_ref());
                node(&kept, &fresh, changed);
            }
            None => {
                let _ = old.insert_before(&fresh, place.as_ref());
                *changed = true;
            }
        }
    }
    while let Some(gone) = place {
        place = gone.next_sibling();
        let _ = old.remove_child(&gone);
    }
}

/// Whether one may become the other: a thing of the same kind and, where it has one, name.
fn alike(old: &Node, new: &Node) -> bool {
    if old.node_name() != new.node_name() {
        return false;
    }
    match (element(old), element(new)) {
        (Some(old), Some(new)) => name(old) == name(new),
        _ => true,
    }
}

/// The node, if it is an element.
fn element(node: &Node) -> Option<&Element> {
    (node.node_type() == Node::ELEMENT_NODE).then(|| node.unchecked_ref())
}

/// A row of a table is named by its first cell.
fn name(element: &Element) -> Option<String> {
    match element.node_name().as_str() {
        "TR" => Some(element.first_element_child()?.inner_html()),
        _ => element.get_attribute("id"),
    }
}

fn node(old: &Node, new: &Node, changed: &mut bool) {
    if old.is_equal_node(Some(new)) {
        return;
    }
    let (Some(kept), Some(fresh)) = (element(old), element(new)) else {
        text(old, new, changed);
        return;
    };
    match old.node_name().to_ascii_lowercase().as_str() {
        // What somebody types stays as it is.
        "form" => {}
        name => {
            if name == "table" {
                keep_order(kept, fresh);
            }
            attributes(kept, fresh);
            children(old, new, changed);
        }
    }
}

fn text(old: &Node, new: &Node, changed: &mut bool) {
    old.set_node_value(new.node_value().as_deref());
    // Neither the text within a drawing nor what stands beside the figures.
    let beside = |it: &Element| it.closest("svg, .figure-note").is_ok_and(|it| it.is_some());
    if let Some(around) = old.parent_element().filter(|around| !beside(around)) {
        *changed = true;
        let _ = around.set_attribute(FRESH, "");
    }
}

fn attributes(old: &Element, new: &Element) {
    let names = |of: &Element| {
        of.get_attribute_names().iter().filter_map(|it| it.as_string()).collect::<Vec<_>>()
    };
    for gone in names(old) {
        // Whether details are open is the reader's.
        if gone != "open" && !new.has_attribute(&gone) {
            let _ = old.remove_attribute(&gone);
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
