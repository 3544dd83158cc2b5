//! `/api/v1/events`: what changed, recorded by people and found in the data.

use std::collections::BTreeMap;

use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::dimension::{Dimension, Filters};
use domain::yields::Bound;
use domain::{Timestamp, Zone};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::TenantTx;
use store::quality::Window;
use uuid::Uuid;

use super::sample::Sample;
use crate::api::yields::Asked;
use crate::api::{limit, time};
use crate::auth::Caller;
use crate::commands::moment;
use crate::figures;
use crate::problem::{ApiResult, Cause, Problem};
use crate::state::AppState;
use crate::web::extract::{Json, Query};

/// Most recorded events of a tenant.
const MOST_RECORDED: u32 = 10_000;
/// Events that a question about a parameter or a figure looks at.
const CONSIDERED: u16 = 1_000;
const MOST_SCOPE: usize = 8;
const MOST_KIND: usize = 64;
const MOST_TEXT: usize = 512;

/// A change.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// None where it was found in the data.
    id: Option<Uuid>,
    pub(super) at: String,
    pub(super) kind: String,
    pub(super) what: String,
    /// What it concerns: {dimension: value}; empty: everything.
    scope: BTreeMap<String, String>,
    /// False where it was found in the data.
    recorded: bool,
    #[serde(skip)]
    pub(super) moment: DateTime<Utc>,
}

/// A page of the list.
#[derive(Debug, Serialize)]
pub struct Events {
    /// The latest first.
    items: Vec<Event>,
    /// Whether there are older ones in the window.
    cut: bool,
}

/// `GET /api/v1/events?from=&to=`: recorded change events, and the first runs with a new
/// software, revision, fixture or station, the latest first.
///
/// # Errors
/// 400 for a parameter.
pub async fn list(
    State(state): State<AppState>,
    Caller(caller): Caller,
    query: Query,
) -> ApiResult<Json<Events>> {
    let asked = Asked::narrowing(&query, &["limit"])?;
    let limit = limit(&query)?;
    let (mut tx, _) = figures::begin(state.store(), &caller).await?;
    let mut items = load(&mut tx, &asked, None, limit + 1).await?;
    drop(tx);
    items.reverse();
    let cut = items.len() > usize::from(limit);
    items.truncate(usize::from(limit));
    Ok(Json(Events { items, cut }))
}

/// An event to record.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewEvent {
    at: String,
    kind: String,
    what: String,
    #[serde(default)]
    scope: BTreeMap<String, String>,
}

/// `POST /api/v1/events` `{at, kind, what, scope}`.
///
/// # Errors
/// 400 for the body, and where the tenant has as many as may be.
pub async fn record(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Json(event): Json<NewEvent>,
) -> ApiResult<(StatusCode, Json<Event>)> {
    let at = check(&event)?;
    let moment = moment();
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    let scope = json!(event.scope);
    let id =
        tx.record_event(at, &event.kind, &event.what, &scope, moment.now, MOST_RECORDED).await?;
    let Some(id) = id else {
        return Err(Problem::invalid(
            "body",
            "is one event more than the 10,000 that a partner may record",
        ));
    };
    let detail = json!({ "event": id, "kind": event.kind, "what": event.what });
    tx.audit(moment.now, "record a change event", &detail).await?;
    tx.commit().await?;
    let NewEvent { kind, what, scope, .. } = event;
    let moment: DateTime<Utc> = at.into();
    let event = Event { id: Some(id), at: time(moment), kind, what, scope, recorded: true, moment };
    Ok((StatusCode::CREATED, Json(event)))
}

/// When the event was; all that is wrong with it.
fn check(event: &NewEvent) -> ApiResult<Timestamp> {
    let mut causes = Vec::new();
    let mut wrong = |parameter: &str, why: String| {
        causes.push(Cause { parameter: parameter.to_owned(), why });
    };
    let at = match Timestamp::parse(&event.at) {
        Ok((at, Zone::Stated)) => Some(at),
        _ => {
            wrong("at", "must be a time with a zone, such as 2026-03-01T08:00:00Z".to_owned());
            None
        }
    };
    let mut text = |name: &str, text: &str, most: usize| {
        if text.trim().is_empty() || text.len() > most || text.contains('\0') {
            wrong(name, format!("must be a text of 1 to {most} bytes"));
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
            why: format!("must have at most {MOST_SCOPE} dimensions"),
        });
    }
    match at {
        Some(at) if causes.is_empty() => Ok(at),
        _ => Err(Problem::bad_request(causes)),
    }
}

/// Events in the window of a question that may concern what its filters let through, in
/// `operations` or in all; the latest `most` of each origin, in the order of time.
pub(super) async fn load(
    tx: &mut TenantTx,
    asked: &Asked,
    operations: Option<&[String]>,
    most: u16,
) -> ApiResult<Vec<Event>> {
    let question = &asked.question;
    let window: Window = (start(question.from), start(question.to));
    let mut events = Vec::new();
    for event in tx.events(window, most).await? {
        let scope: BTreeMap<String, String> =
            serde_json::from_value(event.scope).unwrap_or_default();
        events.push(Event {
            id: Some(event.id),
            at: time(event.at),
            kind: event.kind,
            what: event.what,
            scope,
            recorded: true,
            moment: event.at,
        });
    }
    for found in tx.events_found(operations, window, most).await? {
        let scope =
            [("operation".to_owned(), found.operation), (found.kind.clone(), found.what.clone())];
        events.push(Event {
            id: None,
            at: time(found.at),
            kind: found.kind,
            what: found.what,
            scope: scope.into(),
            recorded: false,
            moment: found.at,
        });
    }
    events.retain(|event| concerns(&event.scope, &question.filters));
    events.sort_by(|one, other| {
        (one.moment, &one.kind, &one.what).cmp(&(other.moment, &other.kind, &other.what))
    });
    let surplus = events.len().saturating_sub(usize::from(most));
    events.drain(..surplus);
    Ok(events)
}

/// Events that may concern a sample: the tenant's, and its versions of limits.
pub(super) async fn of_sample(
    tx: &mut TenantTx,
    asked: &Asked,
    operations: &[String],
    sample: &Sample,
) -> ApiResult<Vec<Event>> {
    let mut events = load(tx, asked, Some(operations), CONSIDERED).await?;
    for version in sample.versions.iter().skip(1).take(usize::from(CONSIDERED)) {
        events.push(Event {
            id: None,
            at: version.from.clone(),
            kind: "limits".to_owned(),
            what: version.describe(),
            scope: BTreeMap::new(),
            recorded: false,
            moment: version.at,
        });
    }
    events.sort_by_key(|event| event.moment);
    Ok(events)
}

/// Events that may concern a figure.
pub(super) async fn of_figure(tx: &mut TenantTx, asked: &Asked) -> ApiResult<Vec<Event>> {
    let operations = asked.question.filters.get(domain::dimension::Field::Operation);
    let operations = (!operations.is_empty()).then(|| operations.to_vec());
    load(tx, asked, operations.as_deref(), CONSIDERED).await
}

/// False where a filter lets through other values than the scope's only.
fn concerns(scope: &BTreeMap<String, String>, filters: &Filters) -> bool {
    scope.iter().all(|(dimension, value)| {
        let Some(dimension) = Dimension::parse_filter(dimension) else { return true };
        let values = filters.get(dimension);
        values.is_empty() || values.contains(value)
    })
}

/// A bound as a moment: that of a day is its midnight in UTC.
fn start(bound: Option<Bound>) -> Option<DateTime<Utc>> {
    Some(match bound? {
        Bound::At(at) => at.into(),
        Bound::Day(day) => day.and_time(chrono::NaiveTime::MIN).and_utc(),
    })
}
