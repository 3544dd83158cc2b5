//! Clients that disconnect at any moment do not affect other clients.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use serde_json::Value;
use server::listen::{Edge, serve_http};
use server::live;
use server::router::router;
use server::state::{AppState, Limits};
use store::{AuthTx, Store};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::coverage::{Attempt, attempts};
use crate::support::{House, TestDb, get, ocp_run, until};

/// Number of disconnects for each route; `FIRSTPASS_HANG_UPS` overrides it.
const HANG_UPS: usize = 25;
/// Number of concurrent clients that disconnect.
const AT_ONCE: usize = 16;
/// Maximum time until a client disconnects: longer than an upload of one run takes.
const LONGEST_MS: u64 = 80;
/// Number of uploads of one run for each other request. The time window in which a cancelled
/// COPY desynchronizes a connection is short, so there are many uploads, and no more concurrent
/// clients than may write: the others would disconnect while they wait.
const UPLOADS: usize = 20;
const UPLOADS_AT_ONCE: usize = 2;

fn hang_ups() -> usize {
    std::env::var("FIRSTPASS_HANG_UPS").ok().and_then(|n| n.parse().ok()).unwrap_or(HANG_UPS)
}

/// Sends a request, or its beginning, and closes the connection at a random moment.
async fn disconnect(addr: SocketAddr, wire: Vec<u8>, mut random: StdRng) {
    let Ok(mut stream) = TcpStream::connect(addr).await else { return };
    let length = match random.random_range(0..4) {
        0 => random.random_range(1..=wire.len()),
        _ => wire.len(),
    };
    let _ = stream.write_all(&wire[..length]).await;
    // Disconnects after a random time, without waiting for the response.
    tokio::time::sleep(Duration::from_millis(random.random_range(0..LONGEST_MS))).await;
}

/// The response to a reader with a token, over a new connection.
async fn read(addr: SocketAddr, token: &str, path: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let json = body.find('{').and_then(|at| {
        let end = body.rfind('}')?;
        serde_json::from_str(&body[at..=end]).ok()
    });
    let mut json: Value = json.unwrap_or_default();
    if let Some(members) = json.as_object_mut() {
        members.remove("as_of");
    }
    (status, json)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clients_that_disconnect_at_any_moment_harm_nobody() {
    let seed: u64 = std::env::var("FIRSTPASS_HANG_UP_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| rand::rng().next_u64());
    println!("FIRSTPASS_HANG_UP_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut house = House::new().await;
    // High limits: rate limits must not refuse the requests.
    house.limit(Limits {
        upload_burst: std::num::NonZeroU32::new(1_000_000).unwrap(),
        ..Limits::default()
    });
    let mut wires: Vec<Vec<u8>> = attempts(&house).await.iter().map(Attempt::wire).collect();
    let token = &house.north.ingest;
    for lines in [300, 1] {
        let body: String = (0..lines)
            .map(|n| ocp_run(&format!("N{n}"), "L10", "2026-03-01T00:00:00Z", n % 9 != 0))
            .collect();
        wires.push(
            format!(
                "POST /ingest/v1/ocptv HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .into_bytes(),
        );
    }
    for n in 0..40 {
        let body = ocp_run(&format!("SOUTH-{n}"), "L10", "2026-03-02T00:00:00Z", n % 4 != 0);
        house.upload(&house.south.ingest, "/ingest/v1/ocptv", body).await;
    }

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (going, gone) = watch::channel(false);
    tokio::spawn(live::listen(house.state.clone(), gone.clone()));
    let server =
        tokio::spawn(serve_http(listener, house.app.clone().into(), Edge::default(), gone));

    let paths = ["/api/v1/units?limit=1", "/api/v1/yield", "/api/v1/units/SOUTH-1"];
    let south = house.south.read.clone();
    let mut right = Vec::new();
    for path in paths {
        let (status, json) = read(addr, &south, path).await;
        assert_eq!(status, 200, "{json}");
        right.push((path, json));
    }
    let right = Arc::new(right);
    let over = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let (right, over, south) = (Arc::clone(&right), Arc::clone(&over), south.clone());
            tokio::spawn(async move {
                let mut reads = 0;
                while !over.load(Ordering::Relaxed) {
                    for (path, json) in right.iter() {
                        assert_eq!(read(addr, &south, path).await, (200, json.clone()), "{path}");
                        reads += 1;
                    }
                }
                reads
            })
        })
        .collect();

    let upload = wires.pop().unwrap();
    let mut storm: Vec<&[u8]> =
        wires.iter().flat_map(|wire| std::iter::repeat_n(wire.as_slice(), hang_ups())).collect();
    rand::seq::SliceRandom::shuffle(storm.as_mut_slice(), &mut random);
    let uploads = vec![upload.as_slice(); UPLOADS * hang_ups()];
    for at_once in storm.chunks(AT_ONCE).chain(uploads.chunks(UPLOADS_AT_ONCE)) {
        let clients = at_once.iter().map(|wire| {
            let random = StdRng::seed_from_u64(random.next_u64());
            disconnect(addr, wire.to_vec(), random)
        });
        futures::future::join_all(clients).await;
    }
    over.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await.unwrap() > 0, "nobody read during the storm");
    }
    // Afterwards, on every connection of the pool.
    for _ in 0..20 {
        let reads = right.iter().map(|(path, json)| {
            let south = &south;
            async move { assert_eq!(read(addr, south, path).await, (200, json.clone()), "{path}") }
        });
        futures::future::join_all(reads).await;
    }
    // The pool is unchanged: no statement is in progress, and an upload is accepted.
    let open = "select count(*) from pg_stat_activity where datname = current_database() \
                and pid <> pg_backend_pid() and state <> 'idle'";
    until("all work has ended", async || house.db.count(open).await == 0).await;
    let (size, _) = house.db.store.connections();
    assert!(size <= 4, "{size}");
    let sent = house
        .upload(
            &house.north.ingest,
            "/ingest/v1/ocptv",
            ocp_run("AFTER", "L10", "2026-03-03T00:00:00Z", true),
        )
        .await;
    assert_eq!(sent.status, 200, "{sent:?}");
    going.send_replace(true);
    server.await.unwrap();
}

async fn send(addr: SocketAddr, wire: &str) -> TcpStream {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(wire.as_bytes()).await.unwrap();
    stream
}

/// Serves on a socket until the sender is dropped.
async fn serve(house: &House) -> (SocketAddr, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (going, gone) = watch::channel(false);
    tokio::spawn(serve_http(listener, house.app.clone().into(), Edge::default(), gone));
    (addr, going)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_waits_to_be_written_ends_with_its_client() {
    let house = House::new().await;
    let (addr, _going) = serve(&house).await;
    let shares = Limits::default().shares;
    let tenant = house.north.id;
    let mut writers = Vec::new();
    for _ in 0..shares.writers_of_tenant {
        writers.push(house.state.acquire_writer(tenant).await.unwrap());
    }
    let body = ocp_run("GONE", "L10", "2026-03-01T00:00:00Z", true);
    let wire = format!(
        "POST /ingest/v1/ocptv HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n{body}",
        house.north.ingest,
        body.len()
    );
    let free = |house: &House| {
        let permits: Vec<_> =
            std::iter::from_fn(|| house.state.try_acquire_upload(tenant)).collect();
        permits.len()
    };
    let client = send(addr, &wire).await;
    until("the upload is received", async || free(&house) < shares.uploads_of_tenant).await;
    drop(client);
    until("the upload has ended", async || free(&house) == shares.uploads_of_tenant).await;
    drop(writers);
    assert_eq!(house.left().await, 0, "nothing of it is kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_of_raw_bytes_that_stall_are_bounded_a_person_and_a_tenant_and_hold_no_thread() {
    let house = House::new().await;
    let (addr, _going) = serve(&house).await;
    let mut receipts = Vec::new();
    for token in [&house.north.ingest, &house.south.ingest] {
        // Larger than the buffers of the sockets.
        let mut body = ocp_run("RAW", "L10", "2026-03-01T00:00:00Z", true);
        body.push_str(&"\n".repeat(24 << 20));
        let sent = house.upload(token, "/ingest/v1/ocptv", body).await;
        receipts.push(
            sent.json["receipt_id"].as_str().unwrap_or_else(|| panic!("{sent:?}")).to_owned(),
        );
    }
    let raw = |receipt: &str, cookie: &str| {
        format!(
            "GET /api/v1/receipts/{receipt}/raw HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n"
        )
    };
    let status = async |wire: String| {
        let mut stream = send(addr, &wire).await;
        let mut head = [0; 12];
        stream.read_exact(&mut head).await.unwrap();
        (String::from_utf8_lossy(&head[9..]).into_owned(), stream)
    };
    let north = raw(&receipts[0], &house.north.engineer);
    let second = house.engineer(house.north.id, "second@north.example").await;
    let third = house.engineer(house.north.id, "third@north.example").await;
    let mut stalled = Vec::new();
    for engineer in [&house.north.engineer, &second] {
        let wire = raw(&receipts[0], engineer);
        for _ in 0..Limits::default().shares.downloads_of_tenant / 2 {
            let (answered, stream) = status(wire.clone()).await;
            assert_eq!(answered, "200");
            stalled.push(stream);
        }
        assert_eq!(status(wire).await.0, "429", "a person has half of their tenant's share");
    }
    assert_eq!(status(raw(&receipts[0], &third)).await.0, "429", "the tenant has no more");
    assert_eq!(status(raw(&receipts[1], &house.south.engineer)).await.0, "200");
    stalled.clear();
    until("a download is free again", async || status(north.clone()).await.0 == "200").await;
}

/// Polls a future a number of times, then drops it in its current state.
async fn drop_after<T>(polls: usize, future: impl Future<Output = T>) {
    let mut future = std::pin::pin!(future);
    let mut polled = 0;
    std::future::poll_fn(|context| {
        polled += 1;
        match future.as_mut().poll(context) {
            Poll::Pending if polled < polls => Poll::Pending,
            _ => Poll::Ready(()),
        }
    })
    .await;
}

#[tokio::test]
async fn a_begin_that_is_dropped_leaves_no_transaction_for_the_next_user() {
    let db = TestDb::new().await;
    let limits = store::system::Limits { connections: 1, ..store::system::Limits::default() };
    let store = Store::connect(&db.url("firstpass_login"), limits).await.unwrap();
    let open = "select count(*) from pg_stat_activity where application_name = 'firstpass' \
                and datname = current_database() and state like 'idle in transaction%'";
    let before = store::connection::discarded();
    // Until one was dropped in progress. The number of polls depends on the machine.
    for (tries, polls) in (1..8).cycle().enumerate() {
        drop_after(polls, AuthTx::begin(&store)).await;
        store.ping().await.unwrap();
        // A closed session ends asynchronously.
        until("no transaction is open", async || db.count(open).await == 0).await;
        if tries >= 40 && store::connection::discarded() > before {
            break;
        }
        assert!(tries < 2_000, "no begin was under way when it was dropped");
    }
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_a_503_that_says_when_to_come_again() {
    let house = House::new().await;
    let limits = store::system::Limits {
        statement: Duration::from_millis(200),
        ..store::system::Limits::default()
    };
    let store = Store::connect(&house.db.url("firstpass_login"), limits).await.unwrap();
    let app = router(AppState::new(store, Limits::default()));
    let mut keeper = house.db.connect("postgres").await;
    let lock = "begin; lock table receipt in access exclusive mode";
    sqlx::Executor::execute(&mut keeper, sqlx::raw_sql(lock)).await.unwrap();
    let request = get("/api/v1/receipts")
        .header("authorization", format!("Bearer {}", house.north.read))
        .body(Body::empty())
        .unwrap();
    let answer = app.oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
}
