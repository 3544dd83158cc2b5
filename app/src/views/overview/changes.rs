//! What is clearly not as it was.

use domain::yields::Definition;
use engine::proportion::Proportion;
use leptos::prelude::*;

use super::asked::Asked;
use crate::backend::{Change, Changes, Subject};
use crate::ui::name::isolated;
use crate::ui::number;
use crate::ui::number::{attempts, counted};
use crate::ui::query::{address, in_tenant};

/// The clear differences to the equally long period before, in sentences.
#[component]
pub fn Changed(changes: Changes, asked: Asked) -> impl IntoView {
    let Changes { compared, more, changed, appeared, gone } = changes;
    let definition = asked.definition;
    let finding = match (compared, changed.is_empty()) {
        (0, _) => Some("Nothing was counted in both periods, so there is nothing to compare."),
        (_, true) => Some("No yield and no failure code differs more than chance would explain."),
        (_, false) => None,
    };
    let changed: Vec<_> =
        changed.into_iter().map(|change| view! { <Line change asked=asked.clone()/> }).collect();
    let news = |word: &'static str| {
        move |(subject, n): (Subject, u64)| {
            view! {
                <li>
                    <span class="badge muted">{word}</span>
                    <span>{match &subject {
                        Subject::Operation(operation) => isolated(operation),
                        other => name(other),
                    }}</span>
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
            <p class="figure-note">{how(compared, definition)}</p>
            {finding.map(|finding| view! { <p>{finding}</p> })}
            <ul class="changes">{changed}{news}</ul>
            {(more > 0).then(|| view! { <p class="quiet-text">{format!("And {} more.", number::count(more as u64))}</p> })}
        </section>
    }
}

/// How they were compared, and how far that holds.
fn how(compared: usize, definition: Definition) -> String {
    if compared == 0 {
        return "Against the equally long period before".to_owned();
    }
    let compared = number::of(compared as u64, "comparison", "comparisons");
    // Newcombe's interval is of samples that have no unit in common.
    let caution = match definition {
        Definition::FirstRun => {
            "For failure codes it may be larger, where a unit counts in both periods in different operations."
        }
        Definition::FirstAttemptOfDay => {
            "It may be larger where a unit counts in both periods, on different days."
        }
        Definition::Report => {
            "It may be larger where a unit counts in both periods, by different runs."
        }
    };
    format!(
        "Against the equally long period before: {compared} of operations, stations, software and failure codes, held together to an error of 5\u{a0}% (Bonferroni). {caution}"
    )
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
    // A code is of all operations, in each of which a unit may count.
    let all = |n| match subject {
        Subject::Code(_) => attempts(asked.definition, n),
        _ => counted(asked.definition, n),
    };
    let of = format!(
        "{} of {}, before {} of {}",
        number::count(now.k),
        all(now.n),
        number::count(before.k),
        all(before.n)
    );
    let href = match &subject {
        Subject::Operation(operation) => asked.explaining(operation, None),
        Subject::Station { station, operation } => asked.explaining(operation, Some(station)),
        Subject::Software { operation, .. } => asked.explaining(operation, None),
        Subject::Code(code) => address(&in_tenant("/units"), &[("code", Some(code))]),
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
    let of = isolated;
    match subject {
        Subject::Operation(operation) => format!("Yield of {}", of(operation)),
        Subject::Station { station, operation } => format!("{} in {}", of(station), of(operation)),
        Subject::Software { software, operation } => {
            format!("Software {} in {}", of(software), of(operation))
        }
        Subject::Code(code) => format!("Failures with {}", of(code)),
    }
}
