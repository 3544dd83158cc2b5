//! Stations with the largest losses.

use std::sync::Arc;

use charts::interval::{self, Row};
use leptos::prelude::*;
use messages::Locale;

use super::state::OverviewState;
use crate::backend::StationFigures;
use crate::ui::figure::{Figure, FigureCard, Room};
use crate::ui::label::counted;
use crate::ui::locale::use_locale;
use crate::ui::name::isolated;
use crate::ui::number;
use crate::ui::number::drawn;
use crate::ui::sheet::{Cell, Sheet};

/// Stations with the largest statistically certain losses.
#[component]
pub fn Stations(
    stations: Vec<StationFigures>,
    state: OverviewState,
    as_of: String,
) -> impl IntoView {
    let t = use_locale();
    if stations.is_empty() {
        return view! {
            <section class="card">
                <h2>{t.stations_title()}</h2>
                <p>{t.stations_none()}</p>
            </section>
        }
        .into_any();
    }
    let files = state.files();
    let figure = figure(t, &stations, &state, &as_of);
    view! { <FigureCard figure files room=Room::Half/> }.into_any()
}

/// The yields of the stations with their intervals.
pub(super) fn figure(
    t: Locale,
    stations: &[StationFigures],
    state: &OverviewState,
    as_of: &str,
) -> Figure {
    let none = || t.stations_unnamed().to_owned();
    let name = |it: &StationFigures| it.station.as_deref().map_or_else(none, isolated);
    let rows: Vec<_> = stations
        .iter()
        .map(|it| Row {
            label: name(it),
            figure: drawn(it.yielded),
            title: t.stations_point(
                name(it),
                isolated(&it.operation),
                it.yielded.k,
                counted(t, state.definition(), it.yielded.n),
                number::percent(it.yielded.fraction()),
            ),
            href: Some(state.failures_href(&[
                ("operation", &it.operation),
                ("station", it.station.as_deref().unwrap_or_default()),
            ])),
            n: None,
            muted: false,
        })
        .collect();
    let lines = stations.iter().map(|it| {
        let ends = drawn(it.yielded);
        vec![
            it.station.clone().map_or_else(|| Cell::Text(none()), Cell::Name),
            Cell::Name(it.operation.clone()),
            Cell::Fraction(it.yielded.fraction()),
            Cell::Fraction(ends.map(|ends| ends.low)),
            Cell::Fraction(ends.map(|ends| ends.high)),
            Cell::Count(it.yielded.k),
            Cell::Count(it.yielded.n),
        ]
    });
    let sheet = Sheet {
        heads: vec![
            t.column_station(),
            t.column_operation(),
            t.column_yield(),
            t.column_low(),
            t.column_high(),
            t.column_passed(),
            t.column_counted(),
        ],
        names: vec!["station", "operation", "yield", "ci_low", "ci_high", "passed", "n"],
        rows: lines.collect(),
    };
    Figure {
        name: "stations",
        title: t.stations_title().to_owned(),
        note: t.stations_note(stations.len() as u64, state.note(t, as_of)),
        sheet,
        draw: Arc::new(move |width, palette| {
            interval::render(&rows, t.chart_yield_interval(), width, palette)
        }),
    }
}
