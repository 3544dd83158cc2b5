//! The job queue: claims with leases and fencing tokens, and the schedules that add jobs.
//!
//! A worker claims a job for a limited time, the lease, and renews it while it works. Each
//! claim increments the job's fencing token. A worker that lost its lease holds an older token
//! and can record no result: the token is checked by the statement that records it, in the
//! transaction of the work ([`TenantTx::finish_job`]). Only the database's clock is read.
//!
//! Workers reach the queue through [`JobsTx`]; the tenant that a job belongs to through
//! [`TenantTx`].
//!
//! [`JobsTx`]: crate::JobsTx
//! [`TenantTx`]: crate::TenantTx
//! [`TenantTx::finish_job`]: crate::TenantTx::finish_job

mod asker;
mod queue;
mod tenant;

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::TenantId;
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

pub use asker::AskerRefusal;
pub use tenant::{Enqueued, MAX_UNFINISHED_JOBS};

/// A new job.
#[derive(Debug, Clone, Copy)]
pub struct NewJob<'a> {
    /// What the job does.
    pub kind: &'a str,
    /// With what; at most 100,000 characters as JSON.
    pub arguments: &'a Value,
    /// A job of the same kind and key that is still kept is not added again; at most 200
    /// characters.
    pub idempotency_key: Option<&'a str>,
    /// How often it is started at most, 1 to 100.
    pub max_attempts: u8,
}

/// Who asked for a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// A person, by their id.
    User(Uuid),
    /// A token, by its id.
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
    /// Whose data it works on; none for the server's own jobs.
    pub tenant: Option<TenantId>,
    /// What the job does.
    pub kind: String,
    /// With what.
    pub arguments: Value,
    /// Who asked for it.
    pub asker: Asker,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

/// How far a job is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// How much is done, in units of the kind's own.
    pub done: u64,
    /// How much there is, where that is known.
    pub total: Option<u64>,
    /// What is being done; cut to 200 characters.
    pub message: String,
}

/// What the renewal of a lease tells its worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// The worker continues.
    Held,
    /// Somebody wants the job to stop.
    Canceled,
    /// Another worker may have the job by now: stop, and record nothing.
    Lost,
}

/// What became of a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// It will be tried again.
    Queued,
    /// It was the last attempt.
    ForGood,
    /// Somebody had canceled the job.
    Canceled,
    /// The lease was lost: nothing was recorded.
    LeaseLost,
}

/// A schedule that is due.
#[derive(Debug, Clone, FromRow)]
pub struct DueSchedule {
    /// Its id.
    pub id: Uuid,
    /// When it recurs: five fields of cron.
    pub cron: String,
    /// On the clocks of this IANA time zone.
    pub timezone: String,
    /// The database's time.
    pub now: DateTime<Utc>,
}

/// The state of the queue.
#[derive(Debug, Clone, Copy, PartialEq, FromRow)]
pub struct QueueStats {
    /// Jobs that could start now.
    pub due: i64,
    /// For how long the oldest of them could, in seconds.
    pub oldest_seconds: f64,
    /// Jobs that are running.
    pub running: i64,
}

/// A job as the people of its tenant see it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct JobRow {
    /// Its id.
    pub id: Uuid,
    /// What the job does.
    pub kind: String,
    /// `queued`, `running`, `succeeded`, `failed` or `canceled`.
    pub state: String,
    /// Who asked for it.
    pub asked_by: String,
    /// How often it was started.
    pub attempt: i32,
    /// How often it is started at most.
    pub max_attempts: i32,
    /// See [`Progress::done`]; none before the first report.
    pub progress_done: Option<i64>,
    /// See [`Progress::total`].
    pub progress_total: Option<i64>,
    /// See [`Progress::message`].
    pub progress_message: Option<String>,
    /// Whether somebody wants it to stop.
    pub is_cancel_requested: bool,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it may start, or might have.
    pub run_at: DateTime<Utc>,
    /// When it was first started.
    pub started_at: Option<DateTime<Utc>>,
    /// When it finished, in whichever way.
    pub finished_at: Option<DateTime<Utc>>,
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}
