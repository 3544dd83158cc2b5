//! The figures of a page as files.

use app::backend::{Explored, Runs};
use app::explore::{self, Board, CHARTS};
use app::ui::figure::FileKind;
use app::views::{failures, overview, unit};
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

/// A figure of the overview, asked for as the page is: its name with the ending of a file.
pub async fn overview(
    State(state): State<AppState>,
    Caller(principal): Caller,
    Path((_, file)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> ApiResult<Response> {
    let (name, kind) = FileKind::named(&file).ok_or_else(Problem::not_found)?;
    let asked = overview::Asked::of(&query.unwrap_or_default());
    let backend = ServerBackend::new(state, principal);
    let figures = backend.look_at_overview(asked.query()).await?;
    let figure = overview::figure(name, &figures, &asked).ok_or_else(Problem::not_found)?;
    Ok(sent(figure.name, kind, figure.file(kind)))
}

/// A figure of Failures, asked for as the page is: its name with the ending of a file.
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
    Ok(sent(figure.name, kind, figure.file(kind)))
}

/// A chart of Explore, asked for as the page is: its column with the ending of a file.
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
    let asked = explore::State::of(&query);
    let backend = ServerBackend::new(state, principal);
    let Explored { as_of, runs, .. } = backend.look_at_runs(asked.clone()).await?;
    let explorer = match runs {
        Runs::Each(explorer) | Runs::Cells(explorer, _) => explorer,
        Runs::TooMany(_) => {
            return Err(Problem::too_much(EN.detail_too_many_runs(), Map::new()));
        }
    };
    let board = Board::new(&explorer, &asked);
    let drawn = board.file(column, kind, &as_of.local);
    Ok(sent(column.as_str(), kind, drawn.ok_or_else(Problem::not_found)?))
}

/// A figure of a unit, of the page of its runs that begins at the cursor `?from=`.
pub async fn unit(
    State(state): State<AppState>,
    Caller(principal): Caller,
    Serial(serial): Serial,
    Path((_, _, file)): Path<(String, String, String)>,
    query: Query,
) -> ApiResult<Response> {
    let (name, kind) = FileKind::named(&file).ok_or_else(Problem::not_found)?;
    let from = query.get("from")?.map(str::to_owned);
    let history = ServerBackend::new(state, principal).look_at_unit(serial, from).await?;
    let figure = unit::figure(name, &history).ok_or_else(Problem::not_found)?;
    Ok(sent(figure.name, kind, figure.file(kind)))
}

fn sent(name: &str, kind: FileKind, text: String) -> Response {
    let ending = kind.ending();
    let headers = [
        (header::CONTENT_TYPE, kind.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")),
        // An export is not kept by the browser, so that none is left after logging out.
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, text).into_response()
}
