//! Direct access to the database, without the server.

use std::collections::HashMap;

use sqlx::{Connection, PgConnection};
use tokio::runtime::Runtime;
use uuid::Uuid;

use super::factory::Delivery;
use crate::support::House;
use crate::support::program::{Folder, wait_for};

/// A connection to the database as superuser.
pub(super) struct Truth {
    url: String,
    runtime: Runtime,
}

/// Invariants: each query must count zero.
#[rustfmt::skip]
const NEVER: &[(&str, &str)] = &[
    ("a run twice",
     "select count(*) from (select unit_id, started_at from run group by 1, 2 having count(*) > 1) t"),
    ("a run's id twice",
     "select count(*) from (select id from run group by 1 having count(*) > 1) t"),
    ("a run without its identity",
     "select count(*) from run r where not exists (select from run_identity i where (i.tenant_id, i.id, i.unit_id, i.started_at) = (r.tenant_id, r.id, r.unit_id, r.started_at))"),
    ("an identity without its run",
     "select count(*) from run_identity i where not exists (select from run r where (i.tenant_id, i.id, i.unit_id, i.started_at) = (r.tenant_id, r.id, r.unit_id, r.started_at))"),
    ("an identity without its receipt",
     "select count(*) from run_identity i where not exists (select from receipt c where (c.tenant_id, c.id) = (i.tenant_id, i.receipt_id))"),
    ("a step without its run",
     "select count(*) from step s where not exists (select from run r where (r.tenant_id, r.id, r.started_at) = (s.tenant_id, s.run_id, s.run_at))"),
    ("a measurement without its run",
     "select count(*) from measurement s where not exists (select from run r where (r.tenant_id, r.id, r.started_at) = (s.tenant_id, s.run_id, s.run_at))"),
    ("a measurement without its step",
     "select count(*) from measurement m where not exists (select from step s where (s.tenant_id, s.run_id, s.seq) = (m.tenant_id, m.run_id, m.step))"),
    ("a measurement without its parameter",
     "select count(*) from measurement m where not exists (select from parameter p where (p.tenant_id, p.id) = (m.tenant_id, m.parameter_id))"),
    ("a finding without its run",
     "select count(*) from finding s where not exists (select from run r where (r.tenant_id, r.id, r.started_at) = (s.tenant_id, s.run_id, s.run_at))"),
    ("a component without its run",
     "select count(*) from component s where not exists (select from run r where (r.tenant_id, r.id, r.started_at) = (s.tenant_id, s.run_id, s.run_at))"),
    ("a unit without a run",
     "select count(*) from unit u where not exists (select from run r where (r.tenant_id, r.unit_id) = (u.tenant_id, u.id))"),
    ("a parameter that nothing was measured of",
     "select count(*) from parameter p where not exists (select from measurement m where (m.tenant_id, m.parameter_id) = (p.tenant_id, p.id))"),
    ("a receipt without its bytes",
     "select count(*) from receipt c where not exists (select from raw_upload w where (w.tenant_id, w.sha256) = (c.tenant_id, c.raw_sha256))"),
    ("bytes without a receipt",
     "select count(*) from raw_upload w where not exists (select from receipt c where (w.tenant_id, w.sha256) = (c.tenant_id, c.raw_sha256))"),
    ("an attempt with another number than its place in time",
     "select count(*) from (select run_index, row_number() over w as n from run window w as (partition by tenant_id, unit_id, operation order by started_at, id)) t where run_index is distinct from n"),
    ("a first attempt with another number of attempts",
     "select count(*) from (select run_index, attempts, count(*) over (partition by tenant_id, unit_id, operation) as n from run) t where attempts is distinct from case when run_index = 1 then n end"),
];

impl Truth {
    pub(super) fn of(folder: &Folder) -> Self {
        let socket = folder.socket().unwrap();
        let url =
            format!("postgres://postgres@localhost/firstpass?host={}", socket.replace('/', "%2F"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { url, runtime }
    }

    /// Runs a query. Waits for a connection, because the database refuses them during recovery.
    fn ask<T>(&self, query: impl AsyncFn(PgConnection) -> T) -> T {
        let mut connection = None;
        wait_for("a connection to the database", || {
            connection = self.runtime.block_on(PgConnection::connect(&self.url)).ok();
            connection.is_some()
        });
        self.runtime.block_on(query(connection.unwrap()))
    }

    fn count(&self, sql: &'static str) -> i64 {
        self.ask(async |mut db| sqlx::query_scalar(sql).fetch_one(&mut db).await.unwrap())
    }

    /// The backend processes of the server's connections.
    pub(super) fn backends(&self) -> Vec<u32> {
        let sql = "select pid from pg_stat_activity
                   where application_name = 'firstpass' and backend_type = 'client backend'
                   order by state <> 'active', pid";
        let pids: Vec<i32> =
            self.ask(async |mut db| sqlx::query_scalar(sql).fetch_all(&mut db).await.unwrap());
        pids.into_iter().map(i32::cast_unsigned).collect()
    }

    /// The pid of the checkpointer, which changes with each crash recovery; `None` during the
    /// recovery.
    pub(super) fn checkpointer(&self) -> Option<i32> {
        let sql = "select pid from pg_stat_activity where backend_type = 'checkpointer'";
        self.runtime.block_on(async {
            let mut db = PgConnection::connect(&self.url).await.ok()?;
            sqlx::query_scalar(sql).fetch_optional(&mut db).await.ok()?
        })
    }

    /// Every acknowledged receipt is stored, and so is every run of its delivery.
    pub(super) fn holds(
        &self,
        receipts: &HashMap<Uuid, usize>,
        deliveries: &[Delivery],
        when: &str,
    ) {
        let ids: Vec<Uuid> = receipts.keys().copied().collect();
        let lost: Vec<Uuid> = self.ask(async |mut db| {
            sqlx::query_scalar(
                "select id from unnest($1::uuid[]) id where id not in (select id from receipt)",
            )
            .bind(&ids)
            .fetch_all(&mut db)
            .await
            .unwrap()
        });
        assert!(
            lost.is_empty(),
            "after {when}: these receipts were answered and are lost: {lost:?}"
        );
        let (serials, starts): (Vec<_>, Vec<_>) =
            receipts.values().flat_map(|delivery| deliveries[*delivery].runs.clone()).unzip();
        let lost: Vec<String> = self.ask(async |mut db| {
            sqlx::query_scalar(
                "select serial || ' ' || at from unnest($1::text[], $2::text[]) t (serial, at)
                 where not exists (select from run r join unit u on (u.tenant_id, u.id) = (r.tenant_id, r.unit_id)
                                   where u.serial = t.serial and r.started_at = t.at::timestamptz)",
            )
            .bind(&serials)
            .bind(&starts)
            .fetch_all(&mut db)
            .await
            .unwrap()
        });
        assert!(lost.is_empty(), "after {when}: these runs were answered and are lost: {lost:?}");
    }

    /// The invariants hold. There are no more receipts than requests.
    pub(super) fn is_whole(&self, requests: usize) {
        for (what, sql) in NEVER {
            assert_eq!(self.count(sql), 0, "{what}");
        }
        let receipts = self.count("select count(*) from receipt");
        assert!(receipts <= requests as i64, "{receipts} receipts of {requests} requests");
    }

    /// All stored data of the runs, one row a line.
    pub(super) fn kept(&self) -> Vec<String> {
        self.ask(async |mut db| {
            let tenant: Uuid =
                sqlx::query_scalar("select id from tenant").fetch_one(&mut db).await.unwrap();
            sqlx::query_scalar(include_str!("../support/kept.sql"))
                .bind(tenant)
                .fetch_all(&mut db)
                .await
                .unwrap()
        })
    }
}

/// The reference: the stored data after every delivery was sent once, without faults.
pub(super) fn kept_of_one_clean_delivery(deliveries: &[Delivery]) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let house = House::new().await;
        for format in ["ocptv", "firstpass"] {
            let body: String = deliveries
                .iter()
                .filter(|delivery| delivery.format == format)
                .map(|delivery| delivery.body.as_str())
                .collect();
            let path = format!("/ingest/v1/{format}");
            let answer = house.upload(&house.north.ingest, &path, body).await;
            assert_eq!(answer.status, 200, "{answer:?}");
        }
        house.kept(house.north.id).await
    })
}
