//! What runs in the browser.
//!
//! Islands hold state (Explore, uploads) and are hydrated by the workbench bundle; the page loads
//! it if it has one. The other modules are listeners over what the server rendered: tooltips,
//! sortable tables, intervals and live regions. They are the base bundle, and run on all pages
//! but the log-in page. Without WASM, links and forms work.

pub mod enhance;
pub mod explore;
pub mod interval;
pub mod limits;
pub mod live;
pub mod uploads;

/// Adds the listeners to the page; called once.
pub fn mount() {
    live::mount();
    enhance::mount();
    interval::mount();
    // For tests.
    if let Some(page) = leptos::prelude::document().document_element() {
        let _ = page.set_attribute("data-alive", "");
    }
}
