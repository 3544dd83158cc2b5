//! Exports of the figures of a page.

use app::backend::{Explored, Runs};
use app::explore::{self, Board, CHARTS};
use app::ui::figure::FileKind;
use app::views::{failures, overview, parameter, unit};
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::header;
use serde_json::Map;

use super::backend::ServerBackend;
use crate::auth::Caller;
use crate::problem::{ApiResult, Cause, EN, Problem};
use crate::state::AppState;
use crate::web::extract::{Path, Query};
use crate::web::serial::Serial;

/// Exports a figure of the overview with the query of the page; the path has its name and file
/// extension.
pub async fn overview(
    State(state): State<AppState>,
    Caller(principal): Caller,
    Path((_, file)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> ApiResult<Response> {
    let (name, kind) = FileKind::named(&file).ok_or_else(Problem::not_found)?;
    let request = overview::OverviewState::of(&query.unwrap_or_default());
    let backend = ServerBackend::new(state, principal);
    let figures = backend.load_overview(request.query()).await?;
    let figure = overview::figure(name, &figures, &request).ok_or_else(Problem::not_found)?;
    Ok(file_response(figure.name, kind, figure.file(kind)))
}

/// Exports a figure of Failures with the query of the page; the path has its name and file
/// extension.
pub async fn failures(
    State(state): State<AppState>,
    Caller(principal): Caller,
    Path((_, file)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> ApiResult<Response> {
    let (name, kind) = FileKind::named(&file).ok_or_else(Problem::not_found)?;
    let query = failures::parse(&query.unwrap_or_default());
    let report = ServerBackend::new(state, principal).load_failures(query.clone()).await?;
    let figure = failures::figure(name, &report, &query).ok_or_else(Problem::not_found)?;
    Ok(file_response(figure.name, kind, figure.file(kind)))
}

/// Exports a figure of a parameter with the query of the page; the path has its name and file
/// extension.
pub async fn parameter(
    State(state): State<AppState>,
    Caller(principal): Caller,
    Path((_, name, file)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> ApiResult<Response> {
    let (figure, kind) = FileKind::named(&file).ok_or_else(Problem::not_found)?;
    let query = parameter::parse(name, &query.unwrap_or_default());
    let report = ServerBackend::new(state, principal).load_parameter(query.clone()).await?;
    let figure = parameter::figure(figure, &report, &query).ok_or_else(Problem::not_found)?;
    Ok(file_response(figure.name, kind, figure.file(kind)))
}

/// Exports a chart of Explore with the query of the page; the path has its column and file
/// extension.
pub async fn explore(
    State(state): State<AppState>,
    Caller(principal): Caller,
    Path((_, file)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> ApiResult<Response> {
    let (name, kind) = FileKind::named(&file).ok_or_else(Problem::not_found)?;
    let column = CHARTS.into_iter().find(|column| column.as_str() == name);
    let column = column.ok_or_else(Problem::not_found)?;
    let query = query.unwrap_or_default();
    if !explore::State::fits(&query) {
        let why = EN.cause_selection_long().to_owned();
        return Err(Problem::bad_request(vec![Cause { parameter: "query".into(), why }]));
    }
    let request = explore::State::parse(&query);
    let backend = ServerBackend::new(state, principal);
    let Explored { as_of, runs, .. } = backend.load_runs(request.clone()).await?;
    let explorer = match runs {
        Runs::Each(explorer) | Runs::Cells(explorer, _) => explorer,
        Runs::TooMany(_) => {
            return Err(Problem::too_much(EN.detail_too_many_runs(), Map::new()));
        }
    };
    let board = Board::new(&explorer, &request);
    let chart = board.file(column, kind, &as_of.local);
    Ok(file_response(column.as_str(), kind, chart.ok_or_else(Problem::not_found)?))
}

/// Exports a figure of a unit, for the page of its runs at the cursor `?from=`.
pub async fn unit(
    State(state): State<AppState>,
    Caller(principal): Caller,
    Serial(serial): Serial,
    Path((_, _, file)): Path<(String, String, String)>,
    query: Query,
) -> ApiResult<Response> {
    let (name, kind) = FileKind::named(&file).ok_or_else(Problem::not_found)?;
    let from = query.get("from")?.map(str::to_owned);
    let history = ServerBackend::new(state, principal).load_unit(serial, from).await?;
    let figure = unit::figure(name, &history).ok_or_else(Problem::not_found)?;
    Ok(file_response(figure.name, kind, figure.file(kind)))
}

fn file_response(name: &str, kind: FileKind, text: String) -> Response {
    let ending = kind.ending();
    let headers = [
        (header::CONTENT_TYPE, kind.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")),
        // Not cached by the browser, so that no export is left after log-out.
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, text).into_response()
}
