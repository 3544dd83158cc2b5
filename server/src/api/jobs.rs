//! `/api/v1/jobs`: background jobs and their progress.

use axum::extract::State;
use domain::Role;
use serde::Serialize;
use store::jobs::JobRow;
use store::{Actor, Principal, TenantTx};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{cursor, cut_page, limit, time};
use crate::auth::Caller;
use crate::problem::{ApiResult, Problem};
use crate::state::AppState;
use crate::web::extract::{Json, Path, Query};

/// A page of jobs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Jobs {
    next: Option<Uuid>,
    items: Vec<Job>,
}

/// A job.
#[derive(Debug, Serialize, ToSchema)]
pub struct Job {
    id: Uuid,
    kind: String,
    state: String,
    requested_by: String,
    attempt: i32,
    max_attempts: i32,
    progress: Option<Progress>,
    cancel_requested: bool,
    error: Option<String>,
    created_at: String,
    run_at: String,
    started_at: Option<String>,
    finished_at: Option<String>,
}

/// Progress of a job.
#[derive(Debug, Serialize, ToSchema)]
pub struct Progress {
    done: i64,
    total: Option<i64>,
    message: Option<String>,
}

/// `GET /api/v1/jobs?limit=&cursor=`: newest first. Partner admins and internal people see
/// all jobs of the tenant, everyone else their own.
///
/// # Errors
/// 400 for the query.
pub async fn list(
    State(state): State<AppState>,
    Caller(caller): Caller,
    query: Query,
) -> ApiResult<Json<Jobs>> {
    let (limit, before) = (limit(&query)?, cursor::<Uuid>(&query)?);
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    let mut rows = tx.jobs(before, visible_requester(&caller), limit + 1).await?;
    let next = cut_page(&mut rows, limit).and(rows.last()).map(|last| last.id);
    Ok(Json(Jobs { next, items: rows.into_iter().map(Job::from).collect() }))
}

/// `GET /api/v1/jobs/{id}`.
///
/// # Errors
/// 404 when there is no such job, or the caller may not see it.
pub async fn one(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<Uuid>,
) -> ApiResult<Json<Job>> {
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    let job = tx.job(id, visible_requester(&caller)).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(job.into()))
}

/// `DELETE /api/v1/jobs/{id}`: cancels and returns the job. A running job stops within
/// seconds; a finished job does not change.
///
/// # Errors
/// 404 when there is no such job, or the caller may not see it.
pub async fn cancel(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<Uuid>,
) -> ApiResult<Json<Job>> {
    let requester = visible_requester(&caller);
    let mut tx = TenantTx::begin(state.store(), &caller).await?;
    tx.cancel_job(id, requester).await?;
    let job = tx.job(id, requester).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    Ok(Json(job.into()))
}

/// The requester whose jobs the caller may see; none for all jobs of the tenant.
fn visible_requester(caller: &Principal) -> Option<Uuid> {
    match caller.actor() {
        Actor::User { role: Role::PartnerAdmin | Role::Operator | Role::Admin, .. }
        | Actor::Console => None,
        Actor::User { id, .. } | Actor::Token { id, .. } => Some(*id),
    }
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            state: row.state,
            requested_by: row.asked_by,
            attempt: row.attempt,
            max_attempts: row.max_attempts,
            progress: row.progress_done.map(|done| Progress {
                done,
                total: row.progress_total,
                message: row.progress_message.filter(|message| !message.is_empty()),
            }),
            cancel_requested: row.is_cancel_requested,
            error: row.last_error,
            created_at: time(row.created_at),
            run_at: time(row.run_at),
            started_at: row.started_at.map(time),
            finished_at: row.finished_at.map(time),
        }
    }
}
