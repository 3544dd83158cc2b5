//! Claims jobs, runs them and records their results.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use store::jobs::{Claim, ClaimedJob, Failed, Lease};
use store::{AuthTx, Error, JobsTx, TenantTx};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;
use uuid::Uuid;

use super::schedule::next_occurrence;
use super::{JobContext, JobError, Kind, Work};
use crate::problem::EN;
use crate::state::AppState;

/// Limits and intervals of a [`Runner`].
#[derive(Debug, Clone, Copy)]
pub struct RunnerOptions {
    /// Jobs that this server runs concurrently. Each may hold a connection, and occasionally a
    /// second one to renew its lease.
    pub concurrency: usize,
    /// Jobs of one tenant that all servers together run concurrently.
    pub concurrency_per_tenant: u32,
    /// A job whose lease is not renewed for this long may be claimed by another worker.
    pub lease: Duration,
    /// How often leases are renewed, progress is published, and cancellation is noticed.
    pub renewal: Duration,
    /// Poll interval of an idle worker.
    pub poll: Duration,
    /// How long running jobs may take to end when the server stops; then they are released.
    pub grace: Duration,
    /// The delay before the second attempt; doubled for each further one.
    pub backoff: Duration,
}

impl Default for RunnerOptions {
    fn default() -> Self {
        Self {
            concurrency: 2,
            concurrency_per_tenant: 2,
            lease: Duration::from_secs(30),
            renewal: Duration::from_secs(2),
            poll: Duration::from_secs(2),
            grace: Duration::from_secs(5),
            backoff: Duration::from_secs(5),
        }
    }
}

/// The longest delay between two attempts.
const MAX_BACKOFF: Duration = Duration::from_secs(3600);
/// How often the gauges of the queue are refreshed.
const STATS_INTERVAL: Duration = Duration::from_secs(15);
/// How long the result of a job may take to be recorded while the server stops.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(5);

/// Runs jobs on this server.
#[derive(Debug, Clone)]
pub struct Runner(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: AppState,
    kinds: &'static [Kind],
    options: RunnerOptions,
    /// This runner, as claims name it.
    worker: Uuid,
    /// Cancelled when running jobs must be released.
    abort: CancellationToken,
}

/// How an attempt ended.
#[derive(Debug)]
enum Outcome {
    Succeeded,
    Failed(JobError),
    /// A person canceled it.
    Canceled,
    /// Another worker may have the job.
    LeaseLost,
    /// The server stops.
    Released,
    /// It is unknown whether the result was recorded: if it was not, the lease expires.
    CommitUnknown,
}

impl Runner {
    /// Creates a runner of jobs of these kinds.
    #[must_use]
    pub fn new(state: AppState, kinds: &'static [Kind], options: RunnerOptions) -> Self {
        let (worker, abort) = (Uuid::now_v7(), CancellationToken::new());
        Self(Arc::new(Shared { state, kinds, options, worker, abort }))
    }

    /// Runs jobs until `stopping` is true; then waits for running jobs, and releases those that do
    /// not end in time.
    pub async fn run(self, mut stopping: watch::Receiver<bool>) {
        let options = self.0.options;
        let mut running: JoinSet<&'static str> = JoinSet::new();
        let mut names: Vec<&'static str> = Vec::new();
        let mut stats_due = Instant::now();
        while !*stopping.borrow() {
            if stats_due <= Instant::now() {
                stats_due = Instant::now() + STATS_INTERVAL;
                self.report_stats().await;
            }
            while let Some(ended) = running.try_join_next() {
                remove_ended(&mut names, ended);
            }
            let claimed = if running.len() < options.concurrency {
                self.claim(&names).await
            } else {
                Ok(None)
            };
            match claimed {
                Ok(Some((kind, job))) => {
                    names.push(kind.name);
                    metrics::gauge!("jobs_running").set(names.len() as f64);
                    let runner = self.clone();
                    let name = kind.name;
                    let work = async move {
                        runner.execute(kind, job).await;
                        name
                    };
                    running.spawn_on(work, &self.0.state.work());
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "no jobs can be claimed"),
            }
            tokio::select! {
                _ = stopping.wait_for(|stopping| *stopping) => {}
                Some(ended) = running.join_next() => remove_ended(&mut names, ended),
                () = sleep(options.poll.mul_f64(rand::random_range(0.75..1.25))) => {}
            }
        }
        let all = async { while running.join_next().await.is_some() {} };
        if timeout(options.grace, all).await.is_err() {
            self.0.abort.cancel();
            let all = async { while running.join_next().await.is_some() {} };
            let _ = timeout(RELEASE_TIMEOUT, all).await;
        }
    }

    /// Claims a job of a kind that this server has free capacity for.
    async fn claim(&self, names: &[&str]) -> store::Result<Option<(Kind, ClaimedJob)>> {
        let Shared { state, kinds, options, worker, .. } = &*self.0;
        let has_room = |kind: &&Kind| {
            names.iter().filter(|name| **name == kind.name).count() < kind.concurrency
        };
        let free: Vec<&str> = kinds.iter().filter(has_room).map(|kind| kind.name).collect();
        let mut tx = JobsTx::begin(state.store()).await?;
        if !tx.has_due_jobs().await? {
            return Ok(None);
        }
        tx.lock_queue().await?;
        for (kind, state) in tx.expire_leases().await? {
            tracing::warn!(kind, state, "a job lost its worker");
            metrics::counter!("jobs_leases_expired_total").increment(1);
        }
        for due in tx.due_schedules().await? {
            let next = next_occurrence(&due.cron, &due.timezone, due.now);
            if let Err(why) = &next {
                tracing::error!(schedule = %due.id, why, "a schedule is disabled");
            }
            tx.advance_schedule(due.id, next.ok()).await?;
        }
        let job = tx.claim_job(&free, options.concurrency_per_tenant, *worker, options.lease);
        let job = job.await?;
        tx.commit().await?;
        Ok(job.and_then(|job| {
            let kind = kinds.iter().find(|kind| kind.name == job.kind)?;
            Some((*kind, job))
        }))
    }

    /// Runs a job that was claimed and records its result.
    async fn execute(&self, kind: Kind, job: ClaimedJob) {
        let claim = job.claim;
        let span = tracing::info_span!(
            "job",
            id = %claim.job,
            kind = kind.name,
            tenant = job.tenant.map(tracing::field::display),
            attempt = job.attempt,
        );
        let begun = Instant::now();
        let attempt = job.attempt;
        let outcome = self.attempt(kind, job).instrument(span.clone()).await;
        let result = self.record(claim, attempt, outcome).instrument(span.clone()).await;
        let seconds = begun.elapsed().as_secs_f64();
        metrics::histogram!("job_seconds", "kind" => kind.name).record(seconds);
        metrics::counter!("jobs_finished_total", "kind" => kind.name, "result" => result)
            .increment(1);
        span.in_scope(|| tracing::info!(seconds, result, "job"));
    }

    /// Runs a job while its lease is valid. If the future is dropped, `store::connection` returns
    /// its connection to the pool only if it is usable.
    async fn attempt(&self, kind: Kind, job: ClaimedJob) -> Outcome {
        let context = JobContext::new(self.0.state.clone(), job);
        let work = AssertUnwindSafe(self.work(kind, &context)).catch_unwind();
        tokio::select! {
            biased;
            outcome = work => outcome.unwrap_or_else(|_| {
                Outcome::Failed(JobError::Retry(EN.job_internal().into()))
            }),
            outcome = self.keep_lease(&context) => outcome,
            () = self.0.abort.cancelled() => Outcome::Released,
        }
    }

    async fn work(&self, kind: Kind, context: &JobContext) -> Outcome {
        let done = match (kind.work, context.job().tenant) {
            (Work::Server(run), None) => self.work_for_server(run, context).await,
            (Work::Tenant { is_permitted, run }, Some(_)) => {
                self.work_for_tenant(is_permitted, run, context).await
            }
            _ => Err(JobError::Permanent(EN.job_kind().into())),
        };
        done.unwrap_or_else(Outcome::Failed)
    }

    async fn work_for_server(
        &self,
        run: super::ServerWork,
        context: &JobContext,
    ) -> Result<Outcome, JobError> {
        run(context).await?;
        context.set_recording();
        let mut tx = JobsTx::begin(self.0.state.store()).await?;
        let recorded = tx.finish_job(context.job().claim).await?;
        committed(tx.commit().await, recorded)
    }

    async fn work_for_tenant(
        &self,
        is_permitted: fn(&store::Principal) -> bool,
        run: super::TenantWork,
        context: &JobContext,
    ) -> Result<Outcome, JobError> {
        let (store, job) = (self.0.state.store(), context.job());
        let Some(tenant) = job.tenant else { return Ok(Outcome::LeaseLost) };
        let mut tx = AuthTx::begin(store).await?;
        let principal = tx.principal_of_requester(job.asker, tenant).await?;
        tx.commit().await?;
        let principal = principal.map_err(|why| JobError::Permanent(why.to_string()))?;
        if !is_permitted(&principal) {
            let why = EN.job_permission();
            return Err(JobError::Permanent(why.into()));
        }
        let mut tx = TenantTx::begin(store, &principal).await?;
        run(&mut tx, context).await?;
        context.set_recording();
        if !tx.finish_job(job.claim).await? {
            return Ok(Outcome::LeaseLost);
        }
        committed(tx.commit().await, true)
    }

    /// Renews the lease until that fails, or the job is canceled.
    async fn keep_lease(&self, context: &JobContext) -> Outcome {
        let options = self.0.options;
        let mut renewed = Instant::now();
        let mut ticks = interval(options.renewal);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let lease = self.renew(context).await;
            if context.is_recording() {
                std::future::pending::<()>().await;
            }
            match lease {
                Ok(Lease::Held) => renewed = Instant::now(),
                Ok(Lease::Canceled) => return Outcome::Canceled,
                Ok(Lease::Lost) => return Outcome::LeaseLost,
                Err(error) => {
                    tracing::warn!(%error, "a lease was not renewed");
                    if renewed.elapsed() > options.lease {
                        return Outcome::LeaseLost;
                    }
                }
            }
        }
    }

    async fn renew(&self, context: &JobContext) -> store::Result<Lease> {
        let mut tx = JobsTx::begin(self.0.state.store()).await?;
        let progress = context.progress();
        let claim = context.job().claim;
        let lease = tx.renew_lease(claim, self.0.options.lease, progress.as_ref()).await?;
        tx.commit().await?;
        Ok(lease)
    }

    /// Records the outcome unless it is recorded; returns the result label of the metrics.
    async fn record(&self, claim: Claim, attempt: u32, outcome: Outcome) -> &'static str {
        let (error, retry_in) = match outcome {
            Outcome::Succeeded => return "succeeded",
            Outcome::LeaseLost => return "lease-lost",
            Outcome::CommitUnknown => return "unknown",
            Outcome::Released => {
                if let Err(error) = self.release(claim).await {
                    tracing::warn!(%error, "a job was not given back: its lease expires");
                }
                return "released";
            }
            Outcome::Canceled => ("Canceled.".to_owned(), None),
            Outcome::Failed(JobError::Permanent(why)) => (why, None),
            Outcome::Failed(JobError::Retry(why)) => {
                let jitter = rand::random_range(0.0..1.0);
                (why, Some(backoff(self.0.options.backoff, attempt, jitter)))
            }
        };
        tracing::warn!(error, "the attempt failed");
        match self.fail(claim, &error, retry_in).await {
            Ok(Failed::Queued) => "retried",
            Ok(Failed::NoAttemptsLeft) => "failed",
            Ok(Failed::Canceled) => "canceled",
            Ok(Failed::LeaseLost) => "lease-lost",
            Err(error) => {
                tracing::warn!(%error, "a failure was not recorded: the lease expires");
                "unknown"
            }
        }
    }

    async fn fail(
        &self,
        claim: Claim,
        error: &str,
        retry_in: Option<Duration>,
    ) -> store::Result<Failed> {
        let mut tx = JobsTx::begin(self.0.state.store()).await?;
        let failed = tx.fail_job(claim, error, retry_in).await?;
        tx.commit().await?;
        Ok(failed)
    }

    async fn release(&self, claim: Claim) -> store::Result<()> {
        let mut tx = JobsTx::begin(self.0.state.store()).await?;
        tx.release_job(claim).await?;
        tx.commit().await
    }

    async fn report_stats(&self) {
        let stats = async {
            let mut tx = JobsTx::begin(self.0.state.store()).await?;
            tx.queue_stats().await
        };
        match stats.await {
            Ok(stats) => {
                metrics::gauge!("jobs_due").set(stats.due as f64);
                metrics::gauge!("jobs_oldest_seconds").set(stats.oldest_seconds);
            }
            Err(error) => tracing::warn!(%error, "the state of the job queue is not known"),
        }
    }
}

/// The outcome of finished work after its commit.
fn committed(committed: store::Result<()>, recorded: bool) -> Result<Outcome, JobError> {
    match committed {
        Ok(()) if recorded => Ok(Outcome::Succeeded),
        Ok(()) => Ok(Outcome::LeaseLost),
        // The response may have been lost after the commit.
        Err(Error::CommitUnknown | Error::Unreachable(_)) => Ok(Outcome::CommitUnknown),
        Err(error) => Err(error.into()),
    }
}

/// Removes an ended task from the running ones.
fn remove_ended(
    names: &mut Vec<&'static str>,
    ended: Result<&'static str, tokio::task::JoinError>,
) {
    match ended {
        Ok(name) => {
            if let Some(at) = names.iter().position(|known| *known == name) {
                names.swap_remove(at);
            }
        }
        // Tasks catch panics and are not aborted.
        Err(error) => tracing::error!(%error, "a job's task ended without a result"),
    }
    metrics::gauge!("jobs_running").set(names.len() as f64);
}

/// Exponential backoff with jitter: doubles with each attempt, plus a fraction `jitter` of that,
/// from 0 to 1.
fn backoff(first: Duration, attempt: u32, jitter: f64) -> Duration {
    let doublings = attempt.saturating_sub(1).min(20);
    first.saturating_mul(1 << doublings).min(MAX_BACKOFF).mul_f64(1.0 + jitter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_between_attempts_doubles_up_to_an_hour() {
        let delay = |attempt| backoff(Duration::from_secs(5), attempt, 0.0).as_secs();
        assert_eq!([1, 2, 3, 4].map(delay), [5, 10, 20, 40]);
        assert_eq!(delay(u32::MAX), 3600);
        assert_eq!(backoff(Duration::from_secs(4), 1, 0.5), Duration::from_secs(6));
    }
}
