//! The browser entry point of `app`.
//!
//! For wasm32 only; on the host this crate is empty. It is built twice: as the base bundle, and
//! with the feature `workbench` as the bundle of pages that have islands.
#![cfg(target_arch = "wasm32")]

/// Attaches the event listeners of the page and prepares the hydration of islands, which the loader
/// then hydrates one by one. The loader calls this once, by the name that Leptos defines.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    #[cfg(feature = "workbench")]
    leptos::mount::hydrate_islands();
    app::islands::mount();
}
