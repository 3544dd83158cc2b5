//! Benchmark of the first large upload of a new tenant, compared with an upload of a tenant that
//! the planner statistics know.
//!
//! A known tenant uploads 200,000 runs over HTTP, then statistics are gathered and autovacuum is
//! turned off. Then the known tenant uploads 16,000 more runs, and a tenant that was
//! added since uploads its first 16,000, each of a unit of its own. Then follow the reads that
//! depend most on the plan.
//!
//! Run it with `cargo xtask bench new-tenant`. It fails if the new tenant takes more than
//! 1.5 times as long as the known one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use domain::Scope;
use server::clock;
use server::credentials::secret;
use server::listen::{Edge, serve_http};
use server::postgres::{Durability, Postgres};
use server::router::router;
use server::state::{AppState, Limits};
use sqlx::{Connection, PgConnection};
use store::tokens::TokenSecret;
use store::{AdminTx, Principal, Store, system};

/// Runs per upload.
const RUNS: usize = 16_000;
/// Runs that the known tenant uploads before the comparison.
const BEFORE: usize = 200_000;
const LIMIT: f64 = 1.5;
const READS: [&str; 3] = ["/api/v1/units?limit=1", "/api/v1/yield/explain", "/api/v1/pareto"];

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-new-tenant");
    std::fs::create_dir_all(&folder).unwrap();
    let postgres = Postgres::open(&folder, Durability::Full).unwrap();
    let (store, address) = runtime.block_on(serve(&postgres));
    let known = Client::new(&address, runtime.block_on(add_tenant(&store, "known")));
    let mut done = 0;
    while done < BEFORE {
        let runs = RUNS.min(BEFORE - done);
        known.upload(done, runs);
        done += runs;
        eprintln!("  {done} of {BEFORE} runs");
    }
    runtime.block_on(analyze(&postgres));
    let new = Client::new(&address, runtime.block_on(add_tenant(&store, "new")));

    println!("\n{RUNS} runs beside {BEFORE} that are analyzed\n");
    println!("| what | known tenant, ms | new tenant, ms | ratio |\n|---|---|---|---|");
    let ratio = print("upload", known.upload(BEFORE, RUNS), new.upload(0, RUNS));
    for path in READS {
        print(path, known.read(path), new.read(path));
    }
    drop(store);
    drop(postgres);
    let _ = std::fs::remove_dir_all(folder.join("postgres"));
    assert!(ratio <= LIMIT, "the new tenant takes {ratio:.2} times as long");
}

fn print(what: &str, known: Duration, new: Duration) -> f64 {
    let ratio = new.as_secs_f64() / known.as_secs_f64();
    println!("| {what} | {} | {} | {ratio:.2} |", known.as_millis(), new.as_millis());
    ratio
}

async fn serve(postgres: &Postgres) -> (Store, String) {
    system::provision(&postgres.url("postgres", "postgres")).await.unwrap();
    system::migrate(&postgres.url(system::OWNER, system::DATABASE)).await.unwrap();
    let login = postgres.url("firstpass_login", system::DATABASE);
    let store = Store::connect(&login, system::Limits::default()).await.unwrap();
    store.create_month_partitions().await.unwrap();
    let app = router(AppState::new(store.clone(), Limits::default()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (shutdown_tx, shutdown_rx) = tokio::sync::watch::channel(false);
    std::mem::forget(shutdown_tx);
    tokio::spawn(serve_http(listener, app.into(), Edge::default(), shutdown_rx));
    (store, address)
}

/// Adds a tenant; returns a token that may upload and read.
async fn add_tenant(store: &Store, slug: &str) -> String {
    let now = clock::now();
    let mut tx = AdminTx::begin(store, &Principal::console(None), "a bench", now).await.unwrap();
    let tenant = tx.add_tenant(slug, slug, "Asia/Taipei", None, now).await.unwrap();
    let token = secret::new("fpt_");
    let scopes = [Scope::Ingest, Scope::Read];
    let secret = TokenSecret { hash: &secret::hash(&token), prefix: secret::prefix(&token) };
    tx.add_token(tenant, secret, &scopes, None, now).await.unwrap();
    tx.commit().await.unwrap();
    token
}

/// Gathers statistics, and turns autovacuum off.
async fn analyze(postgres: &Postgres) {
    let url = postgres.url("postgres", system::DATABASE);
    let mut superuser = PgConnection::connect(&url).await.unwrap();
    for sql in ["alter system set autovacuum = off", "select pg_reload_conf()", "vacuum analyze"] {
        sqlx::raw_sql(sql).execute(&mut superuser).await.unwrap();
    }
    superuser.close().await.unwrap();
}

struct Client {
    address: String,
    authorization: String,
    agent: ureq::Agent,
}

impl Client {
    fn new(address: &str, token: String) -> Self {
        Self {
            address: address.to_owned(),
            authorization: format!("Bearer {token}"),
            agent: ureq::Agent::new_with_defaults(),
        }
    }

    /// Uploads runs of this month, each of a unit of its own.
    fn upload(&self, first: usize, runs: usize) -> Duration {
        let now = clock::now().micros();
        let mut body = String::new();
        for number in first..first + runs {
            let at = domain::Timestamp::from_micros(now - 1_000_000 * number as i64 / 10).unwrap();
            let outcome = if number % 12 == 0 { "fail" } else { "pass" };
            writeln!(
                body,
                r#"{{"type":"run","unit":{{"serial":"SN{number:08}","product":"PN-{}"}},"operation":"L10","station":"ST-{}","started_at":"{at}","outcome":"{outcome}"}}"#,
                number % 5,
                number % 40
            )
            .unwrap();
        }
        let began = Instant::now();
        let mut answer = self
            .agent
            .post(format!("{}/ingest/v1/firstpass", self.address))
            .header("Authorization", &self.authorization)
            .send(body.as_bytes())
            .unwrap();
        let answer: serde_json::Value =
            serde_json::from_reader(answer.body_mut().as_reader()).unwrap();
        assert_eq!(answer["accepted"], runs, "{answer}");
        began.elapsed()
    }

    fn read(&self, path: &str) -> Duration {
        let began = Instant::now();
        let request = self.agent.get(format!("{}{path}", self.address));
        let mut answer = request.header("Authorization", &self.authorization).call().unwrap();
        answer.body_mut().read_to_string().unwrap();
        began.elapsed()
    }
}
