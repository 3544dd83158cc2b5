//! Where it is lost.

use engine::proportion::{Method, interval};
use leptos::prelude::*;

use super::asked::Asked;
use super::counted;
use crate::backend::StationFigures;
use crate::ui::number;
use crate::ui::table::{Column, Table};

/// Stations whose loss is surest, first.
#[component]
pub fn Stations(stations: Vec<StationFigures>, asked: Asked) -> impl IntoView {
    let rows: Vec<_> = stations
        .into_iter()
        .map(|StationFigures { station, operation, yielded }| {
            let ends = interval(yielded.k, yielded.n, Method::Wilson, 0.95).map(|ends| {
                format!(
                    "{} – {}",
                    number::percent(Some(ends.low)),
                    number::percent(Some(ends.high))
                )
            });
            view! {
                <tr>
                    <th scope="row">
                        {station.unwrap_or_else(|| "no station named".to_owned())}
                        <span class="quiet-text under">{operation}</span>
                    </th>
                    <td class="num strong">{number::percent(yielded.fraction())}</td>
                    <td class="num">{ends}</td>
                    <td class="num">{counted(asked.definition, yielded.n)}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::text("Station"),
        Column::number("Yield"),
        Column::number("95 % interval"),
        Column::number("Counted"),
    ];
    view! {
        <section class="card" aria-labelledby="stations-title">
            <h2 id="stations-title">"Which stations lose most?"</h2>
            <p class="figure-note">"By the upper end of the 95 % interval: the surest losses first"</p>
            <Table label="Stations" columns>{rows}</Table>
        </section>
    }
}
