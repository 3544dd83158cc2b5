//! Ingest benchmark: end to end, compared with PostgreSQL writing the same rows.
//!
//! A request has 1,000 runs of a thousand units, with ten measurements each. Every
//! round posts a new request over HTTP to a server with a durable database of its own,
//! reads the rows that it created, and writes the same rows into tables of the same columns
//! and indexes, without policies, triggers or keys to other tables: by INSERT of many rows
//! ON CONFLICT DO NOTHING, with texts prepared beforehand and with bound parameters, by COPY
//! into temporary tables and INSERT … SELECT … ON CONFLICT DO NOTHING, and by bare COPY.
//! Variants alternate within a round, so that noise of the machine affects all of them; each
//! commits once.
//!
//! Run it with `cargo xtask bench ingest`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

mod factory;
mod peers;

use std::path::Path;
use std::time::{Duration, Instant};

use domain::{Scope, TenantId};
use server::clock;
use server::credentials::secret;
use server::listen::{Edge, serve_http};
use server::postgres::{Durability, Postgres};
use server::router::router;
use server::state::{AppState, Limits};
use sqlx::{Connection, PgConnection};
use store::tokens::TokenSecret;
use store::{AdminTx, Principal, Store, system};

use self::peers::Peers;

const ROUNDS: usize = 12;
/// Rounds that are not counted: they warm up plans and caches.
const WARM_UP: usize = 2;

fn main() {
    // Arguments of `cargo bench` are ignored; only the name of a bench could matter.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-ingest");
    std::fs::create_dir_all(&folder).unwrap();
    let postgres = Postgres::open(&folder, Durability::Full).unwrap();
    let server = runtime.block_on(TestServer::open(&postgres));
    let mut superuser = runtime
        .block_on(PgConnection::connect(&postgres.url("postgres", system::DATABASE)))
        .unwrap();

    let format = std::env::var("FIRSTPASS_BENCH_FORMAT").unwrap_or_else(|_| "ocptv".to_owned());
    runtime.block_on(create_partitions(&mut superuser));
    let mut peers = runtime.block_on(Peers::make(&mut superuser));
    let mut all = Series::default();
    let mut bytes = 0;
    for round in 0..ROUNDS {
        let body = factory::batch(&format, round);
        bytes = body.len();
        let (receipt, ours) = server.post(&server.one, &format, &body);
        let (_, replayed) = server.post(&server.one, &format, &body);
        let rows = runtime.block_on(peers.rows(&mut superuser, &receipt));
        let insert = runtime.block_on(peers.insert(&mut superuser, &rows));
        let bound = runtime.block_on(peers.bind(&mut superuser, &rows));
        let staged = runtime.block_on(peers.stage(&mut superuser, &rows));
        let copied = runtime.block_on(peers.copy(&mut superuser, &rows));
        // Two clients, first of one partner and then of two.
        let (left, right) =
            (factory::batch(&format, 1000 + 2 * round), factory::batch(&format, 1001 + 2 * round));
        let same_partner = both(
            || {
                server.post(&server.one, &format, &left);
            },
            || {
                server.post(&server.one, &format, &right);
            },
        );
        let two_partners = both(
            || {
                server.post(&server.other, &format, &left);
            },
            || {
                server.post(&server.third, &format, &right);
            },
        );
        if round >= WARM_UP {
            all.add([ours, replayed, same_partner, two_partners, insert, bound, staged, copied]);
        }
    }
    all.print(bytes);
    // Every invocation starts with an empty database.
    runtime.block_on(superuser.close()).unwrap();
    drop(server);
    drop(postgres);
    let _ = std::fs::remove_dir_all(folder.join("postgres"));
}

/// Creates the monthly partitions for the generated runs, as a running portal has them.
async fn create_partitions(superuser: &mut PgConnection) {
    sqlx::raw_sql(
        "select keep_month(kept, month::date)
         from unnest(array['run', 'step', 'measurement', 'finding', 'component']) kept,
              generate_series('2026-01-01'::date, '2026-03-01', '1 month') month",
    )
    .execute(superuser)
    .await
    .unwrap();
}

fn both(one: impl FnOnce() + Send, other: impl FnOnce() + Send) -> Duration {
    let began = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(one);
        scope.spawn(other);
    });
    began.elapsed()
}

/// Times by variant.
#[derive(Default)]
struct Series([Vec<Duration>; 8]);

impl Series {
    fn add(&mut self, times: [Duration; 8]) {
        for (series, time) in self.0.iter_mut().zip(times) {
            series.push(time);
        }
    }

    fn print(mut self, bytes: usize) {
        let names = [
            ("firstpass, one client", 1),
            ("firstpass, the same again", 1),
            ("firstpass, two clients of one partner", 2),
            ("firstpass, two clients of two partners", 2),
            ("INSERT of many rows ON CONFLICT, texts made beforehand", 1),
            ("INSERT of many rows ON CONFLICT, bound parameters", 1),
            ("COPY into a stage, INSERT SELECT ON CONFLICT", 1),
            ("bare COPY", 1),
        ];
        println!(
            "\n1,000 runs of 10 measurements a request, {:.1} MB; medians of {} rounds\n",
            bytes as f64 / 1e6,
            ROUNDS - WARM_UP
        );
        println!("| what | ms | runs/s | MB/s |\n|---|---|---|---|");
        let mut medians = Vec::new();
        for (series, (name, requests)) in self.0.iter_mut().zip(names) {
            series.sort();
            let median = series[series.len() / 2].as_secs_f64();
            let (runs, megabytes) = (
                1000.0 * f64::from(requests) / median,
                bytes as f64 / 1e6 * f64::from(requests) / median,
            );
            println!("| {name} | {:.0} | {runs:.0} | {megabytes:.1} |", median * 1e3);
            medians.push(runs);
        }
        let [ours, again, same_partner, two_partners, insert, bound, staged, copied] = medians[..]
        else {
            return;
        };
        println!("\n| ratio of runs/s | |\n|---|---|");
        println!("| one client to INSERT of texts | {:.2} |", ours / insert);
        println!("| one client to INSERT of parameters | {:.2} |", ours / bound);
        println!("| one client to the stage | {:.2} |", ours / staged);
        println!("| one client to bare COPY | {:.2} |", ours / copied);
        println!("| the same again to the first time | {:.2} |", again / ours);
        println!("| two clients of one partner to one client | {:.2} |", same_partner / ours);
        println!("| two clients of two partners to one client | {:.2} |", two_partners / ours);
    }
}

/// A server under test with three partners.
struct TestServer {
    address: String,
    one: String,
    other: String,
    third: String,
    agent: ureq::Agent,
}

impl TestServer {
    async fn open(postgres: &Postgres) -> Self {
        system::provision(&postgres.url("postgres", "postgres")).await.unwrap();
        system::migrate(&postgres.url(system::OWNER, system::DATABASE)).await.unwrap();
        let login = postgres.url("firstpass_login", system::DATABASE);
        let store = Store::connect(&login, system::Limits::default()).await.unwrap();
        let [one, other, third] =
            [partner(&store, "one"), partner(&store, "other"), partner(&store, "third")];
        let (one, other, third) = (one.await, other.await, third.await);
        let app = router(AppState::new(store, Limits::default()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (shutdown_tx, shutdown_rx) = tokio::sync::watch::channel(false);
        std::mem::forget(shutdown_tx);
        tokio::spawn(serve_http(listener, app.into(), Edge::default(), shutdown_rx));
        Self { address, one, other, third, agent: ureq::Agent::new_with_defaults() }
    }

    /// Posts an upload; returns the receipt, and the time from the first byte to the response.
    fn post(&self, token: &str, format: &str, body: &str) -> (String, Duration) {
        let began = Instant::now();
        let mut answer = self
            .agent
            .post(format!("{}/ingest/v1/{format}", self.address))
            .header("Authorization", &format!("Bearer {token}"))
            .send(body.as_bytes())
            .unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        let elapsed = began.elapsed();
        let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(answer["rejected_total"], 0, "{text}");
        assert_eq!(answer["warnings_total"], 0, "{text}");
        (answer["receipt_id"].as_str().unwrap().to_owned(), elapsed)
    }
}

async fn partner(store: &Store, slug: &str) -> String {
    let console = Principal::console(None);
    let now = clock::now();
    let mut tx = AdminTx::begin(store, &console, "a bench", now).await.unwrap();
    let id: TenantId = tx.add_tenant(slug, slug, "Asia/Taipei", None, now).await.unwrap();
    let token = secret::new("fpt_");
    let secret = TokenSecret { hash: &secret::hash(&token), prefix: secret::prefix(&token) };
    tx.add_token(id, secret, &[Scope::Ingest], None, now).await.unwrap();
    tx.commit().await.unwrap();
    token
}
