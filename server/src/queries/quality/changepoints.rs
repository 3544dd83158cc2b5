//! `GET /api/v1/changepoints`

use std::convert::Infallible;

use chrono::{DateTime, Utc};
use domain::dimension::Field;
use engine::proportion::Proportion;
use engine::quality::changepoints::{self as engine_changepoints, Changepoint, MAX_KEYS};
use serde::Serialize;
use store::{Principal, Store};
use utoipa::ToSchema;

use super::events::{self, Event};
use super::phases::{figure_key, named_key};
use super::sample::{self, Sample};
use super::{Head, measurement};
use crate::figures;
use crate::frames::spawn_cpu;
use crate::problem::ApiResult;
use crate::queries::asked::{Asked, wrong};
use crate::queries::time;
use crate::web::extract::Query;

/// Events farther away than this do not coincide.
const NEAR_DAYS: i64 = 7;
/// Events that a changepoint names.
const LISTED_EVENTS: usize = 5;

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangepointsAnswer {
    #[serde(flatten)]
    pub(crate) head: Head,
    pub(crate) parameter: Option<String>,
    pub(crate) figure: Option<String>,
    /// Keys of the series.
    pub(crate) n: usize,
    pub(crate) points: Vec<Point>,
    pub(crate) notes: Vec<&'static str>,
}

/// A changepoint.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangepointsPoint)]
pub(crate) struct Point {
    /// The last key before it.
    pub(crate) after_key: String,
    /// The start of the first run after it.
    pub(crate) at: String,
    /// Mean or rate before, back to the changepoint before.
    pub(crate) before: f64,
    pub(crate) after: f64,
    pub(crate) difference: Difference,
    pub(crate) p: f64,
    /// Events near it, the nearest first. They need not be its cause.
    pub(crate) coincides_with: Vec<Near>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangepointsDifference)]
pub(crate) struct Difference {
    pub(crate) value: f64,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangepointsNear)]
pub(crate) struct Near {
    pub(crate) kind: String,
    pub(crate) at: String,
    pub(crate) what: String,
    /// Seconds from the changepoint; negative: before it.
    pub(crate) distance: i64,
}

/// A key of a series and the first start with it.
struct Key {
    name: String,
    at: DateTime<Utc>,
}

/// `GET /api/v1/changepoints?parameter=` or `?figure=yield|failures:<code>&group_by=day`: when
/// a mean or a rate shifted.
///
/// # Errors
/// 400 for a parameter.
pub(crate) async fn changepoints(
    store: &Store,
    caller: &Principal,
    query: &Query,
) -> ApiResult<ChangepointsAnswer> {
    let asked = Asked::read(query, &[&sample::PARAMETERS[..], &["figure"]].concat())?;
    let (mut tx, as_of) = figures::begin(store, caller).await?;
    let head = Head::new(&asked, as_of);
    let Some(figure) = asked.own("figure").map(str::to_owned) else {
        let measurement = measurement(&mut tx, &asked).await?;
        let sample = Sample::load(&mut tx, &asked, &measurement, None).await?;
        let operations = tx.measurement_operations(&measurement).await?;
        let events = events::of_sample(&mut tx, &asked, &operations, &sample).await?;
        drop(tx);
        let (keys, means) = series(&sample);
        let is_averaged = keys.len() < sample.values.len();
        let n = keys.len();
        let found = spawn_cpu("changepoints", move || {
            Ok::<_, Infallible>(engine_changepoints::detect_mean_shifts(&means))
        })
        .await?;
        let notes = if is_averaged { vec!["consecutive-values-averaged"] } else { Vec::new() };
        let points = found.iter().map(|change| point(change, &keys, &events)).collect();
        let parameter = Some(sample.parameter);
        return Ok(ChangepointsAnswer { head, parameter, figure: None, n, points, notes });
    };
    if asked.own("parameter").is_some() {
        return Err(wrong("figure", "cannot be given together with `parameter`"));
    }
    let code = match figure.as_str() {
        "yield" => None,
        text => Some(
            text.strip_prefix("failures:")
                .ok_or_else(|| wrong("figure", "must be yield or failures:<code>"))?,
        ),
    };
    let by = figure_key(&asked, Field::Day.into())?;
    let counts = tx.figure_by_key(&asked.question, &by, code, MAX_KEYS).await?;
    if counts.len() > MAX_KEYS {
        return Err(wrong("group_by", "gives more than 5,000 keys: choose a shorter window"));
    }
    let events = events::of_figure(&mut tx, &asked).await?;
    drop(tx);
    let keys: Vec<Key> =
        counts.iter().map(|it| Key { name: named_key(&by, &it.key), at: it.at }).collect();
    let series: Vec<Proportion> = counts
        .iter()
        .map(|it| {
            let n = it.n.max(0).cast_unsigned();
            let failed = if code.is_some() { it.with_code } else { it.failed };
            let failed = failed.max(0).cast_unsigned().min(n);
            Proportion { k: if code.is_some() { failed } else { n - failed }, n }
        })
        .collect();
    let found = spawn_cpu("changepoints", move || {
        Ok::<_, Infallible>(engine_changepoints::detect_rate_shifts(&series))
    })
    .await?;
    let points = found.iter().map(|change| point(change, &keys, &events)).collect();
    let n = keys.len();
    Ok(ChangepointsAnswer {
        head,
        parameter: None,
        figure: Some(figure),
        n,
        points,
        notes: Vec::new(),
    })
}

/// A series of at most [`MAX_KEYS`] keys: the values themselves, or means of as many
/// consecutive ones as it takes.
fn series(sample: &Sample) -> (Vec<Key>, Vec<f64>) {
    let size = sample.values.len().div_ceil(MAX_KEYS).max(1);
    let chunks = sample.values.chunks(size);
    chunks
        .filter_map(|chunk| {
            let at = chunk.first()?.at;
            let mean = chunk.iter().map(|value| value.value).sum::<f64>() / chunk.len() as f64;
            Some((Key { name: time(at), at }, mean))
        })
        .unzip()
}

fn point(change: &Changepoint, keys: &[Key], events: &[Event]) -> Point {
    let at = keys.get(change.index).map_or(DateTime::UNIX_EPOCH, |key| key.at);
    let last = change.index.checked_sub(1).and_then(|index| keys.get(index));
    let distance = |event: &Event| (event.moment - at).num_seconds();
    let mut near: Vec<&Event> =
        events.iter().filter(|event| distance(event).abs() <= NEAR_DAYS * 86_400).collect();
    near.sort_by_key(|event| distance(event).abs());
    Point {
        after_key: last.map(|key| key.name.clone()).unwrap_or_default(),
        at: time(at),
        before: change.before,
        after: change.after,
        difference: Difference {
            value: change.difference,
            low: change.ci.map(|ci| ci.low),
            high: change.ci.map(|ci| ci.high),
        },
        p: change.p,
        coincides_with: near
            .iter()
            .take(LISTED_EVENTS)
            .map(|event| Near {
                kind: event.kind.clone(),
                at: event.at.clone(),
                what: event.what.clone(),
                distance: distance(event),
            })
            .collect(),
    }
}
