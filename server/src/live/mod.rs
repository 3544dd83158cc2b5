//! `GET /live`: pages learn that what they show is out of date, and ask for it again.
//!
//! The database tells of every change as it is committed ([`store::data_version`]); one
//! connection of this process listens ([`listen`]) and wakes the streams of that tenant. An
//! event says which mark the tenant is at, and never what changed: what a caller may see is
//! decided where it is asked for. A stream ends at once where its session ends, its person is
//! disabled or gets another role, or its token is revoked: that is a notification, too
//! (migration 0015), and what was missed while nobody listened is checked afterwards.

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
use crate::resources::streams::{Place, end_invalid};
use crate::state::AppState;
use crate::web::extract::Query;

/// Events of one stream are at least so far apart.
const APART: Duration = Duration::from_secs(1);
/// Proxies and browsers give up on a connection that is silent for a minute or so.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a browser waits until it comes back, in milliseconds: not all at once.
const RETRY_MS: std::ops::Range<u64> = 500..2_000;

/// `GET /live?seen=MARK`, an event stream. `Last-Event-ID` is later than `seen`; where the
/// tenant is at another mark than the caller, or the caller names none, that is told at once.
///
/// # Errors
/// 400 for a mark that is none, 401 for a credential that ended just now, 403 for one of ours
/// who has chosen no partner, 429 for too many streams of one session, person, tenant or of
/// all.
pub async fn get(
    State(state): State<AppState>,
    Caller(principal): Caller,
    query: Query,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let seen = query.parse("seen", EN.cause_data_version())?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let tenant = principal.tenant().ok_or(store::Error::NoTenant)?;
    let mut place =
        Place::take(state.streams(), state.limits(), &principal, tenant).ok_or_else(|| {
            count_refusal("streams");
            Problem::too_many(EN.limit_streams(), 30)
        })?;
    // The credential was checked before the stream could be ended: check again what may have
    // been revoked between.
    if let Actor::User { session: id, .. } | Actor::Token { id, .. } = principal.actor() {
        end_invalid(state.store(), state.streams(), &[(*id, tenant)]).await?;
    }
    if place.has_ended() {
        return Err(Problem::unauthorised());
    }
    // Followed first and looked at then: nothing falls between.
    let marks = state.streams().follow(tenant);
    let now = TenantTx::begin(state.store(), &principal).await?.data_version().await?;
    let live = Live {
        now,
        told: last.or(seen),
        marks,
        draining: state.draining(),
        next: Instant::now(),
        ends: Instant::now() + state.limits().live_time,
        place,
    };
    let mut response =
        Sse::new(live.events()).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would collect events otherwise.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// A stream that is open.
struct Live {
    /// The tenant's mark.
    now: i64,
    /// The mark that the caller knows.
    told: Option<i64>,
    marks: watch::Receiver<i64>,
    draining: watch::Receiver<bool>,
    /// When the next event may be told.
    next: Instant,
    /// Whoever comes back after this shows the credential again.
    ends: Instant,
    place: Place,
}

impl Live {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        let retry = Duration::from_millis(rand::rng().random_range(RETRY_MS));
        let first = Event::default().retry(retry);
        let events = stream::unfold(self, async |mut live| Some((live.event().await?, live)));
        stream::once(std::future::ready(first)).chain(events).map(Ok)
    }

    /// The next event; none where the stream ends.
    async fn event(&mut self) -> Option<Event> {
        loop {
            tokio::select! {
                biased;
                _ = self.draining.wait_for(|draining| *draining) => return None,
                () = self.place.ended() => return None,
                () = sleep_until(self.ends) => return None,
                () = sleep_until(self.next), if self.told != Some(self.now) => break,
                changed = self.marks.changed() => {
                    changed.ok()?;
                    self.now = self.now.max(*self.marks.borrow_and_update());
                }
            }
        }
        self.told = Some(self.now);
        self.next = Instant::now() + APART;
        let mark = self.now;
        Some(Event::default().id(mark.to_string()).data(format!(r#"{{"watermark":{mark}}}"#)))
    }
}
