//! The door through which `app` enters the browser, and nothing else.
//!
//! Everything here is for wasm32; on the host this crate is empty.
#![cfg(target_arch = "wasm32")]

/// Brings the page alive; its loader calls this once, by the name that Leptos gives it.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::islands::begin();
}
