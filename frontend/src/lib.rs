//! The entry point of `app` in the browser, and nothing else.
//!
//! Everything here is for wasm32; on the host this crate is empty. It is built twice: as the base
//! bundle, and with the feature `workbench` as the bundle of pages that have islands.
#![cfg(target_arch = "wasm32")]

/// Adds the listeners to the page and prepares the hydration of islands, each of which the loader
/// hydrates then. The loader calls this once, by the name that Leptos gives it.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    #[cfg(feature = "workbench")]
    leptos::mount::hydrate_islands();
    app::islands::mount();
}
