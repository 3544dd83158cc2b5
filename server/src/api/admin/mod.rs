//! `/api/v1/admin`: tenants, and their people, tokens and audit.
//!
//! Tenants are administered by internal administrators; people, tokens and the audit also by
//! the tenant's partner-admins. Each change is a function of [`crate::commands`], as on the
//! command line.

pub mod audit;
pub mod tenants;
pub mod tokens;
pub mod users;

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::web::site::site_address;

/// Extracts the origin of this site from the request: `https://host`.
pub struct Site(pub String);

impl<S: Sync> FromRequestParts<S> for Site {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(site_address(&parts.headers).0))
    }
}

/// Builds the link that accepts an invitation.
fn invite_url(site: &Site, invite: &str) -> String {
    format!("{}/invite?token={invite}", site.0)
}
