//! Measurements and quality: which parameter, where, since when, and whether the instrument
//! can be trusted. The questions are those of `queries::quality`.

use axum::extract::State;
use http::{HeaderMap, StatusCode, header};

use crate::auth::Caller;
use crate::commands::events::{self as commands, NewEvent};
use crate::problem::ApiResult;
use crate::queries::quality;
use crate::state::AppState;
use crate::web::extract::{Body, Json, Query};

/// Handlers that read a query string and answer with JSON.
macro_rules! handlers {
    ($($(#[$doc:meta])* $name:ident = $question:path => $answer:ty;)*) => {
        $(
            $(#[$doc])*
            ///
            /// # Errors
            /// 400 for a parameter, or where a bound of the question is exceeded.
            pub(crate) async fn $name(
                State(state): State<AppState>,
                Caller(caller): Caller,
                query: Query,
            ) -> ApiResult<Json<$answer>> {
                $question(state.store(), &caller, &query).await.map(Json)
            }
        )*
    };
}

handlers! {
    /// `GET /api/v1/measurements`
    measurements = quality::measurements::measurements => quality::measurements::MeasurementList;
    /// `GET /api/v1/capability`
    capability = quality::capability::capability => quality::capability::CapabilityAnswer;
    /// `GET /api/v1/histogram`
    histogram = quality::histogram::histogram => quality::histogram::HistogramAnswer;
    /// `GET /api/v1/control-chart`
    control_chart = quality::control_chart::control_chart => quality::control_chart::ControlChartAnswer;
    /// `GET /api/v1/commonality`
    commonality = quality::commonality::commonality => quality::commonality::CommonalityAnswer;
    /// `GET /api/v1/changepoints`
    changepoints = quality::changepoints::changepoints => quality::changepoints::ChangepointsAnswer;
    /// `GET /api/v1/compare`
    compare = quality::compare::compare => quality::compare::ComparisonAnswer;
    /// `GET /api/v1/retest`
    retest = quality::retest::retest => quality::retest::RetestAnswer;
    /// `GET /api/v1/gage`
    gage = quality::gage::from_data => quality::gage::GageAnswer;
    /// `GET /api/v1/events`
    events = quality::events::list => quality::events::Events;
}

/// `POST /api/v1/gage`
///
/// # Errors
/// 400 for the body.
pub(crate) async fn gage_study(
    headers: HeaderMap,
    query: Query,
    Body(body): Body,
) -> ApiResult<Json<quality::gage::GageAnswer>> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    quality::gage::from_readings(media_type, &query, &body).await.map(Json)
}

/// `POST /api/v1/events`
///
/// # Errors
/// 400 for the body, and where the tenant has as many as may be.
pub(crate) async fn record_event(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Json(event): Json<NewEvent>,
) -> ApiResult<(StatusCode, Json<quality::events::Event>)> {
    let (id, at) = commands::record(state.store(), &caller, &event).await?;
    let NewEvent { kind, what, scope, .. } = event;
    let event = quality::events::Event::recorded(id, at.into(), kind, what, scope);
    Ok((StatusCode::CREATED, Json(event)))
}
