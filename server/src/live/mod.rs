//! `GET /live`: server-sent events by which pages learn that they are out of date and reload.
//!
//! The database sends a notification for every commit ([`store::data_version`]); one
//! connection of this process listens ([`listen`]) and wakes the streams of that tenant. An
//! event contains the tenant's data version, never what changed: the request for the
//! data is authorized itself. A stream ends immediately when its session ends, its person is
//! disabled or gets another role, or its token is revoked: that is a notification, too
//! (migration 0015); notifications missed while disconnected are checked afterwards.

mod listen;

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream, StreamExt};
use http::{HeaderMap, HeaderValue, header};
use rand::RngExt;
use store::{Actor, TenantTx};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

pub use self::listen::listen;
use crate::auth::Caller;
use crate::limits::count_refusal;
use crate::problem::{ApiResult, EN, Problem};
use crate::resources::streams::{StreamPermit, end_invalid};
use crate::state::AppState;
use crate::web::extract::Query;

/// Minimum interval between two events of a stream (throttle).
const MIN_EVENT_INTERVAL: Duration = Duration::from_secs(1);
/// Interval of keep-alive comments: proxies and browsers close a connection that is idle for
/// about a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Reconnection delay of browsers in milliseconds, random to spread the load.
const RETRY_MS: std::ops::Range<u64> = 500..2_000;

/// `GET /live?seen=VERSION`, an event stream. `Last-Event-ID` has precedence over `seen`. If the
/// tenant's data version differs from the caller's, or the caller sends none, an event follows
/// immediately.
///
/// # Errors
/// 400 for an invalid version, 401 for a credential that has just ended, 403 for an internal
/// person without a chosen partner, 429 for too many streams of one session, person, tenant or
/// in total.
pub async fn get(
    State(state): State<AppState>,
    Caller(principal): Caller,
    query: Query,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let seen = query.parse("seen", EN.cause_data_version())?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let tenant = principal.tenant().ok_or(store::Error::NoTenant)?;
    let mut permit = StreamPermit::try_acquire(state.streams(), state.limits(), &principal, tenant)
        .ok_or_else(|| {
            count_refusal("streams");
            Problem::too_many(EN.limit_streams(), 30)
        })?;
    // The credential was checked before the stream was registered: check again whether it was
    // revoked in between.
    if let Actor::User { session: id, .. } | Actor::Token { id, .. } = principal.actor() {
        end_invalid(state.store(), state.streams(), &[(*id, tenant)]).await?;
    }
    if permit.has_ended() {
        return Err(Problem::unauthorised());
    }
    // Subscribe before reading the version: no change is missed.
    let versions = state.streams().subscribe(tenant);
    let latest_version = TenantTx::begin(state.store(), &principal).await?.data_version().await?;
    let live = Live {
        latest_version,
        sent_version: last.or(seen),
        versions,
        draining: state.draining(),
        next_event: Instant::now(),
        deadline: Instant::now() + state.limits().live_time,
        permit,
    };
    let mut response =
        Sse::new(live.events()).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx buffers events otherwise.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// An open stream.
struct Live {
    /// The tenant's data version.
    latest_version: i64,
    /// The data version that the caller knows.
    sent_version: Option<i64>,
    versions: watch::Receiver<i64>,
    draining: watch::Receiver<bool>,
    /// When the next event may be sent.
    next_event: Instant,
    /// When the stream ends; the client reconnects with its credential.
    deadline: Instant,
    permit: StreamPermit,
}

impl Live {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        let retry = Duration::from_millis(rand::rng().random_range(RETRY_MS));
        let first = Event::default().retry(retry);
        let events = stream::unfold(self, async |mut live| Some((live.event().await?, live)));
        stream::once(std::future::ready(first)).chain(events).map(Ok)
    }

    /// Waits for the next event; none at the end of the stream.
    async fn event(&mut self) -> Option<Event> {
        loop {
            let is_outdated = self.sent_version != Some(self.latest_version);
            tokio::select! {
                biased;
                _ = self.draining.wait_for(|draining| *draining) => return None,
                () = self.permit.ended() => return None,
                () = sleep_until(self.deadline) => return None,
                () = sleep_until(self.next_event), if is_outdated => break,
                changed = self.versions.changed() => {
                    changed.ok()?;
                    let version = *self.versions.borrow_and_update();
                    self.latest_version = self.latest_version.max(version);
                }
            }
        }
        self.sent_version = Some(self.latest_version);
        self.next_event = Instant::now() + MIN_EVENT_INTERVAL;
        let version = self.latest_version;
        Some(Event::default().id(version.to_string()).data(format!(r#"{{"watermark":{version}}}"#)))
    }
}
