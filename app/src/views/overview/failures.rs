//! What fails most.

use std::sync::Arc;

use charts::pareto::{self, Words};
use leptos::prelude::*;
use messages::Locale;

use super::asked::Asked;
use crate::backend::{Code, Failures};
use crate::ui::figure::{Drawn, Figure, Room};
use crate::ui::locale::use_locale;
use crate::ui::meaning::Meant;
use crate::ui::name::{Name, isolated};
use crate::ui::number;
use crate::ui::sheet::{Cell, Sheet};

/// Codes that the drawing has rows for.
const MOST: usize = 10;

/// The Pareto of failure codes.
#[component]
pub fn Failing(failures: Failures, asked: Asked, as_of: String) -> impl IntoView {
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
    let files = asked.files();
    let figure = figure(t, &failures, &asked, &as_of);
    let drawn = failures.codes.into_iter().take(MOST);
    let meanings: Vec<_> = drawn
        .filter_map(|code| {
            let meaning = code.meaning?;
            Some(view! { <div><dt><code><Name of=code.code/></code></dt><dd><Meant meaning/></dd></div> })
        })
        .collect();
    let meanings = (!meanings.is_empty()).then(|| view! { <dl class="meanings">{meanings}</dl> });
    view! { <Drawn figure files room=Room::Half>{meanings}</Drawn> }.into_any()
}

/// Failure codes by the runs that they cost.
pub(super) fn figure(t: Locale, failures: &Failures, asked: &Asked, as_of: &str) -> Figure {
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
            href: Some(asked.failures(&[("code", &code.code)])),
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
        note: t.failures_note(t.count_runs(*runs), t.count_units(*units), asked.note(t, as_of)),
        sheet,
        draw: Arc::new(move |width, palette| {
            let words =
                Words { axis: t.failures_axis(), key: t.failures_key(), keys: t.failures_keys() };
            pareto::render(&rows, MOST, words, width, palette)
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
