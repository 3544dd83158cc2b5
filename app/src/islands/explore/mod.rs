//! Linked charts: fetches the runs once, and then answers every click and brush itself.
//! Until then, and without it, every mark is a link that the server answers.

mod brush;
mod fetch;
mod patch;
mod screen;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use engine::explore::Explorer;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement, MouseEvent};

use self::brush::Drag;
use self::screen::Screen;
use crate::explore::{Board, State, apply, explorer};
use crate::ui::query::in_tenant;

/// The server's part of it, around the page.
#[component]
pub fn Live(
    /// Where the runs are.
    source: String,
    /// How many there are, in words.
    runs: String,
    /// The moment of the figures.
    as_of: String,
    /// The page.
    children: Children,
) -> impl IntoView {
    view! { <div class="explore" data-source=source data-runs=runs data-as-of=as_of>{children()}</div> }
}

/// Takes over what the server drew, where the page is this one.
pub fn begin() {
    let Ok(Some(host)) = document().query_selector(".explore[data-source]") else { return };
    let told = |name| host.get_attribute(name).unwrap_or_default();
    let (source, runs) = (told("data-source"), told("data-runs"));
    let page = Rc::new(RefCell::new(Page {
        as_of: told("data-as-of"),
        screen: Screen::new(host.unchecked_into()),
        explorer: None,
        state: State::of(&query()),
        drag: None,
        dragged: false,
        waits: false,
        drawn: 0,
        last: None,
    }));
    listen(&page);
    load(page, source, &runs);
}

/// The page as it lives.
struct Page {
    screen: Screen,
    as_of: String,
    /// None until the runs are here.
    explorer: Option<Explorer>,
    state: State,
    drag: Option<Drag>,
    /// Whether the click that comes next is the end of a drag.
    dragged: bool,
    /// Whether a drawing is on its way.
    waits: bool,
    /// How many there were.
    drawn: u64,
    /// The mark that was clicked last: its chart, and what it is of.
    last: Option<(Element, String)>,
}

type Shared = Rc<RefCell<Page>>;

fn query() -> String {
    window().location().search().unwrap_or_default()
}

fn load(page: Shared, source: String, runs: &str) {
    page.borrow().screen.say(&format!("Loading {runs}…"));
    spawn_local(async move {
        let fetched = fetch::runs(&source).await;
        let mut now = page.borrow_mut();
        match fetched.map(|frame| explorer(frame, &now.state)) {
            Ok(Ok(explorer)) => {
                now.explorer = Some(explorer);
                now.screen.measure();
                now.screen.say("");
                now.draw(true);
                now.screen.come_alive();
            }
            Ok(Err(missing)) => now.screen.say(&missing.to_string()),
            Err(why) => now.screen.say_markup(&why),
        }
    });
}

impl Page {
    /// Brings charts and screen into the state, in one go; says whether cards that nobody sees
    /// were left as they were.
    fn draw(&mut self, all: bool) -> bool {
        self.waits = false;
        self.drawn += 1;
        let Some(explorer) = &mut self.explorer else { return false };
        let clock = window().performance();
        let now = || clock.as_ref().map_or(0.0, web_sys::Performance::now);
        let begun = now();
        apply(explorer, &self.state);
        let hand = self.drag.is_some() && !all;
        let board = Board { hand, ..Board::new(explorer, &self.state) };
        let left = self.screen.show(&board, all);
        let speed = format!(
            "{}, as of {}; last answer in {:.1}\u{a0}ms",
            board.runs(),
            self.as_of,
            now() - begun
        );
        self.screen.say_speed(&speed);
        if self.drag.is_none() {
            self.screen.tell(&board.result());
        }
        left
    }

    /// The state with the marks from one to another of a chart selected.
    fn brushed(&self, column: domain::frame::Column, marks: Option<(usize, usize)>) -> State {
        match &self.explorer {
            Some(explorer) => Board::new(explorer, &self.state).brushed(column, marks),
            None => self.state.clone(),
        }
    }

    /// Writes the state into the address: as a step that can be taken back, or over the last.
    fn remember(&self, step: bool) {
        let Ok(history) = window().history() else { return };
        let (nothing, address) = (JsValue::NULL, self.state.address());
        let _ = match step {
            true => history.push_state_with_url(&nothing, "", Some(&address)),
            false => history.replace_state_with_url(&nothing, "", Some(&address)),
        };
        screen::tell_forms(&self.state);
    }
}

/// How long a hand that draws is still before all is drawn that was left for later.
const RESTS: Duration = Duration::from_millis(120);

/// Draws before the next frame; many changes until then are one drawing. What nobody sees is
/// drawn in the frame after that, or when the hand that draws rests, unless there is something
/// new by then.
fn soon(page: &Shared) {
    let Ok(mut now) = page.try_borrow_mut() else { return };
    if now.waits {
        return;
    }
    now.waits = true;
    let page = Rc::clone(page);
    request_animation_frame(move || {
        let mut now = page.borrow_mut();
        if now.draw(false) {
            let (drawn, later) = (now.drawn, Rc::clone(&page));
            let rest = move || {
                let mut now = later.borrow_mut();
                if !now.waits && now.drawn == drawn {
                    now.draw(true);
                }
            };
            match now.drag {
                Some(_) => set_timeout(rest, RESTS),
                None => request_animation_frame(rest),
            }
        }
    });
}

/// Goes to another state, as a step that can be taken back.
fn go(page: &Shared, state: State) {
    {
        let mut now = page.borrow_mut();
        if now.state == state {
            return;
        }
        if state.is_too_long() {
            now.screen.say("No more can be selected at once.");
            return;
        }
        now.screen.say("");
        now.state = state;
        now.remember(true);
    }
    soon(page);
}

fn on(host: &HtmlElement, event: &str, page: &Shared, act: fn(&Shared, web_sys::Event)) {
    let page = Rc::clone(page);
    let act = Closure::<dyn Fn(web_sys::Event)>::new(move |event| act(&page, event));
    let _ = host.add_event_listener_with_callback(event, act.as_ref().unchecked_ref());
    // It listens as long as the page is there.
    act.forget();
}

fn listen(page: &Shared) {
    let host = page.borrow().screen.host();
    on(&host, "click", page, click);
    on(&host, "pointerdown", page, brush::down);
    on(&host, "pointermove", page, brush::moved);
    on(&host, "pointerup", page, brush::up);
    on(&host, "pointercancel", page, brush::up);
    on(&host, "dblclick", page, brush::clear);
    on(&host, "keydown", page, brush::key);
    on(&host, "dragstart", page, |_, event| {
        if chart_of(&event).is_some() {
            event.prevent_default();
        }
    });
    let back = Rc::clone(page);
    let forward = move |_| {
        let state = State::of(&query());
        let mut now = back.borrow_mut();
        if now.explorer.is_none() || !now.state.is_of_the_same(&state) {
            let _ = window().location().reload();
            return;
        }
        screen::tell_forms(&state);
        now.state = state;
        drop(now);
        soon(&back);
    };
    let resized = Rc::clone(page);
    let resized = move |_| {
        resized.borrow_mut().screen.measure();
        soon(&resized);
    };
    std::mem::forget(window_event_listener_untyped("popstate", forward));
    std::mem::forget(window_event_listener_untyped("resize", resized));
}

/// What is within the charts that a hand can draw a range on.
fn chart_of(event: &web_sys::Event) -> Option<Element> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("svg").ok()??.closest("[data-brush]").ok()?
}

/// A link to another state of the same runs needs no server.
fn click(page: &Shared, event: web_sys::Event) {
    if std::mem::take(&mut page.borrow_mut().dragged) {
        event.prevent_default();
        return;
    }
    let Some(target) = event.target().and_then(|it| it.dyn_into::<Element>().ok()) else { return };
    if let Ok(Some(_)) = target.closest("summary") {
        // The table is made when it is opened.
        soon(page);
        return;
    }
    let click: &MouseEvent = event.unchecked_ref();
    let chart = target.closest("[data-chart]").ok().flatten();
    if chart.is_some() && page.borrow().drag.is_some() {
        // Another finger, while marks have no words and lead nowhere.
        event.prevent_default();
        return;
    }
    if click.ctrl_key() || click.meta_key() || (click.shift_key() && chart.is_none()) {
        return;
    }
    let Ok(Some(link)) = target.closest("a[href]") else { return };
    let Some(mut state) = leads_to(&link) else { return };
    {
        let mut now = page.borrow_mut();
        if now.explorer.is_none() || !now.state.is_of_the_same(&state) {
            return;
        }
        if click.shift_key() {
            let from = now.last.take().filter(|(of, _)| Some(of) == chart.as_ref());
            state = now.extended(state, &link, from);
        }
        now.last = chart.map(|chart| (chart, screen::name(&link)));
    }
    event.prevent_default();
    go(page, state);
}

/// The state that a link leads to; none where that is another page, or a file.
fn leads_to(link: &Element) -> Option<State> {
    let href = link.get_attribute("href")?;
    let query = href.strip_prefix(in_tenant("/explore").as_str())?;
    (query.is_empty() || query.starts_with('?')).then(|| State::of(query))
}

impl Page {
    /// What is selected, with all from the mark that was clicked before to this one, which
    /// alone would lead to that state.
    fn extended(&self, to: State, link: &Element, from: Option<(Element, String)>) -> State {
        let mut state = self.state.clone();
        let Some((chart, name)) = from.filter(|(chart, _)| !chart.has_attribute("data-brush"))
        else {
            let mut to = to;
            to.extend(&state);
            return to;
        };
        let Ok(marks) = chart.query_selector_all("a[href]") else { return to };
        let marks: Vec<Element> =
            (0..marks.length()).filter_map(|at| marks.item(at)?.dyn_into().ok()).collect();
        let place = |of: &dyn Fn(&Element) -> bool| marks.iter().position(of);
        let (Some(from), Some(here)) =
            (place(&|mark| screen::name(mark) == name), place(&|mark| mark == link))
        else {
            return to;
        };
        for mark in &marks[from.min(here)..=from.max(here)] {
            if let Some(with) = leads_to(mark) {
                state.extend(&with);
            }
        }
        state
    }
}
