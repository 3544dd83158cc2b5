//! `GET /ingest/v1/{format}/{sha256}`: have you these bytes already?
//!
//! A client that sends a long file in parts asks before each, so that an interrupted upload
//! resumes where it stopped.

use axum::extract::State;
use domain::ReceiptId;
use hex::FromHex;
use serde::Serialize;
use store::TenantTx;
use utoipa::ToSchema;

use super::{Counts, params};
use crate::auth::Caller;
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;
use crate::web::extract::{Json, Path, Query};

/// What came of these bytes when they first came.
#[derive(Debug, Serialize, ToSchema)]
pub struct Known {
    /// Their first receipt, which has every reject and warning.
    #[schema(value_type = String, format = Uuid)]
    pub receipt_id: ReceiptId,
    /// Runs that were new.
    pub accepted: u64,
    /// Runs that replaced a lesser version of themselves.
    pub updated: u64,
    /// Duplicate runs.
    pub duplicates: u64,
    /// The same of repairs.
    pub repairs: Counts,
    /// Lines that could not be used.
    pub rejected_total: i64,
    /// What was odd.
    pub warnings_total: i64,
}

/// `GET /ingest/v1/{format}/{sha256}`, with the parameters of the upload; the hash is of
/// the decoded bytes.
///
/// # Errors
/// 400 for a parameter, 404 when these bytes were not sent with these parameters in this
/// format for the caller's tenant.
pub async fn get(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path((format, sha256)): Path<(String, String)>,
    query: Query,
) -> ApiResult<Json<Known>> {
    let format = formats::Format::named(&format).ok_or_else(Problem::not_found)?;
    let params = serde_json::to_value(params(&query)?).map_err(|_| Problem::internal())?;
    let sha256 = <[u8; 32]>::from_hex(sha256).map_err(|_| Problem::not_found())?;
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    let known = tx.find_known_upload(&sha256, format.name, &params).await?;
    let known = known.ok_or_else(Problem::not_found)?;
    Ok(Json(Known {
        receipt_id: known.receipt_id,
        accepted: known.runs.accepted,
        updated: known.runs.updated,
        duplicates: known.runs.duplicates,
        repairs: known.repairs.into(),
        rejected_total: known.rejected,
        warnings_total: known.warnings,
    }))
}
