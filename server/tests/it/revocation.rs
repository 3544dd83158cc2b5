//! Revoked credentials are refused at once, and their open streams end on every server.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use domain::{Role, Scope};
use http::{Request, header};
use server::commands::users::{self, Who};
use server::commands::{CommandError, tokens};
use server::live;
use server::router::router;
use server::state::{AppState, Limits};
use store::Principal;
use tokio::sync::watch;
use tower::ServiceExt;

use crate::live::EventStream;
use crate::support::{House, PASSWORD, get, now};

/// Maximum time until a stream ends.
const SOON: Duration = Duration::from_secs(1);

fn console() -> Principal {
    Principal::console(None)
}

fn person(email: &str) -> Who<'_> {
    Who { email, tenant: None }
}

/// A second server with the same database.
struct Second {
    app: Router,
    _listening: watch::Sender<bool>,
}

impl Second {
    fn new(house: &House) -> Self {
        let state = AppState::new(house.db.store.clone(), Limits::default());
        let (listening, gone) = watch::channel(false);
        tokio::spawn(live::listen(state.clone(), gone));
        Self { app: router(state), _listening: listening }
    }
}

fn request(credential: &str) -> Request<Body> {
    let name =
        if credential.starts_with("Bearer") { header::AUTHORIZATION } else { header::COOKIE };
    get("/live?seen=0").header(name, credential).body(Body::empty()).unwrap()
}

async fn open(app: &Router, credential: &str) -> EventStream {
    let answer = app.clone().oneshot(request(credential)).await.unwrap();
    assert_eq!(answer.status(), 200);
    EventStream::new(answer)
}

async fn status(app: &Router, credential: &str) -> u16 {
    app.clone().oneshot(request(credential)).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn streams_end_at_once_on_every_server() {
    let house = House::new().await;
    let _first = house.listen();
    let second = Second::new(&house);
    wait_until_two_listen(&house).await;
    let (north, south, store) = (&house.north, &house.south, &house.db.store);
    let bystander = format!("Bearer {}", south.ingest_and_read(&house).await);
    let mut bystander = open(&second.app, &bystander).await;
    let token = format!("Bearer {}", north.read);
    let list = tokens::list(store, &console(), "north", now()).await.unwrap();
    let read =
        list.iter().find(|it| north.read.starts_with(it.prefix.as_deref().unwrap())).unwrap();

    for what in ["sign out", "disable", "set role", "log out", "reset password", "revoke"] {
        let credential = match what {
            "sign out" => &north.viewer,
            "disable" => &north.engineer,
            "set role" | "log out" => &south.viewer,
            "reset password" => &south.engineer,
            _ => &token,
        };
        let mut here = open(&house.app, credential).await;
        let mut there = open(&second.app, credential).await;
        match what {
            "sign out" => {
                let answer = house.ask("POST", "/account/sign-out", credential, "").await;
                assert_eq!(answer.status, 303);
            }
            "log out" => {
                assert_eq!(house.ask("POST", "/logout", credential, "").await.status, 303);
            }
            "disable" => {
                let who = person("ENGINEER@north.example");
                // One of the two had already expired.
                assert_eq!(users::disable(store, &console(), who, now()).await.unwrap(), 2);
            }
            "set role" => {
                let who = person("viewer@south.example");
                users::set_role(store, &console(), who, Role::Engineer, now()).await.unwrap();
            }
            "reset password" => {
                let who = Who { email: "engineer@south.example", tenant: Some("south") };
                let hash = server::credentials::password::hash("another password", "").unwrap();
                users::reset_password(store, &console(), who, &hash, now()).await.unwrap();
            }
            _ => tokens::revoke(store, &console(), read.id, None, now()).await.unwrap(),
        }
        for stream in [&mut here, &mut there] {
            let ended = tokio::time::timeout(SOON, stream.next()).await;
            assert_eq!(ended.expect("the stream stays open"), None, "{what}");
        }
        let expected = if what == "set role" { 200 } else { 401 };
        assert_eq!(status(&second.app, credential).await, expected, "{what}");
    }
    let body = crate::support::ocp_run("S1", "L10", "2026-03-01T08:00:00Z", true);
    house.upload(&south.ingest, "/ingest/v1/ocptv", body).await;
    assert!(bystander.next().await.is_some(), "the stream of somebody else stays");
}

async fn wait_until_two_listen(house: &House) {
    let listening = "select count(*) from pg_stat_activity where datname = current_database() and query like 'LISTEN%'";
    while house.db.count(listening).await < 2 {
        tokio::task::yield_now().await;
    }
}

impl crate::support::Partner {
    async fn ingest_and_read(&self, house: &House) -> String {
        let scopes = [Scope::Ingest, Scope::Read];
        tokens::add(&house.db.store, &console(), "south", &scopes, None, now()).await.unwrap()
    }
}

#[tokio::test]
async fn what_was_revoked_while_nobody_listened_ends_when_listening_again() {
    let house = House::new().await;
    let mut ended = open(&house.app, &house.north.viewer).await;
    let mut demoted = open(&house.app, &house.north.engineer).await;
    let mut stays = open(&house.app, &house.south.viewer).await;
    let store = &house.db.store;
    users::disable(store, &console(), person("viewer@north.example"), now()).await.unwrap();
    let who = person("engineer@north.example");
    users::set_role(store, &console(), who, Role::Viewer, now()).await.unwrap();
    let _listening = house.listen();
    assert_eq!(ended.next().await, None);
    assert_eq!(demoted.next().await, None);
    let body = crate::support::ocp_run("S1", "L10", "2026-03-01T08:00:00Z", true);
    house.upload(&house.south.ingest, "/ingest/v1/ocptv", body).await;
    assert!(stays.next().await.is_some());
}

#[tokio::test]
async fn a_token_is_listed_with_its_prefix_and_last_use_and_revoked_at_once() {
    let house = House::new().await;
    let store = &house.db.store;
    let scopes = [Scope::Read];
    let secret = tokens::add(store, &console(), "north", &scopes, None, now()).await.unwrap();
    let find = async || {
        let list = tokens::list(store, &console(), "north", now()).await.unwrap();
        let is_it = |it: &store::tokens::Token| secret.starts_with(it.prefix.as_deref().unwrap());
        let found: Vec<_> = list.into_iter().filter(is_it).collect();
        assert_eq!(found.len(), 1);
        found.into_iter().next().unwrap()
    };
    let token = find().await;
    assert_eq!(token.prefix.as_deref().map(str::len), Some(12), "and no more of it");
    assert_eq!((token.last_used_at, token.revoked_at), (None, None));
    assert_eq!(house.read(&secret, "/api/v1/yield").await.status, 200);
    let used = find().await.last_used_at.unwrap();
    assert_eq!(house.read(&secret, "/api/v1/yield").await.status, 200);
    assert_eq!(find().await.last_used_at, Some(used), "at most once a minute");
    house
        .db
        .superuser("update api_token set last_used_at = last_used_at - interval '2 minutes'")
        .await;
    house.read(&secret, "/api/v1/yield").await;
    assert!(find().await.last_used_at.unwrap() > used);

    tokens::revoke(store, &console(), token.id, None, now()).await.unwrap();
    assert_eq!(house.read(&secret, "/api/v1/yield").await.status, 401);
    let revoked = find().await.revoked_at.unwrap();
    tokens::revoke(store, &console(), token.id, None, now()).await.unwrap();
    assert_eq!(find().await.revoked_at, Some(revoked), "the first time is kept");
    let unknown = tokens::revoke(store, &console(), uuid::Uuid::now_v7(), None, now()).await;
    assert!(matches!(unknown, Err(CommandError::Missing(_))));
    let audited = format!(
        "select count(*) from audit where actor = 'console' and action = 'token revoke {}'",
        token.id
    );
    assert_eq!(house.db.count(&audited).await, 2);
}

#[tokio::test]
async fn a_database_that_cannot_note_the_use_of_a_token_still_lets_it_read() {
    let house = House::new().await;
    house.db.superuser("revoke update on api_token from firstpass_auth; revoke update (last_used_at) on api_token from firstpass_auth").await;
    assert_eq!(house.read(&house.north.read, "/api/v1/yield").await.status, 200);
}

#[tokio::test]
async fn people_are_listed_disabled_enabled_and_given_roles_and_passwords() {
    let house = House::new().await;
    let store = &house.db.store;
    let listed = users::list(store, &console(), Some("north"), now()).await.unwrap();
    let emails: Vec<&str> = listed.iter().map(|it| it.email.as_str()).collect();
    assert_eq!(emails, ["engineer@north.example", "viewer@north.example"]);
    let all = users::list(store, &console(), None, now()).await.unwrap();
    assert_eq!(all.len(), 6);
    assert_eq!(all.iter().filter(|it| it.tenant.is_none()).count(), 2, "internal people");

    let viewer = person("viewer@north.example");
    users::disable(store, &console(), viewer, now()).await.unwrap();
    users::enable(store, &console(), viewer, now()).await.unwrap();
    assert_eq!(house.get("/", &house.north.viewer).await.status(), 303, "the session is not back");

    let raw = "/api/v1/receipts/00000000-0000-0000-0000-000000000000/raw";
    assert_eq!(house.ask("GET", raw, &house.north.engineer, "").await.status, 404);
    let engineer = person("engineer@north.example");
    users::set_role(store, &console(), engineer, Role::Viewer, now()).await.unwrap();
    assert_eq!(house.ask("GET", raw, &house.north.engineer, "").await.status, 403);
    let misfit = users::set_role(store, &console(), engineer, Role::Admin, now()).await;
    assert!(matches!(misfit, Err(CommandError::Refused(_))));
    let elsewhere = Who { tenant: Some("south"), ..engineer };
    let elsewhere = users::disable(store, &console(), elsewhere, now()).await;
    assert!(matches!(elsewhere, Err(CommandError::Missing(why)) if why.contains("of south")));

    // A password reset also unlocks an address that guesses have locked.
    let log_in = async |password: &str| {
        let body = format!(r#"{{"email":"viewer@north.example","password":"{password}"}}"#);
        house.ask("POST", "/api/v1/sessions", "", &body).await.status
    };
    for _ in 0..5 {
        assert_eq!(log_in("not the password").await, 401);
    }
    assert_eq!(log_in(PASSWORD).await, 429);
    let hash = server::credentials::password::hash("another password", "").unwrap();
    users::reset_password(store, &console(), viewer, &hash, now()).await.unwrap();
    assert_eq!(log_in(PASSWORD).await, 401);
    assert_eq!(log_in("another password").await, 201);
    let audited = "select count(*) from audit where actor = 'console' and action ~ '^user (list|disable|enable|set-role|reset-password)'";
    assert_eq!(house.db.count(audited).await, 6);
}
