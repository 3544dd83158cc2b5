//! Fault injection: worker processes are killed, disconnected and frozen at random moments. No
//! job is lost, and none is done twice. The effect of a job is one line of the audit, in the
//! transaction that records its result. `cargo xtask prove jobs --n 1000 --seed S` runs longer.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use server::jobs::{JobContext, JobError, Kind, Runner, RunnerOptions, Work};
use server::state::{AppState, Limits};
use store::{Store, TenantTx, system};
use tokio::sync::watch;

use crate::support::program::signal;
use crate::support::{TestDb, now, until};

/// Environment variable with the URL of the database, set for worker processes.
const WORKER: &str = "FIRSTPASS_JOBS_WORKER";
/// The number of faults, and the seed of their random generator.
const COUNT: &str = "FIRSTPASS_PROVE_N";
const SEED: &str = "FIRSTPASS_PROVE_SEED";

const WORKERS: usize = 3;
/// Jobs that are added for each fault and each of two tenants.
const JOBS_OF_TENANT: i64 = 3;

const OPTIONS: RunnerOptions = RunnerOptions {
    concurrency: 3,
    concurrency_per_tenant: 4,
    lease: Duration::from_millis(400),
    renewal: Duration::from_millis(100),
    poll: Duration::from_millis(20),
    grace: Duration::from_millis(50),
    backoff: Duration::from_millis(10),
};

const KINDS: &[Kind] = &[Kind {
    name: "ledger",
    concurrency: 3,
    work: Work::Tenant { is_permitted: |_| true, run: write_ledger },
}];

/// Writes a line of the audit, with a delay before and after it in which the worker may die.
fn write_ledger<'a>(
    tx: &'a mut TenantTx,
    context: &'a JobContext,
) -> BoxFuture<'a, Result<(), JobError>> {
    async {
        let work = || tokio::time::sleep(Duration::from_millis(rand::random_range(0..30)));
        work().await;
        tx.audit(now(), "ledger", &json!({ "job": context.job().claim.job })).await?;
        work().await;
        Ok(())
    }
    .boxed()
}

/// Not a test: the worker process that
/// [`workers_are_killed_and_no_job_is_lost_or_doubled`] starts and kills.
#[tokio::test]
async fn worker_process() {
    let Ok(url) = std::env::var(WORKER) else { return };
    let limits = system::Limits { connections: 6, ..system::Limits::default() };
    let store = Store::connect(&url, limits).await.unwrap();
    let state = AppState::new(store, Limits::default());
    let (_stop, stopping) = watch::channel(false);
    Runner::new(state, KINDS, OPTIONS).run(stopping).await;
}

struct Worker(Child);

impl Worker {
    fn start(url: &str) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["jobs::proof::worker_process", "--exact", "--nocapture"])
            .env(WORKER, url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

#[tokio::test]
async fn workers_are_killed_and_no_job_is_lost_or_doubled() {
    let (faults, seed) = (number(COUNT, 25), number(SEED, rand::random_range(0..1 << 32)));
    eprintln!("{SEED}={seed} {COUNT}={faults}");
    let mut random = StdRng::seed_from_u64(seed);
    let db = TestDb::new().await;
    db.superuser("update schedule set enabled = false").await;
    db.superuser(
        "insert into tenant select gen_random_uuid(), slug, slug, 'Asia/Taipei', now() from unnest(array['one', 'two']) slug",
    )
    .await;
    let url = db.url("firstpass_login");
    let mut workers: Vec<Worker> = (0..WORKERS).map(|_| Worker::start(&url)).collect();
    let (mut jobs, mut kills, mut cuts, mut freezes) = (0, 0, 0, 0);
    for _ in 0..faults {
        db.superuser(&format!(
            "insert into job (id, tenant_id, kind, asked_by_kind, asked_by, max_attempts)
             select gen_random_uuid(), id, 'ledger', 'server', 'a test', 100
             from tenant, generate_series(1, {JOBS_OF_TENANT})"
        ))
        .await;
        jobs += 2 * JOBS_OF_TENANT;
        // The fault hits a busy worker.
        until("a job is running", async || {
            db.count("select count(*) from job where state = 'running'").await > 0
        })
        .await;
        tokio::time::sleep(Duration::from_micros(random.random_range(0..60_000))).await;
        let victim = &mut workers[random.random_range(0..WORKERS)];
        match random.random_range(0..10) {
            0..7 => {
                *victim = Worker::start(&url); // dropping the old one kills it
                kills += 1;
            }
            7 | 8 => {
                let cut = "select count(pg_terminate_backend(pid)) from (
                               select pid from pg_stat_activity
                               where datname = current_database() and usename = 'firstpass_login'
                               order by random() limit 2) a";
                db.count(cut).await;
                cuts += 1;
            }
            // Its leases expire while it is frozen; then it resumes.
            _ => {
                signal(victim.0.id(), "STOP");
                let frozen = OPTIONS.lease.mul_f64(random.random_range(1.0..3.0));
                tokio::time::sleep(frozen).await;
                signal(victim.0.id(), "CONT");
                freezes += 1;
            }
        }
    }
    let unfinished = "select count(*) from job where finished_at is null";
    let begun = std::time::Instant::now();
    while db.count(unfinished).await > 0 {
        // A transaction of a dead process holds its locks until its connection is closed.
        assert!(begun.elapsed() < Duration::from_secs(120), "jobs do not finish: seed {seed}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(workers);
    let count = async |sql: &str| db.count(sql).await;
    let all = count("select count(*) from job").await;
    let done = count("select count(*) from job where state = 'succeeded'").await;
    let lines = count("select count(*) from audit where action = 'ledger'").await;
    let distinct =
        count("select count(distinct detail->>'job') from audit where action = 'ledger'").await;
    let lost = count("select count(*) from job j where not exists (select from audit a where a.action = 'ledger' and a.detail->>'job' = j.id::text)").await;
    let again = count("select coalesce(sum(attempt) - count(*), 0)::bigint from job").await;
    eprintln!(
        "{jobs} jobs, {kills} kills, {cuts} cuts, {freezes} freezes: {again} attempts more, {lost} lost, {} doubled",
        lines - distinct
    );
    assert_eq!((all, done, lines, distinct, lost), (jobs, jobs, jobs, jobs, 0), "seed {seed}");
}
