//! What is on the screen: replaces the parts that changed, and keeps the focus.

use charts::Markup;
use domain::frame::Column;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::patch::{change_inside, patch};
use crate::explore::{Board, CHARTS, State};
use crate::islands::reading::enliven;

/// Pixels across of a drawing at most.
const WIDEST: u32 = 1240;

/// Pixels beyond the screen that are drawn as if they were on it.
const NEAR: f64 = 120.0;

/// The element around all parts.
pub(super) struct Screen {
    host: HtmlElement,
    /// How wide each chart is.
    widths: [u32; CHARTS.len()],
    /// What each part was last given.
    shown: Vec<(&'static str, Column, String)>,
}

impl Screen {
    pub(super) fn new(host: HtmlElement) -> Self {
        Self { host, widths: [480; CHARTS.len()], shown: Vec::new() }
    }

    pub(super) fn host(&self) -> HtmlElement {
        self.host.clone()
    }

    fn find(&self, attribute: &str, name: &str) -> Option<HtmlElement> {
        let found = self.host.query_selector(&format!("[{attribute}=\"{name}\"]"));
        found.ok()?.map(JsCast::unchecked_into)
    }

    /// Looks how much room there is.
    pub(super) fn measure(&mut self) {
        for (place, column) in CHARTS.into_iter().enumerate() {
            let room = self.find("data-chart", column.as_str()).map_or(0, |it| it.client_width());
            self.widths[place] = u32::try_from(room).unwrap_or(0).clamp(240, WIDEST);
        }
    }

    /// For whoever waits for the page to be alive.
    pub(super) fn come_alive(&self) {
        let _ = self.host.set_attribute("data-alive", "");
    }

    pub(super) fn say(&self, text: &str) {
        self.say_markup(&Markup::text(text));
    }

    pub(super) fn say_markup(&self, html: &Markup) {
        if let Some(status) = self.find("data-part", "status") {
            status.set_inner_html(html);
        }
    }

    /// For those who hear the page.
    pub(super) fn tell(&self, text: &str) {
        if let Some(said) = self.find("data-part", "said") {
            said.set_text_content(Some(text));
        }
    }

    pub(super) fn say_speed(&self, text: &str) {
        if let Some(speed) = self.find("data-part", "speed") {
            speed.set_text_content(Some(text));
        }
    }

    /// Shows the page in its state: all of it, or the cards that somebody sees now; while a
    /// hand draws without what it could follow. Says whether any was left for later.
    pub(super) fn show(&mut self, board: &Board<'_>, all: bool) -> bool {
        let focus = Focus::here();
        // Asked before anything changes, for then the browser knows where things are.
        let seen = CHARTS.map(|column| all || self.is_seen(column));
        // By the place of the part in its card.
        if !board.hand {
            self.put("choices", Column::Day, board.choices());
        }
        self.put("sentence", Column::Day, board.sentence());
        self.put("header", Column::Day, board.header());
        for (place, column) in CHARTS.into_iter().enumerate().filter(|(place, _)| seen[*place]) {
            self.put("note", column, board.note(column));
            self.draw(column, board.drawing(column, self.widths[place]), board.hand);
            let table = self.find("data-table", column.as_str());
            let open = table.and_then(|it| it.closest("details[open]").ok()?);
            if let Some(open) = open
                && self.put("table", column, board.table(column))
            {
                enliven(&open);
            }
        }
        // To the longest period of which everything is known, with the filters as they are.
        if let Some(longest) = self.find("data-fits", "")
            && let Some(days) = longest.get_attribute("data-days").and_then(|it| it.parse().ok())
        {
            let href = board.state.with(|state| state.days = Some(days));
            let _ = longest.set_attribute("href", &href);
        }
        if let Some(focus) = focus {
            focus.restore();
        }
        board.hand || seen.contains(&false)
    }

    /// Replaces a drawing, or what changed of it; links are `left` as they are.
    fn draw(&mut self, column: Column, html: Markup, left: bool) {
        let host = self.find("data-chart", column.as_str());
        let before = self.shown.iter_mut().find(|(of, its, _)| (*of, *its) == ("chart", column));
        let patched = host.zip(before).and_then(|(host, (.., shown))| {
            *shown = patch(&host, shown, &html, left)?;
            Some(())
        });
        if patched.is_none() {
            self.put("chart", column, html);
        }
    }

    /// Whether the card of a chart is on the screen, or will be with the next turn of a wheel.
    fn is_seen(&self, column: Column) -> bool {
        let card =
            self.find("data-chart", column.as_str()).and_then(|it| it.closest(".card").ok()?);
        let height = window().inner_height().ok().and_then(|height| height.as_f64());
        let (Some(card), Some(height)) = (card, height) else { return true };
        let place = card.get_bounding_client_rect();
        -NEAR < place.bottom() && place.top() < height + NEAR
    }

    /// Replaces a part if it changed; says whether it did.
    fn put(&mut self, part: &'static str, column: Column, html: Markup) -> bool {
        let html = html.into_string();
        let before = self.shown.iter_mut().find(|(of, its, _)| (*of, *its) == (part, column));
        if before.as_ref().is_some_and(|(.., shown)| *shown == html) {
            return false;
        }
        let element = match part {
            "chart" | "note" | "table" => {
                self.host.query_selector(&format!("[data-{part}=\"{column}\"]"))
            }
            _ => self.host.query_selector(&format!("[data-part=\"{part}\"]")),
        };
        if let Ok(Some(element)) = element {
            let before = before.as_ref().filter(|_| part != "table");
            let changed = before.and_then(|(.., shown)| change_inside(&element, shown, &html));
            if changed.is_none() {
                element.set_inner_html(&html);
            }
        }
        match before {
            Some((.., shown)) => *shown = html,
            None => self.shown.push((part, column, html)),
        }
        true
    }
}

/// What is saved is what is looked at, and so is what stays where another measurement is chosen.
pub(super) fn tell_forms(state: &State) {
    if let Ok(Some(fields)) = document().query_selector("[data-fields]") {
        fields.set_inner_html(&state.fields());
    }
    let Ok(inputs) = document().query_selector_all("input[name=state]") else { return };
    let query = state.query();
    for input in (0..inputs.length()).filter_map(|at| inputs.item(at)) {
        input.unchecked_into::<HtmlInputElement>().set_value(&query);
    }
}

/// Where the keyboard is.
struct Focus {
    part: HtmlElement,
    name: String,
}

impl Focus {
    fn here() -> Option<Self> {
        let element = document().active_element()?;
        let part = element.parent_element()?.closest(PARTS).ok()??;
        Some(Self { name: name(&element), part: part.unchecked_into() })
    }

    /// Puts it on what has the same name now, else on the part.
    fn restore(self) {
        if self.part.contains(document().active_element().as_deref()) {
            return;
        }
        let same = self.part.query_selector_all("a").ok().and_then(|links| {
            (0..links.length())
                .filter_map(|at| links.item(at))
                .find(|link| name(link.unchecked_ref()) == self.name)
        });
        // A link of a drawing takes the focus as one of HTML does.
        let focus: HtmlElement = same.map_or(self.part, JsCast::unchecked_into);
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = focus.focus_with_options(&options);
    }
}

const PARTS: &str = "[data-part],[data-chart],[data-table],[data-note]";

/// What a link is of, whatever it says of it.
pub(super) fn name(element: &Element) -> String {
    let label = element.get_attribute("aria-label");
    let label = label.or_else(|| element.text_content()).unwrap_or_default();
    label.split(": ").next().unwrap_or_default().to_owned()
}
