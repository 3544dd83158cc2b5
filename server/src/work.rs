//! Runs each request's handler in a task of its own, on a separate runtime.
//!
//! When a client disconnects, hyper drops the future that it polls. If that future ran the
//! handler, it could be dropped in the middle of a statement and leave responses unread on a pooled
//! connection (see `store::connection`). So the handler outlives the request: the dropped
//! future only cancels [`ClientGone`], which handlers check where stopping is safe.
//!
//! The threads that accept connections and answer `/livez` do nothing else: a handler that
//! computes for a second delays no health check.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::runtime::{Builder, Runtime};

use crate::problem::Problem;
use crate::state::AppState;
use crate::web::context::ClientGone;

/// More threads than cores: handlers that compute are time-sliced by the operating system
/// instead of queueing behind one another.
const THREADS: usize = 8;

/// The runtime for handlers.
///
/// # Errors
/// When threads cannot be started.
pub fn runtime() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(THREADS).thread_name("work").enable_all().build()
}

/// Outermost middleware: detaches the handler from its connection.
pub async fn detach(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if request.uri().path() == "/livez" {
        return next.run(request).await;
    }
    let gone = ClientGone::default();
    let on_drop = gone.0.clone().drop_guard();
    request.extensions_mut().insert(gone);
    let answered = state.work().spawn(next.run(request)).await;
    on_drop.disarm();
    // The router catches panics; a task that did not run belongs to a runtime that shuts down.
    answered.unwrap_or_else(|_| Problem::unavailable().into_response())
}
