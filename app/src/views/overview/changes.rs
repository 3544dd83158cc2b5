//! Significant changes against the preceding period.

use domain::yields::Definition;
use engine::proportion::Proportion;
use leptos::prelude::*;
use messages::Locale;

use super::state::OverviewState;
use crate::backend::{Change, Changes, Subject};
use crate::slice::{Period, Slice};
use crate::ui::label::{attempts, counted};
use crate::ui::locale::{sentence, use_locale};
use crate::ui::name::isolated;
use crate::ui::number;
use crate::views::slice_bar;

/// List of significant changes against the preceding period of equal length.
#[component]
pub fn ChangeList(
    changes: Changes,
    state: OverviewState,
    /// The first and the last day of the period.
    window: Option<(String, String)>,
) -> impl IntoView {
    let t = use_locale();
    let Changes { compared, more, mut changed, appeared, gone } = changes;
    // Deteriorations first.
    changed.sort_by_key(is_better);
    let definition = state.definition();
    let finding = match (compared, changed.is_empty()) {
        (0, _) => Some(t.changes_none_compared()),
        (_, true) => Some(t.changes_none()),
        (_, false) => None,
    };
    let changed: Vec<_> = changed
        .into_iter()
        .map(|change| view! { <ChangeItem change state=state.clone()/> })
        .collect();
    // What is gone is in the period before.
    let everything = Slice { period: Period::Everything, ..state.slice.clone() };
    let news = |word: &'static str, slice: Slice| {
        let window = window.clone();
        move |(subject, n): (Subject, u64)| {
            view! {
                <li>
                    <span class="badge muted">{word}</span>
                    <a href=slice_bar::explore(&slice, window.as_ref(), &filters(&subject))>
                        {match &subject {
                            Subject::Operation(operation) => isolated(operation),
                            other => name(t, other),
                        }}
                    </a>
                    <span class="quiet-text">{counted(t, definition, n)}</span>
                </li>
            }
        }
    };
    let news: Vec<_> = appeared
        .into_iter()
        .map(news(t.changes_new(), state.slice.clone()))
        .chain(gone.into_iter().map(news(t.changes_gone(), everything)))
        .collect();
    view! {
        <section class="card" aria-labelledby="changed-title">
            <h2 id="changed-title">{t.changes_title()}</h2>
            <p class="figure-note">{comparison_note(t, compared, definition)}</p>
            {finding.map(|finding| view! { <p>{finding}</p> })}
            <ul class="changes">{changed}{news}</ul>
            {(more > 0).then(|| view! { <p class="quiet-text">{t.changes_more(more as u64)}</p> })}
        </section>
    }
}

/// The method of the comparison and its limitation.
fn comparison_note(t: Locale, compared: usize, definition: Definition) -> String {
    if compared == 0 {
        return t.changes_against().to_owned();
    }
    // Newcombe's interval assumes independent samples, without a unit in both.
    let caution = match definition {
        Definition::FirstRun => t.changes_caution_first_run(),
        Definition::FirstAttemptOfDay => t.changes_caution_first_attempt(),
        Definition::Report => t.changes_caution_report(),
    };
    t.changes_how(compared as u64, caution)
}

/// A higher yield is better; a higher failure share is worse.
fn is_better(change: &Change) -> bool {
    (change.difference.estimate > 0.0) != matches!(change.subject, Subject::Code(_))
}

#[component]
fn ChangeItem(change: Change, state: OverviewState) -> impl IntoView {
    let t = use_locale();
    let better = is_better(&change);
    let Change { subject, now, before, difference } = change;
    let up = difference.estimate > 0.0;
    let class = if better { "badge good" } else { "badge bad" };
    let (mark, word) = if up { ("▲", t.changes_up()) } else { ("▼", t.changes_down()) };
    let share = |it: Proportion| number::percent(it.fraction());
    // A code spans all operations, in each of which a unit may be counted.
    let all = |n| match subject {
        Subject::Code(_) => attempts(t, state.definition(), n),
        _ => counted(t, state.definition(), n),
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
        Subject::Code(code) => state.failures_href(&[("code", code)]),
        other => state.failures_href(&filters(other)),
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

/// The filters that a subject stands for; of a code, none.
fn filters(subject: &Subject) -> Vec<(&str, &str)> {
    match subject {
        Subject::Operation(operation) => vec![("operation", operation)],
        Subject::Station { station, operation } => {
            vec![("operation", operation), ("station", station)]
        }
        Subject::Software { software, operation } => {
            vec![("operation", operation), ("software", software)]
        }
        Subject::Code(_) => Vec::new(),
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
