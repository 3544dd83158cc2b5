//! Test support: a separate database for every test, copied from a template with the schema, in
//! one cluster that all tests share; and a house of two partners with a server.

pub mod document;
pub mod program;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use domain::{Role, Scope, TenantId, Timestamp};
use http::{Request, Response, header};
use server::credentials::{password, secret};
use server::postgres::{Durability, Postgres};
use server::router::router;
use server::state::{AppState, Limits};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use store::tokens::TokenSecret;
use store::{AdminTx, AuthTx, Principal, Store, system};
use tower::ServiceExt;
use uuid::Uuid;

pub const PASSWORD: &str = "correct horse battery";

/// A database of one test.
pub struct TestDb {
    name: String,
    postgres: Postgres,
    pub store: Store,
}

impl TestDb {
    pub async fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("postgres");
        let postgres = Postgres::open(&folder, Durability::Scratch).unwrap();
        let name = format!("t_{}", Uuid::now_v7().simple());
        let template = template(&folder, &postgres).await;
        admin(
            &postgres,
            &format!("create database {name} template {template} owner firstpass_owner"),
        )
        .await;
        let limits = system::Limits { connections: 4, ..system::Limits::default() };
        let store = Store::connect(&postgres.url("firstpass_login", &name), limits).await.unwrap();
        Self { name, postgres, store }
    }

    /// A connection without the transaction types of the store: as `firstpass_login`, the owner or
    /// the superuser.
    pub async fn connect(&self, role: &str) -> PgConnection {
        PgConnection::connect(&self.url(role)).await.unwrap()
    }

    /// The result of a count query, run directly.
    pub async fn count(&self, sql: &str) -> i64 {
        let mut connection = self.connect("postgres").await;
        let query = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
        query.fetch_one(&mut connection).await.unwrap()
    }

    pub fn url(&self, role: &str) -> String {
        self.postgres.url(role, &self.name)
    }

    /// The database's name, and the folder of its cluster's socket.
    pub fn place(&self) -> (&str, String) {
        (&self.name, self.postgres.socket().display().to_string())
    }

    /// Runs statements as the superuser.
    pub async fn superuser(&self, sql: &str) {
        let mut connection = self.connect("postgres").await;
        connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let url = self.postgres.url("postgres", "postgres");
        let sql = format!("drop database if exists {} with (force)", self.name);
        // A separate runtime: the current one may be shutting down.
        let _ = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&url).await?;
                connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
                anyhow::Ok(())
            })
        })
        .join();
    }
}

/// The template database of this schema. The first caller creates it.
async fn template(folder: &Path, postgres: &Postgres) -> String {
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(migrations).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let schema: String = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let hash = secret::hash(&schema);
    let name = format!("template_{:02x}{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2], hash[3]);

    let lock = File::create(folder.join("template.lock")).unwrap();
    lock.lock().unwrap();
    let superuser = postgres.url("postgres", "postgres");
    system::provision(&superuser).await.unwrap();
    let mut connection = PgConnection::connect(&superuser).await.unwrap();
    let exists: bool =
        sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(&name)
            .fetch_one(&mut connection)
            .await
            .unwrap();
    if !exists {
        let half = format!("{name}_half");
        admin(postgres, &format!("drop database if exists {half}")).await;
        admin(postgres, &format!("create database {half} owner firstpass_owner")).await;
        system::migrate(&postgres.url("firstpass_owner", &half)).await.unwrap();
        admin(postgres, &format!("alter database {half} rename to {name}")).await;
    }
    name
}

async fn admin(postgres: &Postgres, sql: &str) {
    let url = postgres.url("postgres", "postgres");
    let mut connection = PgConnection::connect(&url).await.unwrap();
    // The last connection of the template may close asynchronously.
    for _ in 0..100 {
        match connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await {
            Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("55006") => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            done => {
                done.unwrap();
                return;
            }
        }
    }
    panic!("the template stays in use");
}

/// Two partners, their people and tokens, and a server with their data.
pub struct House {
    pub db: TestDb,
    hash: String,
    pub state: AppState,
    pub app: Router,
    pub north: Partner,
    pub south: Partner,
    pub operator: String,
    pub admin: String,
}

fn is_page_without_tenant(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    ["", "explore", "measurements", "overview", "units", "uploads"].contains(&first)
}

/// One partner's ids and credentials.
pub struct Partner {
    pub id: TenantId,
    pub slug: String,
    pub viewer: String,
    pub engineer: String,
    pub expired_session: String,
    pub ingest: String,
    pub read: String,
    pub expired_token: String,
}

pub fn now() -> Timestamp {
    server::clock::now()
}

impl House {
    pub async fn new() -> Self {
        let db = TestDb::new().await;
        let state = AppState::new(db.store.clone(), Limits::default());
        let app = router(state.clone());
        let hash = password::hash(PASSWORD, "").unwrap();
        let north = Partner::new(&db.store, "north", &hash).await;
        let south = Partner::new(&db.store, "south", &hash).await;
        let operator = user(&db.store, None, "operator@maker.example", Role::Operator, &hash).await;
        let operator = session(&db.store, operator, later()).await;
        let admin = user(&db.store, None, "admin@maker.example", Role::Admin, &hash).await;
        let admin = session(&db.store, admin, later()).await;
        Self { db, hash, state, app, north, south, operator, admin }
    }

    /// Replaces the server by one with these limits.
    pub fn limit(&mut self, limits: Limits) {
        self.state = AppState::new(self.db.store.clone(), limits);
        self.app = router(self.state.clone());
    }

    /// An additional server with these limits.
    pub fn limited(&self, limits: Limits) -> Router {
        router(AppState::new(self.db.store.clone(), limits))
    }

    /// Sends a request. If the address of a page has no tenant, that of the cookie's person is
    /// added.
    pub async fn call(&self, mut request: Request<Body>) -> Response<Body> {
        let cookie = request.headers().get(header::COOKIE).and_then(|it| it.to_str().ok());
        let partner = [&self.north, &self.south].into_iter().find(|partner| {
            cookie.is_some_and(|it| it.contains(&partner.viewer) || it.contains(&partner.engineer))
        });
        if let (Some(partner), Some(target)) = (partner, request.uri().path_and_query())
            && is_page_without_tenant(request.uri().path())
        {
            *request.uri_mut() = format!("/t/{}{target}", partner.slug).parse().unwrap();
        }
        self.call_as_is(request).await
    }

    /// Sends a request without changing its address.
    pub async fn call_as_is(&self, request: Request<Body>) -> Response<Body> {
        self.app.clone().oneshot(request).await.unwrap()
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Response<Body> {
        self.call(get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    /// Sends a GET request without changing its address.
    pub async fn get_as_is(&self, path: &str, cookie: &str) -> Response<Body> {
        self.call_as_is(get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    /// Creates an internal person with a session.
    pub async fn internal(&self, role: Role) -> String {
        let email = format!("{role}-{}@maker.example", Uuid::now_v7().simple());
        let id = user(&self.db.store, None, &email, role, &self.hash).await;
        session(&self.db.store, id, later()).await
    }

    /// Creates another partner.
    pub async fn partner(&self, slug: &str) -> Partner {
        Partner::new(&self.db.store, slug, &self.hash).await
    }

    /// Creates another person of a partner with a session.
    pub async fn person(&self, tenant: TenantId, email: &str, role: Role) -> String {
        let store = &self.db.store;
        session(store, user(store, Some(tenant), email, role, &self.hash).await, later()).await
    }

    /// Creates another engineer of a partner with a session.
    pub async fn engineer(&self, tenant: TenantId, email: &str) -> String {
        self.person(tenant, email, Role::Engineer).await
    }

    /// Sends a request with the session of an engineer.
    pub async fn ask(&self, method: &str, path: &str, cookie: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "firstpass.example")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::COOKIE, cookie)
            .body(Body::from(body.to_owned()))
            .unwrap();
        Answer::of(self.call(request).await).await
    }

    /// All stored data of a partner's runs and repairs, one row a line, without generated numbers
    /// and without their receipts.
    pub async fn kept(&self, tenant: TenantId) -> Vec<String> {
        let mut superuser = self.db.connect("postgres").await;
        sqlx::query_scalar(include_str!("kept.sql"))
            .bind(tenant.uuid())
            .fetch_all(&mut superuser)
            .await
            .unwrap()
    }

    /// The number of rows in the tables that an upload writes to.
    pub async fn left(&self) -> i64 {
        self.db
            .count(
                "select (select count(*) from run) + (select count(*) from run_identity)
                      + (select count(*) from repair) + (select count(*) from unit)
                      + (select count(*) from measurement) + (select count(*) from parameter)
                      + (select count(*) from receipt) + (select count(*) from raw_upload)",
            )
            .await
    }

    /// Sends a GET request with a token.
    pub async fn read(&self, token: &str, path: &str) -> Answer {
        let request = get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        Answer::of(self.call(request.body(Body::empty()).unwrap()).await).await
    }

    /// Posts results as a station of the partner.
    pub async fn upload(&self, token: &str, path: &str, body: impl Into<Body>) -> Answer {
        let request = post(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        Answer::of(self.call(request.body(body.into()).unwrap()).await).await
    }
}

impl Partner {
    async fn new(store: &Store, slug: &str, hash: &str) -> Self {
        let console = Principal::console(None);
        let mut tx = AdminTx::begin(store, &console, "a test", now()).await.unwrap();
        let id = tx
            .add_tenant(slug, &format!("{slug} & Sons"), "Asia/Taipei", None, now())
            .await
            .unwrap();
        let mut tokens = Vec::new();
        let gone = Timestamp::parse("2020-01-01T00:00:00Z").unwrap().0;
        for (scope, expires) in
            [(Scope::Ingest, None), (Scope::Read, None), (Scope::Ingest, Some(gone))]
        {
            let token = secret::new("fpt_");
            let secret =
                TokenSecret { hash: &secret::hash(&token), prefix: secret::prefix(&token) };
            tx.add_token(id, secret, &[scope], expires, now()).await.unwrap();
            tokens.push(token);
        }
        tx.commit().await.unwrap();
        let [ingest, read, expired_token] = tokens.try_into().unwrap();
        let tenant = Some(id);
        let viewer =
            user(store, tenant, &format!("viewer@{slug}.example"), Role::Viewer, hash).await;
        let engineer =
            user(store, tenant, &format!("engineer@{slug}.example"), Role::Engineer, hash).await;
        Self {
            id,
            slug: slug.to_owned(),
            viewer: session(store, viewer, later()).await,
            engineer: session(store, engineer, later()).await,
            expired_session: session(store, engineer, gone).await,
            ingest,
            read,
            expired_token,
        }
    }
}

fn later() -> Timestamp {
    now().saturating_add(Duration::from_secs(3600))
}

async fn user(
    store: &Store,
    tenant: Option<TenantId>,
    email: &str,
    role: Role,
    hash: &str,
) -> Uuid {
    let console = Principal::console(None);
    let mut tx = AdminTx::begin(store, &console, "a test", now()).await.unwrap();
    let id = tx.add_user(email, tenant, role, hash, now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Creates a session, and returns its cookie.
async fn session(store: &Store, user: Uuid, ends: Timestamp) -> String {
    let session = secret::new("fps_");
    let mut tx = AuthTx::begin(store).await.unwrap();
    tx.add_session(&secret::hash(&session), user, now(), ends, None).await.unwrap();
    tx.commit().await.unwrap();
    format!("__Host-sid={session}")
}

pub fn get(path: &str) -> http::request::Builder {
    Request::get(path).header(header::HOST, "firstpass.example")
}

pub fn post(path: &str) -> http::request::Builder {
    Request::post(path).header(header::HOST, "firstpass.example")
}

pub async fn text(response: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 64 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A JSON response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub json: serde_json::Value,
}

impl Answer {
    pub async fn of(response: Response<Body>) -> Self {
        let status = response.status().as_u16();
        let text = text(response).await;
        Self { status, json: serde_json::from_str(&text).unwrap_or(serde_json::Value::Null) }
    }

    pub fn number(&self, member: &str) -> u64 {
        self.json[member].as_u64().unwrap_or_else(|| panic!("no {member} in {self:?}"))
    }
}

/// A run of the OCP format.
pub fn ocp_run(serial: &str, operation: &str, at: &str, passed: bool) -> String {
    let result = if passed { "PASS" } else { "FAIL" };
    [
        r#"{"schemaVersion":{"major":2,"minor":0},"sequenceNumber":0,"timestamp":"{at}"}"#,
        r#"{"testRunArtifact":{"testRunStart":{"name":"{operation}","version":"1","commandLine":"","parameters":{},"dutInfo":{"dutInfoId":"0"},"metadata":{"unit_serial":"{serial}"}}},"sequenceNumber":1,"timestamp":"{at}"}"#,
        r#"{"testRunArtifact":{"testRunEnd":{"status":"COMPLETE","result":"{result}"}},"sequenceNumber":2,"timestamp":"{at}"}"#,
        "",
    ]
    .join("\n")
    .replace("{at}", at)
    .replace("{operation}", operation)
    .replace("{serial}", serial)
    .replace("{result}", result)
}

/// Waits until a condition is true; fails after half a minute.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "not within 30 s: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
