//! Benchmarks the runs of the partner as a frame, compared with a bare COPY of the same columns.

use std::io::Read as _;
use std::time::Instant;

use app::explore::CHARTS;
use domain::frame::{Column, Frame};
use futures::TryStreamExt as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::house::TestServer;
use super::{median, p95};

const ROUNDS: usize = 7;

/// Requests the frame in each content coding and with its entity tag, alternating with the COPY.
pub(crate) async fn run(server: &TestServer, superuser: &mut PgConnection, partner: Uuid) {
    let (tag, plain) = get(server, "", "identity", "");
    let runs = Frame::read(&plain).unwrap().rows();
    let page = format!("?columns={}", CHARTS.map(Column::as_str).join(","));
    let page = page.as_str();
    let contestants = [
        ("plain", "", "identity", ""),
        ("zstd", "", "zstd", ""),
        ("brotli", "", "br", ""),
        ("304", "", "zstd", tag.as_str()),
        ("plain, the columns of Explore", page, "identity", ""),
        ("zstd, the columns of Explore", page, "zstd", ""),
        ("brotli, the columns of Explore", page, "br", ""),
    ];
    let mut times = vec![Vec::new(); contestants.len() + 1];
    let mut bytes = vec![0; contestants.len() + 1];
    for _ in 0..ROUNDS {
        for (which, (_, query, coding, tag)) in contestants.iter().enumerate() {
            let began = Instant::now();
            bytes[which] = get(server, query, coding, tag).1.len();
            times[which].push(began.elapsed());
        }
        let began = Instant::now();
        let sql = format!(
            "copy (select started_at, ended_at, day, reason, outcome, marks, run_index, unaborted_index, operation,
                          product, revision, level, station, fixture, operator, software, code
                   from run where tenant_id = '{partner}') to stdout (format binary)"
        );
        let mut copy = superuser.copy_out_raw(&sql).await.unwrap();
        bytes[contestants.len()] = 0;
        while let Some(piece) = copy.try_next().await.unwrap() {
            bytes[contestants.len()] += piece.len();
        }
        drop(copy);
        times[contestants.len()].push(began.elapsed());
    }
    println!("\n| a frame of {runs} runs | ms, median / p95 | bytes | a run |\n|---|---|---|---|");
    let names = contestants.iter().map(|(name, ..)| *name);
    let names = names.chain(["COPY of all columns, by the superuser"]);
    for ((name, mut times), bytes) in names.zip(times).zip(bytes) {
        times.sort();
        println!(
            "| {name} | {:.0} / {:.0} | {bytes} | {:.2} |",
            median(&times),
            p95(&times),
            bytes as f64 / runs as f64
        );
    }
}

/// Returns the entity tag and the body.
fn get(server: &TestServer, query: &str, coding: &str, tag: &str) -> (String, Vec<u8>) {
    let mut answer = server
        .request(&format!("/data/v1/runs{query}"))
        .header("Accept-Encoding", coding)
        .header("If-None-Match", tag)
        .call()
        .unwrap();
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    let mut body = Vec::new();
    answer.body_mut().as_reader().read_to_end(&mut body).unwrap();
    (tag, body)
}
