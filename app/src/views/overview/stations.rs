//! Where it is lost.

use std::sync::Arc;

use charts::interval::{self, Row};
use leptos::prelude::*;

use super::asked::Asked;
use crate::backend::StationFigures;
use crate::ui::figure::{Drawn, Figure, Room};
use crate::ui::name::isolated;
use crate::ui::number;
use crate::ui::number::{counted, drawn};
use crate::ui::sheet::{Cell, Sheet};

/// Stations whose loss is surest, first.
#[component]
pub fn Stations(stations: Vec<StationFigures>, asked: Asked, as_of: String) -> impl IntoView {
    if stations.is_empty() {
        return view! {
            <section class="card">
                <h2>"Which stations lose most?"</h2>
                <p>"No station lost anything that was counted."</p>
            </section>
        }
        .into_any();
    }
    let files = asked.files();
    let figure = figure(&stations, &asked, &as_of);
    view! { <Drawn figure files room=Room::Half/> }.into_any()
}

/// The yields of the stations with their intervals.
pub(super) fn figure(stations: &[StationFigures], asked: &Asked, as_of: &str) -> Figure {
    const NONE: &str = "(none named)";
    let name = |it: &StationFigures| it.station.as_deref().map_or(NONE.to_owned(), isolated);
    let rows: Vec<_> = stations
        .iter()
        .map(|it| Row {
            label: name(it),
            figure: drawn(it.yielded),
            title: format!(
                "{}, {}: {} of {}, {}",
                name(it),
                isolated(&it.operation),
                number::count(it.yielded.k),
                counted(asked.definition, it.yielded.n),
                number::percent(it.yielded.fraction()),
            ),
            href: Some(asked.explaining(&it.operation, it.station.as_deref())),
            n: None,
            muted: false,
        })
        .collect();
    let lines = stations.iter().map(|it| {
        let ends = drawn(it.yielded);
        vec![
            it.station.clone().map_or(Cell::Text(NONE.to_owned()), Cell::Name),
            Cell::Name(it.operation.clone()),
            Cell::Fraction(it.yielded.fraction()),
            Cell::Fraction(ends.map(|ends| ends.low)),
            Cell::Fraction(ends.map(|ends| ends.high)),
            Cell::Count(it.yielded.k),
            Cell::Count(it.yielded.n),
        ]
    });
    let sheet = Sheet {
        heads: vec!["Station", "Operation", "Yield", "Low", "High", "Passed", "Counted"],
        names: vec!["station", "operation", "yield", "ci_low", "ci_high", "passed", "n"],
        rows: lines.collect(),
    };
    Figure {
        name: "stations",
        title: "Which stations lose most?".to_owned(),
        note: format!(
            "The {} with the surest losses, by the upper end of the 95\u{a0}% interval (Wilson). {}",
            number::of(stations.len() as u64, "station", "stations"),
            asked.note(as_of)
        ),
        sheet,
        draw: Arc::new(move |width, palette| {
            interval::render(&rows, "Yield with 95 % interval", width, palette)
        }),
    }
}
