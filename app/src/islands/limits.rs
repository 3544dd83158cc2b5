//! Specification limits that are dragged on the histogram: yield, ppm, Cpk and Ppk follow.
//!
//! The island loads the values once and computes with the same engine as the server. Nothing is
//! saved: the limits are in the address of the page. Until the values are loaded, and without
//! the island, the drawing is the server's and the form below it asks the server.

#![allow(unreachable_pub)] // the component macro makes the arguments public

use std::sync::Arc;

use charts::Palette;
use charts::distribution::{Across, Distribution, HEIGHT, Words, render};
use engine::quality::histogram::{Histogram, histogram};
use engine::quality::part_average;
use engine::spc::capability::{Limits, Prepared};
use engine::spc::constants::Precision;
use engine::spc::within::{Estimator, within};
use js_sys::Uint8Array;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, Response};

use crate::ui::locale::use_locale;
use crate::ui::number;

/// The level of every interval.
const LEVEL: f64 = 0.95;
/// Keyboard steps from one end of the axis to the other.
const STEPS: f64 = 500.0;
/// Arrow keys with Shift, and Page Up and Page Down, move by so many steps.
const LARGE_STEP: f64 = 10.0;
/// Pixels across of a handle's target to each side.
const HANDLE_HALF: i32 = 12;

/// Takes over the drawing that the server rendered.
#[cfg_attr(any(not(target_arch = "wasm32"), feature = "workbench"), island)]
#[cfg_attr(all(target_arch = "wasm32", not(feature = "workbench")), component)]
pub fn DraggedLimits(children: Children) -> impl IntoView {
    let host = NodeRef::<html::Div>::new();
    let owner = Owner::current().unwrap_or_default();
    host.on_load(move |host| load(host.into(), owner));
    view! { <div class="dragged-limits" node_ref=host>{children()}</div> }
}

/// The sample, prepared for any limits.
#[derive(Debug)]
struct Sample {
    prepared: Prepared,
    histogram: Histogram,
    part_average: Option<(f64, f64)>,
    n: u64,
    /// Decimals that limits are rounded to.
    step: f64,
}

impl Sample {
    fn new(values: &[f64]) -> Option<Self> {
        let individuals: Vec<&[f64]> = values.iter().map(std::slice::from_ref).collect();
        let within = within(&individuals, Estimator::MovingRange, Precision::default());
        drop(individuals);
        let prepared = Prepared::new(values, within);
        let histogram = histogram(values)?;
        let part_average =
            part_average::limits(prepared.ascending()).map(|range| (range.low, range.high));
        let ends = histogram.edges.first().zip(histogram.edges.last());
        let range = ends.map_or(1.0, |(first, last)| last - first);
        Some(Self { prepared, histogram, part_average, n: values.len() as u64, step: round(range) })
    }

    fn distribution(&self, limits: Limits) -> Distribution<'_> {
        Distribution {
            edges: &self.histogram.edges,
            counts: &self.histogram.counts,
            density: &self.histogram.density,
            low: limits.low,
            high: limits.high,
            part_average: self.part_average,
            is_log: self.histogram.is_log,
        }
    }
}

/// The power of ten that is about a thousandth of a range.
fn round(range: f64) -> f64 {
    let mut step = 1.0;
    while step > range / 1000.0 && step > 1e-12 {
        step /= 10.0;
    }
    while step * 10.0 <= range / 1000.0 {
        step *= 10.0;
    }
    step
}

/// Loads the values and mounts the view in place of the server's drawing.
fn load(host: HtmlElement, owner: Owner) {
    let Ok(Some(page)) = host.query_selector("[data-source]") else { return };
    let attribute = |name: &str| page.get_attribute(name);
    let source = attribute("data-source").unwrap_or_default();
    let name = attribute("data-name").unwrap_or_default();
    let limit = |name: &str| attribute(name).and_then(|text| number::parsed(&text));
    let limits = Limits { low: limit("data-low"), high: limit("data-high"), target: None };
    spawn_local(async move {
        let Some(values) = fetch(&source).await else { return };
        let Some(sample) = Sample::new(&values) else { return };
        let sample = Arc::new(sample);
        let Ok(Some(place)) = host.query_selector("[data-part=drawing]") else { return };
        let place: HtmlElement = place.unchecked_into();
        let width = place.client_width().clamp(240, 1200).cast_unsigned();
        place.set_inner_html("");
        owner.with(|| {
            let view_host = host.clone();
            mount_to(place, move || {
                view! { <Workbench sample name limits width host=view_host/> }
            })
            .forget();
        });
        // For tests.
        let _ = host.set_attribute("data-alive", "");
    });
}

async fn fetch(source: &str) -> Option<Vec<f64>> {
    let response = JsFuture::from(window().fetch_with_str(source)).await.ok()?;
    let response: Response = response.unchecked_into();
    if response.status() != 200 {
        return None;
    }
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    domain::values::decode(&Uint8Array::new(&buffer).to_vec()).ok()
}

/// One of the two limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Low,
    High,
}

/// The drawing, the handles over it and what follows from the limits.
#[component]
fn Workbench(
    sample: Arc<Sample>,
    /// The parameter on the axis.
    name: String,
    /// Those that the page was rendered with.
    limits: Limits,
    /// Pixels across.
    width: u32,
    /// The island.
    host: HtmlElement,
) -> impl IntoView {
    let t = use_locale();
    let low = RwSignal::new(limits.low);
    let high = RwSignal::new(limits.high);
    let current = move || Limits { low: low.get(), high: high.get(), target: None };
    let across = Arc::new(Across::new(&sample.distribution(limits), width));
    let drawing = {
        let (sample, across) = (Arc::clone(&sample), Arc::clone(&across));
        move || {
            let limits = current();
            let label = |name: &str, limit: Option<f64>| {
                limit.map(|limit| format!("{name} {}", number::value(limit))).unwrap_or_default()
            };
            let (low, high) = (label("LSL", limits.low), label("USL", limits.high));
            let words = Words { across: &name, up: t.column_runs(), low: &low, high: &high };
            let title = |from: f64, to: f64, n: u64| {
                t.parameter_bin(number::rounded(from, 5), number::rounded(to, 5), t.count_runs(n))
            };
            let distribution = sample.distribution(limits);
            render(&distribution, &across, words, &title, width, Palette::Page).into_string()
        }
    };
    let facts = {
        let sample = Arc::clone(&sample);
        move || facts(&sample, current())
    };
    connect_form(&host, low, high);
    let handle = |side: Side| {
        let (across, step) = (Arc::clone(&across), sample.step);
        view! { <Handle side low high across step/> }
    };
    let view_box = format!("0 0 {width} {HEIGHT}");
    view! {
        <div class="chart limit-chart">
            <div inner_html=drawing></div>
            <svg class="limit-handles" viewBox=view_box width=width height=HEIGHT>
                {handle(Side::Low)}
                {handle(Side::High)}
            </svg>
        </div>
        <p class="limit-facts" role="status">{facts}</p>
    }
}

/// What follows from limits.
fn facts(sample: &Sample, limits: Limits) -> String {
    let t = use_locale();
    let (below, above) = sample.prepared.count_outside(limits);
    let inside = sample.n - (below + above).min(sample.n);
    let share = number::percent(Some(inside as f64 / sample.n.max(1) as f64));
    let capability = sample.prepared.capability(limits, LEVEL);
    let least = |index: Option<engine::spc::capability::Index>| {
        index.map_or_else(|| "–".to_owned(), |index| number::rounded(index.value, 3))
    };
    let observed = capability.map_or(0.0, |it| it.observed.0 + it.observed.1);
    t.limits_facts(
        share,
        number::count(observed.round() as u64),
        least(capability.and_then(|it| it.within.least)),
        least(capability.and_then(|it| it.overall.least)),
    )
}

/// The fields of the form below are the limits too.
fn connect_form(host: &HtmlElement, low: RwSignal<Option<f64>>, high: RwSignal<Option<f64>>) {
    for (id, signal) in [("limit-low", low), ("limit-high", high)] {
        let Ok(Some(field)) = host.query_selector(&format!("#{id}")) else { continue };
        let field: HtmlInputElement = field.unchecked_into();
        let read = field.clone();
        let listener = wasm_bindgen::closure::Closure::<dyn FnMut(Event)>::new(move |_| {
            let text = read.value();
            let limit = number::parsed(&text);
            if limit.is_some() || text.is_empty() {
                signal.set(limit);
                remember(low.get_untracked(), high.get_untracked());
            }
        });
        let _ = field.add_event_listener_with_callback("input", listener.as_ref().unchecked_ref());
        // It listens as long as the page is open.
        listener.forget();
        Effect::new(move |_| {
            let text = signal.get().map(|limit| limit.to_string()).unwrap_or_default();
            if number::parsed(&field.value()) != signal.get_untracked() {
                field.set_value(&text);
            }
        });
    }
}

/// Keeps the limits in the address, without a new entry in the history.
fn remember(low: Option<f64>, high: Option<f64>) {
    let location = window().location();
    let search = location.search().unwrap_or_default();
    let mut pairs: Vec<(String, String)> = crate::ui::query::pairs(&search)
        .filter(|(name, _)| name != "low" && name != "high")
        .collect();
    for (name, limit) in [("low", low), ("high", high)] {
        if let Some(limit) = limit {
            pairs.push((name.to_owned(), limit.to_string()));
        }
    }
    let pairs: Vec<_> =
        pairs.iter().map(|(name, value)| (name.as_str(), Some(value.as_str()))).collect();
    let path = location.pathname().unwrap_or_default();
    let address = crate::ui::query::address(&path, &pairs);
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// A limit as a slider: dragged with the pointer, moved with the arrow keys.
#[component]
fn Handle(
    side: Side,
    low: RwSignal<Option<f64>>,
    high: RwSignal<Option<f64>>,
    across: Arc<Across>,
    /// What limits are multiples of.
    step: f64,
) -> impl IntoView {
    let t = use_locale();
    let (own, other) = match side {
        Side::Low => (low, high),
        Side::High => (high, low),
    };
    let ends = across.ends();
    let is_dragging = RwSignal::new(false);
    let set = move |limit: f64| {
        let limit = (limit.clamp(ends.0, ends.1) / step).round() * step;
        // Multiples of a decimal step have no decimals behind it.
        let limit = number::parsed(&format!("{limit:.12}")).unwrap_or(limit);
        let is_ordered = match (side, other.get_untracked()) {
            (_, None) => true,
            (Side::Low, Some(high)) => limit < high,
            (Side::High, Some(low)) => limit > low,
        };
        if is_ordered && own.get_untracked() != Some(limit) {
            own.set(Some(limit));
        }
    };
    let at = {
        let across = Arc::clone(&across);
        move || own.get().map_or(0, |limit| across.pixel(limit))
    };
    let on_pointer_down = move |event: PointerEvent| {
        if let Some(target) = event.current_target() {
            let target: Element = target.unchecked_into();
            let _ = target.set_pointer_capture(event.pointer_id());
            is_dragging.set(true);
        }
    };
    let on_pointer_move = move |event: PointerEvent| {
        let svg = event.current_target().map(JsCast::unchecked_into::<Element>);
        let Some(svg) = svg.and_then(|it| it.closest("svg").ok().flatten()) else { return };
        if is_dragging.get_untracked() {
            let left = svg.get_bounding_client_rect().left();
            set(across.number(f64::from(event.client_x()) - left));
        }
    };
    let on_pointer_up = move |_: PointerEvent| {
        if is_dragging.get_untracked() {
            is_dragging.set(false);
            remember(low.get_untracked(), high.get_untracked());
        }
    };
    let on_key_down = move |event: KeyboardEvent| {
        let Some(limit) = own.get_untracked() else { return };
        let small = ((ends.1 - ends.0) / STEPS).max(step);
        let shifted = if event.shift_key() { LARGE_STEP } else { 1.0 };
        let moved = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => limit - small * shifted,
            "ArrowRight" | "ArrowUp" => limit + small * shifted,
            "PageDown" => limit - small * LARGE_STEP,
            "PageUp" => limit + small * LARGE_STEP,
            "Home" => ends.0,
            "End" => ends.1,
            _ => return,
        };
        event.prevent_default();
        set(moved);
        remember(low.get_untracked(), high.get_untracked());
    };
    let label = match side {
        Side::Low => t.limits_low(),
        Side::High => t.limits_high(),
    };
    let bottom = HEIGHT.cast_signed();
    view! {
        <g
            role="slider"
            tabindex="0"
            class="limit-handle"
            class:absent=move || own.get().is_none()
            aria-label=label
            aria-valuemin=ends.0
            aria-valuemax=ends.1
            aria-valuenow=move || own.get()
            transform=move || format!("translate({} 0)", at())
            on:pointerdown=on_pointer_down
            on:pointermove=on_pointer_move
            on:pointerup=on_pointer_up
            on:keydown=on_key_down
        >
            <rect class="handle-target" x=-HANDLE_HALF y="24" width=HANDLE_HALF * 2 height=bottom - 70/>
            <rect class="handle-grip" x="-4" y="130" width="8" height="28" rx="3"/>
        </g>
    }
}
