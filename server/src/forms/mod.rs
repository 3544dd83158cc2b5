//! What people do from a page without any script: forms, each answered by leading on to a
//! page that says what happened.

pub mod decide;
mod multipart;
pub mod replay;
pub mod send;
pub mod views;

use app::ui::notice::Notice;
use axum::response::{IntoResponse, Redirect, Response};
use http::header;

/// Leads on to a page, which says what happened.
fn done(to: &str, notice: Notice) -> Response {
    let mut response = Redirect::to(to).into_response();
    if let Some(cookie) = crate::web::notice::set(notice) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
