//! Ingest end to end, beside what PostgreSQL does with the same rows.
//!
//! One run of a thousand units, ten measurements each, is a request of 1,000 runs. Every
//! round posts a fresh one through HTTP to a server over a durable database of its own,
//! takes the rows that it made, and writes these very rows into tables of the same columns
//! and indexes, without policies, triggers or keys to other tables: by INSERT of many rows
//! ON CONFLICT DO NOTHING, with texts made beforehand and with bound parameters, by COPY
//! into temporary tables and INSERT … SELECT … ON CONFLICT DO NOTHING, and by bare COPY. Contestants take
//! turns within a round, so that the machine's moods hit all of them; each commits once.
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
/// The first are not counted: plans and caches are made.
const WARM_UP: usize = 2;

fn main() {
    // Asked for by `cargo bench`, of which only the name of a bench could matter.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-ingest");
    std::fs::create_dir_all(&folder).unwrap();
    let postgres = Postgres::open(&folder, Durability::Full).unwrap();
    let house = runtime.block_on(House::open(&postgres));
    let mut superuser = runtime
        .block_on(PgConnection::connect(&postgres.url("postgres", system::DATABASE)))
        .unwrap();

    let format = std::env::var("FIRSTPASS_BENCH_FORMAT").unwrap_or_else(|_| "ocptv".to_owned());
    runtime.block_on(months(&mut superuser));
    let mut peers = runtime.block_on(Peers::make(&mut superuser));
    let mut all = Series::default();
    let mut bytes = 0;
    for round in 0..ROUNDS {
        let body = factory::batch(&format, round);
        bytes = body.len();
        let (receipt, ours) = house.post(&house.one, &format, &body);
        let (_, replayed) = house.post(&house.one, &format, &body);
        let rows = runtime.block_on(peers.rows(&mut superuser, &receipt));
        let insert = runtime.block_on(peers.insert(&mut superuser, &rows));
        let bound = runtime.block_on(peers.bind(&mut superuser, &rows));
        let staged = runtime.block_on(peers.stage(&mut superuser, &rows));
        let copied = runtime.block_on(peers.copy(&mut superuser, &rows));
        // Two clients, first of one partner and then of two.
        let (left, right) =
            (factory::batch(&format, 1000 + 2 * round), factory::batch(&format, 1001 + 2 * round));
        let of_one = both(
            || {
                house.post(&house.one, &format, &left);
            },
            || {
                house.post(&house.one, &format, &right);
            },
        );
        let of_two = both(
            || {
                house.post(&house.other, &format, &left);
            },
            || {
                house.post(&house.third, &format, &right);
            },
        );
        if round >= WARM_UP {
            all.add([ours, replayed, of_one, of_two, insert, bound, staged, copied]);
        }
    }
    all.print(bytes);
    // A bench that is run twice begins twice from nothing.
    runtime.block_on(superuser.close()).unwrap();
    drop(house);
    drop(postgres);
    let _ = std::fs::remove_dir_all(folder.join("postgres"));
}

/// The months of the factory's runs have tables, as those of a running portal have.
async fn months(superuser: &mut PgConnection) {
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

/// Times by contestant.
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
        let [ours, again, of_one, of_two, insert, bound, staged, copied] = medians[..] else {
            return;
        };
        println!("\n| ratio of runs/s | |\n|---|---|");
        println!("| one client to INSERT of texts | {:.2} |", ours / insert);
        println!("| one client to INSERT of parameters | {:.2} |", ours / bound);
        println!("| one client to the stage | {:.2} |", ours / staged);
        println!("| one client to bare COPY | {:.2} |", ours / copied);
        println!("| the same again to the first time | {:.2} |", again / ours);
        println!("| two clients of one partner to one client | {:.2} |", of_one / ours);
        println!("| two clients of two partners to one client | {:.2} |", of_two / ours);
    }
}

/// A server with three partners.
struct House {
    address: String,
    one: String,
    other: String,
    third: String,
    agent: ureq::Agent,
}

impl House {
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
        let (going, gone) = tokio::sync::watch::channel(false);
        std::mem::forget(going);
        tokio::spawn(serve_http(listener, app.into(), Edge::default(), gone));
        Self { address, one, other, third, agent: ureq::Agent::new_with_defaults() }
    }

    /// The receipt, and how long it took from the first byte to the answer.
    fn post(&self, token: &str, format: &str, body: &str) -> (String, Duration) {
        let began = Instant::now();
        let mut answer = self
            .agent
            .post(format!("{}/ingest/v1/{format}", self.address))
            .header("Authorization", &format!("Bearer {token}"))
            .send(body.as_bytes())
            .unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        let took = began.elapsed();
        let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(answer["rejected_total"], 0, "{text}");
        assert_eq!(answer["warnings_total"], 0, "{text}");
        (answer["receipt_id"].as_str().unwrap().to_owned(), took)
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
