//! The job queue: leases, fencing, the principal of a job, limits, schedules, and the API.

mod proof;

use std::time::Duration;

use domain::{Role, TenantId};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use server::jobs::{JobContext, JobError, KINDS, Kind, Runner, RunnerOptions, Work};
use store::jobs::{Claim, ClaimedJob, Enqueued, Lease, NewJob, Progress};
use store::{AuthTx, JobsTx, Principal, Store, TenantTx};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::support::{Answer, House, Partner, now, until};

/// Timeouts that are short enough for tests.
const OPTIONS: RunnerOptions = RunnerOptions {
    concurrency: 2,
    concurrency_per_tenant: 2,
    lease: Duration::from_secs(5),
    renewal: Duration::from_millis(50),
    poll: Duration::from_millis(20),
    grace: Duration::from_millis(50),
    backoff: Duration::from_millis(20),
};

const TEST_KINDS: &[Kind] = &[
    tenant_kind("note", note),
    tenant_kind("wait", wait),
    tenant_kind("flaky", flaky),
    tenant_kind("hopeless", hopeless),
    tenant_kind("panic", panic_at_once),
];

const fn tenant_kind(name: &'static str, run: server::jobs::TenantWork) -> Kind {
    Kind { name, concurrency: 2, work: Work::Tenant { is_permitted: may_change, run } }
}

fn may_change(principal: &Principal) -> bool {
    principal.role().is_none_or(|role| role.may_change())
}

/// Writes one line of the audit that names the job.
fn note<'a>(tx: &'a mut TenantTx, context: &'a JobContext) -> BoxFuture<'a, Result<(), JobError>> {
    async { Ok(tx.audit(now(), "note", &json!({ "job": context.job().claim.job })).await?) }.boxed()
}

/// Reports progress and never ends.
fn wait<'a>(tx: &'a mut TenantTx, context: &'a JobContext) -> BoxFuture<'a, Result<(), JobError>> {
    async {
        tx.audit(now(), "wait", &json!({})).await?;
        let message = "Counting units".to_owned();
        context.report(Progress { done: 3, total: Some(10), message });
        std::future::pending().await
    }
    .boxed()
}

/// Writes a line, and fails in its first two attempts.
fn flaky<'a>(tx: &'a mut TenantTx, context: &'a JobContext) -> BoxFuture<'a, Result<(), JobError>> {
    async {
        note(tx, context).await?;
        match context.job().attempt {
            1 | 2 => Err(JobError::Retry("Not yet.".into())),
            _ => Ok(()),
        }
    }
    .boxed()
}

fn hopeless<'a>(_: &'a mut TenantTx, _: &'a JobContext) -> BoxFuture<'a, Result<(), JobError>> {
    async { Err(JobError::Permanent("The file is gone.".into())) }.boxed()
}

fn panic_at_once<'a>(
    _: &'a mut TenantTx,
    _: &'a JobContext,
) -> BoxFuture<'a, Result<(), JobError>> {
    async { panic!("as a test") }.boxed()
}

struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    fn start(house: &House, kinds: &'static [Kind]) -> Self {
        let (stop, stopping) = watch::channel(false);
        let runner = Runner::new(house.state.clone(), kinds, OPTIONS);
        Self { stop, task: tokio::spawn(runner.run(stopping)) }
    }

    async fn stop(self) {
        self.stop.send_replace(true);
        self.task.await.unwrap();
    }
}

impl House {
    /// A house without the schedules of the server.
    async fn without_schedules() -> Self {
        let house = Self::new().await;
        house.db.superuser("update schedule set enabled = false").await;
        house
    }

    async fn engineer_of(&self, partner: &Partner) -> Principal {
        self.principal(&partner.engineer).await.for_tenant(partner.id).unwrap()
    }

    async fn principal(&self, cookie: &str) -> Principal {
        let secret = cookie.trim_start_matches("__Host-sid=");
        let mut tx = AuthTx::begin(&self.db.store).await.unwrap();
        let hash = server::credentials::secret::hash(secret);
        let idle = Duration::from_secs(3600);
        tx.principal_of_session(&hash, idle, now()).await.unwrap().unwrap()
    }

    async fn enqueue(&self, principal: &Principal, kind: &str, key: Option<&str>) -> Enqueued {
        enqueue(&self.db.store, principal, kind, key).await
    }

    async fn add(&self, principal: &Principal, kind: &str) -> Uuid {
        match self.enqueue(principal, kind, None).await {
            Enqueued::Added(id) => id,
            other => panic!("{other:?}"),
        }
    }

    async fn job(&self, partner: &Partner, id: Uuid) -> Value {
        let answer = self.api("GET", &format!("/api/v1/jobs/{id}"), &partner.engineer).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json
    }

    async fn api(&self, method: &str, path: &str, cookie: &str) -> Answer {
        self.ask(method, path, cookie, "").await
    }

    /// Waits until the job is in that state.
    async fn job_in_state(&self, partner: &Partner, id: Uuid, state: &str) -> Value {
        until(state, async || self.job(partner, id).await["state"] == state).await;
        self.job(partner, id).await
    }

    async fn notes(&self, job: Uuid) -> i64 {
        let sql = "select count(*) from audit where action = 'note' and detail->>'job' = ";
        self.db.count(&format!("{sql} '{job}'")).await
    }
}

async fn enqueue(store: &Store, principal: &Principal, kind: &str, key: Option<&str>) -> Enqueued {
    let mut tx = TenantTx::begin(store, principal).await.unwrap();
    let job = NewJob { kind, arguments: &json!({}), idempotency_key: key, max_attempts: 3 };
    let added = tx.enqueue_job(principal, job).await.unwrap();
    tx.commit().await.unwrap();
    added
}

async fn claim(store: &Store, kinds: &[&str], per_tenant: u32) -> Option<ClaimedJob> {
    let mut tx = JobsTx::begin(store).await.unwrap();
    tx.lock_queue().await.unwrap();
    tx.expire_leases().await.unwrap();
    let lease = Duration::from_secs(60);
    let claimed = tx.claim_job(kinds, per_tenant, Uuid::now_v7(), lease).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

async fn finish(store: &Store, tenant: TenantId, claim: Claim) -> bool {
    let console = Principal::console(Some(tenant));
    let mut tx = TenantTx::begin(store, &console).await.unwrap();
    let finished = tx.finish_job(claim).await.unwrap();
    tx.commit().await.unwrap();
    finished
}

#[tokio::test]
async fn a_job_runs_as_its_asker_and_is_recorded_with_what_it_wrote() {
    let house = House::without_schedules().await;
    let engineer = house.engineer_of(&house.north).await;
    let id = house.add(&engineer, "note").await;
    let runner = Running::start(&house, TEST_KINDS);
    let job = house.job_in_state(&house.north, id, "succeeded").await;
    assert_eq!(job["attempt"], 1);
    assert_eq!(job["requested_by"], "engineer@north.example");
    let written = "select count(*) from audit a join tenant t on t.id = a.tenant_id
                   where a.action = 'note' and a.actor = 'engineer@north.example' and t.slug = 'north'";
    assert_eq!(house.db.count(written).await, 1);
    runner.stop().await;
}

#[tokio::test]
async fn a_failed_attempt_leaves_nothing_behind_and_is_tried_again() {
    let house = House::without_schedules().await;
    let engineer = house.engineer_of(&house.north).await;
    let flaky = house.add(&engineer, "flaky").await;
    let hopeless = house.add(&engineer, "hopeless").await;
    let panic = house.add(&engineer, "panic").await;
    let runner = Running::start(&house, TEST_KINDS);
    let job = house.job_in_state(&house.north, flaky, "succeeded").await;
    assert_eq!((&job["attempt"], &job["error"]), (&json!(3), &json!("Not yet.")));
    assert_eq!(house.notes(flaky).await, 1, "what failed attempts wrote is gone");
    let job = house.job_in_state(&house.north, hopeless, "failed").await;
    assert_eq!((&job["attempt"], &job["error"]), (&json!(1), &json!("The file is gone.")));
    let job = house.job_in_state(&house.north, panic, "failed").await;
    assert_eq!(job["attempt"], 3);
    runner.stop().await;
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_records_nothing() {
    let house = House::without_schedules().await;
    let store = &house.db.store;
    let engineer = house.engineer_of(&house.north).await;
    let id = house.add(&engineer, "note").await;
    let first = claim(store, &["note"], 2).await.unwrap().claim;
    assert!(claim(store, &["note"], 2).await.is_none(), "it has a worker");
    house.db.superuser("update job set lease_until = now() - interval '1 s'").await;
    let second = claim(store, &["note"], 2).await.unwrap().claim;
    assert_eq!((first.job, second.job, second.fence), (id, id, first.fence + 1));

    assert!(!finish(store, house.north.id, first).await);
    let mut tx = JobsTx::begin(store).await.unwrap();
    let lease = Duration::from_secs(60);
    assert_eq!(tx.renew_lease(first, lease, None).await.unwrap(), Lease::Lost);
    assert_eq!(tx.renew_lease(second, lease, None).await.unwrap(), Lease::Held);
    let failed = tx.fail_job(first, "late", None).await.unwrap();
    assert_eq!(failed, store::jobs::Failed::LeaseLost);
    tx.release_job(first).await.unwrap();
    tx.commit().await.unwrap();
    assert!(finish(store, house.north.id, second).await);
    assert!(!finish(store, house.north.id, second).await, "once");
}

#[tokio::test]
async fn a_job_whose_worker_is_lost_too_often_fails() {
    let house = House::without_schedules().await;
    let store = &house.db.store;
    let engineer = house.engineer_of(&house.north).await;
    let id = house.add(&engineer, "note").await;
    for _ in 0..3 {
        claim(store, &["note"], 2).await.unwrap();
        house.db.superuser("update job set lease_until = now() - interval '1 s'").await;
    }
    assert!(claim(store, &["note"], 2).await.is_none());
    let job = house.job(&house.north, id).await;
    assert_eq!((&job["state"], &job["attempt"]), (&json!("failed"), &json!(3)));
}

#[tokio::test]
async fn who_asked_is_looked_up_again_as_the_job_starts() {
    let house = House::without_schedules().await;
    let engineer = house.engineer_of(&house.north).await;
    let south = house.engineer_of(&house.south).await;
    let disable = "update app_user set disabled_at = now() where email = 'engineer@north.example'";
    let enable = "update app_user set disabled_at = null where email = 'engineer@north.example'";
    let lower = "update membership set role = 'viewer' where user_id in
        (select id from app_user where email = 'engineer@north.example')";
    let suspend = "update tenant set suspended_at = now() where slug = 'north'";
    let mut expected = Vec::new();
    for (breaks, why) in [
        (disable, "The account that requested the job is disabled."),
        (lower, "The role of the account that requested the job no longer permits it."),
        (suspend, "The tenant is suspended."),
    ] {
        let id = house.add(&engineer, "note").await;
        house.db.superuser(breaks).await;
        let runner = Running::start(&house, TEST_KINDS);
        let state = format!("select count(*) from job where id = '{id}' and state = 'failed'");
        until(why, async || house.db.count(&state).await == 1).await;
        runner.stop().await;
        expected.push(format!("('{id}', '{why}')"));
        house.db.superuser(enable).await;
    }
    let values = expected.join(", ");
    let told = format!(
        "select count(*) from job j join (values {values}) t (id, why) on t.id::uuid = j.id and t.why = j.last_error"
    );
    assert_eq!(house.db.count(&told).await, 3);
    assert_eq!(house.db.count("select count(*) from audit where action = 'note'").await, 0);

    // Jobs of the other tenant run.
    let id = house.add(&south, "note").await;
    let runner = Running::start(&house, TEST_KINDS);
    house.job_in_state(&house.south, id, "succeeded").await;
    runner.stop().await;
}

#[tokio::test]
async fn a_token_that_was_revoked_runs_no_job_and_an_internal_person_is_audited() {
    let house = House::without_schedules().await;
    let store = &house.db.store;
    let mut tx = AuthTx::begin(store).await.unwrap();
    let hash = server::credentials::secret::hash(&house.north.read);
    let (token, _) = tx.principal_of_token(&hash, now()).await.unwrap().unwrap();
    drop(tx);
    let revoked = house.add(&token, "note").await;
    house.db.superuser("update api_token set revoked_at = now()").await;

    let operator = house.internal(Role::Admin).await;
    let operator = house.principal(&operator).await;
    let mut tx = AuthTx::begin(store).await.unwrap();
    let (looking, _) =
        tx.audit_internal_access(&operator, house.north.id, None).await.unwrap().unwrap();
    drop(tx);
    let internal = house.add(&looking, "note").await;
    let runner = Running::start(&house, TEST_KINDS);
    let failed = format!(
        "select count(*) from job where id = '{revoked}' and state = 'failed'
         and last_error = 'The token that requested the job is revoked.'"
    );
    until("the token's fails", async || house.db.count(&failed).await == 1).await;
    let done = format!("select count(*) from job where id = '{internal}' and state = 'succeeded'");
    until("the other is done", async || house.db.count(&done).await == 1).await;
    runner.stop().await;
    let looks = "select count(*) from audit where action = 'look' and detail->>'request' = 'job'";
    assert_eq!(house.db.count(looks).await, 1);
}

#[tokio::test]
async fn many_jobs_of_one_tenant_do_not_hold_up_another() {
    let house = House::without_schedules().await;
    let store = &house.db.store;
    let north = house.engineer_of(&house.north).await;
    let south = house.engineer_of(&house.south).await;
    for _ in 0..50 {
        house.add(&north, "note").await;
    }
    house.add(&south, "note").await;
    let mut tenants = Vec::new();
    while let Some(job) = claim(store, &["note"], 2).await {
        tenants.push(job.tenant.unwrap());
    }
    let (north, south) = (house.north.id, house.south.id);
    assert_eq!(tenants, [north, south, north], "two at once of a tenant, the idle one first");
    assert!(claim(store, &["other"], 9).await.is_none());
}

#[tokio::test]
async fn a_job_is_seen_and_canceled_by_its_asker_and_the_partners_admin_alone() {
    let house = House::without_schedules().await;
    let engineer = house.engineer_of(&house.north).await;
    let other = house.engineer(house.north.id, "other@north.example").await;
    house.db.superuser("update membership set role = 'partner-admin' where role = 'viewer'").await;
    let admin = house.north.viewer.clone();
    let queued = house.add(&engineer, "hopeless").await;
    let path = format!("/api/v1/jobs/{queued}");
    for cookie in [&other, &house.south.engineer] {
        assert_eq!(house.api("GET", &path, cookie).await.status, 404);
        assert_eq!(house.api("DELETE", &path, cookie).await.status, 404);
        let listed = house.api("GET", "/api/v1/jobs", cookie).await;
        assert_eq!(listed.json["items"].as_array().unwrap().len(), 0);
    }
    let listed = house.api("GET", "/api/v1/jobs?limit=1", &admin).await;
    assert_eq!(listed.json["items"][0]["id"], queued.to_string());
    let canceled = house.api("DELETE", &path, &admin).await;
    assert_eq!(canceled.json["state"], "canceled");

    let running = house.add(&engineer, "wait").await;
    let runner = Running::start(&house, TEST_KINDS);
    let progress = json!({ "done": 3, "total": 10, "message": "Counting units" });
    until("its progress", async || house.job(&house.north, running).await["progress"] == progress)
        .await;
    let path = format!("/api/v1/jobs/{running}");
    let told = house.api("DELETE", &path, &house.north.engineer).await;
    assert_eq!((told.status, &told.json["cancel_requested"]), (200, &json!(true)));
    house.job_in_state(&house.north, running, "canceled").await;
    assert_eq!(house.db.count("select count(*) from audit where action = 'wait'").await, 0);
    runner.stop().await;
    let listed = house.api("GET", "/api/v1/jobs?limit=1", &admin).await;
    assert_eq!(listed.json["items"][0]["id"], running.to_string());
    assert_eq!(listed.json["next"], running.to_string());
    let next = format!("/api/v1/jobs?limit=1&cursor={running}");
    let listed = house.api("GET", &next, &admin).await;
    assert_eq!(listed.json["items"][0]["id"], queued.to_string());
    assert_eq!(listed.json["next"], Value::Null);
}

#[tokio::test]
async fn a_job_of_the_same_key_is_added_once() {
    let house = House::without_schedules().await;
    let north = house.engineer_of(&house.north).await;
    let south = house.engineer_of(&house.south).await;
    let Enqueued::Added(first) = house.enqueue(&north, "note", Some("k")).await else { panic!() };
    assert_eq!(house.enqueue(&north, "note", Some("k")).await, Enqueued::Exists(first));
    let runner = Running::start(&house, TEST_KINDS);
    house.job_in_state(&house.north, first, "succeeded").await;
    runner.stop().await;
    assert_eq!(house.enqueue(&north, "note", Some("k")).await, Enqueued::Exists(first));
    assert!(matches!(house.enqueue(&north, "wait", Some("k")).await, Enqueued::Added(_)));
    assert!(matches!(house.enqueue(&south, "note", Some("k")).await, Enqueued::Added(_)));
}

#[tokio::test]
async fn a_server_that_stops_gives_its_jobs_back() {
    let house = House::without_schedules().await;
    let engineer = house.engineer_of(&house.north).await;
    let id = house.add(&engineer, "wait").await;
    let runner = Running::start(&house, TEST_KINDS);
    house.job_in_state(&house.north, id, "running").await;
    runner.stop().await;
    let job = house.job(&house.north, id).await;
    assert_eq!((&job["state"], &job["attempt"]), (&json!("queued"), &json!(0)));
}

#[tokio::test]
async fn the_servers_schedules_run_once_on_several_servers() {
    let house = House::new().await;
    // Missed occurrences are coalesced into one.
    house.db.superuser("update schedule set next_at = now() - interval '3 days'").await;
    house.db.superuser("update session set expires_at = now() where user_id in (select id from app_user where email = 'viewer@south.example')").await;
    house.db.superuser("insert into job (id, kind, asked_by_kind, asked_by, state, finished_at)
        values (gen_random_uuid(), 'old', 'server', 'a test', 'succeeded', now() - interval '31 days')").await;
    let runners = [Running::start(&house, KINDS), Running::start(&house, KINDS)];
    let done = "select count(*) from job where asked_by = 'schedule' and state = 'succeeded'";
    until("both are done", async || house.db.count(done).await == 2).await;
    for runner in runners {
        runner.stop().await;
    }
    assert_eq!(house.db.count("select count(*) from job").await, 2, "the old one is gone");
    let ahead = "select count(*) from schedule where enabled and next_at > now() and next_at <= now() + interval '1 hour'";
    assert_eq!(house.db.count(ahead).await, 2);
    assert_eq!(house.db.count("select count(*) from session where expires_at <= now()").await, 0);
    assert_eq!(house.db.store.create_month_partitions().await.unwrap(), 0, "the months are there");
}

#[tokio::test]
async fn serving_is_refused_where_workers_may_use_another_table() {
    let house = House::new().await;
    house.db.store.check().await.unwrap();
    house.db.superuser("grant select (id) on run to firstpass_jobs").await;
    let refused = house.db.store.check().await.unwrap_err().to_string();
    house.db.superuser("revoke select (id) on run from firstpass_jobs").await;
    assert!(refused.contains("firstpass_jobs may use table run"), "{refused}");
}
