//! Extractor of the serial number of a unit.

use app::routes::unit_serial;
use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::problem::Problem;

/// Extracts the serial number from the address of a unit, `/units/{serial}` and below, for pages
/// and the API: decoded once, or from the query if no path can hold it (`/units/_?serial=..`).
#[derive(Debug)]
pub struct Serial(pub String);

impl<S: Sync> FromRequestParts<S> for Serial {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        unit_serial(parts.uri.path(), query)
            // PostgreSQL text cannot contain NUL, so no unit has such a serial.
            .filter(|serial| !serial.contains('\0'))
            .map(|serial| Self(serial.trim().to_owned()))
            .ok_or_else(Problem::not_found)
    }
}
