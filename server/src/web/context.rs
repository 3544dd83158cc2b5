//! What the layers of a request tell each other through its extensions.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use tokio_util::sync::CancellationToken;

/// The nonce of this response's scripts.
#[derive(Debug, Clone)]
pub struct CspNonce(pub Arc<str>);

/// The id of this request, as answered in `x-request-id`.
#[derive(Debug, Clone)]
pub struct RequestId(pub Arc<str>);

/// Cancellation token of a request: cancelled if the client disconnects before the response. A
/// handler outlives its client, and checks the token where stopping is safe.
#[derive(Debug, Clone, Default)]
pub struct ClientGone(pub(crate) CancellationToken);

impl ClientGone {
    /// Waits until the client has disconnected; indefinitely if it does not.
    pub async fn wait(&self) {
        self.0.cancelled().await;
    }

    /// Gets the token of a request; a token that is never cancelled if the request has none.
    #[must_use]
    pub fn from_extensions(extensions: &http::Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_default()
    }
}

impl<S: Sync> FromRequestParts<S> for ClientGone {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::from_extensions(&parts.extensions))
    }
}

/// Whether the path is for programs, which read problem documents.
pub(crate) fn is_for_programs(path: &str) -> bool {
    ["/api/", "/ingest/", "/data/", "/pkg/", "/mcp"].iter().any(|prefix| path.starts_with(prefix))
}
