//! Health check of connections when they return to the pool.
//!
//! A future that is dropped in the middle of a statement leaves unread responses on its
//! connection. The driver counts most of them and skips them later, but not all (sqlx 0.9.0
//! misses one when `PgCopyIn::finish` is dropped), and the next user of the connection
//! would read them as its own. Two rules prevent that:
//!
//! 1. Request handlers run in tasks of their own (`server::work`): a client that disconnects
//!    drops no future that is talking to the database.
//! 2. Every connection must echo a nonce, outside any transaction, before it returns to the
//!    pool. A connection that answers anything else is closed. (The driver counts a transaction
//!    as begun only after it has read the response: if that wait is dropped, no rollback is
//!    sent.)

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use sqlx::postgres::PgConnection;
use tokio::time::timeout;

/// Timeout of a connection's rollback and echo; after it, the connection is closed.
const ECHO_TIMEOUT: Duration = Duration::from_secs(5);

static DISCARDED: AtomicU64 = AtomicU64::new(0);

/// Number of connections of this process that were closed because they did not echo their nonce.
#[must_use]
pub fn discarded() -> u64 {
    DISCARDED.load(Ordering::Relaxed)
}

/// Whether the connection echoes its nonce and is in no transaction: then no response of an
/// earlier statement is unread, and no role or tenant is set. Sends a rollback that is still
/// queued first.
pub(crate) async fn echoes(connection: &mut PgConnection) -> bool {
    static NONCE: AtomicI64 = AtomicI64::new(1);
    let nonce = NONCE.fetch_add(1, Ordering::Relaxed);
    let echo = sqlx::query_scalar::<_, i64>(include_str!("../sql/system/echo.sql")).bind(nonce);
    let echoed = timeout(ECHO_TIMEOUT, echo.fetch_one(connection)).await;
    let is_in_sync = matches!(echoed, Ok(Ok(answer)) if answer == nonce);
    if !is_in_sync {
        DISCARDED.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(
            "a connection was out of step with its answers, or in a transaction, and is closed"
        );
    }
    is_in_sync
}
