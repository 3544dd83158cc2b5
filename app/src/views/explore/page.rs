//! The page Explore: linked charts over the runs of a period.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

use domain::dimension::{ANY_ATTRIBUTE, AttributeName};
use domain::frame::Column;
use engine::explore::Explorer;
use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use super::attribute::AttributeChooser;
use super::measurement::Chooser;
use super::saved::Views;
use crate::backend::{Explored, Measurements, PageStatus, Runs, SavedView, TooMany};
use crate::explore::{Board, CHARTS, MAX_ADDRESS_BYTES, State};
use crate::islands::explore::{
    Chart, ChartModel, ExplorePage, SliceActions, SliceBar, SliceFacts, is_brushed,
};
use crate::islands::live::{LiveState, viewed};
use crate::ui::empty::Empty;
use crate::ui::figure::Room;
use crate::ui::heading::Heading;
use crate::ui::locale::{sentence, use_locale};
use crate::ui::query::{RequestAddress, address, in_tenant};
use crate::views::first::FirstResults;
use crate::views::frame::{Page, Section};
use crate::views::{Access, Bundle, Load, View};

/// The registry's entry.
pub const VIEW: View = View {
    id: "explore",
    title: Locale::explore_title,
    question: Some(Locale::explore_question),
    path: "/t/{tenant}/explore",
    access: Access::SignedIn,
    parameters: &[
        "days",
        "definition",
        "aborted",
        "measurement",
        "attribute",
        "than",
        "whole",
        "day",
        "duration",
        "value",
        "operation",
        "station",
        "product",
        "fixture",
        "software",
        "code",
        ANY_ATTRIBUTE,
        "q",
    ],
    load: Load::Heavy,
    bundle: Bundle::Workbench,
    navigation: Some(Section::Explore),
    embeddable: false,
    agent_tool: None,
    render: || view! { <Explore/> }.into_any(),
};

/// Linked charts over the runs of a period.
#[component]
pub fn Explore() -> impl IntoView {
    let request = RequestAddress::current();
    let query = request.query();
    let state = State::parse(query);
    let asked = State::fits(query).then(|| state.clone());
    let search = request.parameter("q").unwrap_or_default();
    view! {
        <Title text=use_locale().explore_title()/>
        <Page
            section=Section::Explore
            load=move |backend| async move {
                let Some(asked) = asked else { return Ok(None) };
                let explored = backend.explored(asked).await?;
                let measurements = match &explored.runs {
                    Runs::Each(explorer) if explorer.frame().rows() > 0 => {
                        backend.measurements(search).await?
                    }
                    _ => Measurements::default(),
                };
                Ok(Some((explored, backend.views().await?, measurements)))
            }
            show=move |answer| match answer {
                Some((explored, views, measurements)) => {
                    view! { <Shown explored views measurements state/> }.into_any()
                }
                None => view! { <TooLong/> }.into_any(),
            }
        />
    }
}

/// Refuses a selection that is too long for an address.
#[component]
pub(in crate::views) fn TooLong() -> impl IntoView {
    if let Some(status) = use_context::<PageStatus>() {
        status.set(400);
    }
    let t = use_locale();
    view! {
        <Heading title=t.explore_title() question=t.explore_question()/>
        <Empty title=t.explore_too_long_title().to_owned()>
            <p>
                {t.explore_too_long(t.count_bytes(MAX_ADDRESS_BYTES as u64))}
                " "
                <a href=in_tenant("/explore")>{t.explore_too_long_all()}</a>
            </p>
        </Empty>
    }
}

#[component]
fn Shown(
    explored: Explored,
    views: Vec<SavedView>,
    measurements: Measurements,
    state: State,
) -> impl IntoView {
    let t = use_locale();
    let named = state.clone();
    let Explored { as_of, window, measured, attributes, runs } = explored;
    let everything = state.days.map(|_| state.with(|state| state.days = None));
    let (explorer, many) = match runs {
        Runs::Each(explorer) => (Some(explorer), None),
        Runs::Cells(explorer, many) => (Some(explorer), Some(many)),
        Runs::TooMany(many) => (None, Some(many)),
    };
    let body = match explorer {
        None => many.map(|many| view! { <Beyond many state/> }).into_any(),
        Some(explorer) if explorer.frame().rows() == 0 && everything.is_none() => {
            view! { <FirstResults/> }.into_any()
        }
        Some(explorer) if explorer.frame().rows() == 0 => view! {
            <Empty title=t.overview_no_runs().to_owned()>
                <p><a href=everything>{t.overview_show_all()}</a></p>
            </Empty>
        }
        .into_any(),
        Some(explorer) => {
            let (from, to) = window.unzip();
            let columns = CHARTS.map(Column::as_str).join(",");
            let viewed = viewed();
            let asked = [
                ("columns", Some(columns.as_str())),
                ("from", from.as_deref()),
                ("to", to.as_deref()),
                ("measurement", measured.as_deref()),
                ("attribute", state.attribute.as_ref().map(AttributeName::as_str)),
                // Of an internal person, who may see several.
                ("tenant", viewed.as_ref().map(|(tenant, _)| tenant.as_str())),
                ("view", viewed.as_ref().map(|(_, view)| view.as_str())),
            ];
            let source = address("/data/v1/runs", &asked);
            let as_of = as_of.local;
            let runs = Board::new(&explorer, &state).runs();
            let board = board(&explorer, &state, &as_of, many, measurements, attributes);
            view! { <ExplorePage source runs as_of>{board}</ExplorePage> }.into_any()
        }
    };
    view! {
        <div class="page-head">
            <Heading title=t.explore_title() question=t.explore_question()/>
            <Views views state=named/>
        </div>
        {body}
    }
}

/// Each part that the browser renders again has a name.
fn board(
    explorer: &Explorer,
    state: &State,
    as_of: &str,
    many: Option<TooMany>,
    measurements: Measurements,
    attributes: Vec<String>,
) -> AnyView {
    let board = Board::new(explorer, state);
    let cards: Vec<_> = CHARTS
        .into_iter()
        .filter(|column| !is_brushed(*column) && *column != Column::Attribute)
        .map(|column| card(board, column, Room::Half))
        .collect();
    let (slice, facts) = (Signal::stored(board.slice()), Signal::stored(board.facts()));
    view! {
        <div class="choices-bar" data-part="choices" inner_html=board.choices().into_string()></div>
        <div class="slice-bar" data-part="slice" tabindex="-1"><SliceBar slice/></div>
        <section class="card slice-card" aria-labelledby="slice-title">
            <h2 id="slice-title" class="hidden">{board.t.explore_slice_title()}</h2>
            <div data-part="actions" tabindex="-1"><SliceActions slice/></div>
            <p class="hidden" role="status" data-part="said"></p>
            <div data-part="header"><SliceFacts facts/></div>
            <p class="figure-note">
                <span data-part="age">{board.t.explore_as_of(board.runs(), as_of)}</span>
                <LiveState offers=true/>
            </p>
            <p class="figure-note" role="status" data-part="status"></p>
        </section>
        {card(board, Column::Day, Room::Whole)}
        <div class="slices">{cards} {attribute(board, attributes)}</div>
        {match many {
            Some(many) => [
                unavailable(board, Column::Duration, Some(many)),
                unavailable(board, Column::Measured, None),
            ],
            None => [card(board, Column::Duration, Room::Whole), measured(board, measurements)],
        }}
    }
    .into_any()
}

fn card(board: Board<'_>, column: Column, room: Room) -> AnyView {
    titled(board, column, chart(board, column, room))
}

/// The chart of the attribute under what it is chosen by.
fn attribute(board: Board<'_>, attributes: Vec<String>) -> AnyView {
    let drawn = match board.has_chart(Column::Attribute) {
        true => chart(board, Column::Attribute, Room::Half),
        false => ().into_any(),
    };
    let state = board.state.clone();
    let content = view! { <AttributeChooser attributes state/> {drawn} };
    titled(board, Column::Attribute, content.into_any())
}

/// The chart of the measurement under what it is chosen by, or why there is none.
fn measured(board: Board<'_>, measurements: Measurements) -> AnyView {
    let any = measurements.any;
    let note = || view! { <p class="figure-note" inner_html=board.note(Column::Measured).into_string()></p> };
    let drawn = match board.has_chart(Column::Measured) {
        true => chart(board, Column::Measured, Room::Whole),
        false => any.then(note).into_any(),
    };
    let state = board.state.clone();
    titled(board, Column::Measured, view! { <Chooser measurements state/> {drawn} }.into_any())
}

fn titled(board: Board<'_>, column: Column, content: AnyView) -> AnyView {
    let heading = format!("{column}-title");
    let id = heading.clone();
    view! {
        <section class="card" aria-labelledby=heading>
            <h2 id=id>{board.title(column)}</h2>
            {content}
        </section>
    }
    .into_any()
}

fn chart(board: Board<'_>, column: Column, room: Room) -> AnyView {
    let model = ChartModel::new(board, column, room);
    view! { <div data-slot=column.as_str()><Chart model/></div> }.into_any()
}

/// The card of a chart that fewer runs would have, with the longest period that has it, unless
/// another card names it.
fn unavailable(board: Board<'_>, column: Column, many: Option<TooMany>) -> AnyView {
    let name = column.as_str();
    let heading = format!("{name}-title");
    let id = heading.clone();
    let instead = many.map(|TooMany { most, fits }| {
        let t = board.t;
        let most = t.count_runs(most as u64);
        let Some(days) = fits else {
            return view! { <p>{t.explore_today_more(most)}</p> }.into_any();
        };
        let href = board.state.with(|state| state.days = Some(days));
        let link =
            view! { <a href=href data-fits="" data-days=days>{t.explore_last(days.into())}</a> };
        view! { <p>{sentence(t.explore_choose_period(most, link.into_any()))}</p> }.into_any()
    });
    view! {
        <section class="card idle" aria-labelledby=heading>
            <h2 id=id>{board.title(column)}</h2>
            <p class="figure-note" data-note=name inner_html=board.note(column).into_string()></p>
            {instead}
        </section>
    }
    .into_any()
}

#[component]
fn Beyond(many: TooMany, state: State) -> impl IntoView {
    let t = use_locale();
    let TooMany { most, fits } = many;
    let most = t.count_runs(most as u64);
    let today = fits.is_none().then(|| view! { <p>{t.explore_today_more(&most)}</p> });
    let narrower = fits.map(|days| {
        let href = state.with(|state| state.days = Some(days));
        view! { <p><a href=href>{t.explore_last(days.into())}</a></p> }
    });
    view! {
        <Empty title=t.explore_too_many_title().to_owned()>
            <p>{t.explore_too_many(most)}</p>
            {today}
            {narrower}
        </Empty>
    }
}
