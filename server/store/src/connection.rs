//! What a connection must show before it goes back to the pool.
//!
//! A future that is dropped in the middle of a statement leaves answers unread on its
//! connection. The driver counts most of them and skips them later, but not all (sqlx 0.9.0
//! forgets one when `PgCopyIn::finish` is dropped), and the next user of the connection
//! would read them as its own. Two rules keep that from happening:
//!
//! 1. Request handlers run in tasks of their own (`server::work`): a client that hangs up
//!    drops no future that is talking to the database.
//! 2. Every connection must echo a nonce, outside any transaction, before it goes back to the
//!    pool. One that answers anything else is closed. (The driver counts a transaction as
//!    begun only when its answer was read: where that wait is dropped, nobody rolls back.)

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use sqlx::postgres::PgConnection;
use tokio::time::timeout;

/// How long a connection may take to roll back and to echo before it is closed.
const ECHO_TIMEOUT: Duration = Duration::from_secs(5);

static DISCARDED: AtomicU64 = AtomicU64::new(0);

/// How many connections of this process were closed because they did not echo their nonce.
#[must_use]
pub fn discarded() -> u64 {
    DISCARDED.load(Ordering::Relaxed)
}

/// Whether the connection answers what it is asked and is in no transaction, so that nothing of
/// an earlier statement is left to be read on it, and no role or tenant is left set. A rollback that is still queued is sent first.
pub(crate) async fn echoes(connection: &mut PgConnection) -> bool {
    static NONCE: AtomicI64 = AtomicI64::new(1);
    let nonce = NONCE.fetch_add(1, Ordering::Relaxed);
    let echo = sqlx::query_scalar::<_, i64>(include_str!("../sql/system/echo.sql")).bind(nonce);
    let echoed = timeout(ECHO_TIMEOUT, echo.fetch_one(connection)).await;
    let in_step = matches!(echoed, Ok(Ok(answer)) if answer == nonce);
    if !in_step {
        DISCARDED.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(
            "a connection was out of step with its answers, or in a transaction, and is closed"
        );
    }
    in_step
}
