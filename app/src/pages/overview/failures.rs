//! What fails most.

use charts::Palette;
use charts::pareto::{self, Words};
use leptos::prelude::*;

use super::asked::Asked;
use crate::backend::{Code, Failures};
use crate::islands::interval::SERVER_WIDTH;
use crate::ui::number;
use crate::ui::table::{Column, Table};

/// Codes that the drawing has rows for.
const MOST: usize = 10;

/// The Pareto of failure codes, and the same as a table.
#[component]
pub fn Failing(failures: Failures, asked: Asked) -> impl IntoView {
    let Failures { runs, units, codes } = failures;
    if codes.is_empty() {
        return view! {
            <section class="card">
                <h2>"What fails most?"</h2>
                <p>"Nothing that was counted failed."</p>
            </section>
        }
        .into_any();
    }
    let drawn: Vec<_> = codes
        .iter()
        .map(|code| pareto::Row {
            key: code.code.clone(),
            runs: code.runs,
            units: code.units,
            share: code.share,
            cumulative: code.cumulative,
            title: sentence(code),
            href: None,
        })
        .collect();
    let words = Words { axis: "Share of runs that did not pass", key: "code", keys: "codes" };
    let drawing = pareto::render(&drawn, MOST, words, SERVER_WIDTH, Palette::Page);
    let rows: Vec<_> = codes
        .into_iter()
        .map(|code| {
            view! {
                <tr>
                    <th scope="row"><code>{code.code}</code></th>
                    <td class="num">{number::count(code.runs)}</td>
                    <td class="num">{number::count(code.units)}</td>
                    <td class="num">{number::percent(Some(code.share))}</td>
                    <td class="num">{number::percent(code.cumulative)}</td>
                </tr>
            }
        })
        .collect();
    let note = format!(
        "{} runs of {} units did not pass, definition {} v1",
        number::count(runs),
        number::count(units),
        asked.definition.as_str()
    );
    let columns = vec![
        Column::text("Code"),
        Column::number("Runs"),
        Column::number("Units"),
        Column::number("Share"),
        Column::number("Together"),
    ];
    view! {
        <section class="card" aria-labelledby="failing-title">
            <h2 id="failing-title">"What fails most?"</h2>
            <p class="figure-note">{note}</p>
            <div class="chart" tabindex="0" role="region" aria-label="Failure codes" inner_html=drawing></div>
            <details>
                <summary>"As a table"</summary>
                <Table label="Failure codes" columns>{rows}</Table>
            </details>
        </section>
    }
    .into_any()
}

fn sentence(code: &Code) -> String {
    format!(
        "{}: {} runs of {} units, {} of all that did not pass",
        code.code,
        number::count(code.runs),
        number::count(code.units),
        number::percent(Some(code.share))
    )
}
