//! Loads the runs from the server.

use domain::frame::Frame;
use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::routes::login_address;

/// Why there are no runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LoadError {
    Unreachable,
    SignedOut {
        /// The log-in page that leads back.
        login: String,
    },
    TooMany,
    Status(u16),
    Malformed(String),
}

/// Fetches a frame.
///
/// # Errors
/// Why there is none.
pub(super) async fn fetch_runs(source: &str) -> Result<Frame, LoadError> {
    let unreachable = |_| LoadError::Unreachable;
    let fetched = JsFuture::from(window().fetch_with_str(source)).await;
    let response: Response = fetched.map_err(unreachable)?.unchecked_into();
    match response.status() {
        200 => {}
        401 => {
            let location = window().location();
            let path = location.pathname().unwrap_or_default();
            let query = location.search().unwrap_or_default();
            return Err(LoadError::SignedOut { login: login_address(&format!("{path}{query}")) });
        }
        413 => return Err(LoadError::TooMany),
        status => return Err(LoadError::Status(status)),
    }
    let buffer = response.array_buffer().map_err(unreachable)?;
    let buffer = JsFuture::from(buffer).await.map_err(unreachable)?;
    let bytes = Uint8Array::new(&buffer);
    Frame::read_with(bytes.length() as usize, |memory| bytes.copy_to(memory))
        .map_err(|malformed| LoadError::Malformed(malformed.to_string()))
}
