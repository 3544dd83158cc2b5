//! One failure code: its trend, dimensions where it is more frequent, outcomes of repairs, units.

use std::sync::Arc;

use charts::trend::{self, Axes, Point};
use engine::proportion::Proportion;
use leptos::prelude::*;
use messages::Locale;

use super::query::href_with;
use crate::backend::{CodeReport, Drift, FailedParameter, FailuresQuery, Place};
use crate::ui::figure::{Figure, FigureCard, Room};
use crate::ui::locale::use_locale;
use crate::ui::meaning::CodeMeaning;
use crate::ui::name::{Name, isolated};
use crate::ui::number;
use crate::ui::query::{address, in_tenant, unit};
use crate::ui::sheet::{Cell, Sheet};
use crate::ui::table::{Column, Table};
use crate::views::repairs::RepairOutcomes;
use crate::views::{causes, slice_bar};

/// The report of a code.
#[component]
pub fn Code(
    /// The report.
    detail: CodeReport,
    /// What is counted, and as of when.
    note: String,
    /// The state of the page.
    query: FailuresQuery,
    /// The first and the last day of the period.
    window: Option<(String, String)>,
    /// Address of the files of its figures.
    files: (String, String),
) -> impl IntoView {
    let t = use_locale();
    let all = href_with(&query, |query| query.code = None);
    let looked = [("code", detail.code.as_str())];
    let explore = slice_bar::explore(&query.slice, window.as_ref(), &looked);
    let explored = explore.split_once('?').map(|(_, state)| state).unwrap_or_default();
    let units = [("slice", Some(explored)), ("ended", Some("not-passed"))];
    let units = address(&in_tenant("/units"), &units);
    let seen = match &detail.seen {
        Some((first, last)) => t.failure_seen(first, last),
        None => t.failure_not_seen().to_owned(),
    };
    let figure = trend(t, &detail, note);
    let failed: Vec<_> = detail
        .failed
        .into_iter()
        .map(|serial| view! { <li><a href=unit(&serial)><Name of=serial.clone()/></a></li> })
        .collect();
    view! {
        <section aria-labelledby="code-title">
            <h2 id="code-title">{t.failure_code_title(isolated(&detail.code))}</h2>
            {detail.meaning.map(|meaning| view! { <CodeMeaning meaning/> })}
            <p>{seen}" "<a href=explore>{t.failure_explore()}</a>" · "<a href=all>{t.failure_all_codes()}</a></p>
            <FigureCard figure files room=Room::Whole/>
            <Outliers places=detail.places tests=detail.tests operation=detail.operation compared=detail.compared query/>
            <Parameters parameters=detail.parameters/>
            <div class="card">
                <h3>{t.failure_repairs()}</h3>
                <RepairOutcomes outcomes=detail.repairs/>
            </div>
            <div class="card">
                <h3>{t.failure_units()}</h3>
                <ul class="serials">{failed}</ul>
                <p><a href=units>{t.failure_units_search()}</a></p>
            </div>
        </section>
    }
}

/// The failing share of each of the site's days.
pub(super) fn trend(t: Locale, detail: &CodeReport, note: String) -> Figure {
    let point = |(day, failing): &(String, Option<Proportion>)| Point {
        key: day.clone(),
        figure: failing.and_then(number::drawn),
        n: failing.map_or(0, |failing| failing.n),
        title: match failing {
            None => t.failure_day_nothing(day),
            Some(failing) => {
                t.failure_day(day, failing.k, failing.n, number::percent(failing.fraction()))
            }
        },
    };
    let points: Vec<_> = detail.days.iter().map(point).collect();
    let lines = detail.days.iter().map(|(day, failing)| {
        let ends = failing.and_then(number::drawn);
        vec![
            Cell::Text(day.clone()),
            Cell::Fraction(failing.and_then(Proportion::fraction)),
            Cell::Fraction(ends.map(|ends| ends.low)),
            Cell::Fraction(ends.map(|ends| ends.high)),
            Cell::Count(failing.map_or(0, |failing| failing.k)),
            Cell::Count(failing.map_or(0, |failing| failing.n)),
        ]
    });
    let sheet = Sheet {
        heads: vec![
            t.column_day(),
            t.failure_column_share(),
            t.column_low(),
            t.column_high(),
            t.column_runs(),
            t.column_counted(),
        ],
        names: vec!["day", "share", "ci_low", "ci_high", "failed", "n"],
        rows: lines.collect(),
    };
    Figure {
        name: "trend",
        title: t.failure_trend().to_owned(),
        note,
        sheet,
        draw: Arc::new(move |width, palette| {
            let axes =
                Axes { across: t.daily_axis(), up: t.failure_trend_up(), n: t.column_counted() };
            trend::render(&points, axes, width, palette)
        }),
    }
}

/// Values of dimensions with a higher failing share, each a link that filters by it.
#[component]
fn Outliers(
    places: Vec<Place>,
    tests: usize,
    operation: Option<String>,
    compared: Option<(String, String)>,
    query: FailuresQuery,
) -> impl IntoView {
    let t = use_locale();
    let within = operation.map_or_else(String::new, |it| isolated(&it));
    let within = match compared {
        Some((from, to)) => t.failure_places_within(within, from, to),
        None => t.failure_places_within_all(within),
    };
    let within = view! { <p class="figure-note">{within}</p> };
    if places.is_empty() {
        return view! {
            <div class="card"><h3>{t.failure_places()}</h3>{within}<p>{t.failure_places_none()}</p></div>
        }
        .into_any();
    }
    let rows: Vec<_> = places
        .into_iter()
        .map(|Place { dimension, value, here, elsewhere, odds_ratio, q, explained_by }| {
            let share =
                |it: Proportion| t.failure_share(it.k, it.n, number::percent(it.fraction()));
            let href = href_with(&query, |query| query.slice = query.slice.narrowed(&dimension, &value));
            let explained = explained_by.map(|first| {
                let text = t.failure_explained_by(isolated(&first));
                view! { <span class="quiet-text under">{text}</span> }
            });
            view! {
                <tr>
                    <td>{causes::dimension(&dimension)}</td>
                    <th scope="row"><a href=href><Name of=value/></a>{explained}</th>
                    <td class="num">{share(here)}</td>
                    <td class="num">{share(elsewhere)}</td>
                    <td class="num">{odds_ratio.map_or_else(|| "–".to_owned(), |odds| format!("{odds:.1}"))}</td>
                    <td class="num">{format!("{q:.2e}")}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::text(t.failure_column_dimension()),
        Column::text(t.failure_column_value()),
        Column::number(t.failure_column_here()),
        Column::number(t.failure_column_elsewhere()),
        Column::number(t.failure_column_odds()),
        Column::number(t.failure_column_q()),
    ];
    view! {
        <div class="card">
            <h3>{t.failure_places()}</h3>
            {within}
            <p class="figure-note">{t.failure_places_note(tests as u64)}</p>
            <Table label=t.failure_places() columns>{rows}</Table>
        </div>
    }
    .into_any()
}

/// The measurements that fail with the code, by how much, and what is new about them.
#[component]
fn Parameters(parameters: Vec<FailedParameter>) -> impl IntoView {
    let t = use_locale();
    if parameters.is_empty() {
        return ().into_any();
    }
    let notes: Vec<_> = parameters
        .iter()
        .flat_map(|it| {
            let drift = it.drift.as_ref().map(|drift| drifting(t, &it.parameter, drift));
            [it.limit.as_ref().map(|change| causes::limit_change(t, change)), drift]
        })
        .flatten()
        .map(|note| view! { <li>{note}</li> })
        .collect();
    let notes = (!notes.is_empty()).then(|| view! { <ul class="findings-notes">{notes}</ul> });
    let rows: Vec<_> = parameters
        .into_iter()
        .map(|it| {
            let limits = causes::limits(t, (it.low, it.high));
            let median = it.median.map_or_else(|| "–".to_owned(), number::value);
            view! {
                <tr>
                    <th scope="row"><Name of=it.parameter/></th>
                    <td data-label=t.column_runs() class="num">{number::count(it.runs)}</td>
                    <td data-label=t.failure_column_median() class="num">{median}</td>
                    <td data-label=t.failure_column_limits() class="num">{limits}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::text(t.failure_column_parameter()),
        Column::number(t.column_runs()),
        Column::number(t.failure_column_median()),
        Column::number(t.failure_column_limits()),
    ];
    view! {
        <div class="card">
            <h3>{t.failure_parameters()}</h3>
            {notes}
            <Table label=t.failure_parameters() columns class="stacks">{rows}</Table>
        </div>
    }
    .into_any()
}

/// That a measurement rises or falls steadily.
fn drifting(t: Locale, parameter: &str, drift: &Drift) -> String {
    let at = causes::place(t, &drift.dimension, &drift.value);
    let rounded = |value: f64| format!("{value:+.3}").replace('-', "−");
    let ends = t.interval_ends(rounded(drift.ends.0), rounded(drift.ends.1));
    t.failure_drift(
        isolated(parameter),
        at,
        rounded(drift.per_day),
        ends,
        t.count_runs(drift.n as u64),
    )
}
