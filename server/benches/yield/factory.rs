//! Generates half a year of runs of a dozen partners, one of which is queried.

use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

/// Partners in addition to the queried one.
const OTHERS: i32 = 11;
/// Units of the queried partner, per thousand units.
const QUERIED_PER_MILLE: i32 = 94;
/// Mean number of runs per unit.
const RUNS_PER_UNIT: f64 = 6.55;
/// Rows per statement.
const CHUNK: i64 = 20_000;

/// Number of partners.
pub(crate) const PARTNERS: usize = 1 + OTHERS as usize;

/// Reports progress on standard error, at most every two seconds.
pub(crate) struct Progress {
    began: Instant,
    reported: Instant,
}

impl Progress {
    pub(crate) fn begin() -> Self {
        Self { began: Instant::now(), reported: Instant::now() }
    }

    pub(crate) fn report(&mut self, what: &str, done: i64, all: i64) {
        if self.reported.elapsed() > Duration::from_secs(2) {
            eprintln!("  {what}: {done} of {all}, {} s", self.began.elapsed().as_secs());
            self.reported = Instant::now();
        }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

/// Inserts units, runs without numbers, and repairs; returns the number of runs.
pub(crate) async fn load(
    superuser: &mut PgConnection,
    partners: &[Uuid; PARTNERS],
    runs: u64,
) -> u64 {
    run(superuser, include_str!("factory.sql")).await;
    run(superuser, "select keep_month('run', month::date) from generate_series('2025-01-01'::date, '2025-06-01', '1 month') month").await;
    run(superuser, "alter table run disable trigger user").await;
    let units = (runs as f64 / RUNS_PER_UNIT) as i64;
    let (mut progress, mut made) = (Progress::begin(), 0);
    for first in (0..units).step_by(CHUNK as usize) {
        let before = units.min(first + CHUNK);
        sqlx::query(
            "insert into unit (tenant_id, id, serial, kind_said) overriding system value
             select ($1::uuid[])[case when factory.pick(n, 60, 1000) < $2 then 1 else 2 + factory.pick(n, 61, $3) end],
                    n, 'SN' || 10000000 + n, case when factory.pick(n, 62, 1000) < 3 then 2 else 0 end
             from generate_series($4, $5 - 1) n",
        )
        .bind(partners)
        .bind(QUERIED_PER_MILLE)
        .bind(OTHERS)
        .bind(first)
        .bind(before)
        .execute(&mut *superuser)
        .await
        .unwrap();
        let some: i64 = sqlx::query_scalar("select factory.run($1, $2, $3)")
            .bind(first)
            .bind(before)
            .bind(units)
            .fetch_one(&mut *superuser)
            .await
            .unwrap();
        made += some;
        progress.report("loading units", before, units);
    }
    run(superuser, "select factory.repair()").await;
    run(superuser, "alter table run enable trigger user").await;
    run(superuser, "analyze").await;
    made.unsigned_abs()
}

/// Clusters the runs in the order of time, as uploads write them. Uploads write each run once,
/// with its numbers; the recount has left two row versions of every run.
pub(crate) async fn cluster_runs(superuser: &mut PgConnection) {
    let months: Vec<String> = sqlx::query_scalar(
        "select inhrelid::regclass::text from pg_inherits where inhparent = 'run'::regclass order by 1",
    )
    .fetch_all(&mut *superuser)
    .await
    .unwrap();
    for month in months {
        run(superuser, &format!("create index factory_order on {month} (started_at, id)")).await;
        run(superuser, &format!("cluster {month} using factory_order")).await;
        run(superuser, "drop index factory_order").await;
    }
    run(superuser, "vacuum analyze").await;
}

async fn run(superuser: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(superuser).await.unwrap();
}
