//! The unit that an address is about.

use app::routes::unit_serial;
use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::problem::Problem;

/// The serial number in the address of a unit, `/units/{serial}` and below, for pages and API
/// alike: decoded once, and from the query where no path can hold it (`/units/_?serial=..`).
#[derive(Debug)]
pub struct Serial(pub String);

impl<S: Sync> FromRequestParts<S> for Serial {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        unit_serial(parts.uri.path(), query)
            // The database knows no text with a NUL, so no unit has such a serial.
            .filter(|serial| !serial.contains('\0'))
            .map(|serial| Self(serial.trim().to_owned()))
            .ok_or_else(Problem::not_found)
    }
}
