//! Whether a database can be served from at this moment, and whether a connection pooler
//! stands in front of it that would break sessions.

#![allow(clippy::disallowed_methods)]

use sqlx::{Connection, Executor, Row};

use crate::transactions::begin_probe;
use crate::{Error, Result, Store};

const POOLER: &str = "DATABASE_URL leads to a connection pooler in transaction or statement mode (such as PgBouncer's pool_mode = transaction), which is not supported: Firstpass uses prepared statements and session settings. Name PostgreSQL itself, or a pool with pool_mode = session";

impl Store {
    /// Tries what an upload needs, and leaves no trace.
    ///
    /// # Errors
    /// [`Error::Schema`] when the schema is not this program's, and what an upload would
    /// fail with.
    pub async fn probe(&self) -> Result<()> {
        self.check_schema().await?;
        let mut tx = begin_probe(self).await?;
        tx.execute(sqlx::raw_sql(include_str!("../sql/system/probe.sql"))).await?;
        Ok(tx.rollback().await?)
    }

    /// Whether a session keeps its connection to PostgreSQL between two transactions. With
    /// one connection in a transaction, a pooler gives another session another server.
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

/// The error of connecting, in words that name a pooler where it is one that refuses.
pub(crate) fn refused_by_pooler(error: sqlx::Error) -> Error {
    match &error {
        // PgBouncer's words, in every version.
        sqlx::Error::Database(refusal)
            if refusal.message().contains("unsupported startup parameter") =>
        {
            Error::Schema(format!("{POOLER} ({})", refusal.message()))
        }
        _ => Error::connecting(error),
    }
}
