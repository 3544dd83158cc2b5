//! Every component of the design system in its states, for its developers. Only development
//! builds have this page.

use std::sync::Arc;

use charts::interval::{Figure as Ends, Row};
use charts::pareto::{self, Words};
use charts::trend::{self, Axes, Point};
use charts::{Palette, interval, spark};
use domain::{Outcome, UnitKind};
use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use crate::backend::Meaning;
use crate::ui::badge;
use crate::ui::empty::Empty;
use crate::ui::figure::{Figure, FigureCard, Room};
use crate::ui::meaning::CodeMeaning;
use crate::ui::sheet::{Cell, Sheet};
use crate::ui::table::{Column, Table};
use crate::views::first::FirstResults;
use crate::views::{Access, Bundle, Load, View};

/// The registry's entry.
pub const VIEW: View = View {
    id: "gallery",
    title: Locale::brand,
    question: None,
    path: "/gallery",
    access: Access::Anyone,
    parameters: &[],
    load: Load::Free,
    bundle: Bundle::Base,
    navigation: None,
    embeddable: false,
    agent_tool: None,
    render: || view! { <Gallery/> }.into_any(),
};

/// The components.
#[component]
pub fn Gallery() -> impl IntoView {
    let outcomes: Vec<_> = [
        Outcome::Pass,
        Outcome::Fail,
        Outcome::Error,
        Outcome::Timeout,
        Outcome::Aborted,
        Outcome::Skip,
    ]
    .into_iter()
    .map(badge::outcome)
    .collect();
    let kinds: Vec<_> =
        [UnitKind::Golden, UnitKind::Reference].into_iter().filter_map(badge::kind).collect();
    let files = ("/overview".to_owned(), String::new());
    let sparks: Vec<_> = [vec![], vec![Some(0.9)], vec![Some(0.9), None, Some(0.8), Some(0.95)]]
        .into_iter()
        .map(|values| {
            let drawing = spark::render(&values, None, "Example", spark::SIZE, Palette::Page);
            view! { <span class="chart spark" inner_html=drawing.into_string()></span> }
        })
        .collect();
    view! {
        <Title text="Gallery"/>
        <main id="main">
            <h1>"Parts"</h1>
            <section class="card">
                <h2>"Type and words"</h2>
                <h3>"A heading of the third order"</h3>
                <p>"Running text with a "<a href="#main">"link"</a>", a "<code>"code"</code>" and a figure, "<strong>"98.77 %"</strong>"."</p>
                <p class="figure-note">"A note under a figure: n, definition, as of."</p>
                <p class="error">"What is wrong, where, and how to fix it."</p>
                <p class="done">"What was done."</p>
                <details><summary>"More"</summary><p>"What is folded away."</p></details>
                <pre><code>"curl --data-binary @results.jsonl"</code></pre>
            </section>
            <section class="card">
                <h2>"Codes"</h2>
                <p><code>"xid-79"</code></p>
                <CodeMeaning meaning=meaning(Some("At once: restart the host (bare metal).".to_owned()))/>
                <CodeMeaning meaning=meaning(None)/>
            </section>
            <section class="card">
                <h2>"Badges"</h2>
                <p>{outcomes}</p>
                <p><span class="badge good plain"><span aria-hidden="true">"●"</span>"Accepted"</span></p>
                <p>{kinds}</p>
            </section>
            <section class="card">
                <h2>"Forms"</h2>
                <div class="choices-bar">
                    <nav class="segment" aria-label="A choice">
                        <a href="#main" aria-current="true">"Chosen"</a>
                        <a href="#main">"Not chosen"</a>
                    </nav>
                    <button>"Button"</button>
                    <button class="primary">"Primary"</button>
                    <button class="quiet">"Quiet"</button>
                    <button disabled>"Disabled"</button>
                </div>
                <form class="stack">
                    <label for="words">"Words"</label>
                    <input id="words" placeholder="nothing yet"/>
                    <label for="choice">"Choice"</label>
                    <select id="choice"><option>"One"</option><option>"Another"</option></select>
                </form>
            </section>
            <section class="card">
                <h2>"Tables"</h2>
                <Rows/>
            </section>
            <Empty title="Why there is nothing".to_owned()><p>"And what to do."</p></Empty>
            <FirstResults/>
            <section class="card"><h2>"Sparklines: none, one, a gap"</h2><p>{sparks}</p></section>
            <FigureCard figure=intervals() files=files.clone() room=Room::Whole/>
            <FigureCard figure=days() files=files.clone() room=Room::Whole/>
            <div class="columns">
                <FigureCard figure=codes(12) files=files.clone() room=Room::Half/>
                <FigureCard figure=codes(0) files room=Room::Half/>
            </div>
        </main>
    }
}

#[component]
fn Rows() -> impl IntoView {
    let columns = vec![
        Column::text("Name").sorts(),
        Column::number("Runs").sorts(),
        Column::text("Something that needs much more room than there is on a phone"),
        Column::unnamed("Action"),
    ];
    let rows: Vec<_> = [("L10", "1 200"), ("L6", "7"), ("L11", "44")]
        .into_iter()
        .map(|(name, runs)| {
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="num" data-value=runs.replace(' ', "")>{runs}</td>
                    <td>"words in a cell that are not broken where there is room to scroll"</td>
                    <td><button class="quiet">"Open"</button></td>
                </tr>
            }
        })
        .collect();
    view! { <Table label="Example" columns>{rows}</Table> }
}

fn sheet(names: &[&'static str], rows: Vec<Vec<Cell>>) -> Sheet {
    Sheet { heads: names.to_vec(), names: names.to_vec(), rows }
}

fn meaning(advice: Option<String>) -> Meaning {
    Meaning {
        code: "XID 79".to_owned(),
        name: "GPU_HAS_FALLEN_OFF_THE_BUS",
        says: "GPU has fallen off the bus",
        advice,
    }
}

fn intervals() -> Figure {
    let row = |label: &str, figure| Row {
        label: label.to_owned(),
        figure,
        title: format!("{label}: an example"),
        href: Some("#main".to_owned()),
        n: None,
        muted: false,
    };
    let rows = vec![
        row("L6 board test", Some(Ends { value: 0.98, low: 0.95, high: 0.99 })),
        row("A name that is far too long for the room beside a chart", None),
    ];
    Figure {
        name: "intervals",
        title: "Proportions with intervals, one without a figure".to_owned(),
        note: "n = 120 units, definition first-run v1".to_owned(),
        sheet: sheet(
            &["key", "n"],
            vec![vec![Cell::Text("L6 board test".into()), Cell::Count(120)]],
        ),
        draw: Arc::new(move |width, palette| {
            interval::render(&rows, "Yield with 95 % interval", width, palette)
        }),
    }
}

fn days() -> Figure {
    let points: Vec<_> = (1..=28_u32)
        .map(|day| {
            let value = 0.9 + f64::from(day * 7 % 10) / 120.0;
            let figure = Ends { value, low: value - 0.05, high: (value + 0.03).min(1.0) };
            let figure = (day % 7 != 0).then_some(figure);
            let n = if figure.is_some() { u64::from(day * 13 % 40) + 3 } else { 0 };
            Point { key: format!("2026-02-{day:02}"), figure, n, title: format!("Day {day}") }
        })
        .collect();
    Figure {
        name: "days",
        title: "Days, some without a unit".to_owned(),
        note: "n = 600 units".to_owned(),
        sheet: sheet(&["day"], Vec::new()),
        draw: Arc::new(move |width, palette| {
            let axes = Axes { across: "Day", up: "Yield with 95 % interval", n: "Counted" };
            trend::render(&points, axes, width, palette)
        }),
    }
}

fn codes(count: u64) -> Figure {
    let all: u64 = (1..=count).sum();
    let mut above = 0;
    let rows: Vec<_> = (1..=count)
        .rev()
        .map(|runs| {
            above += runs;
            pareto::Row {
                key: format!("code-{runs}"),
                runs,
                units: Some(runs),
                share: runs as f64 / all as f64,
                cumulative: Some(above as f64 / all as f64),
                title: format!("code-{runs}: {runs} runs"),
                href: None,
                muted: false,
            }
        })
        .collect();
    Figure {
        name: if count == 0 { "no-codes" } else { "codes" },
        title: format!("A Pareto of {count} codes"),
        note: "Runs that did not pass".to_owned(),
        sheet: sheet(&["code"], Vec::new()),
        draw: Arc::new(move |width, palette| {
            let words = Words { axis: "Share of runs", key: "code", keys: "codes" };
            pareto::render(&rows, 10, words, width, palette)
        }),
    }
}
