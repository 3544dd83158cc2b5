//! Overview: are we all right?

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

mod asked;
mod explained;
mod failures;
mod operations;
mod stations;

use engine::proportion::Method;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::asked::{Asked, Controls};
use self::explained::Why;
use self::failures::Failing;
use self::operations::Operations;
use self::stations::Stations;
use super::frame::{Page, Section};
use crate::backend::Overview as Figures;
use crate::islands::interval::{Choice, IntervalBoard, Row, SERVER_WIDTH, chart, offered_level};
use crate::ui::empty::{Empty, FirstResults};
use crate::ui::{number, order};

/// Yields by operation, and what stands behind them.
#[component]
pub fn Overview() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let choice = Choice {
        method: query.get("interval").and_then(|id| id.parse().ok()).unwrap_or(Method::Wilson),
        level: query.get("level").and_then(|level| offered_level(&level)).unwrap_or(0.95),
    };
    let asked = Asked::of(&query);
    let wanted = asked.query();
    view! {
        <Title text="Overview"/>
        <Page
            section=Section::Overview
            load=move |backend| async move { backend.overview(wanted).await }
            show=move |figures| view! { <Shown figures asked choice/> }.into_any()
        />
    }
}

#[component]
fn Shown(figures: Figures, asked: Asked, choice: Choice) -> impl IntoView {
    if figures.latest.is_none() && figures.products.is_empty() && figures.operations.is_empty() {
        return view! {
            <h1>"Are we all right?"</h1>
            <FirstResults/>
        }
        .into_any();
    }
    let Figures {
        as_of,
        latest,
        window,
        products,
        mut operations,
        rolled,
        stations,
        failures,
        explained,
    } = figures;
    operations.sort_by(|a, b| order::natural(&a.operation, &b.operation));
    let window = match window {
        Some((first, last)) => format!("the site’s days {first} to {last}"),
        None => "all that was ever sent".to_owned(),
    };
    let latest_text = latest.as_ref().map(|at| format!(", latest run {}", at.local));
    let note = format!(
        "Definition {} v1, {window}{}, as of {}",
        asked.definition.as_str(),
        latest_text.unwrap_or_default(),
        as_of.local
    );
    let body = match operations.is_empty() {
        true => {
            let everything = asked.address(|asked| asked.days = None);
            view! {
                <Empty title="No run in this period".to_owned()>
                    <p>{latest.map(|at| format!("The latest began {}. ", at.local))}<a href=everything>"Show everything"</a></p>
                </Empty>
            }
            .into_any()
        }
        false => {
            let rows: Vec<Row> = operations
                .iter()
                .map(|figures| Row {
                    label: figures.operation.clone(),
                    passed: figures.yielded.k,
                    n: figures.yielded.n,
                })
                .collect();
            let drawing = chart(&rows, choice, SERVER_WIDTH);
            let rest = asked.rest();
            view! {
                <Operations operations asked=asked.clone() rolled/>
                {explained.map(|explained| view! { <Why explained asked=asked.clone()/> })}
                <section class="card" aria-labelledby="sure-title">
                    <h2 id="sure-title">"How sure are these yields?"</h2>
                    <IntervalBoard rows method=choice.method.id().to_owned() level=choice.level rest>
                        // Drawn by the server; the island replaces it when something changes.
                        <div class="drawing" inner_html=drawing></div>
                    </IntervalBoard>
                </section>
                <div class="columns">
                    <Failing failures asked=asked.clone()/>
                    <Stations stations asked=asked.clone()/>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <h1>"Are we all right?"</h1>
        <Controls asked products/>
        <p class="figure-note">{note}</p>
        {body}
    }
    .into_any()
}

/// What n counts under a definition.
fn counted(definition: domain::yields::Definition, n: u64) -> String {
    use domain::yields::Definition;
    let word = match (definition, n) {
        (Definition::FirstRun, 1) => "unit",
        (Definition::FirstRun, _) => "units",
        (Definition::FirstAttemptOfDay, 1) => "unit-day",
        (Definition::FirstAttemptOfDay, _) => "unit-days",
        (Definition::Report, 1) => "run",
        (Definition::Report, _) => "runs",
    };
    format!("{}\u{a0}{word}", number::count(n))
}
