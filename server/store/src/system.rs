//! Connection pool, migrations, and the safety check before serving. The only code that uses
//! connections outside the four kinds of transaction; it reads no tenant tables.

#![allow(clippy::disallowed_methods)]

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Postgres, Row};

use crate::connection::echoes;
use crate::probe::refused_by_pooler;
use crate::{Error, Result};

static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");
/// Advisory lock that serializes migrations; the key is arbitrary, but unique.
const MIGRATION_LOCK: &str = "select pg_advisory_lock(5041733001)";
const ROLES: &str = include_str!("../../../migrations/roles.sql");

/// Planner settings of every connection.
pub const SETTINGS: [(&str, &str); 3] = [
    // JIT compilation takes longer than any of our statements.
    ("jit", "off"),
    // A generic plan that is cached while a table is small would be kept when it grows.
    ("plan_cache_mode", "force_custom_plan"),
    // Tables contain the rows of all tenants; indexes select those of one.
    ("enable_seqscan", "off"),
];

/// The pool of connections as `firstpass_login`, which has no privileges outside the kinds of
/// transaction.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
}

/// Timeouts and the size of the connection pool.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Maximum number of connections.
    pub connections: u32,
    /// Statement timeout.
    pub statement: Duration,
    /// Timeout of waiting for a free connection.
    pub acquire: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 19,
            statement: Duration::from_secs(60),
            acquire: Duration::from_secs(10),
        }
    }
}

impl Store {
    /// Connects as the login role named in `url`.
    ///
    /// # Errors
    /// When `url` is invalid, or the database is unreachable.
    pub async fn connect(url: &str, limits: Limits) -> Result<Self> {
        let statement_ms = limits.statement.as_millis().to_string();
        let options = parse_url(url)?
            .application_name("firstpass")
            .options([
                ("statement_timeout", statement_ms.as_str()),
                ("idle_in_transaction_session_timeout", "60000"),
                // Cancels a statement when its connection is closed.
                ("client_connection_check_interval", "2000"),
                ("timezone", "UTC"),
                // Suppresses "relation exists, skipping".
                ("client_min_messages", "warning"),
            ])
            .options(SETTINGS)
            .log_statements(tracing::log::LevelFilter::Trace);
        let pool = PgPoolOptions::new()
            .max_connections(limits.connections)
            .acquire_timeout(limits.acquire)
            .after_release(|connection, _| Box::pin(async { Ok(echoes(connection).await) }))
            .connect_with(options)
            .await
            .map_err(refused_by_pooler)?;
        Ok(Self { pool })
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Acquires a connection of the pool; all other code calls this.
    pub(crate) async fn acquire(&self) -> Result<PoolConnection<Postgres>> {
        self.pool.acquire().await.map_err(Error::from_connect)
    }

    /// Checks that the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        let mut connection = self.acquire().await?;
        sqlx::query(include_str!("../sql/system/ping.sql")).execute(&mut *connection).await?;
        Ok(())
    }

    /// The number of connections in the pool, and of idle ones.
    #[must_use]
    pub fn connections(&self) -> (u32, usize) {
        (self.pool.size(), self.pool.num_idle())
    }

    /// Checks that the database is safe to serve from: the login cannot bypass or disable
    /// row-level security, and every tenant table has its policy.
    ///
    /// # Errors
    /// [`Error::Unsafe`] with every reason, [`Error::Schema`] when the schema is behind
    /// or ahead of this program, or a connection pooler breaks sessions.
    pub async fn check(&self) -> Result<()> {
        self.check_sessions().await?;
        self.check_schema().await?;
        let mut connection = self.acquire().await?;
        let problems: Vec<String> = sqlx::query_scalar(include_str!("../sql/system/check.sql"))
            .fetch_all(&mut *connection)
            .await?;
        if problems.is_empty() { Ok(()) } else { Err(Error::Unsafe(problems)) }
    }

    pub(crate) async fn check_schema(&self) -> Result<()> {
        let mut connection = self.acquire().await?;
        let applied = sqlx::query(include_str!("../sql/system/applied.sql"))
            .fetch_all(&mut *connection)
            .await;
        drop(connection);
        let applied = match applied {
            Ok(rows) => rows,
            Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("42P01") => Vec::new(),
            Err(e) => return Err(e.into()),
        };
        let expected = MIGRATOR.iter().count();
        let mut known = 0;
        for row in &applied {
            let version: i64 = row.try_get("version")?;
            let checksum: Vec<u8> = row.try_get("checksum")?;
            match MIGRATOR.iter().find(|migration| migration.version == version) {
                None => {
                    return Err(Error::Schema(format!(
                        "the database has migration {version}, which this program does not know: run a newer firstpass"
                    )));
                }
                Some(migration) if *migration.checksum != *checksum => {
                    return Err(Error::Schema(format!(
                        "migration {version} was applied with other contents than this program's"
                    )));
                }
                Some(_) => known += 1,
            }
        }
        if known < expected {
            return Err(Error::Schema(format!(
                "the database lacks {} of {expected} migrations: run `firstpass migrate` with DATABASE_MIGRATION_URL naming the database's owner",
                expected - known
            )));
        }
        Ok(())
    }

    /// Creates due monthly partitions: of this month, of the next two, and of months with many
    /// rows in the default partition. Returns the number created. A
    /// lock timeout skips a month until the next call.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn create_month_partitions(&self) -> Result<u32> {
        let mut connection = self.acquire().await?;
        let due = sqlx::query(include_str!("../sql/system/months_due.sql"))
            .fetch_all(&mut *connection)
            .await;
        drop(connection);
        let due = match due {
            Err(error) if is_busy(&error) => {
                tracing::info!("the runs beside the months are in use: they are counted next time");
                return Ok(0);
            }
            due => due?,
        };
        let mut created = 0;
        for row in due {
            let (table, month): (String, chrono::NaiveDate) =
                (row.try_get("kept")?, row.try_get("month")?);
            match self.create_month_partition(&table, month).await {
                Ok(()) => created += 1,
                // Continues with the others; rows of this month stay in the default partition.
                Err(error) => {
                    tracing::warn!(table, %month, %error, "its table waits");
                }
            }
        }
        Ok(created)
    }

    async fn create_month_partition(&self, table: &str, month: chrono::NaiveDate) -> Result<()> {
        let mut connection = self.acquire().await?;
        let mut tx = connection.begin().await?;
        // Moving many rows may exceed the statement timeout.
        sqlx::query(include_str!("../sql/system/no_statement_timeout.sql"))
            .execute(&mut *tx)
            .await?;
        sqlx::query(include_str!("../sql/system/keep_month.sql"))
            .bind(table)
            .bind(month)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Closes the pool; waits for transactions in progress.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Connects once and returns the reason of a failure; a pool would retry until its timeout.
///
/// # Errors
/// [`Error::Url`] when `url` is invalid, [`Error::Schema`] when the role or the database is
/// missing, [`Error::Unreachable`] when there is no answer.
pub async fn probe(url: &str) -> Result<()> {
    let options = parse_url(url)?.log_statements(tracing::log::LevelFilter::Trace);
    match PgConnection::connect_with(&options).await {
        Ok(connection) => Ok(connection.close().await?),
        // No such role, no such database.
        Err(sqlx::Error::Database(refusal))
            if matches!(refusal.code().as_deref(), Some("28000" | "3D000")) =>
        {
            Err(Error::Schema(format!(
                "{}: if this database was not prepared yet, run `firstpass migrate` with DATABASE_MIGRATION_URL naming its owner",
                refusal.message()
            )))
        }
        Err(error) => Err(refused_by_pooler(error)),
    }
}

/// Parses a URL and checks its scheme: the driver accepts any, and parses `mysql://x/y` as a host.
fn parse_url(url: &str) -> Result<PgConnectOptions> {
    let is_postgres = ["postgres://", "postgresql://"].iter().any(|it| url.starts_with(it));
    match PgConnectOptions::from_str(url) {
        Ok(options) if is_postgres => Ok(options),
        _ => Err(Error::Url),
    }
}

/// Whether a lock timeout expired.
fn is_busy(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(refusal) if refusal.code().as_deref() == Some("55P03"))
}

/// The name of the database in a cluster that this program provisions.
pub const DATABASE: &str = "firstpass";
/// The owner of [`DATABASE`]: a role for migrations, not for serving.
pub const OWNER: &str = "firstpass_owner";

/// Creates the roles, the owner and the database in a dedicated cluster, as its superuser.
/// Idempotent: existing ones stay unchanged.
///
/// # Errors
/// When the cluster is unreachable.
pub async fn provision(superuser_url: &str) -> Result<()> {
    let options = parse_url(superuser_url)?
        .application_name("firstpass provision")
        .log_statements(tracing::log::LevelFilter::Trace);
    let mut connection = PgConnection::connect_with(&options).await.map_err(Error::from_connect)?;
    bootstrap_roles(&mut connection).await?;
    let steps = [
        (include_str!("../sql/system/owner_exists.sql"), "create role firstpass_owner login"),
        (
            include_str!("../sql/system/database_exists.sql"),
            "create database firstpass owner firstpass_owner",
        ),
    ];
    for (exists, create) in steps {
        let exists: bool = sqlx::query_scalar(exists).fetch_one(&mut connection).await?;
        if !exists {
            match sqlx::raw_sql(create).execute(&mut connection).await {
                Ok(_) => {}
                // Another process created it first: duplicate object, database or key.
                Err(sqlx::Error::Database(e))
                    if matches!(e.code().as_deref(), Some("42710" | "42P04" | "23505")) => {}
                Err(e) => return Err(e.into()),
            }
        }
    }
    connection.close().await?;
    Ok(())
}

/// Creates the roles and migrates the schema, as the owner named in `url`. Concurrent calls are
/// serialized by an advisory lock.
///
/// # Errors
/// [`Error::Schema`] when the roles are missing and this owner may not create them (with
/// instructions), or a migration failed.
pub async fn migrate(url: &str) -> Result<()> {
    let options = parse_url(url)?
        .application_name("firstpass migrate")
        .log_statements(tracing::log::LevelFilter::Trace);
    let mut connection = PgConnection::connect_with(&options).await.map_err(Error::from_connect)?;
    // Released when the connection closes.
    sqlx::raw_sql(MIGRATION_LOCK).execute(&mut connection).await?;
    bootstrap_roles(&mut connection).await?;
    MIGRATOR
        .run(&mut connection)
        .await
        .map_err(|e| Error::Schema(format!("migration failed: {e}")))?;
    sqlx::raw_sql("grant select on _sqlx_migrations to firstpass_login")
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

async fn bootstrap_roles(connection: &mut PgConnection) -> Result<()> {
    let mut tries = 0;
    loop {
        tries += 1;
        let done = sqlx::raw_sql(ROLES).execute(&mut *connection).await;
        let code = match &done {
            Err(sqlx::Error::Database(e)) => e.code().unwrap_or_default().into_owned(),
            _ => String::new(),
        };
        match code.as_str() {
            // Insufficient privilege.
            "42501" => {
                return Err(Error::Schema(format!(
                    "the roles are missing and this owner may not make them; let the database's keeper run this once:\n{ROLES}"
                )));
            }
            // "tuple concurrently updated": roles belong to the cluster, and a server of another
            // database in it created them concurrently. They exist now.
            "XX000" if tries < 5 => {}
            _ => return done.map(|_| ()).map_err(Error::from),
        }
    }
}
