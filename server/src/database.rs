//! The database of this process: the one of `DATABASE_URL`, or the embedded one.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use store::Store;
use store::system::{self, Limits};

use crate::config::DatabaseOptions;
use crate::postgres::{Durability, Postgres};
use client::Unreachable;

/// Timeout of the first connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// A migrated and checked database.
#[derive(Debug)]
pub struct Database {
    /// The connection pool, behind the three kinds of transactions.
    pub store: Store,
    /// The embedded server, if it is used; dropped last.
    pub embedded: Option<Postgres>,
}

/// Migrates the database if this process may, connects and checks it.
///
/// # Errors
/// A sentence that says what to install, set or fix.
pub async fn open(options: &DatabaseOptions, limits: Limits) -> Result<Database> {
    if options.database_url.is_none() && options.database_migration_url.is_some() {
        bail!(
            "DATABASE_MIGRATION_URL is set and DATABASE_URL is not: set both, or neither for the embedded database"
        );
    }
    let (login, owner, embedded) = match &options.database_url {
        Some(login) => (login.clone(), options.database_migration_url.clone(), None),
        None => {
            let (login, owner, postgres) = open_embedded(&options.data()).await?;
            (login, Some(owner), Some(postgres))
        }
    };
    if let Some(owner) = &owner {
        migrate(owner).await?;
    }
    check_reachable("DATABASE_URL", &login).await?;
    let store = Store::connect(&login, limits).await.context("DATABASE_URL")?;
    store.check().await?;
    Ok(Database { store, embedded })
}

/// Migrates the database as its owner.
///
/// # Errors
/// A sentence that names `DATABASE_MIGRATION_URL`.
pub async fn migrate(owner: &str) -> Result<()> {
    const KEY: &str = "DATABASE_MIGRATION_URL";
    check_reachable(KEY, owner).await?;
    system::migrate(owner).await.context(KEY)
}

/// Checks that a database answers at this URL; `key` names the setting.
async fn check_reachable(key: &'static str, url: &str) -> Result<()> {
    match tokio::time::timeout(CONNECT_TIMEOUT, system::probe(url)).await {
        Ok(reached) => reached.context(key),
        Err(_) => {
            let seconds = CONNECT_TIMEOUT.as_secs();
            Err(Unreachable(format!("{key}: the database does not answer in {seconds} s")).into())
        }
    }
}

/// Starts the embedded server and creates its database; returns the URLs of the login
/// and of the owner.
async fn open_embedded(data: &Path) -> Result<(String, String, Postgres)> {
    let folder = data.to_owned();
    let postgres =
        tokio::task::spawn_blocking(move || Postgres::open(&folder, Durability::Full)).await??;
    system::provision(&postgres.url("postgres", "postgres")).await?;
    let login = postgres.url("firstpass_login", system::DATABASE);
    let owner = postgres.url(system::OWNER, system::DATABASE);
    Ok((login, owner, postgres))
}
