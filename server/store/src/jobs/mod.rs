//! The job queue: claims with leases and fencing tokens, and the schedules that add jobs.
//!
//! A worker claims a job for a limited time, the lease, and renews it while it works. Each
//! claim increments the job's fencing token. A worker that lost its lease holds an older token
//! and cannot record a result: the statement that records it checks the token, in the
//! transaction of the work ([`TenantTx::finish_job`]). All times are the database clock's.
//!
//! Workers access the queue through [`JobsTx`], and the job's tenant through [`TenantTx`].
//!
//! [`JobsTx`]: crate::JobsTx
//! [`TenantTx`]: crate::TenantTx
//! [`TenantTx::finish_job`]: crate::TenantTx::finish_job

mod queue;
mod requester;
mod tenant;

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::TenantId;
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

pub use requester::RequesterRefusal;
pub use tenant::{Enqueued, MAX_UNFINISHED_JOBS};

/// A new job.
#[derive(Debug, Clone, Copy)]
pub struct NewJob<'a> {
    /// The kind of job.
    pub kind: &'a str,
    /// Its arguments; at most 100,000 characters as JSON.
    pub arguments: &'a Value,
    /// Idempotency key: no job is added if one of the same kind and key is stored; at most 200
    /// characters.
    pub idempotency_key: Option<&'a str>,
    /// Maximum number of attempts, 1 to 100.
    pub max_attempts: u8,
}

/// The requester of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requester {
    /// A user, by id.
    User(Uuid),
    /// A token, by id.
    Token(Uuid),
    /// A schedule of the server itself, or its command line.
    Server,
}

/// A claim on a job: proof that this worker may record its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The job.
    pub job: Uuid,
    /// The fencing token.
    pub fence: i64,
}

/// A job that a worker claimed.
#[derive(Debug, Clone)]
pub struct ClaimedJob {
    /// The claim.
    pub claim: Claim,
    /// The tenant whose data it accesses; none for the server's own jobs.
    pub tenant: Option<TenantId>,
    /// The kind of job.
    pub kind: String,
    /// Its arguments.
    pub arguments: Value,
    /// Who requested it.
    pub asker: Requester,
    /// The number of this attempt, from 1.
    pub attempt: u32,
}

/// The progress of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Work done, in units that the kind of job defines.
    pub done: u64,
    /// Total work, if known.
    pub total: Option<u64>,
    /// The current step; truncated to 200 characters.
    pub message: String,
}

/// The result of a lease renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// The worker continues.
    Held,
    /// A user requested cancellation.
    Canceled,
    /// Another worker may have claimed the job: stop, and record nothing.
    Lost,
}

/// The state of a job after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// It will be retried.
    Queued,
    /// It was the last attempt.
    NoAttemptsLeft,
    /// A user had canceled the job.
    Canceled,
    /// The lease was lost: nothing was recorded.
    LeaseLost,
}

/// A schedule that is due.
#[derive(Debug, Clone, FromRow)]
pub struct DueSchedule {
    /// Its id.
    pub id: Uuid,
    /// When it recurs: a cron expression of five fields.
    pub cron: String,
    /// The IANA time zone of the cron expression.
    pub timezone: String,
    /// The current time of the database.
    pub now: DateTime<Utc>,
}

/// The state of the queue.
#[derive(Debug, Clone, Copy, PartialEq, FromRow)]
pub struct QueueStats {
    /// Jobs that could start now.
    pub due: i64,
    /// How long the oldest of them has been due, in seconds.
    pub oldest_seconds: f64,
    /// Jobs that are running.
    pub running: i64,
}

/// A job, as its tenant's users see it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct JobRow {
    /// Its id.
    pub id: Uuid,
    /// The kind of job.
    pub kind: String,
    /// `queued`, `running`, `succeeded`, `failed` or `canceled`.
    pub state: String,
    /// Who requested it.
    pub asked_by: String,
    /// How many attempts were started.
    pub attempt: i32,
    /// Maximum number of attempts.
    pub max_attempts: i32,
    /// See [`Progress::done`]; none before the first report.
    pub progress_done: Option<i64>,
    /// See [`Progress::total`].
    pub progress_total: Option<i64>,
    /// See [`Progress::message`].
    pub progress_message: Option<String>,
    /// Whether a user requested cancellation.
    pub is_cancel_requested: bool,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// The earliest time at which it may start.
    pub run_at: DateTime<Utc>,
    /// When it was first started.
    pub started_at: Option<DateTime<Utc>>,
    /// When it finished, with any result.
    pub finished_at: Option<DateTime<Utc>>,
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}
