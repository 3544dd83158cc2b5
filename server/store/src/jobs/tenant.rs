//! The tenant's view of its jobs.

use uuid::Uuid;

use super::{Claim, JobRow, NewJob};
use crate::{Actor, Principal, Result, TenantTx};

/// Maximum number of queued and running jobs of a tenant.
pub const MAX_UNFINISHED_JOBS: u32 = 10_000;

/// The result of adding a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enqueued {
    /// It was added.
    Added(Uuid),
    /// A job with that idempotency key exists.
    Exists(Uuid),
    /// The tenant has [`MAX_UNFINISHED_JOBS`].
    Full,
}

impl TenantTx {
    /// Adds a job that runs as `principal`, whose permissions are looked up again when it
    /// starts. Workers see it after the commit.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn enqueue_job(
        &mut self,
        principal: &Principal,
        job: NewJob<'_>,
    ) -> Result<Enqueued> {
        let (tenant, id) = (Uuid::from(self.tenant()), Uuid::now_v7());
        let (asker_kind, asker_id) = match principal.actor() {
            Actor::User { id, .. } => ("user", Some(*id)),
            Actor::Token { id, .. } => ("token", Some(*id)),
            Actor::Console => ("server", None),
        };
        let done = sqlx::query(include_str!("../../sql/tenant/job_insert.sql"))
            .bind(tenant)
            .bind(id)
            .bind(job.kind)
            .bind(job.arguments)
            .bind(asker_kind)
            .bind(asker_id)
            .bind(principal.label())
            .bind(job.idempotency_key)
            .bind(i64::from(MAX_UNFINISHED_JOBS))
            .bind(i32::from(job.max_attempts))
            .execute(self.conn())
            .await?;
        if done.rows_affected() > 0 {
            return Ok(Enqueued::Added(id));
        }
        let existing = sqlx::query_scalar(include_str!("../../sql/tenant/job_by_key.sql"))
            .bind(tenant)
            .bind(job.kind)
            .bind(job.idempotency_key)
            .fetch_optional(self.conn())
            .await?;
        Ok(existing.map_or(Enqueued::Full, Enqueued::Exists))
    }

    /// Lists the tenant's jobs, newest first (keyset pagination: older than `before`): those that
    /// `asked_by` requested, or all.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn jobs(
        &mut self,
        before: Option<Uuid>,
        asked_by: Option<Uuid>,
        limit: u16,
    ) -> Result<Vec<JobRow>> {
        let query = sqlx::query_as(include_str!("../../sql/tenant/jobs.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(before)
            .bind(asked_by)
            .bind(i64::from(limit));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// One of the tenant's jobs: of those that `asked_by` requested, or of all.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn job(&mut self, id: Uuid, asked_by: Option<Uuid>) -> Result<Option<JobRow>> {
        let query = sqlx::query_as(include_str!("../../sql/tenant/job.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(id)
            .bind(asked_by);
        Ok(query.fetch_optional(self.conn()).await?)
    }

    /// Cancels a job: a queued job immediately; the worker of a running job stops within seconds.
    /// Does nothing to a finished job.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn cancel_job(&mut self, id: Uuid, asked_by: Option<Uuid>) -> Result<()> {
        let query = sqlx::query(include_str!("../../sql/tenant/job_cancel.sql"));
        let query = query.bind(Uuid::from(self.tenant())).bind(id).bind(asked_by);
        query.execute(self.conn()).await?;
        Ok(())
    }

    /// Records that a job succeeded, in the transaction of what it wrote. False if the lease was
    /// lost: then drop the transaction.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn finish_job(&mut self, claim: Claim) -> Result<bool> {
        let query = sqlx::query(include_str!("../../sql/tenant/job_finish.sql"));
        let query = query.bind(Uuid::from(self.tenant())).bind(claim.job).bind(claim.fence);
        Ok(query.execute(self.conn()).await?.rows_affected() > 0)
    }
}
