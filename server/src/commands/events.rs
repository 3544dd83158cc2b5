//! Recording change events.

use std::collections::BTreeMap;

use domain::dimension::Dimension;
use domain::{Timestamp, Zone};
use serde::Deserialize;
use serde_json::json;
use store::{Principal, Store, TenantTx};
use utoipa::ToSchema;
use uuid::Uuid;

use super::moment;
use crate::problem::{ApiResult, Cause, EN, Problem};

/// Most recorded events of a tenant.
const MOST_RECORDED: u32 = 10_000;
const MOST_SCOPE: usize = 8;
const MOST_KIND: usize = 64;
const MOST_TEXT: usize = 512;

/// An event to record.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewChangeEvent)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewEvent {
    pub(crate) at: String,
    pub(crate) kind: String,
    pub(crate) what: String,
    #[serde(default)]
    pub(crate) scope: BTreeMap<String, String>,
}

/// Records a change event. Returns its id and time.
///
/// # Errors
/// 400 for an invalid event, and if the tenant has the maximum number.
pub(crate) async fn record(
    store: &Store,
    caller: &Principal,
    event: &NewEvent,
) -> ApiResult<(Uuid, Timestamp)> {
    let at = check(event)?;
    let moment = moment();
    let mut tx = TenantTx::begin(store, caller).await?;
    let scope = json!(event.scope);
    let id =
        tx.record_event(at, &event.kind, &event.what, &scope, moment.now, MOST_RECORDED).await?;
    let Some(id) = id else {
        return Err(Problem::invalid("body", EN.cause_event_count(u64::from(MOST_RECORDED))));
    };
    let detail = json!({ "event": id, "kind": event.kind, "what": event.what });
    tx.audit(moment.now, "record a change event", &detail).await?;
    tx.commit().await?;
    Ok((id, at))
}

/// Validates an event; collects all errors. Returns its time.
fn check(event: &NewEvent) -> ApiResult<Timestamp> {
    let mut causes = Vec::new();
    let mut wrong = |parameter: &str, why: String| {
        causes.push(Cause { parameter: parameter.to_owned(), why });
    };
    let at = match Timestamp::parse(&event.at) {
        Ok((at, Zone::Stated)) => Some(at),
        _ => {
            wrong("at", EN.cause_event_time().to_owned());
            None
        }
    };
    let mut text = |name: &str, text: &str, most: usize| {
        if text.trim().is_empty() || text.len() > most || text.contains('\0') {
            wrong(name, EN.cause_event_text(most as u64));
        }
    };
    text("kind", &event.kind, MOST_KIND);
    text("what", &event.what, MOST_TEXT);
    for (dimension, value) in &event.scope {
        text("scope", value, MOST_TEXT);
        if Dimension::parse_filter(dimension).is_none() {
            text("scope", "", MOST_TEXT);
        }
    }
    if event.scope.len() > MOST_SCOPE {
        causes.push(Cause {
            parameter: "scope".to_owned(),
            why: EN.cause_event_scope(MOST_SCOPE as u64),
        });
    }
    match at {
        Some(at) if causes.is_empty() => Ok(at),
        _ => Err(Problem::bad_request(causes)),
    }
}
