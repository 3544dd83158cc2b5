//! HTML forms, which work without scripts (progressive enhancement). Each responds with a
//! redirect to a page that shows the result (post/redirect/get).

pub mod decide;
mod multipart;
pub mod replay;
pub mod send;
pub mod views;

use app::ui::notice::Notice;
use axum::response::{IntoResponse, Redirect, Response};
use http::header;

/// Redirects to a page, which shows the notice.
fn redirect_with_notice(to: &str, notice: Notice) -> Response {
    let mut response = Redirect::to(to).into_response();
    if let Some(cookie) = crate::web::notice::set(notice) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
