//! `/api/v1/events`: what changed, recorded by people and found in the data.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::dimension::{Dimension, Filters};
use domain::yields::Bound;
use serde::Serialize;
use store::quality::Window;
use store::{Principal, Store, TenantTx};
use utoipa::ToSchema;
use uuid::Uuid;

use super::sample::Sample;
use crate::figures;
use crate::problem::ApiResult;
use crate::queries::asked::Asked;
use crate::queries::time;
use crate::web::extract::Query;
use crate::web::paging::limit;

/// Events that a question about a parameter or a figure looks at.
const CONSIDERED: u16 = 1_000;

/// A change.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ChangeEvent)]
pub(crate) struct Event {
    /// None where it was found in the data.
    pub(crate) id: Option<Uuid>,
    pub(crate) at: String,
    pub(crate) kind: String,
    pub(crate) what: String,
    /// What it concerns: {dimension: value}; empty: everything.
    pub(crate) scope: BTreeMap<String, String>,
    /// False where it was found in the data.
    pub(crate) recorded: bool,
    #[serde(skip)]
    pub(crate) moment: DateTime<Utc>,
}

/// A page of the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeEvents)]
pub(crate) struct Events {
    /// The latest first.
    pub(crate) items: Vec<Event>,
    /// Whether there are older ones in the window.
    pub(crate) cut: bool,
}

/// `GET /api/v1/events?from=&to=`: recorded change events, and the first runs with a new
/// software, revision, fixture or station, the latest first.
///
/// # Errors
/// 400 for a parameter.
pub(crate) async fn list(store: &Store, caller: &Principal, query: &Query) -> ApiResult<Events> {
    let asked = Asked::narrowing(query, &["limit"])?;
    let limit = limit(query)?;
    let (mut tx, _) = figures::begin(store, caller).await?;
    let mut items = load(&mut tx, &asked, None, limit + 1).await?;
    drop(tx);
    items.reverse();
    let cut = items.len() > usize::from(limit);
    items.truncate(usize::from(limit));
    Ok(Events { items, cut })
}

impl Event {
    /// An event that was recorded.
    pub(crate) fn recorded(
        id: Uuid,
        at: DateTime<Utc>,
        kind: String,
        what: String,
        scope: BTreeMap<String, String>,
    ) -> Self {
        Self { id: Some(id), at: time(at), kind, what, scope, recorded: true, moment: at }
    }
}

/// Events in the window of a question that may concern what its filters let through, in
/// `operations` or in all; the latest `most` of each origin, in the order of time.
pub(crate) async fn load(
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
pub(crate) async fn of_sample(
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
pub(crate) async fn of_figure(tx: &mut TenantTx, asked: &Asked) -> ApiResult<Vec<Event>> {
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
