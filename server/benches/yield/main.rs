//! Yield benchmark: the API over HTTP, compared with plain SQL over the same runs.
//!
//! A dozen partners have half a year of runs, loaded without numbers and then counted by
//! the product. One of them, with 9.4 % of the runs, queries the API; plain SQL computes the
//! same for the same partner from the table of runs alone, as superuser on an open
//! connection, and determines the first runs at query time. Both alternate within a round,
//! and their results are compared. Then the plan of each of our statements is shown: none
//! may read the runs with a full table scan.
//!
//! Run it with `cargo xtask bench yield`; `--runs 10000000` makes it ten million runs, and
//! `--keep` leaves the database for the next time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

mod factory;
mod frames;
mod house;
mod peers;
mod plans;
mod questions;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use clap::Parser;
use server::postgres::{Durability, Postgres};
use server::recount::{DifferenceAction, recount};
use sqlx::{Connection, PgConnection};
use store::{AdminTx, Principal, system};
use tokio::runtime::Runtime;

use self::factory::Progress;
use self::house::TestServer;
use self::questions::{Question, questions, roll};

const ROUNDS: usize = 11;
/// Rounds that are not counted: they warm up plans and caches.
const WARM_UP: usize = 2;

/// Numbers by key.
type Answer = BTreeMap<String, Vec<f64>>;

#[derive(Parser)]
struct Arguments {
    /// How many runs, about
    #[arg(long, default_value_t = 1_000_000)]
    runs: u64,
    /// Leave the database for the next time
    #[arg(long)]
    keep: bool,
    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-yield-{}", arguments.runs));
    std::fs::create_dir_all(&folder).unwrap();
    let postgres = Postgres::open(&folder, Durability::Full).unwrap();
    let server = runtime.block_on(TestServer::open(&postgres));
    let mut superuser = runtime
        .block_on(PgConnection::connect(&postgres.url("postgres", system::DATABASE)))
        .unwrap();
    runtime.block_on(fill(&server, &mut superuser, arguments.runs));
    runtime.block_on(print_contents(&server, &mut superuser));
    measure(&runtime, &server, &mut superuser);
    runtime.block_on(frames::run(&server, &mut superuser, server.partners[0]));
    let sound = runtime.block_on(plans::show(&mut superuser, server.partners[0]));
    runtime.block_on(superuser.close()).unwrap();
    drop(server);
    drop(postgres);
    if !arguments.keep {
        let _ = std::fs::remove_dir_all(folder.join("postgres"));
    }
    assert!(sound, "a plan reads the runs from end to end");
}

/// Loads the runs, and counts them with the product.
async fn fill(server: &TestServer, superuser: &mut PgConnection, runs: u64) {
    let is_loaded: bool = sqlx::query_scalar("select exists (select from run)")
        .fetch_one(&mut *superuser)
        .await
        .unwrap();
    if is_loaded {
        return;
    }
    let progress = Progress::begin();
    let made = factory::load(superuser, &server.partners, runs).await;
    println!("\nloading {made} runs: {:.1} s", progress.elapsed().as_secs_f64());
    let mut tx =
        AdminTx::begin(&server.store, &Principal::console(None), "a bench", server::clock::now())
            .await
            .unwrap();
    let tenants = tx.tenants().await.unwrap();
    tx.commit().await.unwrap();
    let mut progress = Progress::begin();
    for (done, tenant) in (1..).zip(&tenants) {
        let counted = recount(&server.store, tenant, DifferenceAction::Fix).await.unwrap();
        assert!(counted.runs_wrong > 0, "{counted:?}");
        progress.report("counting partners", done, tenants.len() as i64);
    }
    println!("numbering and counting them all anew: {:.1} s", progress.elapsed().as_secs_f64());
    let progress = Progress::begin();
    factory::cluster_runs(superuser).await;
    println!("laying them out in the order of time: {:.1} s", progress.elapsed().as_secs_f64());
}

/// Prints what is in the database.
async fn print_contents(server: &TestServer, superuser: &mut PgConnection) {
    let (runs, retests, cells, run_bytes, cell_bytes): (i64, f64, i64, i64, i64) = sqlx::query_as(
        "select count(*), (count(*) filter (where run_index > 1))::float8 / count(*),
                (select count(*) from yield_cell where tenant_id = $1),
                (select sum(pg_total_relation_size(inhrelid))::bigint from pg_inherits where inhparent = 'run'::regclass),
                pg_total_relation_size('yield_cell')
         from run where tenant_id = $1",
    )
    .bind(server.partners[0])
    .fetch_one(&mut *superuser)
    .await
    .unwrap();
    println!(
        "the partner that asks: {runs} runs, {:.1} % of them retests, {cells} cells; of all partners {} MB of runs, {} MB of cells, indexes included",
        retests * 100.0,
        run_bytes / 1_000_000,
        cell_bytes / 1_000_000
    );
}

fn measure(runtime: &Runtime, server: &TestServer, superuser: &mut PgConnection) {
    let questions = questions();
    let mut times = vec![(Vec::new(), Vec::new()); questions.len()];
    let mut progress = Progress::begin();
    for round in 0..ROUNDS {
        for (question, (ours, plain)) in questions.iter().zip(&mut times) {
            let (our_time, our_answer) = ask(server, question);
            let (plain_time, plain_answer) =
                runtime.block_on(ask_plain(server, superuser, question));
            assert_eq_answers(question.name, &our_answer, &plain_answer);
            if round >= WARM_UP {
                ours.push(our_time);
                plain.push(plain_time);
            }
            progress.report("rounds", round as i64, ROUNDS as i64);
        }
    }
    println!(
        "\n| what, {} rounds | requests | ms, median / p95 | plain SQL, ms | ratio | goal |\n|---|---|---|---|---|---|",
        ROUNDS - WARM_UP
    );
    for (question, (mut ours, mut plain)) in questions.iter().zip(times) {
        ours.sort();
        plain.sort();
        let ratio = median(&ours) / median(&plain);
        let goal = question.goal.map(|goal| format!("{goal}")).unwrap_or_default();
        println!(
            "| {} | {} | {:.1} / {:.1} | {:.1} / {:.1} | {ratio:.3} | {goal} |",
            question.name,
            question.ours.len(),
            median(&ours),
            p95(&ours),
            median(&plain),
            p95(&plain)
        );
    }
}

fn ask(server: &TestServer, question: &Question) -> (Duration, Answer) {
    let began = Instant::now();
    let answers: Vec<_> = question.ours.iter().map(|request| server.get(&request.path)).collect();
    let elapsed = began.elapsed();
    let read =
        question.ours.iter().zip(&answers).flat_map(|(request, answer)| (request.read)(answer));
    (elapsed, read.collect())
}

async fn ask_plain(
    server: &TestServer,
    superuser: &mut PgConnection,
    question: &Question,
) -> (Duration, Answer) {
    let began = Instant::now();
    let mut rows = Vec::new();
    for plain in &question.plain {
        rows.extend(plain.ask(superuser, server.partners[0]).await);
    }
    let elapsed = began.elapsed();
    let mut answer = peers::answer(&rows);
    if question.name.starts_with("Q4") {
        roll(&mut answer);
    }
    (elapsed, answer)
}

fn assert_eq_answers(name: &str, ours: &Answer, plain: &Answer) {
    assert!(!ours.is_empty(), "{name}");
    assert!(ours.keys().eq(plain.keys()), "{name}: {:?}\n{:?}", ours.keys(), plain.keys());
    for (key, numbers) in ours {
        let same = numbers.len() == plain[key].len()
            && numbers.iter().zip(&plain[key]).all(|(ours, plain)| (ours - plain).abs() < 1e-12);
        assert!(same, "{name}, {key}: {numbers:?}, in plain SQL {:?}", plain[key]);
    }
}

/// The median of sorted times, in milliseconds.
fn median(times: &[Duration]) -> f64 {
    times[times.len() / 2].as_secs_f64() * 1e3
}

fn p95(times: &[Duration]) -> f64 {
    times[(times.len() * 95).div_ceil(100) - 1].as_secs_f64() * 1e3
}
