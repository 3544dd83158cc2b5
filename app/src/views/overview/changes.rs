//! What is clearly not as it was.

use domain::yields::Definition;
use engine::proportion::Proportion;
use leptos::prelude::*;
use messages::Locale;

use super::asked::Asked;
use crate::backend::{Change, Changes, Subject};
use crate::ui::label::{attempts, counted};
use crate::ui::locale::{sentence, use_locale};
use crate::ui::name::isolated;
use crate::ui::number;

/// The clear differences to the equally long period before, in sentences.
#[component]
pub fn Changed(changes: Changes, asked: Asked) -> impl IntoView {
    let t = use_locale();
    let Changes { compared, more, mut changed, appeared, gone } = changes;
    // Bad news first.
    changed.sort_by_key(is_better);
    let definition = asked.definition;
    let finding = match (compared, changed.is_empty()) {
        (0, _) => Some(t.changes_none_compared()),
        (_, true) => Some(t.changes_none()),
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
                        other => name(t, other),
                    }}</span>
                    <span class="quiet-text">{counted(t, definition, n)}</span>
                </li>
            }
        }
    };
    let news: Vec<_> = appeared
        .into_iter()
        .map(news(t.changes_new()))
        .chain(gone.into_iter().map(news(t.changes_gone())))
        .collect();
    view! {
        <section class="card" aria-labelledby="changed-title">
            <h2 id="changed-title">{t.changes_title()}</h2>
            <p class="figure-note">{how(t, compared, definition)}</p>
            {finding.map(|finding| view! { <p>{finding}</p> })}
            <ul class="changes">{changed}{news}</ul>
            {(more > 0).then(|| view! { <p class="quiet-text">{t.changes_more(more as u64)}</p> })}
        </section>
    }
}

/// How they were compared, and how far that holds.
fn how(t: Locale, compared: usize, definition: Definition) -> String {
    if compared == 0 {
        return t.changes_against().to_owned();
    }
    // Newcombe's interval is of samples that have no unit in common.
    let caution = match definition {
        Definition::FirstRun => t.changes_caution_first_run(),
        Definition::FirstAttemptOfDay => t.changes_caution_first_attempt(),
        Definition::Report => t.changes_caution_report(),
    };
    t.changes_how(compared as u64, caution)
}

/// More of a failure is worse; more of a yield is better.
fn is_better(change: &Change) -> bool {
    (change.difference.estimate > 0.0) != matches!(change.subject, Subject::Code(_))
}

#[component]
fn Line(change: Change, asked: Asked) -> impl IntoView {
    let t = use_locale();
    let better = is_better(&change);
    let Change { subject, now, before, difference } = change;
    let up = difference.estimate > 0.0;
    let class = if better { "badge good" } else { "badge bad" };
    let (mark, word) = if up { ("▲", t.changes_up()) } else { ("▼", t.changes_down()) };
    let share = |it: Proportion| number::percent(it.fraction());
    // A code is of all operations, in each of which a unit may count.
    let all = |n| match subject {
        Subject::Code(_) => attempts(t, asked.definition, n),
        _ => counted(t, asked.definition, n),
    };
    let detail = t.changes_detail(
        number::points(difference.low),
        number::points(difference.high),
        now.k,
        all(now.n),
        before.k,
        all(before.n),
    );
    let shares =
        t.changes_from_to(share(before), view! { <strong>{share(now)}</strong> }.into_any());
    let href = match &subject {
        Subject::Operation(operation) => asked.explaining(operation, None),
        Subject::Station { station, operation } => asked.explaining(operation, Some(station)),
        Subject::Software { operation, software } => {
            asked.failures(&[("operation", operation), ("software", software)])
        }
        Subject::Code(code) => asked.failures(&[("code", code)]),
    };
    view! {
        <li>
            <span class=class><span aria-hidden="true">{mark}</span>{word}</span>
            <a href=href>{name(t, &subject)}</a>
            <span class="num">{sentence(shares)}</span>
            <span class="quiet-text">{detail}</span>
        </li>
    }
}

fn name(t: Locale, subject: &Subject) -> String {
    let of = isolated;
    match subject {
        Subject::Operation(operation) => t.changes_operation(of(operation)),
        Subject::Station { station, operation } => t.changes_station(of(station), of(operation)),
        Subject::Software { software, operation } => {
            t.changes_software(of(software), of(operation))
        }
        Subject::Code(code) => t.changes_code(of(code)),
    }
}
