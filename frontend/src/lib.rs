//! The door through which `app` enters the browser, and nothing else.
//!
//! Everything here is for wasm32; on the host this crate is empty.
#![cfg(target_arch = "wasm32")]

// Islands are found by their exported names: without this the linker drops them.
pub use app;

/// Brings the islands of the page alive, and keeps it up to date; the page's loader calls it once.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
    app::islands::live::begin();
    app::islands::reading::begin();
}
