//! What fails most.

use std::sync::Arc;

use charts::pareto::{self, Words};
use leptos::prelude::*;

use super::asked::Asked;
use crate::backend::{Code, Failures};
use crate::ui::figure::{Drawn, Figure, Room};
use crate::ui::meaning::Meant;
use crate::ui::name::{Name, isolated};
use crate::ui::number;
use crate::ui::query::{address, in_tenant};
use crate::ui::sheet::{Cell, Sheet};

/// Codes that the drawing has rows for.
const MOST: usize = 10;

/// The Pareto of failure codes.
#[component]
pub fn Failing(failures: Failures, asked: Asked, as_of: String) -> impl IntoView {
    if failures.codes.is_empty() {
        return view! {
            <section class="card">
                <h2>"What fails most?"</h2>
                <p>"Nothing that was counted failed."</p>
            </section>
        }
        .into_any();
    }
    let files = asked.files();
    let figure = figure(&failures, &asked, &as_of);
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
pub(super) fn figure(failures: &Failures, asked: &Asked, as_of: &str) -> Figure {
    let Failures { runs, units, codes } = failures;
    let rows: Vec<_> = codes
        .iter()
        .map(|code| pareto::Row {
            key: isolated(&code.code),
            runs: code.runs,
            units: Some(code.units),
            share: code.share,
            cumulative: code.cumulative,
            title: sentence(code),
            href: Some(address(&in_tenant("/units"), &[("code", Some(&code.code))])),
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
        heads: vec!["Code", "Runs", "Units", "Share of runs", "Together", "Meaning"],
        names: vec!["code", "runs", "units", "share", "cumulative", "meaning"],
        rows: lines.collect(),
    };
    Figure {
        name: "failures",
        title: "What fails most?".to_owned(),
        note: format!(
            "{} of {} that count did not pass. {}",
            number::of(*runs, "run", "runs"),
            number::of(*units, "unit", "units"),
            asked.note(as_of)
        ),
        sheet,
        draw: Arc::new(move |width, palette| {
            let words =
                Words { axis: "Share of runs that did not pass", key: "code", keys: "codes" };
            pareto::render(&rows, MOST, words, width, palette)
        }),
    }
}

fn sentence(code: &Code) -> String {
    let means = code.meaning.as_ref().map(|meaning| format!(". {}", meaning.says));
    format!(
        "{}: {} of {}, {} of all that did not pass{}",
        isolated(&code.code),
        number::of(code.runs, "run", "runs"),
        number::of(code.units, "unit", "units"),
        number::percent(Some(code.share)),
        means.unwrap_or_default()
    )
}
