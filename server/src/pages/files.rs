//! The figures of a page as files.

use app::pages::overview;
use app::ui::figure::FileKind;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::header;

use super::backend::ServerBackend;
use crate::auth::Caller;
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;

/// A figure of the overview, asked for as the page is: its name with the ending of a file.
pub async fn overview(
    State(state): State<AppState>,
    Caller(principal): Caller,
    Path(file): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> ApiResult<Response> {
    let (name, ending) = file.rsplit_once('.').ok_or_else(Problem::not_found)?;
    let kind = FileKind::of(ending).ok_or_else(Problem::not_found)?;
    let asked = overview::Asked::of(&query.into_iter().collect());
    let backend = ServerBackend::new(state, principal);
    let figures = backend.look_at_overview(asked.query()).await?;
    let figure = overview::figure(name, &figures, &asked).ok_or_else(Problem::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, kind.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.{ending}\"", figure.name)),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    Ok((headers, figure.file(kind)).into_response())
}
