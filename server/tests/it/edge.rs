//! The HTTP edge: framing, timeouts and limits, tested through a socket.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use futures::{StreamExt, stream};
use server::listen::{Edge, serve_http};
use server::state::Limits;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::block_in_place;

use crate::support::House;
use crate::support::program::wait_for;

/// Timeout of every test.
const PATIENCE: Duration = Duration::from_secs(30);

/// Serves a router on its own socket.
async fn serve(app: Router, limits: Limits) -> (SocketAddr, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (going, gone) = watch::channel(false);
    tokio::spawn(serve_http(listener, app.into(), Edge { limits, tls: None }, gone));
    (address, going)
}

/// A router that answers at once.
fn quick() -> Router {
    let ok = || async { "ok" };
    Router::new().route("/", get(ok)).route("/livez", get(ok))
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

fn send(address: SocketAddr, request: &str) -> TcpStream {
    let mut stream = connect(address);
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

/// Reads until the server closes the connection.
fn rest(mut stream: &TcpStream) -> String {
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the connection stayed open: {error}"),
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> u16 {
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("no answer: {answer:?}"))
}

/// Reads one response of a keep-alive connection.
fn one_answer(mut stream: &TcpStream) -> String {
    let mut answer = Vec::new();
    let mut byte = [0];
    while !answer.ends_with(b"ok") {
        stream.read_exact(&mut byte).unwrap();
        answer.extend(byte);
    }
    String::from_utf8(answer).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_frames_a_request_is_read_in_one_way_or_refused() {
    let house = House::new().await;
    let (address, _going) = serve(house.app.clone(), Limits::default()).await;
    let ingest = format!(
        "POST /ingest/v1/ocptv HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {}\r\n",
        house.north.ingest
    );
    let login = "POST /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\n";
    let chunked = "Transfer-Encoding: chunked\r\n\r\n";
    let twice = "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n";
    let close = "Connection: close\r\n";
    block_in_place(|| {
        for (request, expected) in [
            (format!("GET /livez HTTP/1.1\r\nHost: x\r\n{close}\r\n"), 200),
            (format!("GET http://x/livez HTTP/1.1\r\nHost: x\r\n{close}\r\n"), 200),
            ("GET /livez HTTP/1.0\r\n\r\n".to_owned(), 200),
            (format!("GET /livez HTTP/1.1\r\n{close}\r\n"), 400),
            (format!("GET /livez HTTP/1.1\r\nHost: x\r\nHost: x\r\n{close}\r\n"), 400),
            (format!("GET /livez HTTP/1.1\r\nHost: a b\r\n{close}\r\n"), 400),
            (format!("GET http://y/livez HTTP/1.1\r\nHost: x\r\n{close}\r\n"), 400),
            (format!("OPTIONS * HTTP/1.1\r\nHost: x\r\n{close}\r\n"), 400),
            (format!("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n{close}\r\n"), 405),
            (format!("{ingest}{twice}"), 400),
            (format!("{login}{twice}"), 400),
            (format!("{ingest}{chunked}x\r\n"), 400),
            (format!("{login}{chunked}5\r\nemailx\r\n"), 400),
            (format!("{ingest}{chunked}0\r\n\r\n"), 422),
        ] {
            let answer = rest(&send(address, &request));
            assert_eq!(status(&answer), expected, "{request}{answer}");
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_body_has_seconds_to_arrive_however_it_trickles() {
    let mut house = House::new().await;
    house.limit(Limits {
        small_body_time: Duration::from_millis(500),
        upload_stall: Duration::from_millis(500),
        ..Limits::default()
    });
    let (address, _going) = serve(house.app.clone(), Limits::default()).await;
    let engineer = format!("Cookie: {}\r\n", house.north.engineer);
    let json = "Content-Type: application/json\r\n";
    let form = "Content-Type: multipart/form-data; boundary=b\r\n";
    block_in_place(|| {
        for (head, headers, expected) in [
            ("POST /login", String::new(), 408),
            ("POST /api/v1/sessions", json.to_owned(), 408),
            ("PUT /api/v1/units/U1/kind", format!("{json}{engineer}"), 408),
            ("PUT /api/v1/units/U1/kind", json.to_owned(), 408),
            ("POST /t/north/uploads", format!("{form}{engineer}"), 408),
            ("POST /t/north/uploads", form.to_owned(), 401),
        ] {
            let stream = send(
                address,
                &format!("{head} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: 9000\r\n\r\nx"),
            );
            // Except for uploads, more data does not extend the deadline.
            let trickle = stream.try_clone().unwrap();
            let done = std::thread::scope(|scope| {
                if expected == 408 && !head.contains("/uploads") {
                    scope.spawn(|| {
                        while (&trickle).write_all(b"x").is_ok() {
                            std::thread::sleep(Duration::from_millis(20));
                        }
                    });
                }
                let mut answer = [0; 512];
                let length = (&stream).read(&mut answer).unwrap();
                let _ = stream.shutdown(std::net::Shutdown::Both);
                String::from_utf8_lossy(&answer[..length]).into_owned()
            });
            assert_eq!(status(&done), expected, "{head}: {done}");
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_early_answer_reaches_a_client_that_is_still_sending() {
    let house = House::new().await;
    let (address, _going) = serve(house.app.clone(), Limits::default()).await;
    block_in_place(|| {
        for (head, length, expected) in [
            ("POST /ingest/v1/ocptv HTTP/1.1\r\nAuthorization: Bearer fpt_0", 5 << 20, 401),
            ("POST /api/v1/sessions HTTP/1.1\r\nContent-Type: application/json", 5 << 20, 413),
            ("POST /nowhere HTTP/1.1", 5 << 20, 404),
        ] {
            let mut stream =
                send(address, &format!("{head}\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"));
            let piece = vec![b'x'; 64 << 10];
            for _ in 0..length / piece.len() {
                stream.write_all(&piece).unwrap();
            }
            let answer = rest(&stream);
            assert_eq!(status(&answer), expected, "{answer}");
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_has_less_time_than_the_silence_between_requests() {
    let limits = Limits { head_time: Duration::from_millis(300), ..Limits::default() };
    let (address, _going) = serve(quick(), limits).await;
    block_in_place(|| {
        let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        let kept = send(address, request);
        one_answer(&kept);
        let silent = connect(address);
        let partial = send(address, "GET / HTTP/1.1\r\nHos");
        assert_eq!(rest(&partial), "", "a head that does not arrive is not waited for");
        assert_eq!(rest(&silent), "", "nor is the first one");
        // The connection is older than the timeout of a request head.
        (&kept).write_all(request.as_bytes()).unwrap();
        one_answer(&kept);
        (&kept).write_all(b"GET / HTTP/1.1\r\n").unwrap();
        assert_eq!(rest(&kept), "");
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_between_two_requests_ends_at_last() {
    let limits = Limits { keep_alive: Duration::from_millis(300), ..Limits::default() };
    let (address, _going) = serve(quick(), limits).await;
    block_in_place(|| {
        let kept = send(address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        one_answer(&kept);
        assert_eq!(rest(&kept), "");
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_closed() {
    let (dropped, gone) = oneshot::channel::<()>();
    let dropped = std::sync::Mutex::new(Some(dropped));
    let dropped = std::sync::Arc::new(dropped);
    let endless = move || {
        let held = dropped.lock().unwrap().take();
        let piece = Bytes::from(vec![b'x'; 64 << 10]);
        let pieces = stream::repeat_with(move || {
            let _ = &held;
            Ok::<_, std::io::Error>(piece.clone())
        });
        async move { Body::from_stream(pieces.boxed()) }
    };
    let app = Router::new().route("/", get(endless));
    let limits = Limits { write_stall: Duration::from_millis(300), ..Limits::default() };
    let (address, _going) = serve(app, limits).await;
    let stream = block_in_place(|| send(address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    // Sending fails when the body that owns the receiver is dropped.
    let ended = tokio::time::timeout(PATIENCE, gone).await;
    assert!(ended.expect("the answer goes on").is_err());
    drop(stream);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_has_so_many_connections_and_gets_them_back() {
    let limits = Limits { connections_of_peer: 3, ..Limits::default() };
    let (address, _going) = serve(quick(), limits).await;
    block_in_place(|| {
        let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        let kept: Vec<TcpStream> = (0..3).map(|_| send(address, request)).collect();
        kept.iter().for_each(|stream| drop(one_answer(stream)));
        let mut fourth = connect(address);
        let _ = fourth.write_all(request.as_bytes());
        assert_eq!(rest(&fourth), "");
        drop(kept);
        wait_for("a place of the peer", || {
            let stream = connect(address);
            let _ = (&stream).write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            rest(&stream).starts_with("HTTP/1.1 200")
        });
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_server_answers_for_its_health_and_asks_others_to_come_back() {
    let limits = Limits { connections: 2, ..Limits::default() };
    let (address, _going) = serve(quick(), limits).await;
    block_in_place(|| {
        let kept: Vec<TcpStream> =
            (0..2).map(|_| send(address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).collect();
        kept.iter().for_each(|stream| drop(one_answer(stream)));
        let answer = rest(&send(address, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"));
        assert_eq!(status(&answer), 200, "{answer}");
        let answer = rest(&send(address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        assert_eq!(status(&answer), 503, "{answer}");
        assert!(answer.to_lowercase().contains("retry-after: "), "{answer}");
        // An idle client on a reserved connection is soon disconnected.
        let begun = Instant::now();
        assert_eq!(rest(&connect(address)), "");
        assert!(begun.elapsed() < Duration::from_secs(20));
    });
}
