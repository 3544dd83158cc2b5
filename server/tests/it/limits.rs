//! Limits of an upload. Nothing is kept of an upload that exceeds a limit, is too slow, or is
//! interrupted, and the next upload is accepted.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures::StreamExt;
use http::{Request, header};
use server::listen::{Edge, serve_http};
use server::state::Limits;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::support::program::wait_for;
use crate::support::{Answer, House, ocp_run, post};

fn run() -> String {
    ocp_run("U1", "L10", "2026-03-01T01:00:00Z", true)
}

fn two_runs() -> String {
    run() + &ocp_run("U1", "L10", "2026-03-01T02:00:00Z", true)
}

/// Maximum number of concurrent uploads of one partner.
const PLACES: usize = 16;

/// An upload of the partner north.
fn ask(house: &House, encoding: &'static str, body: Body) -> Request<Body> {
    post("/ingest/v1/ocptv")
        .header(header::AUTHORIZATION, format!("Bearer {}", house.north.ingest))
        .header(header::CONTENT_ENCODING, encoding)
        .body(body)
        .unwrap()
}

#[tokio::test]
async fn each_limit_is_413_with_a_sentence_and_nothing_is_kept() {
    let mut house = House::new().await;
    let length = two_runs().len();
    let least = Limits::default();
    let zstd = zstd::bulk::compress(two_runs().as_bytes(), 3).unwrap();
    let packed = zstd.len();
    let nested = "{\"a\":".repeat(9) + "1" + &"}".repeat(9) + "\n";
    for (limits, encoding, body, sentence) in [
        (
            Limits { upload_bytes: length - 1, ..least },
            "identity",
            two_runs().into_bytes(),
            format!("The body has more than {} bytes.", length - 1),
        ),
        (
            Limits { upload_bytes: packed - 1, ..least },
            "zstd",
            zstd.clone(),
            format!("more than {} bytes", packed - 1),
        ),
        (
            Limits { upload_bytes: packed, decoded_bytes: length as u64 - 1, ..least },
            "zstd",
            zstd,
            format!("more than {} bytes when decoded", length - 1),
        ),
        (
            Limits { line_bytes: 20, ..least },
            "identity",
            two_runs().into_bytes(),
            "line 1 is longer than 20 bytes".to_owned(),
        ),
        (
            Limits { line_depth: 8, ..least },
            "identity",
            (two_runs() + &nested).into_bytes(),
            "line 7 nests objects and arrays deeper than 8".to_owned(),
        ),
        (
            Limits { upload_runs: 1, ..least },
            "identity",
            two_runs().into_bytes(),
            "begins more than 1 runs: send them in several uploads".to_owned(),
        ),
    ] {
        house.limit(limits);
        let answer = Answer::of(house.call(ask(&house, encoding, body.into())).await).await;
        assert_eq!(answer.status, 413, "{sentence}: {answer:?}");
        let detail = answer.json["detail"].as_str().unwrap();
        assert!(detail.contains(&sentence) && detail.contains("Nothing was kept"), "{detail}");
        assert_eq!(house.left().await, 0, "{sentence}");
    }
}

#[tokio::test]
async fn what_is_just_within_the_limits_is_taken() {
    let body = two_runs();
    let mut house = House::new().await;
    house.limit(Limits {
        upload_bytes: body.len(),
        decoded_bytes: body.len() as u64,
        line_bytes: body.lines().map(str::len).max().unwrap(),
        upload_runs: 2,
        ..Limits::default()
    });
    let answer = house.upload(&house.north.ingest, "/ingest/v1/ocptv", body).await;
    assert_eq!((answer.status, answer.number("accepted")), (200, 2), "{answer:?}");
}

#[tokio::test]
async fn a_body_that_does_not_arrive_in_time_is_408_and_nothing_is_kept() {
    let mut house = House::new().await;
    house.limit(Limits { upload_time: Duration::from_millis(200), ..Limits::default() });
    let begun = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from(two_runs()))]);
    let body = Body::from_stream(begun.chain(futures::stream::pending()));
    let answer = Answer::of(house.call(ask(&house, "identity", body)).await).await;
    assert_eq!(answer.status, 408, "{answer:?}");
    assert!(answer.json["detail"].as_str().unwrap().contains("Nothing was kept"), "{answer:?}");
    assert_eq!(house.left().await, 0);
}

/// One run, and blank lines with a compression ratio of a thousand.
fn sparse() -> Vec<u8> {
    let mut body = run().into_bytes();
    body.resize(17 << 20, b'\n');
    body
}

#[tokio::test]
async fn a_body_that_expands_out_of_proportion_is_413_and_what_is_kept_is_replayed() {
    let house = House::new().await;
    let packed = zstd::bulk::compress(&sparse(), 3).unwrap();
    let answer = Answer::of(house.call(ask(&house, "zstd", packed.into())).await).await;
    assert_eq!(answer.status, 413, "{answer:?}");
    assert!(answer.json["detail"].as_str().unwrap().contains("when decoded"), "{answer:?}");
    assert_eq!(house.left().await, 0);

    // Uncompressed it is accepted, because it costs the sender as much; it is stored compressed.
    let answer = house.upload(&house.north.ingest, "/ingest/v1/ocptv", sparse()).await;
    assert_eq!((answer.status, answer.number("accepted")), (200, 1), "{answer:?}");
    let receipt = answer.json["receipt_id"].as_str().unwrap();
    let replay = format!("/ingest/v1/receipts/{receipt}/replay");
    let answer = house.upload(&house.north.ingest, &replay, "").await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

/// Serves the house on its own socket.
async fn listen(house: &House) -> (SocketAddr, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (going, gone) = watch::channel(false);
    tokio::spawn(serve_http(listener, house.app.clone().into(), Edge::default(), gone));
    (address, going)
}

/// Sends an upload without its last `but` bytes.
fn send(address: SocketAddr, token: &str, body: &str, but: usize) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let length = body.len();
    let part = &body[..length - but];
    write!(
        stream,
        "POST /ingest/v1/ocptv HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{part}"
    )
    .unwrap();
    stream
}

fn status(mut stream: TcpStream) -> Option<u16> {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.split(' ').nth(1)?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_that_break_off_keep_nothing_and_free_their_places() {
    let house = House::new().await;
    let (address, _going) = listen(&house).await;
    let (north, south) = (house.north.ingest.as_str(), house.south.ingest.as_str());
    let body = run();
    // The next upload of the same partner has to wait; one of the other partner has not.
    let mut begun = Vec::new();
    tokio::task::block_in_place(|| {
        wait_for("all places to be taken", || {
            begun.push(send(address, north, &body, 10));
            status(send(address, north, "", 0)) == Some(429)
        });
        assert_eq!(status(send(address, south, &body, 0)), Some(200));
    });

    // Some close the connection, some only shut down their writing side.
    for (number, stream) in begun.iter().enumerate() {
        let how = if number % 2 == 0 { Shutdown::Both } else { Shutdown::Write };
        stream.shutdown(how).unwrap();
    }
    tokio::task::block_in_place(|| {
        wait_for("all places to be free", || {
            let places: Vec<_> =
                (0..PLACES).map_while(|_| house.state.try_acquire_upload(house.north.id)).collect();
            places.len() == PLACES
        });
        assert_eq!(status(send(address, north, "", 0)), Some(422));
    });
    let of_north = format!("select count(*) from run where tenant_id = '{}'", house.north.id);
    assert_eq!(house.db.count(&of_north).await, 0);
    let of_north = format!(
        "select count(*) from receipt join raw_upload on raw_upload.sha256 = raw_sha256 and raw_upload.tenant_id = receipt.tenant_id where receipt.tenant_id = '{}' and bytes > 0",
        house.north.id
    );
    assert_eq!(house.db.count(&of_north).await, 0);
}
