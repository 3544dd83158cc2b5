//! Jobs as their tenant sees them.

use uuid::Uuid;

use super::{Claim, JobRow, NewJob};
use crate::{Actor, Principal, Result, TenantTx};

/// Queued and running jobs of a tenant at most.
pub const MAX_UNFINISHED_JOBS: u32 = 10_000;

/// What became of a job that was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enqueued {
    /// It was added.
    Added(Uuid),
    /// There is one of that idempotency key.
    Exists(Uuid),
    /// The tenant has [`MAX_UNFINISHED_JOBS`].
    Full,
}

impl TenantTx {
    /// Adds a job that runs as `principal`, who is looked up again when it starts. It becomes
    /// visible to workers as the transaction commits.
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

    /// The tenant's jobs, the newest first, before a given one: those that `asked_by` asked
    /// for, or all.
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

    /// One of the tenant's jobs, of those that `asked_by` asked for, or of all.
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

    /// Cancels a job: at once where it is queued; where it is running its worker stops within
    /// seconds. Nothing happens to one that has finished.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn cancel_job(&mut self, id: Uuid, asked_by: Option<Uuid>) -> Result<()> {
        let query = sqlx::query(include_str!("../../sql/tenant/job_cancel.sql"));
        let query = query.bind(Uuid::from(self.tenant())).bind(id).bind(asked_by);
        query.execute(self.conn()).await?;
        Ok(())
    }

    /// Records that a job succeeded, in the transaction of what it wrote. False where the
    /// lease was lost: drop the transaction then.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn finish_job(&mut self, claim: Claim) -> Result<bool> {
        let query = sqlx::query(include_str!("../../sql/tenant/job_finish.sql"));
        let query = query.bind(Uuid::from(self.tenant())).bind(claim.job).bind(claim.fence);
        Ok(query.execute(self.conn()).await?.rows_affected() > 0)
    }
}
