//! Follows the event stream of data versions while the page is visible, and fetches the page again.

use std::cell::{Cell, OnceCell, RefCell};
use std::time::Duration;

use js_sys::futures::JsFuture;
use js_sys::{Date, Function};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    DomParser, Element, Event, EventSource, Headers, MessageEvent, RequestInit, Response,
    SupportedType,
};

use super::leader::{Election, Message};
use super::morph::{Outcome, morph_page};
use crate::routes::login_address;
use crate::ui::locale::use_locale;

/// A lost stream is not shown for this long: most reconnect at once.
const RECONNECT_GRACE: Duration = Duration::from_secs(4);
/// Exponential backoff of reconnects: the first wait and the longest.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const MAX_WAIT: Duration = Duration::from_secs(60);
/// The header with the id of the audited view that a request belongs to.
const VIEW_ID: &str = "x-view-id";
/// Throttles announcements of updates to screen readers, in milliseconds.
const ANNOUNCE_INTERVAL: f64 = 60_000.0;

/// The state of live updates. There is one, which lives as long as the page.
struct Page {
    /// The data version of the page.
    shown_version: Cell<i64>,
    /// The latest data version; -1 makes the page be fetched in any case.
    latest_version: Cell<i64>,
    /// Among the windows of the browser, of which one holds the stream.
    election: Election,
    /// None unless this window does.
    source: RefCell<Option<EventSource>>,
    /// The listeners of the stream: message, error, open.
    listeners: OnceCell<[Function; 3]>,
    is_fetching: Cell<bool>,
    wait: Cell<Duration>,
    announced_at: Cell<f64>,
    status: StatusIndicator,
}

/// Shows the status of live updates.
struct StatusIndicator {
    host: Element,
    text: Element,
    link: Element,
    /// A live region for screen readers.
    announcement: Element,
}

impl StatusIndicator {
    /// With the data version of the page; none where the page has none.
    fn find() -> Option<(Self, i64)> {
        let host = document().query_selector(".live").ok()??;
        let version = host.get_attribute("data-version")?.parse().ok()?;
        let text = host.first_element_child()?;
        let link = text.next_element_sibling()?;
        let announcement = link.next_element_sibling()?;
        Some((Self { host, text, link, announcement }, version))
    }

    /// The slug of the partner.
    fn partner(&self) -> String {
        self.host.get_attribute("data-partner").unwrap_or_default()
    }

    /// The id of the audited view, for internal people.
    fn view(&self) -> Option<String> {
        self.host.get_attribute("data-view")
    }

    /// The address of the event stream, with the tenant for people who may see several.
    fn stream(&self, version: i64) -> String {
        match self.view() {
            Some(view) => format!("/live?seen={version}&tenant={}&view={view}", self.partner()),
            None => format!("/live?seen={version}"),
        }
    }

    /// Whether new data is only announced: the page has state that must stay.
    fn only_announces(&self) -> bool {
        self.host.has_attribute("data-offers")
    }

    fn show(&self, class: &str, text: &str) {
        self.host.set_class_name(class);
        self.text.set_text_content(Some(text));
        let _ = self.link.set_attribute("hidden", "");
    }

    fn show_live(&self) {
        self.show("live on", use_locale().live_on());
    }

    fn show_reconnecting(&self) {
        self.show("live", use_locale().live_reconnecting());
    }

    /// With the address to log in at.
    fn show_signed_out(&self, log_in: &str) {
        let t = use_locale();
        self.show_with(t.live_signed_out(), t.login_submit(), log_in);
    }

    /// The link is to the address of the page at the time of the click, which is its state.
    fn show_newer(&self) {
        let t = use_locale();
        self.show_with(t.live_newer(), t.live_refresh(), "");
    }

    fn show_with(&self, text: &str, link: &str, to: &str) {
        self.show("live", text);
        self.link.set_text_content(Some(link));
        let _ = self.link.remove_attribute("hidden");
        let _ = self.link.set_attribute("href", to);
        self.announce(text);
    }

    fn announce(&self, text: &str) {
        self.announcement.set_text_content(Some(text));
    }
}

/// Starts live updates where the page has a status; called once.
pub fn mount() {
    let Some((status, version)) = StatusIndicator::find() else { return };
    let page: &'static Page = Box::leak(Box::new(Page {
        shown_version: Cell::new(version),
        latest_version: Cell::new(version),
        election: Election::new(&status.partner()),
        source: RefCell::default(),
        listeners: OnceCell::new(),
        is_fetching: Cell::new(false),
        wait: Cell::new(FIRST_WAIT),
        announced_at: Cell::new(f64::NEG_INFINITY),
        status,
    }));
    page.election.listen(|message| page.on_message(message));
    page.open();
    // Hidden pages hold no connection: browsers have few.
    let watch = window_event_listener_untyped("visibilitychange", move |_| page.open());
    std::mem::forget(watch);
}

impl Page {
    /// Follows the stream, its own or that of another window; closes it while the page is hidden.
    fn open(&'static self) {
        self.close();
        if document().hidden() {
            return;
        }
        self.election.post(Message::Question);
        self.election.run(move || self.lead());
    }

    /// Opens the stream for all windows.
    fn lead(&'static self) {
        let Ok(source) = EventSource::new(&self.status.stream(self.shown_version.get())) else {
            return;
        };
        let listeners =
            || [Self::on_event, Self::on_error, Self::on_open].map(|call| self.listener(call));
        let [on_event, on_error, on_open] = self.listeners.get_or_init(listeners);
        source.set_onmessage(Some(on_event));
        source.set_onerror(Some(on_error));
        source.set_onopen(Some(on_open));
        self.source.replace(Some(source));
    }

    fn close(&self) {
        if let Some(old) = self.source.take() {
            old.close();
        }
        self.election.resign();
    }

    /// Handles a message of another window. A hidden page asks again when it becomes visible.
    fn on_message(&'static self, message: Message) {
        match message {
            _ if document().hidden() => {}
            Message::Question if self.is_open() => {
                self.election.post(Message::Version(
                    self.latest_version.get().max(self.shown_version.get()),
                ));
            }
            Message::Question => {}
            Message::Lost => self.status.show_reconnecting(),
            Message::Version(version) => {
                // This page may be newer than the leader's latest version.
                self.latest_version.set(version.max(self.shown_version.get()));
                self.wait.set(FIRST_WAIT);
                self.catch_up();
            }
        }
    }

    /// Updates the page to the latest version, or announces it.
    fn catch_up(&'static self) {
        match self.latest_version.get() > self.shown_version.get() {
            false => self.status.show_live(),
            true if self.status.only_announces() => self.status.show_newer(),
            true => {
                self.status.show_live();
                self.refresh();
            }
        }
    }

    fn listener(&'static self, call: fn(&'static Self, MessageEvent)) -> Function {
        let call = move |event: Event| call(self, event.unchecked_into());
        let call = Closure::<dyn FnMut(Event)>::new(call);
        call.into_js_value().unchecked_into()
    }

    fn is_open(&self) -> bool {
        self.source.borrow().as_ref().is_some_and(|it| it.ready_state() == EventSource::OPEN)
    }

    fn on_open(&'static self, _: MessageEvent) {
        self.wait.set(FIRST_WAIT);
        match self.status.only_announces() && self.latest_version.get() > self.shown_version.get() {
            true => self.status.show_newer(),
            false => self.status.show_live(),
        }
        self.election
            .post(Message::Version(self.latest_version.get().max(self.shown_version.get())));
    }

    fn on_event(&'static self, event: MessageEvent) {
        if let Ok(version) = event.last_event_id().parse() {
            self.latest_version.set(version);
            self.election.post(Message::Version(version));
            match self.status.only_announces() {
                true => self.status.show_newer(),
                false => self.refresh(),
            }
        }
    }

    fn on_error(&'static self, _: MessageEvent) {
        let closed = |it: &EventSource| it.ready_state() == EventSource::CLOSED;
        if self.source.borrow().as_ref().is_some_and(closed) {
            // The browser does not retry: the response for the page has the reason.
            self.latest_version.set(-1);
            self.refresh();
            return;
        }
        let notice = move || {
            let leads = self.source.borrow().is_some();
            if leads && !self.is_open() && !document().hidden() {
                self.status.show_reconnecting();
                self.election.post(Message::Lost);
            }
        };
        set_timeout(notice, RECONNECT_GRACE);
    }

    /// Fetches the page until it shows the latest version.
    fn refresh(&'static self) {
        if self.is_fetching.replace(true) {
            return;
        }
        spawn_local(async move {
            while self.latest_version.get() != self.shown_version.get() {
                let version = self.latest_version.get();
                let address = self.address();
                match fetch(&address, self.status.view().as_deref()).await {
                    Fetched::Page(_) if self.status.only_announces() => {}
                    // The address has changed meanwhile.
                    Fetched::Page(_) if self.address() != address => continue,
                    Fetched::Page(fresh) => self.update(&fresh),
                    Fetched::SignedOut => {
                        self.close();
                        self.status.show_signed_out(&login_address(&current_address()));
                        break;
                    }
                    Fetched::Failed => {
                        self.retry_later();
                        break;
                    }
                }
                if version < 0 {
                    // The page is there, so the stream alone was refused: there may be too many.
                    self.latest_version.set(self.shown_version.get());
                    self.retry_later();
                } else {
                    self.shown_version.set(version);
                }
            }
            self.is_fetching.set(false);
        });
    }

    /// The address to fetch: that of the page, or of a fast page if nothing is replaced.
    fn address(&self) -> String {
        if self.status.only_announces() {
            return "/account".to_owned();
        }
        current_address()
    }

    fn update(&self, fresh: &Element) {
        match morph_page(&document(), fresh) {
            Outcome::Unchanged => {}
            Outcome::Changed { as_of } => {
                if Date::now() - self.announced_at.get() < ANNOUNCE_INTERVAL {
                    return;
                }
                self.announced_at.set(Date::now());
                self.status.announce(&match as_of {
                    Some(moment) => use_locale().live_updated_as_of(moment),
                    None => use_locale().live_updated().to_owned(),
                });
            }
            Outcome::ReloadRequired => drop(window().location().reload()),
        }
    }

    fn retry_later(&'static self) {
        self.close();
        self.status.show_reconnecting();
        set_timeout(move || self.open(), self.wait.get());
        self.wait.set(MAX_WAIT.min(2 * self.wait.get()));
    }
}

/// Path and query of the page.
fn current_address() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// The result of fetching the page.
enum Fetched {
    Page(Element),
    /// The server redirects to the log-in page.
    SignedOut,
    Failed,
}

async fn fetch(address: &str, view: Option<&str>) -> Fetched {
    let request = RequestInit::new();
    if let Some(view) = view
        && let Ok(headers) = Headers::new()
    {
        let _ = headers.set(VIEW_ID, view);
        request.set_headers_headers(&headers);
    }
    let fetched = window().fetch_with_str_and_init(address, &request);
    let Ok(answer) = JsFuture::from(fetched).await else {
        return Fetched::Failed;
    };
    let answer: Response = answer.unchecked_into();
    if answer.redirected() {
        return Fetched::SignedOut;
    }
    parse(answer).await.map_or(Fetched::Failed, Fetched::Page)
}

async fn parse(answer: Response) -> Option<Element> {
    let text = answer.ok().then(|| answer.text())?.ok()?;
    let text = JsFuture::from(text).await.ok()?.as_string()?;
    let page = DomParser::new().ok()?.parse_from_string(&text, SupportedType::TextHtml).ok()?;
    page.document_element()
}
