//! Overview: are we all right?

use engine::proportion::Method;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::frame::{Page, Section};
use crate::backend::FirstPassYield;
use crate::islands::interval::{Choice, IntervalBoard, Row, SERVER_WIDTH, chart, offered_level};
use crate::ui::empty::FirstResults;
use crate::ui::{number, order};

/// First-pass yield by operation; for one of ours without a partner, the choice of one.
#[component]
pub fn Overview() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let choice = Choice {
        method: query.get("interval").and_then(|id| id.parse().ok()).unwrap_or(Method::Wilson),
        level: query.get("level").and_then(|level| offered_level(&level)).unwrap_or(0.95),
    };
    view! {
        <Title text="Overview"/>
        <Page
            section=Section::Overview
            load=|backend| async move { backend.first_pass_yield().await }
            show=move |figures| view! { <Figures figures choice/> }.into_any()
        />
    }
}

#[component]
fn Figures(figures: FirstPassYield, choice: Choice) -> impl IntoView {
    if figures.operations.is_empty() {
        return view! { <FirstResults/> }.into_any();
    }
    let mut operations = figures.operations;
    operations.sort_by(|a, b| order::natural(&a.operation, &b.operation));
    let rows: Vec<Row> = operations
        .iter()
        .map(|operation| Row {
            label: operation.operation.clone(),
            passed: operation.passed,
            n: operation.n,
        })
        .collect();
    let drawing = chart(&rows, choice, SERVER_WIDTH);
    let units: u64 = rows.iter().map(|row| row.n).max().unwrap_or(0);
    let latest = figures.latest.map(|at| format!("latest run {}, ", number::minute(at)));
    let excluded: Vec<_> = operations
        .iter()
        .filter(|operation| !operation.excluded.is_empty())
        .map(|operation| {
            let reasons: Vec<String> = operation
                .excluded
                .iter()
                .map(|(reason, count)| format!("{} {reason}", number::count(*count)))
                .collect();
            view! { <li>{format!("{}: {} runs", operation.operation, reasons.join(", "))}</li> }
        })
        .collect();
    let excluded = match excluded.is_empty() {
        true => view! { <p>"No run was left out."</p> }.into_any(),
        false => view! { <p>"Left out of the count:"</p><ul>{excluded}</ul> }.into_any(),
    };
    view! {
        <h1>"Are we all right?"</h1>
        <section class="card" aria-labelledby="fpy-title">
            <h2 id="fpy-title">"What share of units pass each operation the first time?"</h2>
            <p class="figure-note">
                "First-pass yield, definition "<strong>"first-run v1"</strong>
                {format!(", up to {} units per operation, {}as of {} UTC", number::count(units), latest.unwrap_or_default(), number::minute(figures.as_of))}
            </p>
            <IntervalBoard rows method=choice.method.id().to_owned() level=choice.level>
                // Drawn by the server; the island replaces it when something changes.
                <div class="drawing" inner_html=drawing></div>
            </IntervalBoard>
            <details>
                <summary>"What is counted, and what is not"</summary>
                <p>
                    "A unit counts in an operation once, by its first run there over its whole history; it passes if that run passed. Errors, time-outs and aborted runs count as not passed. Golden and reference units, voided and skipped runs, and runs dated in the future do not count."
                </p>
                {excluded}
            </details>
        </section>
    }
    .into_any()
}
