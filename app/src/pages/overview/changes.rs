//! What is clearly not as it was.

use engine::proportion::Proportion;
use leptos::prelude::*;

use super::asked::Asked;
use crate::backend::{Change, Changes, Subject};
use crate::ui::number;
use crate::ui::number::counted;
use crate::ui::query::address;

/// The clear differences to the equally long period before, in sentences.
#[component]
pub fn Changed(changes: Changes, asked: Asked) -> impl IntoView {
    let Changes { compared, changed, appeared, gone } = changes;
    let quiet = changed.is_empty();
    let changed: Vec<_> =
        changed.into_iter().map(|change| view! { <Line change asked=asked.clone()/> }).collect();
    let definition = asked.definition;
    let news = |word: &'static str| {
        move |(subject, n): (Subject, u64)| {
            view! {
                <li>
                    <span class="badge muted">{word}</span>
                    <span>{name(&subject)}</span>
                    <span class="quiet-text">{counted(definition, n)}</span>
                </li>
            }
        }
    };
    let news: Vec<_> =
        appeared.into_iter().map(news("new")).chain(gone.into_iter().map(news("gone"))).collect();
    view! {
        <section class="card" aria-labelledby="changed-title">
            <h2 id="changed-title">"What changed?"</h2>
            <p class="figure-note">{format!("Against the equally long period before: {compared} comparisons of operations, stations, software and failure codes, held together to an error of 5\u{a0}% (Bonferroni)")}</p>
            {quiet.then(|| view! { <p>"No yield and no failure code differs more than chance would explain."</p> })}
            <ul class="changes">{changed}{news}</ul>
        </section>
    }
}

#[component]
fn Line(change: Change, asked: Asked) -> impl IntoView {
    let Change { subject, now, before, difference } = change;
    let up = difference.estimate > 0.0;
    // More of a failure is worse; more of a yield is better.
    let better = up != matches!(subject, Subject::Code(_));
    let class = if better { "badge good" } else { "badge bad" };
    let (mark, word) = if up { ("▲", "up") } else { ("▼", "down") };
    let share = |it: Proportion| number::percent(it.fraction());
    let ends = format!("{} to {}", number::points(difference.low), number::points(difference.high));
    let of = format!(
        "{} of {}, before {} of {}",
        number::count(now.k),
        counted(asked.definition, now.n),
        number::count(before.k),
        counted(asked.definition, before.n)
    );
    let href = match &subject {
        Subject::Operation(operation) => asked.explaining(operation, None),
        Subject::Station { station, operation } => asked.explaining(operation, Some(station)),
        Subject::Software { operation, .. } => asked.explaining(operation, None),
        Subject::Code(code) => address("/units", &[("code", Some(code))]),
    };
    view! {
        <li>
            <span class=class><span aria-hidden="true">{mark}</span>{word}</span>
            <a href=href>{name(&subject)}</a>
            <span class="num">{share(before)}" → "<strong>{share(now)}</strong></span>
            <span class="quiet-text">{ends}"; "{of}</span>
        </li>
    }
}

fn name(subject: &Subject) -> String {
    match subject {
        Subject::Operation(operation) => format!("Yield of {operation}"),
        Subject::Station { station, operation } => format!("{station} in {operation}"),
        Subject::Software { software, operation } => format!("Software {software} in {operation}"),
        Subject::Code(code) => format!("Failures with {code}"),
    }
}
