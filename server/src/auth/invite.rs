//! Accepts an invitation with a new password.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use store::AuthTx;
use utoipa::ToSchema;

use crate::clock;
use crate::credentials::secret;
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;
use crate::web::extract::Json;

/// The request that accepts an invitation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The secret of the invitation's link.
    invite: String,
    /// The password that the person chooses.
    password: String,
}

/// `POST /api/v1/invites` `{"invite": "…", "password": "…"}`: sets the password of an invited
/// person, once.
///
/// # Errors
/// 404 for an invitation that was accepted, has expired or does not exist; 400 for an invalid
/// password.
pub async fn accept(
    State(state): State<AppState>,
    Json(Acceptance { invite, password }): Json<Acceptance>,
) -> ApiResult<StatusCode> {
    let now = clock::now();
    let mut tx = AuthTx::begin(state.store()).await?;
    let found = tx.accept_invite(&secret::hash(&invite), now).await?;
    // Rolled back: hashing is slow, so release the connection and accept with the new password.
    drop(tx);
    let (_, email) = found.ok_or_else(Problem::not_found)?;
    let hash = state.hasher().hash(password, email).await;
    let hash = hash.map_err(|invalid| Problem::invalid("password", invalid.to_string()))?;
    let mut tx = AuthTx::begin(state.store()).await?;
    let (user, email) = tx
        .accept_invite(&secret::hash(&invite), clock::now())
        .await?
        .ok_or_else(Problem::not_found)?;
    tx.set_password(user, &hash).await?;
    tx.audit(&email, "accept an invitation", serde_json::json!({}), now).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
