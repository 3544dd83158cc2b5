//! `POST /t/{tenant}/uploads/{id}/replay`: the bytes of an upload, read again.

use app::ui::notice::Notice;
use axum::extract::State;
use axum::response::Response;
use domain::ReceiptId;
use formats::Params;
use serde_json::{Map, Value};
use store::{Principal, TenantTx};

use super::done;
use crate::auth::tenant::TenantBase;
use crate::auth::{Caller, too_often};
use crate::ingest::again;
use crate::problem::{ApiResult, Cause, EN, Problem};
use crate::queries::receipts;
use crate::state::AppState;
use crate::web::context::ClientGone;
use crate::web::extract::{Form, Path};

/// `POST /t/{tenant}/uploads/{id}/replay`, with every parameter that the reading is to have; an empty
/// one is none.
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
    state.rate().ask(&caller).map_err(too_often)?;
    let over = differing(&state, &caller, id, fields).await?;
    let (receipt, notice) = match again(&state, &caller, id, &over, &gone).await {
        Ok(answer) => (answer.receipt_id.to_string(), Notice::Replayed),
        Err(problem) => match problem.receipt() {
            Some(receipt) => (receipt.to_owned(), Notice::ReplayedNothing),
            None => return Err(problem),
        },
    };
    Ok(done(&format!("{base}/uploads/{receipt}"), notice))
}

/// The parameters that are not those of the receipt, null where there is to be none.
async fn differing(
    state: &AppState,
    caller: &Principal,
    id: ReceiptId,
    fields: Vec<(String, String)>,
) -> ApiResult<Map<String, Value>> {
    let mut tx = TenantTx::begin(state.store(), caller).await?;
    let kept = tx.receipt(id).await?.ok_or_else(Problem::not_found)?;
    let kept = receipts::params(&kept.params);
    let mut over = Map::new();
    for (name, text) in fields {
        if !Params::NAMES.contains(&name.as_str()) || over.contains_key(&name) {
            let why = EN.form_unknown_parameter().to_owned();
            return Err(Problem::bad_request(vec![Cause { parameter: name, why }]));
        }
        let wanted = match text.trim() {
            "" => Value::Null,
            text => text.into(),
        };
        over.insert(name, wanted);
    }
    over.retain(|name, wanted| kept.get(name).unwrap_or(&Value::Null) != wanted);
    Ok(over)
}
