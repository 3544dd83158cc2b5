//! Background jobs, which run on any server with free capacity.
//!
//! The queue is in PostgreSQL (`store::jobs`). Each server runs a [`Runner`], which claims jobs
//! under a lease, runs them and records the result. A job of a tenant runs as the principal who
//! requested it, in a tenant transaction that also records the result: its writes and its result
//! are committed atomically, exactly once. A job of the server itself may be repeated after a
//! crash and must be idempotent. External effects happen at least once; send the job's id with
//! them as the idempotency key.
//!
//! To add a kind: a function, and a line in [`KINDS`]. To run it regularly: a row of `schedule`
//! in a migration.

mod context;
mod runner;
mod schedule;
mod upkeep;

use std::fmt;

use crate::problem::EN;
use futures::future::BoxFuture;
use store::{Principal, TenantTx};

pub use context::JobContext;
pub use runner::{Runner, RunnerOptions};

/// The jobs that this program knows.
pub const KINDS: &[Kind] = &[
    Kind::of_server("create-month-partitions", upkeep::create_month_partitions),
    Kind::of_server("delete-expired", upkeep::delete_expired),
];

/// A kind of job.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Its name in the queue: never rename it while jobs with it may be stored.
    pub name: &'static str,
    /// How many of them one server runs concurrently.
    pub concurrency: usize,
    /// Its function.
    pub work: Work,
}

/// The function of a kind.
#[derive(Debug, Clone, Copy)]
pub enum Work {
    /// On a tenant's data, as the principal who requested it.
    Tenant {
        /// Whether the principal may run it; checked again when the job starts.
        is_permitted: fn(&Principal) -> bool,
        /// The work. The transaction is committed afterwards, together with the result. It may
        /// not be idle for more than a minute.
        run: TenantWork,
    },
    /// For the server itself.
    Server(ServerWork),
}

/// Work on a tenant's data.
pub type TenantWork =
    for<'a> fn(&'a mut TenantTx, &'a JobContext) -> BoxFuture<'a, Result<(), JobError>>;
/// Work for the server itself.
pub type ServerWork = for<'a> fn(&'a JobContext) -> BoxFuture<'a, Result<(), JobError>>;

impl Kind {
    /// A kind for the server itself, with a concurrency of one.
    #[must_use]
    pub const fn of_server(name: &'static str, run: ServerWork) -> Self {
        Self { name, concurrency: 1, work: Work::Server(run) }
    }
}

/// Why an attempt failed. The text is shown to the people of the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobError {
    /// The next attempt may succeed.
    Retry(String),
    /// No attempt would succeed.
    Permanent(String),
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Retry(why) | Self::Permanent(why)) = self;
        f.write_str(why)
    }
}

impl From<store::Error> for JobError {
    /// Details are for the log: they name tables and statements.
    fn from(error: store::Error) -> Self {
        use store::Error;
        tracing::warn!(%error, "a job failed at the database");
        match error {
            Error::Constraint { check: true, .. } | Error::RowRefused { .. } => {
                Self::Permanent(EN.job_refused().into())
            }
            Error::Unreachable(_) | Error::CommitUnknown => {
                Self::Retry(EN.job_unreachable().into())
            }
            Error::Conflict(_) | Error::TooSlow(_) => Self::Retry(EN.job_busy().into()),
            Error::DiskFull | Error::Exhausted(_) => Self::Retry(EN.job_exhausted().into()),
            _ => Self::Retry(EN.job_internal().into()),
        }
    }
}
