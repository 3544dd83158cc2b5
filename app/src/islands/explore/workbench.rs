//! The state of Explore in the browser, and when it is rendered.
//!
//! Signals hold the selected state and the rendering; a memo brings the engine into the state of
//! the rendering, and the views read their parts from it.

use std::time::Duration;

use domain::frame::Column;
use engine::explore::Explorer;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use super::drag::Drag;
use super::fetch::LoadError;
use super::focus::Focus;
use super::navigation::update_forms;
use crate::explore::{Board, CHARTS, State, apply};
use crate::ui::locale::use_locale;

/// Debounce of the full redraw after a drag: how long the pointer is still before everything is
/// redrawn that was skipped during the drag.
const IDLE_REDRAW_DELAY: Duration = Duration::from_millis(120);

/// Pixels across of a drawing at most.
const MAX_WIDTH: u32 = 1240;

/// Pixels beyond the viewport within which a card is drawn as if it were in it.
const VIEWPORT_MARGIN: f64 = 120.0;

/// One rendering of the page.
#[derive(Debug, Clone, Default)]
pub(super) struct Rendering {
    pub(super) state: State,
    /// Which charts are drawn, in the order of [`CHARTS`].
    drawn: [bool; CHARTS.len()],
    /// Whether the pointer drags a range: links and tooltips are left as they are.
    pub(super) dragging: bool,
    generation: u64,
}

impl Rendering {
    pub(super) fn draws(&self, column: Column) -> bool {
        CHARTS.into_iter().zip(self.drawn).any(|(it, drawn)| it == column && drawn)
    }
}

/// What the line under the figures says.
#[derive(Debug, Clone, Default)]
pub(super) enum Status {
    #[default]
    Nothing,
    Text(String),
    Failed(LoadError),
}

/// Handles of the page's state.
#[derive(Clone, Copy)]
pub(super) struct Workbench {
    /// The element around the page; none until it is hydrated.
    /// Wrapped and not in local storage, which the server would drop on another thread.
    host: StoredValue<Option<SendWrapper<HtmlElement>>>,
    /// None until the runs are loaded.
    explorer: StoredValue<Option<Explorer>>,
    /// The selected state, which is the address of the page.
    pub(super) state: StoredValue<State>,
    pub(super) rendering: RwSignal<Rendering>,
    /// The generation of the rendering whose state the engine is in.
    answer: Memo<u64>,
    pub(super) status: RwSignal<Status>,
    /// The number of runs, and the moment of the figures.
    pub(super) age: RwSignal<String>,
    /// The result for screen readers.
    pub(super) announcement: RwSignal<String>,
    as_of: StoredValue<String>,
    widths: StoredValue<[u32; CHARTS.len()]>,
    render_scheduled: StoredValue<bool>,
    pub(super) drag: StoredValue<Option<SendWrapper<Drag>>>,
    /// Whether the next click is the end of a drag.
    pub(super) ignore_click: StoredValue<bool>,
    /// The mark that was clicked last: its chart, and the key of its link.
    pub(super) last_mark: StoredValue<Option<(String, String)>>,
}

impl Workbench {
    pub(super) fn new() -> Self {
        let explorer = StoredValue::new(None);
        let rendering = RwSignal::new(Rendering::default());
        let answer = Memo::new(move |_| {
            rendering.with(|rendering| {
                let select = |it: &mut Option<Explorer>| {
                    it.iter_mut().for_each(|explorer| apply(explorer, &rendering.state));
                };
                explorer.update_value(select);
                rendering.generation
            })
        });
        Self {
            host: StoredValue::new(None),
            explorer,
            state: StoredValue::new(State::default()),
            rendering,
            answer,
            status: RwSignal::default(),
            age: RwSignal::default(),
            announcement: RwSignal::default(),
            as_of: StoredValue::default(),
            widths: StoredValue::new([480; CHARTS.len()]),
            render_scheduled: StoredValue::new(false),
            drag: StoredValue::new(None),
            ignore_click: StoredValue::new(false),
            last_mark: StoredValue::new(None),
        }
    }

    /// Takes the page over once its runs are loaded. The figures are as of a moment in words.
    pub(super) fn open(self, host: HtmlElement, explorer: Explorer, as_of: String) {
        self.host.set_value(Some(SendWrapper::new(host)));
        self.as_of.set_value(as_of);
        self.explorer.set_value(Some(explorer));
        self.measure();
    }

    pub(super) fn is_loaded(self) -> bool {
        self.explorer.with_value(Option::is_some)
    }

    pub(super) fn is_dragging(self) -> bool {
        self.drag.with_value(Option::is_some)
    }

    pub(super) fn is_render_scheduled(self) -> bool {
        self.render_scheduled.get_value()
    }

    /// Reads from the page in the state of the rendering, which is tracked. None until the runs
    /// are loaded.
    pub(super) fn with_board<T>(self, read: impl FnOnce(&Board<'_>) -> T) -> Option<T> {
        self.answer.track();
        // The memo is lazy: this brings the engine into the state.
        let _ = self.answer.get_untracked();
        self.rendering.with(|rendering| {
            self.explorer.with_value(|explorer| {
                let explorer = explorer.as_ref()?;
                let board = Board::new(explorer, &rendering.state);
                Some(read(&Board { dragging: rendering.dragging, ..board }))
            })
        })
    }

    /// The selected state with the marks from one to another of a chart selected, or none.
    pub(super) fn brushed(self, column: Column, marks: Option<(usize, usize)>) -> State {
        let state = self.state.get_value();
        self.explorer.with_value(|explorer| match explorer {
            Some(explorer) => Board::new(explorer, &state).brushed(column, marks),
            None => state.clone(),
        })
    }

    /// The width of a chart's drawing in pixels.
    pub(super) fn width(self, column: Column) -> u32 {
        let place = CHARTS.iter().position(|it| *it == column);
        place.and_then(|place| self.widths.get_value().get(place).copied()).unwrap_or(480)
    }

    /// Reads the widths of the charts from the layout.
    pub(super) fn measure(self) {
        let width = |column: Column| {
            let width =
                self.find(&format!("[data-chart=\"{column}\"]")).map(|it| it.client_width());
            u32::try_from(width.unwrap_or(0)).unwrap_or(0).clamp(240, MAX_WIDTH)
        };
        self.widths.set_value(CHARTS.map(width));
    }

    pub(super) fn find(self, selector: &str) -> Option<HtmlElement> {
        let host = self.host.get_value()?;
        host.query_selector(selector).ok()?.map(JsCast::unchecked_into)
    }

    /// Renders in the next animation frame; coalesces all changes until then.
    pub(super) fn schedule_render(self) {
        if self.is_loaded() && !self.render_scheduled.get_value() {
            self.render_scheduled.set_value(true);
            request_animation_frame(move || self.render(false));
        }
    }

    /// Renders everything, or only the charts in the viewport. The others follow in the next
    /// frame, or once the pointer that drags is still, unless something newer is rendered then.
    pub(super) fn render(self, everything: bool) {
        self.render_scheduled.set_value(false);
        let focus = Focus::capture();
        // Before anything changes, while the layout is up to date.
        let drawn = CHARTS.map(|column| everything || self.is_in_viewport(column));
        let dragging = self.is_dragging() && !everything;
        self.rendering.update(|rendering| {
            *rendering = Rendering {
                state: self.state.get_value(),
                drawn,
                dragging,
                generation: rendering.generation + 1,
            };
        });
        let is_partial = dragging || drawn.contains(&false);
        // Effects are microtasks in the order in which they were notified: this one runs last,
        // and before the browser paints.
        spawn_local(async move { self.finish(focus, is_partial) });
    }

    fn finish(self, focus: Option<Focus>, is_partial: bool) {
        if let Some(focus) = focus {
            focus.restore();
        }
        self.update_longest_period();
        let Some((runs, result)) = self.with_board(|board| (board.runs(), board.result())) else {
            return;
        };
        let as_of = self.as_of.get_value();
        self.age.set(use_locale().explore_as_of(runs, as_of));
        if !self.is_dragging() {
            self.announcement.set(result);
        }
        if is_partial {
            let generation = self.rendering.with_untracked(|it| it.generation);
            let render_rest = move || {
                let is_latest = self.rendering.with_untracked(|it| it.generation) == generation;
                if is_latest && !self.render_scheduled.get_value() {
                    self.render(true);
                }
            };
            match self.is_dragging() {
                true => set_timeout(render_rest, IDLE_REDRAW_DELAY),
                false => request_animation_frame(render_rest),
            }
        }
    }

    /// The link to the longest period for which everything is known keeps the filters.
    fn update_longest_period(self) {
        if let Some(link) = self.find("[data-fits]")
            && let Some(days) = link.get_attribute("data-days").and_then(|it| it.parse().ok())
        {
            let href = self.rendering.with_untracked(|it| it.state.with(|to| to.days = Some(days)));
            let _ = link.set_attribute("href", &href);
        }
    }

    /// Whether the card of a chart is in the viewport or just beside it.
    fn is_in_viewport(self, column: Column) -> bool {
        let chart = self.find(&format!("[data-chart=\"{column}\"]"));
        let card = chart.and_then(|it| it.closest(".card").ok()?);
        let height = window().inner_height().ok().and_then(|height| height.as_f64());
        let (Some(card), Some(height)) = (card, height) else { return true };
        let area = card.get_bounding_client_rect();
        -VIEWPORT_MARGIN < area.bottom() && area.top() < height + VIEWPORT_MARGIN
    }

    /// Selects another state without a new entry in the history.
    pub(super) fn replace(self, state: State) {
        update_forms(&state);
        self.state.set_value(state);
        self.schedule_render();
    }
}
