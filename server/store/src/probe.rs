//! Readiness probe of the database, and detection of connection poolers that break sessions.

#![allow(clippy::disallowed_methods)]

use sqlx::{Connection, Executor, Row};

use crate::transactions::begin_probe;
use crate::{Error, Result, Store};

const POOLER: &str = "DATABASE_URL leads to a connection pooler in transaction or statement mode (such as PgBouncer's pool_mode = transaction), which is not supported: Firstpass uses prepared statements and session settings. Name PostgreSQL itself, or a pool with pool_mode = session";

impl Store {
    /// Readiness probe: tries the features that an upload needs, and rolls back.
    ///
    /// # Errors
    /// [`Error::Schema`] when the schema is not this program's, and any error that an upload
    /// would fail with.
    pub async fn probe(&self) -> Result<()> {
        self.check_schema().await?;
        let mut tx = begin_probe(self).await?;
        tx.execute(sqlx::raw_sql(include_str!("../sql/system/probe.sql"))).await?;
        Ok(tx.rollback().await?)
    }

    /// Checks that a session keeps its connection to PostgreSQL between two transactions. While
    /// another connection is in a transaction, a transaction pooler assigns another backend.
    ///
    /// # Errors
    /// [`Error::Schema`], naming the pooler, when it does not.
    pub(crate) async fn check_sessions(&self) -> Result<()> {
        let mut session = self.acquire().await?;
        let set = sqlx::raw_sql(include_str!("../sql/system/session_set.sql"));
        (&mut *session).execute(set).await?;
        let mut connection = self.acquire().await?;
        let mut other = connection.begin().await?;
        (&mut *other).execute(sqlx::raw_sql(include_str!("../sql/system/ping.sql"))).await?;
        let kept = sqlx::raw_sql(include_str!("../sql/system/session_kept.sql"));
        let kept = (&mut *session).fetch_one(kept).await?;
        let kept: Option<String> = kept.try_get(0)?;
        other.rollback().await?;
        if kept.as_deref() == Some("kept") { Ok(()) } else { Err(Error::Schema(POOLER.into())) }
    }
}

/// Converts an error of connecting; names the pooler if a pooler refused the connection.
pub(crate) fn refused_by_pooler(error: sqlx::Error) -> Error {
    match &error {
        // The error message of every version of PgBouncer.
        sqlx::Error::Database(refusal)
            if refusal.message().contains("unsupported startup parameter") =>
        {
            Error::Schema(format!("{POOLER} ({})", refusal.message()))
        }
        _ => Error::from_connect(error),
    }
}
