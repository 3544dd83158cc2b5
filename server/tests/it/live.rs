//! Live updates: the data version changes with visible data, and subscribers receive an event.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use domain::{TenantId, Timestamp};
use futures::StreamExt;
use http::{Response, header};
use server::live;
use server::state::Limits;
use store::{Principal, TenantTx};
use tokio::sync::watch;

use crate::support::{House, PASSWORD, get, now, ocp_run, post};

const RUN: &str = r#"{"type":"run","id":"1","unit":{"serial":"U1","product":"P"},"operation":"L10","started_at":"2026-03-01T08:00:00Z","outcome":"fail"}"#;
const REPAIR: &str =
    r#"{"type":"repair","id":"r","unit":"U1","at":"2026-03-01T09:00:00Z","action":"replace"}"#;

impl House {
    async fn watermark(&self, tenant: TenantId) -> i64 {
        let console = Principal::console(Some(tenant));
        let mut tx = TenantTx::begin(self.state.store(), &console).await.unwrap();
        tx.data_version().await.unwrap()
    }

    /// Whether an action changes the data version of the partner north: 1 or 0.
    async fn moved(&self, action: impl Future) -> i64 {
        let before = self.watermark(self.north.id).await;
        action.await;
        let after = self.watermark(self.north.id).await;
        assert!(after >= before);
        i64::from(after > before)
    }

    async fn fix_counts(&self) {
        let until = Timestamp::from_micros(now().micros() + 86_400_000_000).unwrap();
        let console = Principal::console(Some(self.north.id));
        let mut tx = TenantTx::begin(self.state.store(), &console).await.unwrap();
        tx.recount(until, |_| {}).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Starts to listen for notifications. A message of the returned sender stops it.
    pub fn listen(&self) -> watch::Sender<bool> {
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(live::listen(self.state.clone(), stopped));
        stop
    }

    async fn stream(&self, cookie: &str, last: Option<i64>) -> Response<Body> {
        let mut request = get("/live").header(header::COOKIE, cookie);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        self.call(request.body(Body::empty()).unwrap()).await
    }

    async fn follow(&self, cookie: &str, last: Option<i64>) -> EventStream {
        let answer = self.stream(cookie, last).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        EventStream::new(answer)
    }
}

/// The events of a stream.
pub struct EventStream {
    stream: BodyDataStream,
    text: String,
}

impl EventStream {
    pub fn new(answer: Response<Body>) -> Self {
        Self { stream: answer.into_body().into_data_stream(), text: String::new() }
    }

    /// The data version of the next event, which must arrive within five seconds; `None` if the
    /// stream ended.
    pub async fn next(&mut self) -> Option<i64> {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let event: Vec<String> = event.lines().map(str::to_owned).collect();
                self.text = rest.to_owned();
                let field = |name: &str| {
                    event.iter().find_map(|line| line.strip_prefix(name)).map(str::trim)
                };
                if let Some(id) = field("id:") {
                    assert_eq!(field("data:").unwrap(), format!(r#"{{"watermark":{id}}}"#));
                    return Some(id.parse().unwrap());
                }
            }
            let piece = tokio::time::timeout(Duration::from_secs(5), self.stream.next());
            let piece = piece.await.expect("no event in five seconds")?.unwrap();
            self.text += std::str::from_utf8(&piece).unwrap();
        }
    }
}

#[tokio::test]
async fn the_mark_moves_once_with_whatever_is_shown_and_with_nothing_else() {
    let house = House::new().await;
    let north = &house.north;
    let upload = |body: &'static str| house.upload(&north.ingest, "/ingest/v1/firstpass", body);
    assert_eq!(house.watermark(north.id).await, 0);
    assert_eq!(house.moved(upload(RUN)).await, 1, "a run");
    assert_eq!(house.moved(upload(RUN)).await, 0, "the same again");
    assert_eq!(house.moved(upload(REPAIR)).await, 1, "a repair");
    assert_eq!(house.moved(upload("junk\n")).await, 0, "nothing but rejects");
    let again = upload(RUN).await;
    let receipt = again.json["first_receipt_id"].as_str().unwrap();
    let replay = format!("/ingest/v1/receipts/{receipt}/replay");
    assert_eq!(house.moved(house.upload(&north.ingest, &replay, "")).await, 1, "a replay");

    let units = house.read(&north.read, "/api/v1/units/U1").await;
    let run = units.json["runs"][0]["id"].as_str().unwrap();
    let void = format!("/api/v1/runs/{run}/void");
    let kind = "/api/v1/units/U1/kind";
    for (method, path, body) in [
        ("PUT", void.as_str(), r#"{"reason":"a try"}"#),
        ("DELETE", &void, ""),
        ("PUT", kind, r#"{"kind":"golden","reason":"a try"}"#),
        ("DELETE", kind, ""),
    ] {
        let asked = house.ask(method, path, &north.engineer, body);
        assert_eq!(house.moved(asked).await, 1, "{method} {path}");
    }

    let event = r#"{"at":"2026-03-05T00:00:00Z","kind":"maintenance","what":"a try","scope":{}}"#;
    let recorded = house.ask("POST", "/api/v1/events", &north.engineer, event);
    assert_eq!(house.moved(recorded).await, 1, "a change event");

    house.db.superuser("update yield_cell set runs = runs + 1").await;
    assert_eq!(house.moved(house.fix_counts()).await, 1, "an error is fixed");

    for path in ["/api/v1/yield", "/api/v1/units", "/api/v1/receipts"] {
        assert_eq!(house.moved(house.read(&north.read, path)).await, 0, "{path}");
    }
    let south = house.upload(&house.south.ingest, "/ingest/v1/firstpass", RUN);
    assert_eq!(house.moved(south).await, 0, "another partner's upload");
    let refused = house.upload(&north.ingest, "/ingest/v1/nonsense", RUN);
    assert_eq!(house.moved(refused).await, 0, "what was not kept");
}

#[tokio::test]
async fn a_partner_receives_events_of_its_own_changes_only() {
    let house = House::new().await;
    let _listening = house.listen();
    let mut north = house.follow(&house.north.viewer, Some(0)).await;
    let mut south = house.follow(&house.south.viewer, Some(0)).await;
    for serial in ["S1", "S2", "S3"] {
        let body = ocp_run(serial, "L10", "2026-03-01T08:00:00Z", true);
        house.upload(&house.south.ingest, "/ingest/v1/ocptv", body).await;
    }
    let last = house.watermark(house.south.id).await;
    while south.next().await.unwrap() < last {}
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", RUN).await;
    // An event of the partner south would arrive first.
    assert_eq!(north.next().await, Some(house.watermark(house.north.id).await));
    house.state.drain();
    assert_eq!(north.next().await, None);
}

#[tokio::test]
async fn a_client_that_reconnects_receives_the_missed_version_at_once() {
    let house = House::new().await;
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", RUN).await;
    let watermark = house.watermark(house.north.id).await;
    // There is no listener: the event has the current data version.
    assert_eq!(house.follow(&house.north.viewer, Some(0)).await.next().await, Some(watermark));
    assert_eq!(house.follow(&house.north.viewer, None).await.next().await, Some(watermark));
    let seen = house.get("/live?seen=0", &house.north.viewer).await;
    let mut seen = EventStream::new(seen);
    assert_eq!(seen.next().await, Some(watermark));
    assert_eq!(house.get("/live?seen=x", &house.north.viewer).await.status(), 400);

    let mut missed_nothing = house.follow(&house.north.viewer, Some(watermark)).await;
    house.state.drain();
    assert_eq!(missed_nothing.next().await, None);
}

#[tokio::test]
async fn a_burst_of_uploads_is_throttled_to_a_few_events_including_the_last() {
    let house = House::new().await;
    let _listening = house.listen();
    let mut heard = house.follow(&house.north.viewer, Some(0)).await;
    let begun = tokio::time::Instant::now();
    let uploads = async {
        for number in 0..12 {
            let body = ocp_run(&format!("N{number}"), "L10", "2026-03-01T08:00:00Z", true);
            house.upload(&house.north.ingest, "/ingest/v1/ocptv", body).await;
        }
    };
    let events = async {
        let mut count = 1;
        loop {
            let watermark = heard.next().await.unwrap();
            let all = house.db.count("select count(*) from receipt").await == 12;
            if all && watermark == house.watermark(house.north.id).await {
                return count;
            }
            count += 1;
        }
    };
    let (count, ()) = tokio::join!(events, uploads);
    assert!(count <= 2 + begun.elapsed().as_secs(), "{count} events");
}

#[tokio::test]
async fn a_connection_that_was_killed_is_made_again_and_nothing_is_missed() {
    let house = House::new().await;
    let _listening = house.listen();
    let mut heard = house.follow(&house.north.viewer, Some(0)).await;
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", RUN).await;
    let watermark = async || Some(house.watermark(house.north.id).await);
    assert_eq!(heard.next().await, watermark().await);
    let killed = house
        .db
        .count(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity
             where datname = current_database() and query like 'LISTEN%'",
        )
        .await;
    assert_eq!(killed, 1);
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", REPAIR).await;
    assert_eq!(heard.next().await, watermark().await);
    let body = ocp_run("U2", "L10", "2026-03-01T08:00:00Z", true);
    house.upload(&house.north.ingest, "/ingest/v1/ocptv", body).await;
    assert_eq!(heard.next().await, watermark().await);
}

#[tokio::test]
async fn a_change_whose_notification_was_lost_is_announced_all_the_same() {
    let house = House::new().await;
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", RUN).await;
    let version = house.watermark(house.north.id).await;
    let _listening = house.listen();
    let mut heard = house.follow(&house.north.viewer, Some(version)).await;
    // Simulates a server that dies between commit and notification.
    house.db.superuser("update watermark set data_version = data_version + 1").await;
    assert_eq!(heard.next().await, Some(version + 1));
}

#[tokio::test]
async fn an_internal_person_follows_the_partner_that_the_address_names() {
    let house = House::new().await;
    assert_eq!(house.stream(&house.operator, None).await.status(), 400);
    let body = ocp_run("S1", "L10", "2026-03-01T08:00:00Z", true);
    house.upload(&house.south.ingest, "/ingest/v1/ocptv", body).await;
    let watermark = house.watermark(house.south.id).await;
    for (slug, watermark) in [("south", watermark), ("north", 0)] {
        let stream = house.get(&format!("/live?tenant={slug}"), &house.operator).await;
        assert_eq!(EventStream::new(stream).next().await, Some(watermark), "{slug}");
    }
}

#[tokio::test]
async fn a_session_has_so_many_streams_and_all_have_so_many() {
    let mut house = House::new().await;
    house.limit(Limits { live_streams: 3, live_streams_of_one: 2, ..Limits::default() });
    let first = house.follow(&house.north.viewer, None).await;
    let second = house.follow(&house.north.viewer, None).await;
    let refused = house.stream(&house.north.viewer, None).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key(header::RETRY_AFTER));
    let _third = house.follow(&house.south.viewer, None).await;
    assert_eq!(house.stream(&house.north.engineer, None).await.status(), 429);
    drop(first);
    let _fourth = house.follow(&house.north.engineer, None).await;
    drop(second);
    let _fifth = house.follow(&house.north.viewer, None).await;
}

#[tokio::test]
async fn a_person_and_a_tenant_have_so_many_streams_over_all_sessions() {
    let mut house = House::new().await;
    let body = format!(r#"{{"email":"viewer@north.example","password":"{PASSWORD}"}}"#);
    let request = post("/api/v1/sessions").header(header::CONTENT_TYPE, "application/json");
    let answer = house.call(request.body(Body::from(body)).unwrap()).await;
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
    let second_session = cookie.split(';').next().unwrap();

    house.limit(Limits { live_streams_of_person: 1, ..Limits::default() });
    let first = house.follow(&house.north.viewer, None).await;
    assert_eq!(house.stream(second_session, None).await.status(), 429);
    let _other = house.follow(&house.north.engineer, None).await;
    drop(first);
    let _second = house.follow(second_session, None).await;

    house.limit(Limits { live_streams_of_tenant: 1, ..Limits::default() });
    let _first = house.follow(&house.north.viewer, None).await;
    assert_eq!(house.stream(&house.north.engineer, None).await.status(), 429);
    let _other = house.follow(&house.south.engineer, None).await;
}

#[tokio::test]
async fn a_stream_ends_after_its_time_so_that_a_session_that_ended_is_noticed() {
    let mut house = House::new().await;
    house.limit(Limits { live_time: Duration::from_millis(50), ..Limits::default() });
    let mut heard = house.follow(&house.north.viewer, Some(0)).await;
    assert_eq!(heard.next().await, None);
    house.db.superuser("delete from session").await;
    assert_eq!(house.stream(&house.north.viewer, Some(0)).await.status(), 401);
}

#[tokio::test]
async fn a_mark_is_not_repeated_where_an_older_state_is_brought_back() {
    let house = House::new().await;
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", RUN).await;
    let older = house.watermark(house.north.id).await;
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", REPAIR).await;
    let lost = house.watermark(house.north.id).await;
    house.db.superuser(&format!("update watermark set data_version = {older}")).await;
    let body = ocp_run("U2", "L10", "2026-03-01T08:00:00Z", true);
    house.upload(&house.north.ingest, "/ingest/v1/ocptv", body).await;
    assert!(house.watermark(house.north.id).await > lost);
}
