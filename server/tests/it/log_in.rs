//! Log-ins under attack: password guessing, floods, and their records in the audit.

use std::io::{Read, Write};
use std::net::TcpStream;

use axum::body::Body;
use axum::{Extension, Router};
use futures::future::join_all;
use http::{HeaderMap, header};
use server::listen::{Edge, serve_http};
use server::web::peer::PeerAddr;
use sqlx::{Connection, Executor};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::ServiceExt;

use crate::support::{House, PASSWORD, post};

const VIEWER: &str = "viewer@north.example";

/// A browser with its source address and device cookie.
#[derive(Clone, Copy)]
struct Client<'a> {
    source: &'a str,
    device: Option<&'a str>,
}

fn client(source: &str) -> Client<'_> {
    Client { source, device: None }
}

impl House {
    async fn log_in(&self, client: Client<'_>, email: &str, password: &str) -> (u16, HeaderMap) {
        let body = serde_json::json!({ "email": email, "password": password });
        let mut request = post("/api/v1/sessions").header(header::CONTENT_TYPE, "application/json");
        if let Some(device) = client.device {
            request = request.header(header::COOKIE, device);
        }
        let mut request = request.body(Body::from(body.to_string())).unwrap();
        let peer = format!("{}:4000", client.source).parse().unwrap();
        request.extensions_mut().insert(PeerAddr(peer));
        let response = self.app.clone().oneshot(request).await.unwrap();
        (response.status().as_u16(), response.headers().clone())
    }

    async fn status(&self, client: Client<'_>, email: &str, password: &str) -> u16 {
        self.log_in(client, email, password).await.0
    }

    /// Locks an e-mail address by five wrong passwords from another source.
    async fn lock(&self, email: &str) {
        for _ in 0..5 {
            assert_eq!(self.status(client("198.51.100.66"), email, "not the password").await, 401);
        }
    }
}

/// The device cookie of an answer, as the browser sends it back.
fn device(headers: &HeaderMap) -> String {
    let cookies = headers.get_all(header::SET_COOKIE).iter().map(|it| it.to_str().unwrap());
    let set = cookies.into_iter().find(|it| it.starts_with("__Host-device=")).unwrap();
    for word in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(set.contains(word), "{set}");
    }
    set.split(';').next().unwrap().to_owned()
}

async fn echo(Extension(PeerAddr(peer)): Extension<PeerAddr>) -> String {
    peer.to_string()
}

#[tokio::test]
async fn the_address_of_a_connection_reaches_its_requests() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_going, gone) = watch::channel(false);
    let app = Router::new().route("/", axum::routing::get(echo));
    tokio::spawn(serve_http(listener, app.into(), Edge::default(), gone));
    let client = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (stream.local_addr().unwrap(), answer)
    });
    let (peer, answer) = client.await.unwrap();
    assert!(answer.ends_with(&peer.to_string()), "{answer}");
}

#[tokio::test]
async fn parallel_guesses_are_not_all_admitted() {
    let house = House::new().await;
    let sources: Vec<String> = (1..=30).map(|host| format!("203.0.113.{host}")).collect();
    let guesses = sources.iter().map(|it| house.status(client(it), VIEWER, "not the password"));
    let answers = join_all(guesses).await;
    let admitted = answers.iter().filter(|status| **status == 401).count();
    let refused = answers.iter().filter(|status| **status == 429).count();
    assert_eq!((admitted, refused), (5, 25), "{answers:?}");
}

#[tokio::test]
async fn a_source_that_sprays_addresses_is_slowed_and_others_are_not() {
    let house = House::new().await;
    let mut admitted = 0;
    for number in 0..60 {
        let email = format!("person{number}@north.example");
        match house.log_in(client("203.0.113.1"), &email, "not the password").await {
            (401, _) => admitted += 1,
            (429, headers) => assert!(headers.contains_key(header::RETRY_AFTER)),
            (status, _) => panic!("{status}"),
        }
    }
    assert!((20..30).contains(&admitted), "{admitted}: 20 at once, then one in 20 seconds");
    assert_eq!(house.status(client("203.0.113.1"), VIEWER, PASSWORD).await, 429);
    assert_eq!(house.status(client("203.0.113.2"), VIEWER, PASSWORD).await, 201);
}

#[tokio::test]
async fn a_right_log_in_does_not_count_against_its_source() {
    let house = House::new().await;
    for _ in 0..25 {
        assert_eq!(house.status(client("203.0.113.1"), VIEWER, PASSWORD).await, 201);
    }
}

#[tokio::test]
async fn a_password_that_is_reset_while_it_is_checked_does_not_log_in() {
    let house = House::new().await;
    let sessions = "select count(*) from session";
    let before = house.db.count(sessions).await;
    let mut superuser = house.db.connect("postgres").await;
    let mut reset = superuser.begin().await.unwrap();
    reset.execute("update app_user set password_hash = 'another'").await.unwrap();
    let commit_when_waited_for = async {
        let waiting = "select count(*) from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock'";
        while house.db.count(waiting).await == 0 {
            tokio::task::yield_now().await;
        }
        reset.commit().await.unwrap();
    };
    let log_in = house.status(client("203.0.113.1"), VIEWER, PASSWORD);
    let (status, ()) = tokio::join!(log_in, commit_when_waited_for);
    assert_eq!(status, 401);
    assert_eq!(house.db.count(sessions).await, before);
}

#[tokio::test]
async fn counters_that_are_over_are_forgotten() {
    let house = House::new().await;
    house.lock(VIEWER).await;
    house.db.superuser("update login_failure set last_at = last_at - interval '1 hour'").await;
    assert_eq!(house.status(client("203.0.113.1"), "engineer@north.example", PASSWORD).await, 201);
    assert_eq!(house.db.count("select count(*) from login_failure").await, 1, "this source's");
}

#[tokio::test]
async fn guesses_of_others_do_not_lock_out_a_known_device() {
    let house = House::new().await;
    let home = "203.0.113.1";
    let (status, headers) = house.log_in(client(home), VIEWER, PASSWORD).await;
    assert_eq!(status, 201);
    let known = device(&headers);
    let (_, headers) = house.log_in(client(home), "engineer@north.example", PASSWORD).await;
    let of_another = device(&headers);
    house.lock(VIEWER).await;

    let with = |device| Client { source: home, device };
    assert_eq!(house.status(with(None), VIEWER, PASSWORD).await, 429, "a new device");
    assert_eq!(house.status(with(Some(&of_another)), VIEWER, PASSWORD).await, 429);
    let made_up = "__Host-device=fpd_0";
    assert_eq!(house.status(with(Some(made_up)), VIEWER, PASSWORD).await, 429);
    let (status, headers) = house.log_in(with(Some(&known)), VIEWER, PASSWORD).await;
    assert_eq!(status, 201);
    assert_eq!(headers.get_all(header::SET_COOKIE).iter().count(), 1, "it is known already");
    // Guesses from other sources are still slowed, and so are guesses with the device cookie.
    assert_eq!(house.status(with(None), VIEWER, PASSWORD).await, 429);
    for _ in 0..5 {
        assert_eq!(house.status(with(Some(&known)), VIEWER, "not the password").await, 401);
    }
    assert_eq!(house.status(with(Some(&known)), VIEWER, PASSWORD).await, 429);
}

#[tokio::test]
async fn a_flood_from_one_source_does_not_keep_others_out() {
    let house = House::new().await;
    let attackers: Vec<String> = (0..48).map(|it| format!("nobody{it}@north.example")).collect();
    let flood = attackers.iter().map(|it| house.status(client("203.0.113.1"), it, "a guess"));
    let people = ["viewer@north", "engineer@north", "viewer@south", "engineer@south"];
    let people = people.iter().enumerate().map(|(number, name)| {
        let (house, source) = (&house, format!("198.51.100.{number}"));
        async move { house.status(client(&source), &format!("{name}.example"), PASSWORD).await }
    });
    let (flood, people) = tokio::join!(join_all(flood), join_all(people));
    assert_eq!(people, [201; 4]);
    assert!(flood.iter().all(|status| [401, 429].contains(status)), "{flood:?}");
    assert!(flood.contains(&429));
}

#[tokio::test]
async fn what_is_typed_as_an_address_is_not_in_the_audit_and_nobody_can_fill_it() {
    let house = House::new().await;
    house.db.superuser("delete from audit").await;
    for number in 0..16 {
        let typed = format!("my-secret-password-{number}");
        let source = format!("203.0.113.{number}");
        assert_eq!(house.status(client(&source), &typed, "not the password").await, 401);
    }
    assert_eq!(
        house.db.count("select count(*) from audit").await,
        5,
        "the 1st, 2nd, 4th, 8th, 16th"
    );
    let typed = "select count(*) from audit where audit::text ~ 'secret'";
    assert_eq!(house.db.count(typed).await, 0);
    let typed = "select count(*) from login_failure where login_failure::text ~ 'secret'";
    assert_eq!(house.db.count(typed).await, 0);

    house.lock("Viewer@NORTH.example").await;
    let known = "select count(*) from audit where action = 'log-in failed' and actor = 'viewer@north.example'";
    assert_eq!(house.db.count(known).await, 3, "the 1st, 2nd and 4th");
    let source = "select count(*) from audit where detail ->> 'source' = '198.51.100.66' and detail ->> 'failures' = '4'";
    assert_eq!(house.db.count(source).await, 1);
}

#[tokio::test]
async fn a_request_id_is_taken_from_a_proxy_of_ours_alone() {
    let mut house = House::new().await;
    for (behind_proxy, taken) in [(false, false), (true, true)] {
        house.limit(server::state::Limits { behind_proxy, ..Default::default() });
        let request = crate::support::get("/livez").header("x-request-id", "chosen-by-the-client");
        let answer = house.call(request.body(Body::empty()).unwrap()).await;
        let id = answer.headers()["x-request-id"].to_str().unwrap();
        assert_eq!(id == "chosen-by-the-client", taken, "{id}");
        assert!(!id.is_empty());
    }
}

/// The case folding of the database is not limited to ASCII.
#[tokio::test]
async fn another_spelling_that_finds_the_same_person_does_not_get_around_their_lock() {
    let house = House::new().await;
    let spelling = "V\u{130}EWER@north.example";
    if house.status(client("198.51.100.1"), spelling, PASSWORD).await != 201 {
        println!("skipped: this database's lower() does not find that spelling");
        return;
    }
    house.lock(VIEWER).await;
    assert_eq!(house.status(client("198.51.100.1"), spelling, PASSWORD).await, 429);
}
