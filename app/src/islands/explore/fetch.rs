//! The runs from the server.

use charts::{Markup, markup};
use domain::frame::Frame;
use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::routes::login_address;

/// Fetches a frame.
///
/// # Errors
/// Why there is none, in a sentence.
pub(super) async fn runs(source: &str) -> Result<Frame, Markup> {
    let unreachable = |_| {
        let why =
            "The server cannot be reached. What is shown is still right; links load the page anew.";
        Markup::text(why)
    };
    let fetched = JsFuture::from(window().fetch_with_str(source)).await;
    let response: Response = fetched.map_err(unreachable)?.unchecked_into();
    match response.status() {
        200 => {}
        401 => {
            let location = window().location();
            let path = location.pathname().unwrap_or_default();
            let query = location.search().unwrap_or_default();
            let address = login_address(&format!("{path}{query}"));
            return Err(markup!(
                "You are signed out. <a href=\"{}\">Sign in</a> to go on.",
                address
            ));
        }
        413 => {
            return Err(Markup::text(
                "Meanwhile there are too many runs: choose a shorter period.",
            ));
        }
        status => {
            return Err(Markup::text(&format!(
                "The runs could not be loaded ({status}). Links load the page anew."
            )));
        }
    }
    let buffer = response.array_buffer().map_err(unreachable)?;
    let buffer = JsFuture::from(buffer).await.map_err(unreachable)?;
    let bytes = Uint8Array::new(&buffer);
    Frame::filled(bytes.length() as usize, |memory| bytes.copy_to(memory))
        .map_err(|malformed| Markup::text(&format!("The runs could not be read: {malformed}.")))
}
