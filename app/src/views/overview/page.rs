//! The Overview page: yields of all operations.

use std::cmp::Reverse;

use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use super::changes::ChangeList;
use super::explained::YieldExplanation;
use super::failures::FailurePareto;
use super::operations::Operations;
use super::rolled::RolledYieldExplanation;
use super::standing_out::StandsOut;
use super::state::OverviewState;
use super::stations::Stations;
use super::{daily, failures, operations, stations};
use crate::backend::{OperationFigures, Overview as Figures};
use crate::islands::interval::{Board, Choice, IntervalBoard, Row};
use crate::islands::live::LiveState;
use crate::slice::Period;
use crate::ui::empty::Empty;
use crate::ui::figure::{Figure, FigureCard, Room};
use crate::ui::heading::Heading;
use crate::ui::locale::{sentence, use_locale};
use crate::ui::order;
use crate::ui::query::RequestAddress;
use crate::views::first::FirstResults;
use crate::views::frame::{Page, Section};
use crate::views::registry::slice_parameters;
use crate::views::slice_bar::SliceBar;
use crate::views::{Access, Bundle, Load, View};

/// The registry's entry.
pub const VIEW: View = View {
    id: "overview",
    title: Locale::overview_title,
    question: Some(Locale::overview_question),
    path: "/t/{tenant}/",
    access: Access::SignedIn,
    parameters: slice_parameters!["explain", "why", "interval", "confidence"],
    load: Load::Heavy,
    bundle: Bundle::Base,
    navigation: Some(Section::Overview),
    embeddable: false,
    agent_tool: None,
    render: || view! { <Overview/> }.into_any(),
};

/// Yields by operation, with explanations, changes, failures and stations.
#[component]
pub fn Overview() -> impl IntoView {
    let request = RequestAddress::current();
    let choice = Choice::parse(request.query());
    let state = OverviewState::of(request.query());
    let wanted = state.query();
    view! {
        <Title text=use_locale().overview_title()/>
        <Page
            section=Section::Overview
            load=move |backend| async move { backend.overview(wanted).await }
            show=move |figures| view! { <Content figures state choice/> }.into_any()
        />
    }
}

#[component]
fn Content(figures: Figures, state: OverviewState, choice: Choice) -> impl IntoView {
    let t = use_locale();
    if figures.latest.is_none() && figures.products.is_empty() && figures.operations.is_empty() {
        return view! {
            <Heading title=t.overview_title() question=t.overview_question()/>
            <p class="figure-note">{t.overview_no_data()}<LiveState/></p>
            // The live region stays empty: a morph would remove the content of an island.
            <div data-live="first"></div>
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
        standing_out,
        changes,
        stations,
        failures,
        explained,
    } = figures;
    operations.sort_by(|a, b| order::natural(&a.operation, &b.operation));
    let days = window.clone();
    let shown = window.clone();
    let window = match window {
        Some((first, last)) => t.overview_window(first, last),
        None => t.overview_all_days().to_owned(),
    };
    let as_of = as_of.local;
    let latest_run = latest.as_ref().map(|at| t.overview_note_latest(&at.local));
    let note = t.overview_note(
        state.definition().as_str(),
        window,
        latest_run.into_any(),
        view! { <span data-as-of>{as_of.clone()}</span> }.into_any(),
    );
    let body = match operations.is_empty() {
        true => {
            let everything = state.href(|state| state.slice.period = Period::Everything);
            view! {
                <Empty title=t.overview_no_runs().to_owned()>
                    <p>{latest.map(|at| t.overview_latest_run(at.local))}" "<a href=everything>{t.overview_show_all()}</a></p>
                </Empty>
            }
            .into_any()
        }
        false => {
            let explained_figures = explained.as_ref().and_then(|explained| {
                operations.iter().find(|it| it.operation == explained.operation).cloned()
            });
            let total = operations.len();
            keep_largest(&mut operations);
            let rows: Vec<Row> = operations
                .iter()
                .map(|figures| Row {
                    label: figures.operation.clone(),
                    passed: figures.yielded.k,
                    n: figures.yielded.n,
                })
                .collect();
            let board = Board {
                rows,
                definition: state.definition(),
                choice,
                rest: state.query_without_interval(),
            };
            let daily = explained_figures.as_ref().map(|figures| {
                let figure = daily::figure(t, figures, &state, &as_of);
                let files = state.files();
                view! { <FigureCard figure files room=Room::Whole/> }
            });
            let why_rolled = rolled.clone().filter(|_| state.rolled);
            view! {
                <Operations operations total state=state.clone() rolled window=days.clone()/>
                {why_rolled.map(|rolled| view! { <RolledYieldExplanation rolled state=state.clone()/> })}
                {explained.map(|explained| view! { <YieldExplanation explained operation_figures=explained_figures state=state.clone()/> })}
                {daily}
                <StandsOut found=standing_out state=state.clone() window=days.clone()/>
                {changes.map(|changes| view! { <ChangeList changes state=state.clone() window=days.clone()/> })}
                <div class="columns">
                    <FailurePareto failures state=state.clone() as_of=as_of.clone()/>
                    <Stations stations state=state.clone() as_of=as_of.clone()/>
                </div>
                <section class="card" aria-labelledby="sure-title">
                    <h2 id="sure-title">{t.interval_title()}</h2>
                    <IntervalBoard board/>
                </section>
            }
            .into_any()
        }
    };
    view! {
        <Heading title=t.overview_title() question=t.overview_question()/>
        <SliceBar slice=state.slice.clone() place=state.place() window=shown products/>
        <p class="figure-note">
            <span data-live="note">{sentence(note)}</span>
            <LiveState/>
        </p>
        <div data-live="figures">{body}</div>
    }
    .into_any()
}

/// The figures of the page that can be downloaded, by name.
#[must_use]
pub fn figure(name: &str, figures: &Figures, state: &OverviewState) -> Option<Figure> {
    let (t, as_of) = (use_locale(), &figures.as_of.local);
    match name {
        "operations" => Some(operations::figure(t, &figures.operations, state, as_of)),
        "failures" => Some(failures::figure(t, &figures.failures, state, as_of)),
        "stations" => Some(stations::figure(t, &figures.stations, state, as_of)),
        "daily" => {
            let operation = state.explain.as_ref()?;
            let of = |it: &&OperationFigures| it.operation == *operation;
            Some(daily::figure(t, figures.operations.iter().find(of)?, state, as_of))
        }
        _ => None,
    }
}

/// Maximum number of operations on the page.
const OPERATIONS: usize = 100;

/// Truncates to the [`OPERATIONS`] operations with the most counted.
fn keep_largest(operations: &mut Vec<OperationFigures>) {
    if operations.len() > OPERATIONS {
        operations.sort_by_key(|it| Reverse(it.yielded.n));
        operations.truncate(OPERATIONS);
        operations.sort_by(|a, b| order::natural(&a.operation, &b.operation));
    }
}
