//! Scheduled maintenance jobs of the server. Each is idempotent.

use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::{AuthTx, JobsTx};

use super::{JobContext, JobError};
use crate::clock;
use crate::credentials::throttle;

/// Retention of finished jobs, in days.
const FINISHED_JOB_DAYS: u16 = 30;
/// Maximum number of rows that one statement deletes.
const BATCH: u64 = 1_000;
/// Maximum number of statements of one run; the next run deletes the rest.
const MAX_BATCHES: usize = 1_000;

/// Creates monthly partitions ahead of time.
pub(super) fn create_month_partitions(context: &JobContext) -> BoxFuture<'_, Result<(), JobError>> {
    async {
        let created = context.state().store().create_month_partitions().await?;
        if created > 0 {
            tracing::info!(created, "partitions for months");
        }
        Ok(())
    }
    .boxed()
}

/// Deletes expired sessions, expired counters of log-ins, and old finished jobs.
pub(super) fn delete_expired(context: &JobContext) -> BoxFuture<'_, Result<(), JobError>> {
    async {
        let store = context.state().store();
        let now = clock::now();
        let (mut sessions, mut jobs) = (0, 0);
        for _ in 0..MAX_BATCHES {
            let mut tx = AuthTx::begin(store).await?;
            throttle::expire(&mut tx, now).await?;
            let deleted = tx.delete_expired_sessions(now).await?;
            tx.commit().await?;
            sessions += deleted;
            if deleted < BATCH {
                break;
            }
        }
        for _ in 0..MAX_BATCHES {
            let mut tx = JobsTx::begin(store).await?;
            let deleted = tx.delete_finished_jobs(FINISHED_JOB_DAYS).await?;
            tx.commit().await?;
            jobs += deleted;
            if deleted < BATCH {
                break;
            }
        }
        tracing::info!(sessions, jobs, "deleted what has expired");
        Ok(())
    }
    .boxed()
}
