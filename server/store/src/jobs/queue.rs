//! The workers' view of the job queue.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::TenantId;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::{
    Claim, ClaimedJob, DueSchedule, Failed, Lease, Progress, QueueStats, Requester, seconds,
};
use crate::{JobsTx, Result};

impl JobsTx {
    /// Whether a claim may find a job. Cheap: never waits for a lock.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn has_due_jobs(&mut self) -> Result<bool> {
        let query = sqlx::query_scalar(include_str!("../../sql/jobs/has_due.sql"));
        Ok(query.fetch_one(self.conn()).await?)
    }

    /// Takes the advisory lock that serializes claims, until the transaction ends.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn lock_queue(&mut self) -> Result<()> {
        sqlx::query(include_str!("../../sql/jobs/lock.sql")).execute(self.conn()).await?;
        Ok(())
    }

    /// Expires leases that workers did not renew; returns the kind and new state of each job.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn expire_leases(&mut self) -> Result<Vec<(String, String)>> {
        let query = sqlx::query_as(include_str!("../../sql/jobs/expire.sql"));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Lists due schedules, locked until the transaction ends; at most 100.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn due_schedules(&mut self) -> Result<Vec<DueSchedule>> {
        let query = sqlx::query_as(include_str!("../../sql/jobs/schedules_due.sql"));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Adds the job of a due schedule. The schedule is due again at `next`, or disabled if that
    /// is `None`.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn advance_schedule(&mut self, id: Uuid, next: Option<DateTime<Utc>>) -> Result<()> {
        sqlx::query(include_str!("../../sql/jobs/schedule_advance.sql"))
            .bind(id)
            .bind(next)
            .bind(Uuid::now_v7())
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Claims a due job of one of these kinds, if any, of the tenant with the fewest running
    /// jobs. Skips tenants with `per_tenant` running jobs. Commit to keep the claim.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn claim_job(
        &mut self,
        kinds: &[&str],
        per_tenant: u32,
        worker: Uuid,
        lease: Duration,
    ) -> Result<Option<ClaimedJob>> {
        let row = sqlx::query(include_str!("../../sql/jobs/claim.sql"))
            .bind(kinds)
            .bind(i64::from(per_tenant))
            .bind(worker)
            .bind(seconds(lease))
            .fetch_optional(self.conn())
            .await?;
        Ok(row.as_ref().map(claimed_job).transpose()?)
    }

    /// Renews the lease of a claim and publishes the progress.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn renew_lease(
        &mut self,
        claim: Claim,
        lease: Duration,
        progress: Option<&Progress>,
    ) -> Result<Lease> {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let is_canceled: Option<bool> =
            sqlx::query_scalar(include_str!("../../sql/jobs/renew.sql"))
                .bind(claim.job)
                .bind(claim.fence)
                .bind(seconds(lease))
                .bind(progress.map(|it| count(it.done)))
                .bind(progress.and_then(|it| it.total).map(count))
                .bind(progress.map(|it| it.message.as_str()))
                .fetch_optional(self.conn())
                .await?;
        Ok(match is_canceled {
            None => Lease::Lost,
            Some(true) => Lease::Canceled,
            Some(false) => Lease::Held,
        })
    }

    /// Records that a job of the server itself succeeded; false if the lease was lost.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn finish_job(&mut self, claim: Claim) -> Result<bool> {
        let query = sqlx::query(include_str!("../../sql/jobs/finish.sql"));
        let done = query.bind(claim.job).bind(claim.fence).execute(self.conn()).await?;
        Ok(done.rows_affected() > 0)
    }

    /// Records a failed attempt. With `retry_in` the job is retried after that time, if it has
    /// attempts left.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn fail_job(
        &mut self,
        claim: Claim,
        error: &str,
        retry_in: Option<Duration>,
    ) -> Result<Failed> {
        let state: Option<String> = sqlx::query_scalar(include_str!("../../sql/jobs/fail.sql"))
            .bind(claim.job)
            .bind(claim.fence)
            .bind(retry_in.is_some())
            .bind(error)
            .bind(seconds(retry_in.unwrap_or_default()))
            .fetch_optional(self.conn())
            .await?;
        Ok(match state.as_deref() {
            None => Failed::LeaseLost,
            Some("queued") => Failed::Queued,
            Some("canceled") => Failed::Canceled,
            Some(_) => Failed::NoAttemptsLeft,
        })
    }

    /// Releases a claim as if the attempt had not been started.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn release_job(&mut self, claim: Claim) -> Result<()> {
        let query = sqlx::query(include_str!("../../sql/jobs/release.sql"));
        query.bind(claim.job).bind(claim.fence).execute(self.conn()).await?;
        Ok(())
    }

    /// The state of the queue.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn queue_stats(&mut self) -> Result<QueueStats> {
        let query = sqlx::query_as(include_str!("../../sql/jobs/stats.sql"));
        Ok(query.fetch_one(self.conn()).await?)
    }

    /// Deletes at most 1,000 jobs that finished more than `days` days ago; returns the number
    /// deleted.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn delete_finished_jobs(&mut self, days: u16) -> Result<u64> {
        let query = sqlx::query(include_str!("../../sql/jobs/delete_finished.sql"));
        let done = query.bind(i32::from(days)).execute(self.conn()).await?;
        Ok(done.rows_affected())
    }
}

fn claimed_job(row: &PgRow) -> Result<ClaimedJob, sqlx::Error> {
    let asker_id: Option<Uuid> = row.try_get("asked_by_id")?;
    let asker = match (row.try_get("asked_by_kind")?, asker_id) {
        ("user", Some(id)) => Requester::User(id),
        ("token", Some(id)) => Requester::Token(id),
        _ => Requester::Server,
    };
    Ok(ClaimedJob {
        claim: Claim { job: row.try_get("id")?, fence: row.try_get("fence")? },
        tenant: row.try_get::<Option<Uuid>, _>("tenant_id")?.map(TenantId::from),
        kind: row.try_get("kind")?,
        arguments: row.try_get("arguments")?,
        asker,
        attempt: row.try_get::<i32, _>("attempt")?.unsigned_abs(),
    })
}
