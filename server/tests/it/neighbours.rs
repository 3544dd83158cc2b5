//! Noisy neighbour: the load of one tenant does not slow down another.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::program::{Folder, Server};

/// Concurrent connections of the tenant that generates the load.
const ATTACKERS: usize = 20;
/// Duration of the load, in three windows of which the median counts.
const ATTACK: Duration = Duration::from_secs(20);
/// The 95th percentile of the other tenant may always rise to this.
const FLOOR: Duration = Duration::from_millis(250);

/// The most expensive queries, over all data.
const WORST: [&str; 6] = [
    "/api/v1/yield/explain",
    "/api/v1/pareto?by=code",
    "/api/v1/units?q=1",
    "/api/v1/yield?group_by=station",
    "/data/v1/runs",
    "/api/v1/receipts?limit=1000",
];

fn request(address: &str, token: &str, head: &str, body: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let length = body.len();
    let text = format!(
        "{head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(text.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    std::str::from_utf8(answer.get(9..12)?).ok()?.parse().ok()
}

fn runs(prefix: &str, count: usize) -> String {
    (0..count)
        .map(|n| {
            let outcome = if n % 13 == 0 { "fail" } else { "pass" };
            format!(
                "{{\"type\":\"run\",\"unit\":{{\"serial\":\"{prefix}{n}\",\"product\":\"P\"}},\"operation\":\"L{}\",\"station\":\"ST-{}\",\"started_at\":\"2026-10-{:02}T08:{:02}:00Z\",\"outcome\":\"{outcome}\"}}\n",
                n % 3, n % 40, 1 + n % 28, n % 60
            )
        })
        .collect()
}

/// The 95th percentile of the response times of a reader, measured until `over` returns true.
fn p95(address: &str, token: &str, mut over: impl FnMut(usize) -> bool) -> Duration {
    let mut times = Vec::new();
    while !over(times.len()) {
        for path in
            ["/api/v1/yield?group_by=operation", "/api/v1/units?limit=5", "/api/v1/units/S1"]
        {
            let begun = Instant::now();
            assert_eq!(request(address, token, &format!("GET {path}"), ""), Some(200), "{path}");
            times.push(begun.elapsed());
        }
    }
    times.sort();
    times[times.len() * 95 / 100]
}

/// Lowers the priority of this process, so that the load generator does not take the server's
/// cores.
fn be_nice() {
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 19);
}

#[test]
fn a_tenant_that_does_its_worst_slows_no_other_down() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    for slug in ["worst", "quiet"] {
        folder.say(&["tenant", "add", slug, "--name", slug], "");
    }
    let token = |slug: &str| {
        folder
            .say(&["token", "add", "--tenant", slug, "--scope", "ingest,read"], "")
            .trim()
            .to_owned()
    };
    // Several tokens, so that the limit of the tenant applies and not that of one token.
    let tokens = [token("worst"), token("worst"), token("worst"), token("worst")];
    let (worst, quiet) = (tokens[0].clone(), token("quiet"));
    let address = server.address.as_str();
    let post = "POST /ingest/v1/firstpass";
    for part in 0..5 {
        let body = runs(&format!("W{part}-"), 4_000);
        assert_eq!(request(address, &worst, post, &body), Some(200));
    }
    assert_eq!(request(address, &quiet, post, &runs("S", 500)), Some(200));

    let alone = p95(address, &quiet, |asked| asked >= 150);
    let over = AtomicBool::new(false);
    let mut windows: Vec<Duration> = std::thread::scope(|scope| {
        for attacker in 0..ATTACKERS {
            let (worst, over) = (&tokens[attacker % tokens.len()], &over);
            scope.spawn(move || {
                be_nice();
                for n in attacker.. {
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    // Two connections upload, the others read.
                    let _ = match attacker {
                        0 | 1 => request(address, worst, post, &runs(&format!("U{n}-"), 500)),
                        _ => {
                            request(address, worst, &format!("GET {}", WORST[n % WORST.len()]), "")
                        }
                    };
                }
            });
        }
        let windows = (0..3)
            .map(|_| {
                let begun = Instant::now();
                p95(address, &quiet, |_| begun.elapsed() >= ATTACK / 3)
            })
            .collect();
        over.store(true, Ordering::Relaxed);
        windows
    });
    windows.sort();
    let most = FLOOR.max(3 * alone);
    println!("alone {alone:?}, beside an attack {windows:?}");
    assert!(windows[1] <= most, "{windows:?} beside an attack, {alone:?} alone");
}
