//! `POST /t/{tenant}/explore/views…`: saves and removes named views.

use app::explore::State as Slice;
use app::ui::notice::Notice;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use store::views::Saved;
use uuid::Uuid;

use super::redirect_with_notice;
use crate::auth::Caller;
use crate::auth::tenant::TenantBase;
use crate::commands::views;
use crate::problem::{ApiResult, Cause, EN, Problem};
use crate::state::AppState;
use crate::web::extract::{Form, Path};

/// Maximum length of a name, in characters.
const MAX_NAME_CHARS: usize = 80;

/// The form to save a slice under a name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveForm {
    name: String,
    state: String,
}

/// The form to remove a view, with the current slice.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveForm {
    state: String,
}

/// `POST /t/{tenant}/explore/views`: saves a slice under a name, unless that is taken.
///
/// # Errors
/// 400 for an invalid name.
pub async fn save(
    State(state): State<AppState>,
    Caller(caller): Caller,
    base: TenantBase,
    Form(SaveForm { name, state: query }): Form<SaveForm>,
) -> ApiResult<Response> {
    let name = validate_name(&name)?;
    if !Slice::fits(&query) {
        return Err(invalid_field("state", EN.cause_selection_long()));
    }
    let slice = Slice::parse(&query);
    let notice = match views::save(state.store(), &caller, name, &slice).await? {
        Saved::Done => Notice::ViewSaved,
        Saved::NameTaken => Notice::ViewNameTaken,
        Saved::Full => Notice::ViewsFull,
    };
    Ok(redirect_with_notice(&slice.address_below(base.as_str()), notice))
}

/// `POST /t/{tenant}/explore/views/{id}/remove`
///
/// # Errors
/// 404 if there is no such view.
pub async fn remove(
    State(state): State<AppState>,
    Caller(caller): Caller,
    base: TenantBase,
    Path((_, id)): Path<(String, Uuid)>,
    Form(RemoveForm { state: query }): Form<RemoveForm>,
) -> ApiResult<Response> {
    views::remove(state.store(), &caller, id).await?;
    Ok(redirect_with_notice(
        &Slice::parse(&query).address_below(base.as_str()),
        Notice::ViewRemoved,
    ))
}

fn validate_name(name: &str) -> ApiResult<&str> {
    let name = name.trim();
    let why = match name.chars().count() {
        0 => EN.cause_missing(),
        1..=MAX_NAME_CHARS if name.chars().any(char::is_control) => EN.cause_control(),
        1..=MAX_NAME_CHARS => return Ok(name),
        _ => EN.form_view_name_long(),
    };
    Err(invalid_field("name", why))
}

fn invalid_field(parameter: &'static str, why: &'static str) -> Problem {
    Problem::bad_request(vec![Cause { parameter: parameter.into(), why: why.into() }])
}
