//! The most frequent failures.

use std::sync::Arc;

use charts::pareto::{self, Words};
use leptos::prelude::*;
use messages::Locale;

use super::state::OverviewState;
use crate::backend::{Code, Failures};
use crate::ui::figure::{Figure, FigureCard, Room};
use crate::ui::locale::use_locale;
use crate::ui::meaning::CodeMeaning;
use crate::ui::name::{Name, isolated};
use crate::ui::number;
use crate::ui::sheet::{Cell, Sheet};

/// Maximum number of codes in the chart.
const MAX_CODES: usize = 10;

/// Card with the Pareto chart of failure codes.
#[component]
pub fn FailurePareto(failures: Failures, state: OverviewState, as_of: String) -> impl IntoView {
    let t = use_locale();
    if failures.codes.is_empty() {
        return view! {
            <section class="card">
                <h2>{t.failures_title()}</h2>
                <p>{t.failures_none()}</p>
            </section>
        }
        .into_any();
    }
    let files = state.files();
    let figure = figure(t, &failures, &state, &as_of);
    let drawn = failures.codes.into_iter().take(MAX_CODES);
    let meanings: Vec<_> = drawn
        .filter_map(|code| {
            let meaning = code.meaning?;
            Some(view! { <div><dt><code><Name of=code.code/></code></dt><dd><CodeMeaning meaning/></dd></div> })
        })
        .collect();
    let meanings = (!meanings.is_empty()).then(|| view! { <dl class="meanings">{meanings}</dl> });
    view! { <FigureCard figure files room=Room::Half>{meanings}</FigureCard> }.into_any()
}

/// The Pareto chart, by the number of failed runs.
pub(super) fn figure(t: Locale, failures: &Failures, state: &OverviewState, as_of: &str) -> Figure {
    let Failures { runs, units, codes } = failures;
    let rows: Vec<_> = codes
        .iter()
        .map(|code| pareto::Row {
            key: isolated(&code.code),
            runs: code.runs,
            units: Some(code.units),
            share: code.share,
            cumulative: code.cumulative,
            title: sentence(t, code),
            href: Some(state.failures_href(&[("code", &code.code)])),
            muted: false,
        })
        .collect();
    let lines = codes.iter().map(|code| {
        vec![
            Cell::Name(code.code.clone()),
            Cell::Count(code.runs),
            Cell::Count(code.units),
            Cell::Fraction(Some(code.share)),
            Cell::Fraction(code.cumulative),
            Cell::Text(code.meaning.as_ref().map(|it| it.says.to_owned()).unwrap_or_default()),
        ]
    });
    let sheet = Sheet {
        heads: vec![
            t.column_code(),
            t.column_runs(),
            t.column_units(),
            t.column_share_of_runs(),
            t.column_cumulative(),
            t.column_meaning(),
        ],
        names: vec!["code", "runs", "units", "share", "cumulative", "meaning"],
        rows: lines.collect(),
    };
    Figure {
        name: "failures",
        title: t.failures_title().to_owned(),
        note: t.failures_note(t.count_runs(*runs), t.count_units(*units), state.note(t, as_of)),
        sheet,
        draw: Arc::new(move |width, palette| {
            let words =
                Words { axis: t.failures_axis(), key: t.failures_key(), keys: t.failures_keys() };
            pareto::render(&rows, MAX_CODES, words, width, palette)
        }),
    }
}

fn sentence(t: Locale, code: &Code) -> String {
    let name = isolated(&code.code);
    let (runs, units) = (t.count_runs(code.runs), t.count_units(code.units));
    let share = number::percent(Some(code.share));
    match &code.meaning {
        Some(meaning) => t.failures_code_meaning(name, runs, units, share, meaning.says),
        None => t.failures_code(name, runs, units, share),
    }
}
