//! Enhances a page from the server: tooltips of marks, arrow keys between marks, sortable tables,
//! charts as PNG. Without it there are titles, the tab key, tables and SVG.

use std::cmp::Ordering;

use leptos::prelude::{document, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Element, Event, EventTarget, HtmlCanvasElement, HtmlElement, HtmlFormElement, HtmlImageElement,
    KeyboardEvent, MouseEvent, Node, Response,
};

use crate::ui::locale::use_locale;
use crate::ui::order;

/// Enhances the page and adds its listeners; called once.
pub fn mount() {
    let Some(page) = document().document_element() else { return };
    let Some(tooltip) = create_tooltip() else { return };
    enhance(&page);
    // Not FnMut: moving the focus sends an event while that of a key is handled.
    let on_event =
        Closure::<dyn Fn(Event)>::new(move |event| on_event(&tooltip, &event)).into_js_value();
    for name in ["pointerover", "focusin", "keydown", "click", "change"] {
        let _ = page.add_event_listener_with_callback(name, on_event.unchecked_ref());
    }
}

/// The element of the tooltip, at the end of the page.
fn create_tooltip() -> Option<HtmlElement> {
    let tooltip: HtmlElement = document().create_element("div").ok()?.unchecked_into();
    tooltip.set_class_name("tip");
    // The mark itself has the text for screen readers.
    tooltip.set_attribute("aria-hidden", "true").ok()?;
    tooltip.set_hidden(true);
    document().body()?.append_child(&tooltip).ok()?;
    Some(tooltip)
}

fn on_event(tooltip: &HtmlElement, event: &Event) {
    let target = event.target();
    if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
        if event.key() == "Escape" {
            tooltip.set_hidden(true);
        } else if event.key() == "/"
            && !event.ctrl_key()
            && !event.meta_key()
            && !is_typed_into(target.as_ref())
        {
            focus_search(event);
        } else if let Some(mark) = mark_at(target)
            && let Some(next) = next_mark(&mark, &event.key())
        {
            event.prevent_default();
            let _ = next.focus();
        }
    } else if event.type_() == "change" {
        submit(target.as_ref());
    } else if event.type_() == "click" {
        if is_in_page_anchor(target.as_ref()) {
            tooltip.set_hidden(true);
        }
        on_click(event, target);
    } else {
        match mark_at(target) {
            // Focus events have no position.
            Some(mark) => show_tooltip(tooltip, &mark, event.dyn_ref().map(MouseEvent::client_x)),
            None => tooltip.set_hidden(true),
        }
    }
}

/// Submits the form of a field that applies at once.
fn submit(target: Option<&EventTarget>) {
    let field = target.and_then(|it| it.dyn_ref::<Element>());
    let form = field.and_then(|it| it.closest("form[data-applies]").ok().flatten());
    if let Some(form) = form.and_then(|it| it.dyn_into::<HtmlFormElement>().ok()) {
        let _ = form.request_submit();
    }
}

/// Whether keys are text there.
fn is_typed_into(target: Option<&EventTarget>) -> bool {
    let target = target.and_then(|it| it.dyn_ref::<Element>());
    target.is_some_and(|it| matches!(it.closest("input, select, textarea"), Ok(Some(_))))
}

/// Puts the focus into the search field of the page; without one, goes to the search of units.
fn focus_search(event: &KeyboardEvent) {
    let field = document().query_selector("input[type=search]").ok().flatten();
    let link = || document().query_selector("header nav a[href$='/units']").ok().flatten();
    if let Some(field) = field.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        let _ = field.focus();
    } else if let Some(link) = link().and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        link.click();
    }
}

/// Whether a click there scrolls the page.
fn is_in_page_anchor(target: Option<&EventTarget>) -> bool {
    let target = target.and_then(|it| it.dyn_ref::<Element>());
    target.is_some_and(|it| matches!(it.closest("a[href^='#']"), Ok(Some(_))))
}

fn on_click(event: &Event, target: Option<EventTarget>) {
    let Some(target) = target.and_then(|it| it.dyn_into::<Element>().ok()) else { return };
    if let Ok(Some(button)) = target.closest("button.sort") {
        sort(&button);
    } else if let Ok(Some(link)) = target.closest("a[data-png]") {
        event.prevent_default();
        download_png(&link);
    }
}

/// Shows what only works with WASM. Called again for each part that is replaced.
pub fn enhance(page: &Element) {
    for link in all(page, "a[data-png][hidden]") {
        let _ = link.remove_attribute("hidden");
    }
    for head in all(page, "th[data-sorts]") {
        let Ok(button) = document().create_element("button") else { continue };
        let _ = button.set_attribute("class", "sort");
        let _ = button.set_attribute("type", "button");
        while let Some(part) = head.first_child() {
            let _ = button.append_child(&part);
        }
        let _ = head.append_child(&button);
        let _ = head.remove_attribute("data-sorts");
    }
}

fn all(page: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = page.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|place| found.item(place)?.dyn_into().ok()).collect()
}

/// The mark of a target: its hit area, or the link around it.
fn mark_at(target: Option<EventTarget>) -> Option<Element> {
    let target: Element = target?.dyn_into().ok()?;
    target.closest(".hit, a:has(.hit)").ok()?
}

/// The text of a mark's tooltip. Its title is removed, or the browser would show it too.
fn tooltip_text(mark: &Element) -> Option<String> {
    if let Some(text) = mark.get_attribute("data-says") {
        return Some(text);
    }
    let holder = mark.closest("a").ok()?.unwrap_or_else(|| mark.clone());
    let title = holder.query_selector("title").ok()?;
    let text = match title {
        Some(title) => {
            let text = title.text_content();
            title.remove();
            text
        }
        None => holder.get_attribute("aria-label"),
    }?;
    let _ = mark.set_attribute("data-says", &text);
    Some(text)
}

/// Shows the tooltip above a mark: at the pointer, else at its middle.
fn show_tooltip(tooltip: &HtmlElement, mark: &Element, at: Option<i32>) {
    let Some(text) = tooltip_text(mark) else { return };
    tooltip.set_text_content(Some(&text));
    tooltip.set_hidden(false);
    let place = mark.get_bounding_client_rect();
    let middle = at.map_or(place.left() + place.width() / 2.0, f64::from);
    let (width, height) = (f64::from(tooltip.offset_width()), f64::from(tooltip.offset_height()));
    let room = document().document_element().map_or(0, |page| page.client_width());
    let left = (middle - width / 2.0).min(f64::from(room) - width - 8.0).max(8.0);
    let above = place.top() - height - 6.0;
    let top = if above < 8.0 { place.bottom() + 6.0 } else { above };
    let style = tooltip.style();
    let _ = style.set_property("left", &format!("{left:.0}px"));
    let _ = style.set_property("top", &format!("{top:.0}px"));
}

/// The mark of the same drawing that a key moves the focus to.
fn next_mark(mark: &Element, key: &str) -> Option<HtmlElement> {
    let marks =
        mark.closest("svg").ok()??.query_selector_all("a:has(.hit), .hit[tabindex]").ok()?;
    let is_here = |place: &u32| marks.item(*place).is_some_and(|it| it.is_same_node(Some(mark)));
    let here = (0..marks.length()).find(is_here)?;
    let next = match key {
        "ArrowRight" | "ArrowDown" => here + 1,
        "ArrowLeft" | "ArrowUp" => here.checked_sub(1)?,
        "Home" => 0,
        "End" => marks.length() - 1,
        _ => return None,
    };
    // Links and rectangles of a drawing can take the focus as elements of HTML can.
    marks.item(next).map(Node::unchecked_into)
}

/// Sorts a table by the column of a button, descending if it is ascending already.
fn sort(button: &Element) {
    let (Ok(Some(head)), Ok(Some(table))) = (button.closest("th"), button.closest("table")) else {
        return;
    };
    let heads = all(&table, "thead th");
    let Some(place) = heads.iter().position(|it| it.is_same_node(Some(&head))) else { return };
    let down = head.get_attribute("aria-sort").as_deref() == Some("ascending");
    for other in heads {
        let _ = other.remove_attribute("aria-sort");
    }
    sort_by(&table, &head, place, down);
}

/// Sorts a new version of a table as the old one is sorted.
pub(crate) fn keep_order(old: &Element, new: &Element) {
    let chosen = |head: &Element| head.has_attribute("aria-sort");
    let heads = all(old, "thead th");
    let Some(place) = heads.iter().position(chosen) else { return };
    let down = heads[place].get_attribute("aria-sort").as_deref() == Some("descending");
    if let Some(head) = all(new, "thead th").get(place) {
        sort_by(new, head, place, down);
    }
}

/// Sorts the rows of a table by the column of a head, and marks that.
fn sort_by(table: &Element, head: &Element, place: usize, down: bool) {
    let Ok(Some(body)) = table.query_selector("tbody") else { return };
    let _ = head.set_attribute("aria-sort", if down { "descending" } else { "ascending" });

    let rows = body.children();
    let mut rows: Vec<(Option<f64>, String, Element)> = (0..rows.length())
        .filter_map(|at| rows.item(at))
        .map(|row| {
            let cell = row.children().item(place as u32);
            let value = cell.as_ref().and_then(|cell| cell.get_attribute("data-value"));
            let text = cell.and_then(|cell| cell.text_content()).unwrap_or_default();
            (value.map(|value| js_sys::parse_float(&value)).filter(|it| !it.is_nan()), text, row)
        })
        .collect();
    rows.sort_by(|one, other| {
        let order = match (one.0, other.0) {
            (Some(one), Some(other)) => one.total_cmp(&other),
            // Cells without a value are last in either direction.
            (Some(_), None) => return Ordering::Less,
            (None, Some(_)) => return Ordering::Greater,
            (None, None) => order::natural(&one.1, &other.1),
        };
        if down { order.reverse() } else { order }
    });
    for (.., row) in rows {
        let _ = body.append_child(&row);
    }
}

/// Pixels of a PNG for each pixel of its drawing.
const PNG_SCALE: u32 = 2;

/// Downloads the drawing of a link as PNG, or shows beside the link why not.
fn download_png(link: &Element) {
    let (Some(from), Some(name)) = (link.get_attribute("href"), link.get_attribute("download"))
    else {
        return;
    };
    let files = link.closest(".files").ok().flatten();
    let status = files.and_then(|it| it.query_selector("[data-png-status]").ok()?);
    spawn_local(async move {
        let message = png(&from, &name).await.err().unwrap_or_default();
        if let Some(status) = status {
            status.set_text_content(Some(message));
        }
    });
}

/// Fetches a drawing and saves it as PNG.
///
/// # Errors
/// The message for the user.
async fn png(from: &str, name: &str) -> Result<(), &'static str> {
    let t = use_locale();
    let unreachable = |_| t.png_unreachable();
    let unreadable = |_| t.png_unreadable();
    let fetched = JsFuture::from(window().fetch_with_str(from)).await.map_err(unreachable)?;
    let response: Response = fetched.unchecked_into();
    match response.status() {
        200 => {}
        401 => return Err(t.png_signed_out()),
        _ => return Err(t.png_failed()),
    }
    let drawing =
        JsFuture::from(response.text().map_err(unreachable)?).await.map_err(unreachable)?;
    let drawing =
        String::from(js_sys::encode_uri_component(&drawing.as_string().unwrap_or_default()));
    let image = HtmlImageElement::new().map_err(unreadable)?;
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{drawing}"));
    JsFuture::from(image.decode()).await.map_err(unreadable)?;
    save(&image, name).map_err(unreadable)
}

fn save(image: &HtmlImageElement, name: &str) -> Result<(), JsValue> {
    let (width, height) = (image.natural_width(), image.natural_height());
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width(width * PNG_SCALE);
    canvas.set_height(height * PNG_SCALE);
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: web_sys::CanvasRenderingContext2d = context.unchecked_into();
    let scale = |pixels: u32| f64::from(pixels * PNG_SCALE);
    context.draw_image_with_html_image_element_and_dw_and_dh(
        image,
        0.0,
        0.0,
        scale(width),
        scale(height),
    )?;
    let link: HtmlElement = document().create_element("a")?.unchecked_into();
    link.set_attribute("href", &canvas.to_data_url()?)?;
    link.set_attribute("download", name)?;
    link.click();
    Ok(())
}
