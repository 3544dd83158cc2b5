//! `POST /ingest/v1/receipts/{id}/replay`: the kept bytes, parsed again.

use axum::extract::State;
use domain::ReceiptId;
use formats::Params;
use serde_json::{Map, Value, json};
use store::receipts::ReplayInput;
use store::{Principal, TenantTx};

use super::take::{turn, write};
use super::{Answer, Delivery, Encoding};
use crate::auth::Caller;
use crate::clock;
use crate::problem::{ApiResult, Cause, EN, Problem};
use crate::state::AppState;
use crate::web::context::ClientGone;
use crate::web::extract::{Body, Json, Path};

/// `POST /ingest/v1/receipts/{id}/replay`: parses the receipt's bytes again, with its
/// parameters and those of the body, an object of parameters by name, over them; null
/// removes one. The result replaces the runs of the upload and its earlier
/// replays, unless it is empty.
///
/// # Errors
/// 404 when there is no such receipt, 400 for a parameter, and those of an upload.
pub async fn replay(
    State(state): State<AppState>,
    Caller(caller): Caller,
    gone: ClientGone,
    Path(id): Path<ReceiptId>,
    Body(body): Body,
) -> ApiResult<Json<Answer>> {
    let over = overrides(&body)?;
    again(&state, &caller, id, &over, &gone).await.map(Json)
}

/// Parses a receipt's bytes again, with the parameters `over` over its own; null removes
/// one.
pub(crate) async fn again(
    state: &AppState,
    caller: &Principal,
    id: ReceiptId,
    over: &Map<String, Value>,
    gone: &ClientGone,
) -> ApiResult<Answer> {
    let tenant = caller.tenant().ok_or(store::Error::NoTenant)?;
    state.disk().room()?;
    let many = || Problem::too_many(EN.upload_replay_too_many(), 5);
    let person = state.try_acquire_upload_of_person(caller).ok_or_else(many)?;
    let permit = state.try_acquire_upload(tenant).ok_or_else(many)?;
    // Nothing is loaded before its turn, nor beyond what bodies may have in memory.
    let turn = turn(state, tenant, gone).await?;
    let mut memory = state.body_memory(tenant);
    let mut tx = TenantTx::begin(state.store(), caller).await?;
    let bytes = tx.replay_input_bytes(id).await?.ok_or_else(Problem::not_found)?;
    memory.grow_to(usize::try_from(bytes).unwrap_or(usize::MAX))?;
    let found = tx.load_replay_input(id).await?.ok_or_else(Problem::not_found)?;
    let detail = json!({ "receipt": id, "parameters": over });
    tx.audit(clock::now(), "replay a receipt", &detail).await?;
    tx.commit().await?;
    let ReplayInput { format, params, zstd, replays } = found;
    let delivery = Delivery {
        format,
        params: merged(params, over)?,
        encoding: Encoding::Zstd,
        bytes: zstd,
        replays: Some(replays),
    };
    let answer = write(state, caller, delivery, turn).await;
    drop((permit, person, memory));
    answer
}

/// An empty body is no overrides.
fn overrides(body: &[u8]) -> ApiResult<Map<String, Value>> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(body).map_err(|error| wrong("body", EN.cause_parameters(error)))
}

fn merged(kept: Value, over: &Map<String, Value>) -> ApiResult<Params> {
    let Value::Object(mut texts) = kept else { return Err(Problem::internal()) };
    texts.retain(|name, _| !over.contains_key(name));
    let mut params: Params =
        serde_json::from_value(Value::Object(texts)).map_err(|_| Problem::internal())?;
    let mut causes = Vec::new();
    for (name, value) in over {
        let set = match value {
            Value::Null if Params::NAMES.contains(&name.as_str()) => Ok(()),
            Value::String(text) => super::set(&mut params, name, text),
            _ => Err(Cause { parameter: name.clone(), why: EN.cause_text_or_null().to_owned() }),
        };
        causes.extend(set.err());
    }
    if causes.is_empty() { Ok(params) } else { Err(Problem::bad_request(causes)) }
}

fn wrong(parameter: &str, why: String) -> Problem {
    Problem::bad_request(vec![Cause { parameter: parameter.to_owned(), why }])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(text: &str) -> Map<String, Value> {
        overrides(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_parameter_of_the_body_replaces_the_kept_one_and_null_removes_it() {
        let kept = json!({ "unit": "U1", "operation": "L10", "station": "S" });
        let params = merged(kept, &over(r#"{"unit":"U2","station":null}"#)).unwrap();
        assert_eq!(params.unit.as_deref(), Some("U2"));
        assert_eq!(params.operation.as_deref(), Some("L10"));
        assert_eq!(params.station, None);
    }

    #[test]
    fn what_is_no_parameter_is_named() {
        for wrong in [r#"{"unti":"U2"}"#, r#"{"unti":null}"#, r#"{"unit":7}"#, r#"{"unit":""}"#] {
            assert_eq!(merged(json!({}), &over(wrong)).unwrap_err().status(), 400, "{wrong}");
        }
        assert_eq!(overrides(b"[]").unwrap_err().status(), 400);
    }
}
