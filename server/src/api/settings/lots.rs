//! `/api/v1/settings/lot-rules`: how lots are derived from serial numbers of components.

use axum::extract::State;
use formats::lots::{LotRule, LotRules};
use serde_json::{Value, json};
use store::TenantTx;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::clock;
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;
use crate::web::extract::Json;

/// The OpenAPI schema of the rules: [`LotRule`] is a type of the core.
#[derive(Debug, ToSchema)]
#[schema(title = "LotRules")]
#[allow(dead_code)] // only its schema is used
pub(crate) struct LotRuleList(Vec<LotRuleItem>);

/// The lot of components with this part number: what the first capture group of the pattern
/// matches in their serial number.
#[derive(Debug, ToSchema)]
#[allow(dead_code)] // only its schema is used
pub(crate) struct LotRuleItem {
    /// The part number.
    part: String,
    /// A regular expression with a capture group.
    pattern: String,
}

/// `GET /api/v1/settings/lot-rules`: the rules, in the order in which they are tried.
///
/// # Errors
/// When the database is unreachable.
pub async fn get_lot_rules(
    State(state): State<AppState>,
    Caller(caller): Caller,
) -> ApiResult<Json<Value>> {
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    Ok(Json(tx.this_tenant().await?.lot_rules))
}

/// `PUT /api/v1/settings/lot-rules` `[{"part": "…", "pattern": "…"}]`: replaces the rules. They
/// apply to uploads and replays from now on.
///
/// # Errors
/// 400 for an invalid rule.
pub async fn set_lot_rules(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Json(rules): Json<Vec<LotRule>>,
) -> ApiResult<Json<Value>> {
    LotRules::compile(&rules).map_err(|error| {
        let parameter = error.at.map_or_else(|| "rules".to_owned(), |at| format!("rules[{at}]"));
        Problem::invalid(&parameter, error.why)
    })?;
    let rules = json!(rules);
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    tx.set_lot_rules(&rules).await?;
    tx.audit(clock::now(), "set lot rules", &json!({ "rules": rules })).await?;
    tx.commit().await?;
    Ok(Json(rules))
}
