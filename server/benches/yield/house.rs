//! The server under test, with a client of one partner.

use domain::{Scope, TenantId};
use server::clock;
use server::credentials::secret;
use server::listen::{Edge, serve_http};
use server::postgres::Postgres;
use server::router::router;
use server::state::{AppState, Limits};
use store::tokens::TokenSecret;
use store::{AdminTx, Principal, Store, system};
use uuid::Uuid;

use super::factory::PARTNERS;

pub(crate) struct TestServer {
    pub(crate) store: Store,
    pub(crate) partners: [Uuid; PARTNERS],
    address: String,
    token: String,
    agent: ureq::Agent,
}

impl TestServer {
    /// Starts the server with its partners: those in the database, or new ones.
    pub(crate) async fn open(postgres: &Postgres) -> Self {
        system::provision(&postgres.url("postgres", "postgres")).await.unwrap();
        system::migrate(&postgres.url(system::OWNER, system::DATABASE)).await.unwrap();
        let login = postgres.url("firstpass_login", system::DATABASE);
        let store = Store::connect(&login, system::Limits::default()).await.unwrap();
        let (partners, token) = partners(&store).await;
        let app = router(AppState::new(store.clone(), Limits::default()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (shutdown_tx, shutdown_rx) = tokio::sync::watch::channel(false);
        std::mem::forget(shutdown_tx);
        tokio::spawn(serve_http(listener, app.into(), Edge::default(), shutdown_rx));
        Self { store, partners, address, token, agent: ureq::Agent::new_with_defaults() }
    }

    /// Gets and parses a JSON response.
    pub(crate) fn get(&self, path: &str) -> serde_json::Value {
        let mut answer = self.request(path).call().unwrap();
        serde_json::from_reader(answer.body_mut().as_reader()).unwrap()
    }

    /// Creates a request with the credential of the queried partner.
    pub(crate) fn request(&self, path: &str) -> ureq::RequestBuilder<ureq::typestate::WithoutBody> {
        self.agent
            .get(format!("{}{}", self.address, path.replace(' ', "%20")))
            .header("Authorization", &format!("Bearer {}", self.token))
    }
}

/// Returns all partners, and a read token of the first one.
async fn partners(store: &Store) -> ([Uuid; PARTNERS], String) {
    let now = clock::now();
    let mut tx = AdminTx::begin(store, &Principal::console(None), "a bench", now).await.unwrap();
    if tx.tenants().await.unwrap().is_empty() {
        for number in 0..PARTNERS {
            let slug = format!("partner-{number:02}");
            tx.add_tenant(&slug, &slug, "Asia/Taipei", None, now).await.unwrap();
        }
    }
    let tenants = tx.tenants().await.unwrap();
    let ids: Vec<Uuid> = tenants.iter().map(|tenant| tenant.id).collect();
    let token = secret::new("fpt_");
    let queried = TenantId::from(ids[0]);
    let secret = TokenSecret { hash: &secret::hash(&token), prefix: secret::prefix(&token) };
    tx.add_token(queried, secret, &[Scope::Read], None, now).await.unwrap();
    tx.commit().await.unwrap();
    (ids.try_into().unwrap(), token)
}
