//! The pieces of pages that live in the browser. The server draws them first, as components,
//! and says in attributes what they go on from; without WASM their links and forms still
//! work. In the browser they are listeners, and what they show anew is made by the functions
//! that the server made it with.

pub mod explore;
pub mod interval;
pub mod live;
pub mod reading;
pub mod send;

/// Brings the page alive; called once.
pub fn begin() {
    live::begin();
    reading::begin();
    interval::begin();
    explore::begin();
    send::begin();
    // For whoever waits for the page to be alive.
    if let Some(page) = leptos::prelude::document().document_element() {
        let _ = page.set_attribute("data-alive", "");
    }
}
