//! Following the server's event stream while somebody looks, and asking for the page again.

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
use super::renew::{Renewed, renew};
use crate::routes::login_address;

/// A stream that ends by itself is open again before this.
const NOTICED: Duration = Duration::from_secs(4);
/// How long to wait before trying again, at first and at most.
const WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// The header that says which audited view a request belongs to.
const VIEW_ID: &str = "x-view-id";
/// A screen reader is told of updates so often at most, in milliseconds.
const SAID_APART: f64 = 60_000.0;

/// What the page knows. There is one of it, as long as the page.
struct Page {
    /// The mark of what is shown.
    seen: Cell<i64>,
    /// The mark that the data are at.
    told: Cell<i64>,
    /// Which of the browser's windows holds the stream.
    election: Election,
    /// None unless this window does.
    source: RefCell<Option<EventSource>>,
    /// What the stream calls: on an event, an error and when it opens.
    calls: OnceCell<[Function; 3]>,
    asking: Cell<bool>,
    wait: Cell<Duration>,
    said_at: Cell<f64>,
    sign: Sign,
}

/// Where the page says how it is.
struct Sign {
    around: Element,
    word: Element,
    link: Element,
    /// For those who hear the page.
    status: Element,
}

impl Sign {
    /// With the mark of what is shown.
    fn find() -> Option<(Self, i64)> {
        let around = document().query_selector(".live").ok()??;
        let seen = around.get_attribute("data-seen")?.parse().ok()?;
        let word = around.first_element_child()?;
        let link = word.next_element_sibling()?;
        let status = link.next_element_sibling()?;
        Some((Self { around, word, link, status }, seen))
    }

    /// Whose data the page shows.
    fn partner(&self) -> String {
        self.around.get_attribute("data-partner").unwrap_or_default()
    }

    /// The audited view that the page is, where the reader is an internal person.
    fn view(&self) -> Option<String> {
        self.around.get_attribute("data-view")
    }

    /// The address of the event stream, which names the tenant where the reader may see
    /// several.
    fn stream(&self, seen: i64) -> String {
        match self.view() {
            Some(view) => format!("/live?seen={seen}&tenant={}&view={view}", self.partner()),
            None => format!("/live?seen={seen}"),
        }
    }

    /// Whether the page is not renewed by itself: what a reader works on is to stay.
    fn offers(&self) -> bool {
        self.around.has_attribute("data-offers")
    }

    fn show(&self, class: &str, word: &str) {
        self.around.set_class_name(class);
        self.word.set_text_content(Some(word));
        let _ = self.link.set_attribute("hidden", "");
    }

    fn show_live(&self) {
        self.show("live on", "Live");
    }

    fn show_reconnecting(&self) {
        self.show("live", "Reconnecting");
    }

    /// With the address to log in at.
    fn show_signed_out(&self, log_in: &str) {
        self.show_with("Signed out.", "Sign in", log_in);
    }

    /// The page's address is its state, whatever that is by then.
    fn show_newer(&self) {
        self.show_with("There is new data.", "Refresh", "");
    }

    fn show_with(&self, word: &str, link: &str, to: &str) {
        self.show("live", word);
        self.link.set_text_content(Some(link));
        let _ = self.link.remove_attribute("hidden");
        let _ = self.link.set_attribute("href", to);
        self.say(word);
    }

    fn say(&self, text: &str) {
        self.status.set_text_content(Some(text));
    }
}

/// Begins to follow, where the page asks for it; called once.
pub fn begin() {
    let Some((sign, seen)) = Sign::find() else { return };
    let page: &'static Page = Box::leak(Box::new(Page {
        seen: Cell::new(seen),
        told: Cell::new(seen),
        election: Election::new(&sign.partner()),
        source: RefCell::default(),
        calls: OnceCell::new(),
        asking: Cell::new(false),
        wait: Cell::new(WAIT),
        said_at: Cell::new(f64::NEG_INFINITY),
        sign,
    }));
    page.election.listen(|message| page.hear(message));
    page.open();
    // Nobody looks at a page in the background, and browsers have few connections to give.
    let watch = window_event_listener_untyped("visibilitychange", move |_| page.open());
    std::mem::forget(watch);
}

impl Page {
    /// Follows the stream, its own or that of another window; lets go of it where nobody looks.
    fn open(&'static self) {
        self.close();
        if document().hidden() {
            return;
        }
        self.election.post(Message::Question);
        self.election.stand(move || self.lead());
    }

    /// Opens the stream for all windows.
    fn lead(&'static self) {
        let Ok(source) = EventSource::new(&self.sign.stream(self.seen.get())) else {
            return;
        };
        let calls = || [Self::on_event, Self::on_error, Self::on_open].map(|call| self.call(call));
        let [on_event, on_error, on_open] = self.calls.get_or_init(calls);
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

    /// What another window says. One that nobody looks at asks when it is looked at again.
    fn hear(&'static self, message: Message) {
        match message {
            _ if document().hidden() => {}
            Message::Question if self.is_open() => {
                self.election.post(Message::Version(self.told.get().max(self.seen.get())));
            }
            Message::Question => {}
            Message::Lost => self.sign.show_reconnecting(),
            Message::Version(version) => {
                // This page may be newer than what the leader has heard of.
                self.told.set(version.max(self.seen.get()));
                self.wait.set(WAIT);
                self.catch_up();
            }
        }
    }

    /// Brings the page to the version that the data are at, or says that it is there.
    fn catch_up(&'static self) {
        match self.told.get() > self.seen.get() {
            false => self.sign.show_live(),
            true if self.sign.offers() => self.sign.show_newer(),
            true => {
                self.sign.show_live();
                self.ask();
            }
        }
    }

    fn call(&'static self, call: fn(&'static Self, MessageEvent)) -> Function {
        let call = move |told: Event| call(self, told.unchecked_into());
        let call = Closure::<dyn FnMut(Event)>::new(call);
        call.into_js_value().unchecked_into()
    }

    fn is_open(&self) -> bool {
        self.source.borrow().as_ref().is_some_and(|it| it.ready_state() == EventSource::OPEN)
    }

    fn on_open(&'static self, _: MessageEvent) {
        self.wait.set(WAIT);
        match self.sign.offers() && self.told.get() > self.seen.get() {
            true => self.sign.show_newer(),
            false => self.sign.show_live(),
        }
        self.election.post(Message::Version(self.told.get().max(self.seen.get())));
    }

    fn on_event(&'static self, event: MessageEvent) {
        if let Ok(mark) = event.last_event_id().parse() {
            self.told.set(mark);
            self.election.post(Message::Version(mark));
            match self.sign.offers() {
                true => self.sign.show_newer(),
                false => self.ask(),
            }
        }
    }

    fn on_error(&'static self, _: MessageEvent) {
        let closed = |it: &EventSource| it.ready_state() == EventSource::CLOSED;
        if self.source.borrow().as_ref().is_some_and(closed) {
            // The browser does not try again: the page itself says why.
            self.told.set(-1);
            self.ask();
            return;
        }
        let notice = move || {
            let leads = self.source.borrow().is_some();
            if leads && !self.is_open() && !document().hidden() {
                self.sign.show_reconnecting();
                self.election.post(Message::Lost);
            }
        };
        set_timeout(notice, NOTICED);
    }

    /// Asks for the page until it shows what was told last.
    fn ask(&'static self) {
        if self.asking.replace(true) {
            return;
        }
        spawn_local(async move {
            while self.told.get() != self.seen.get() {
                let mark = self.told.get();
                let asked = self.address();
                match fetch(&asked, self.sign.view().as_deref()).await {
                    Fetched::Page(_) if self.sign.offers() => {}
                    // Meanwhile the reader chose otherwise.
                    Fetched::Page(_) if self.address() != asked => continue,
                    Fetched::Page(fresh) => self.take(&fresh),
                    Fetched::SignedOut => {
                        self.close();
                        self.sign.show_signed_out(&login_address(&here()));
                        break;
                    }
                    Fetched::Nothing => {
                        self.try_later();
                        break;
                    }
                }
                if mark < 0 {
                    // Nothing wrong with the page: there may be too many streams.
                    self.told.set(self.seen.get());
                    self.try_later();
                } else {
                    self.seen.set(mark);
                }
            }
            self.asking.set(false);
        });
    }

    /// The page itself; where it is not renewed, one that is quickly there.
    fn address(&self) -> String {
        if self.sign.offers() {
            return "/account".to_owned();
        }
        here()
    }

    fn take(&self, fresh: &Element) {
        match renew(&document(), fresh) {
            Renewed::Nothing => {}
            Renewed::Something { as_of } => {
                if Date::now() - self.said_at.get() < SAID_APART {
                    return;
                }
                self.said_at.set(Date::now());
                self.sign.say(&match as_of {
                    Some(moment) => format!("Figures updated, as of {moment}"),
                    None => "Updated".to_owned(),
                });
            }
            Renewed::Otherwise => drop(window().location().reload()),
        }
    }

    fn try_later(&'static self) {
        self.close();
        self.sign.show_reconnecting();
        set_timeout(move || self.open(), self.wait.get());
        self.wait.set(LONGEST_WAIT.min(2 * self.wait.get()));
    }
}

/// Path and query of the page.
fn here() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// What came of asking for the page.
enum Fetched {
    Page(Element),
    /// The server leads to the log-in page.
    SignedOut,
    Nothing,
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
        return Fetched::Nothing;
    };
    let answer: Response = answer.unchecked_into();
    if answer.redirected() {
        return Fetched::SignedOut;
    }
    parse(answer).await.map_or(Fetched::Nothing, Fetched::Page)
}

async fn parse(answer: Response) -> Option<Element> {
    let text = answer.ok().then(|| answer.text())?.ok()?;
    let text = JsFuture::from(text).await.ok()?.as_string()?;
    let page = DomParser::new().ok()?.parse_from_string(&text, SupportedType::TextHtml).ok()?;
    page.document_element()
}
