//! `POST /t/{tenant}/explore/views…`: slices get names, and lose them.

use app::explore::State as Slice;
use app::ui::notice::Notice;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use store::views::Saved;
use uuid::Uuid;

use super::done;
use crate::auth::Caller;
use crate::auth::tenant::TenantBase;
use crate::commands::views;
use crate::problem::{ApiResult, Cause, EN, Problem};
use crate::state::AppState;
use crate::web::extract::{Form, Path};

/// Characters of a name.
const NAME: usize = 80;

/// A slice and the name that it is to have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    name: String,
    state: String,
}

/// The slice that is looked at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Looking {
    state: String,
}

/// `POST /t/{tenant}/explore/views`: saves a slice under a name, unless that is taken.
///
/// # Errors
/// 400 for a name that is none.
pub async fn save(
    State(state): State<AppState>,
    Caller(caller): Caller,
    base: TenantBase,
    Form(Named { name, state: query }): Form<Named>,
) -> ApiResult<Response> {
    let name = named(&name)?;
    if !Slice::fits(&query) {
        return Err(wrong("state", EN.cause_selection_long()));
    }
    let slice = Slice::of(&query);
    let notice = match views::save(state.store(), &caller, name, &slice).await? {
        Saved::Done => Notice::ViewSaved,
        Saved::NameTaken => Notice::ViewNameTaken,
        Saved::Full => Notice::ViewsFull,
    };
    Ok(done(&format!("{base}{}", slice.address()), notice))
}

/// `POST /t/{tenant}/explore/views/{id}/remove`
///
/// # Errors
/// 404 where there is no such view.
pub async fn remove(
    State(state): State<AppState>,
    Caller(caller): Caller,
    base: TenantBase,
    Path((_, id)): Path<(String, Uuid)>,
    Form(Looking { state: query }): Form<Looking>,
) -> ApiResult<Response> {
    views::remove(state.store(), &caller, id).await?;
    Ok(done(&format!("{base}{}", Slice::of(&query).address()), Notice::ViewRemoved))
}

fn named(name: &str) -> ApiResult<&str> {
    let name = name.trim();
    let why = match name.chars().count() {
        0 => EN.cause_missing(),
        1..=NAME if name.chars().any(char::is_control) => EN.cause_control(),
        1..=NAME => return Ok(name),
        _ => EN.form_view_name_long(),
    };
    Err(wrong("name", why))
}

fn wrong(parameter: &'static str, why: &'static str) -> Problem {
    Problem::bad_request(vec![Cause { parameter: parameter.into(), why: why.into() }])
}
