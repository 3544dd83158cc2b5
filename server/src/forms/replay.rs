//! `POST /t/{tenant}/uploads/{id}/replay`: reprocesses the stored bytes of an upload.

use app::ui::notice::Notice;
use axum::extract::State;
use axum::response::Response;
use domain::ReceiptId;
use formats::Params;
use serde_json::{Map, Value};
use store::{Principal, TenantTx};

use super::redirect_with_notice;
use crate::auth::tenant::TenantBase;
use crate::auth::{Caller, rate_limited};
use crate::ingest::again;
use crate::problem::{ApiResult, Cause, EN, Problem};
use crate::queries::receipts;
use crate::state::AppState;
use crate::web::context::ClientGone;
use crate::web::extract::{Form, Path};

/// `POST /t/{tenant}/uploads/{id}/replay`, with all parameters of the replay; an empty
/// text is none.
///
/// # Errors
/// 404 when there is no such receipt, 400 for a parameter, and those of an upload without a
/// receipt.
pub async fn replay(
    State(state): State<AppState>,
    Caller(caller): Caller,
    base: TenantBase,
    gone: ClientGone,
    Path((_, id)): Path<(String, ReceiptId)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> ApiResult<Response> {
    state.rate().check(&caller).map_err(rate_limited)?;
    let overrides = changed_parameters(&state, &caller, id, fields).await?;
    let (receipt, notice) = match again(&state, &caller, id, &overrides, &gone).await {
        Ok(answer) => (answer.receipt_id.to_string(), Notice::Replayed),
        Err(problem) => match problem.receipt() {
            Some(receipt) => (receipt.to_owned(), Notice::ReplayedNothing),
            None => return Err(problem),
        },
    };
    Ok(redirect_with_notice(&format!("{base}/uploads/{receipt}"), notice))
}

/// The parameters that differ from those of the receipt, null for removed ones.
async fn changed_parameters(
    state: &AppState,
    caller: &Principal,
    id: ReceiptId,
    fields: Vec<(String, String)>,
) -> ApiResult<Map<String, Value>> {
    let mut tx = TenantTx::begin(state.store(), caller).await?;
    let stored = tx.receipt(id).await?.ok_or_else(Problem::not_found)?;
    let stored = receipts::params(&stored.params);
    let mut overrides = Map::new();
    for (name, text) in fields {
        if !Params::NAMES.contains(&name.as_str()) || overrides.contains_key(&name) {
            let why = EN.form_unknown_parameter().to_owned();
            return Err(Problem::bad_request(vec![Cause { parameter: name, why }]));
        }
        let value = match text.trim() {
            "" => Value::Null,
            text => text.into(),
        };
        overrides.insert(name, value);
    }
    overrides.retain(|name, value| stored.get(name).unwrap_or(&Value::Null) != value);
    Ok(overrides)
}
