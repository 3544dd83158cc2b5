//! Proportions with their intervals: the reader picks method and level, and the engine
//! answers in the browser.

#![allow(missing_docs)] // the island macro adds items that cannot carry any

use charts::Palette;
use charts::interval::Figure;
use domain::yields::Definition;
use engine::proportion::{Interval, Method, interval};
use leptos::html;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::islands::live::on_renewed;
use crate::ui::number;

/// One proportion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What it is of.
    pub label: String,
    /// What passed, as the definition counts.
    pub passed: u64,
    /// All that was counted.
    pub n: u64,
}

/// How sure the interval is to be, and by which method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// The method.
    pub method: Method,
    /// The level of confidence.
    pub level: f64,
}

/// How wide the server draws, which cannot know how wide the window is: on a phone
/// without WASM some of the marks are to be seen before scrolling.
pub(crate) const SERVER_WIDTH: u32 = 480;
/// As wide as more pixels still help.
const WIDEST: u32 = 1120;

const LEVELS: [f64; 3] = [0.90, 0.95, 0.99];
const METHODS: [(Method, &str); 3] = [
    (Method::Wilson, "Wilson"),
    (Method::ClopperPearson, "Clopper–Pearson"),
    (Method::WilsonCc, "Wilson, continuity-corrected"),
];

/// The level of that text, if it is one that is offered.
pub(crate) fn offered_level(text: &str) -> Option<f64> {
    let level: f64 = text.parse().ok()?;
    LEVELS.into_iter().find(|offered| *offered == level)
}

impl Choice {
    /// The address of the page in this state, beside what else is in it.
    fn address(self, rest: &str) -> String {
        let and = if rest.is_empty() { "" } else { "&" };
        format!("?{rest}{and}interval={}&level={}", self.method.id(), self.level)
    }

    fn of(self, row: &Row) -> Option<Interval> {
        interval(row.passed, row.n, self.method, self.level)
    }
}

/// The drawing of the rows.
pub(crate) fn chart(rows: &[Row], definition: Definition, choice: Choice, width: u32) -> String {
    let drawn: Vec<_> = rows
        .iter()
        .map(|row| charts::interval::Row {
            label: row.label.clone(),
            figure: choice.of(row).map(|ends| Figure {
                value: row.passed as f64 / row.n as f64,
                low: ends.low,
                high: ends.high,
            }),
            title: sentence(row, definition, choice),
            href: None,
            n: None,
            muted: false,
        })
        .collect();
    let title = format!("{} with {} interval", words(definition).0, number::level(choice.level));
    charts::interval::render(&drawn, &title, width, Palette::Page)
}

/// What the yield of a definition is called, and what it counts.
fn words(definition: Definition) -> (&'static str, &'static str) {
    match definition {
        Definition::FirstRun => ("First-pass yield", "Units"),
        Definition::FirstAttemptOfDay => ("First-attempt yield", "Unit-days"),
        Definition::Report => ("Report yield", "Runs"),
    }
}

fn sentence(row: &Row, definition: Definition, choice: Choice) -> String {
    let Row { label, passed, n } = row;
    match choice.of(row) {
        None => format!("{label}: nothing counted yet"),
        Some(ends) => format!(
            "{label}: {} of {}, {}; {} interval {} to {}",
            number::count(*passed),
            number::counted(definition, *n),
            number::percent(Some(*passed as f64 / *n as f64)),
            number::level(choice.level),
            number::percent(Some(ends.low)),
            number::percent(Some(ends.high)),
        ),
    }
}

/// What of the island's properties may be another later.
#[derive(Deserialize)]
struct Renewed {
    rows: Vec<Row>,
}

/// Chart, choices and table. The children are the chart as the server drew it.
#[island]
pub fn IntervalBoard(
    /// The proportions.
    rows: Vec<Row>,
    /// What they count.
    definition: Definition,
    /// The id of the method to begin with.
    method: String,
    /// The level to begin with.
    level: f64,
    /// What else is in the page's address.
    rest: String,
    /// The chart.
    children: Children,
) -> impl IntoView {
    let first = Choice { method: method.parse().unwrap_or(Method::Wilson), level };
    let choice = RwSignal::new(first);
    let host = NodeRef::<html::Div>::new();
    let rows = StoredValue::new(rows);
    let rest = StoredValue::new(rest);

    let width = RwSignal::new(SERVER_WIDTH);
    let measure = move || {
        let room = host.get_untracked().map_or(0, |host| host.client_width());
        let room = u32::try_from(room).unwrap_or(0).min(WIDEST);
        if room > 0 && room != width.get_untracked() {
            width.set(room);
        }
    };
    Effect::new(move |drawn: Option<bool>| {
        let (now, room) = (choice.get(), width.get());
        let Some(host) = host.get() else { return false };
        // The server's drawing stands until something is to be drawn otherwise.
        if drawn == Some(true) {
            host.set_inner_html(&rows.with_value(|rows| chart(rows, definition, now, room)));
            return true;
        }
        let resized = window_event_listener(leptos::ev::resize, move |_| measure());
        on_cleanup(move || resized.remove());
        on_renewed(&host, move |Renewed { rows: renewed }| {
            let labels =
                |rows: &[Row]| rows.iter().map(|row| row.label.clone()).collect::<Vec<_>>();
            let same = rows.with_value(|rows| labels(rows)) == labels(&renewed);
            if same {
                rows.set_value(renewed);
                choice.notify();
            }
            same
        });
        measure();
        // For whoever waits for the page to be alive.
        let _ = host.set_attribute("data-alive", "");
        true
    });

    let option = move |label: String, choose: fn(Choice, usize) -> Choice, place: usize| {
        let target = move || choose(choice.get(), place);
        let current = move || (target() == choice.get()).then_some("true");
        view! {
            <a
                href=move || rest.with_value(|rest| target().address(rest))
                aria-current=current
                on:click=move |event| {
                    if event.ctrl_key() || event.meta_key() || event.shift_key() {
                        return;
                    }
                    event.prevent_default();
                    let chosen = target();
                    choice.set(chosen);
                    rest.with_value(|rest| remember(chosen, rest));
                }
            >
                {label}
            </a>
        }
    };
    let methods: Vec<_> = METHODS
        .iter()
        .enumerate()
        .map(|(place, (_, name))| {
            option(
                (*name).to_owned(),
                |now, place| Choice { method: METHODS[place].0, ..now },
                place,
            )
        })
        .collect();
    let levels: Vec<_> = LEVELS
        .iter()
        .enumerate()
        .map(|(place, level)| {
            option(
                number::level(*level),
                |now, place| Choice { level: LEVELS[place], ..now },
                place,
            )
        })
        .collect();
    let (yielded, counted) = words(definition);
    let labels = rows.get_value().into_iter().map(|row| row.label);
    let lines: Vec<_> =
        labels.enumerate().map(|(at, label)| line(label, at, rows, choice)).collect();
    view! {
        <div class="interval-board">
        <div class="choices-bar">
            <span class="segment" role="group" aria-label="Method of the interval">{methods}</span>
            <span class="segment" role="group" aria-label="Level of confidence">{levels}</span>
        </div>
        <div class="chart" node_ref=host tabindex="0" role="region" aria-label="Chart">{children()}</div>
        <div class="table-scroll" tabindex="0" role="region" aria-label=format!("{yielded} by operation")>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Operation"</th>
                        <th scope="col" class="num">{yielded}</th>
                        <th scope="col" class="num">{move || format!("{} interval", number::level(choice.get().level))}</th>
                        <th scope="col" class="num">"Passed"</th>
                        <th scope="col" class="num">{counted}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
        </div>
    }
}

/// A row of the table, whose numbers may change.
fn line(
    label: String,
    at: usize,
    rows: StoredValue<Vec<Row>>,
    choice: RwSignal<Choice>,
) -> impl IntoView {
    let cell = |number: fn(&Row, Choice) -> String| {
        move || {
            let choice = choice.get();
            rows.with_value(|rows| rows.get(at).map(|row| number(row, choice)).unwrap_or_default())
        }
    };
    let share =
        cell(|row, _| number::percent((row.n > 0).then(|| row.passed as f64 / row.n as f64)));
    let ends = cell(|row, choice| match choice.of(row) {
        None => "–".to_owned(),
        Some(ends) => {
            format!("{} – {}", number::percent(Some(ends.low)), number::percent(Some(ends.high)))
        }
    });
    view! {
        <tr>
            <th scope="row">{label}</th>
            <td class="num strong">{share}</td>
            <td class="num" data-interval="">{ends}</td>
            <td class="num">{cell(|row, _| number::count(row.passed))}</td>
            <td class="num">{cell(|row, _| number::count(row.n))}</td>
        </tr>
    }
}

/// Writes the choice into the address, so that the page can be sent as it is.
fn remember(choice: Choice, rest: &str) {
    if let Ok(history) = window().history() {
        let address = choice.address(rest);
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
    }
}
