//! What failures go together with: the first place to look.

use engine::proportion::Proportion;
use leptos::prelude::*;

use super::state::OverviewState;
use crate::backend::{Cause, FailedUnit, RetestStation, StandingOut};
use crate::ui::locale::use_locale;
use crate::ui::name::{Name, isolated};
use crate::ui::number;
use crate::ui::query::unit;
use crate::views::causes::{limit_change, place};
use crate::views::slice_bar;

/// Causes that stand out, stations without a first run, and units that fail again and again.
#[component]
pub fn StandsOut(
    /// What stands out.
    found: StandingOut,
    /// The state of the page.
    state: OverviewState,
    /// The first and the last day of the period.
    window: Option<(String, String)>,
) -> impl IntoView {
    let t = use_locale();
    let StandingOut { causes, more, tests, window: compared, retest_stations, units } = found;
    let note = match (tests, compared) {
        (None, _) => t.standing_too_many().to_owned(),
        (Some(tests), Some((from, to))) => t.standing_note(tests as u64, from, to),
        (Some(tests), None) => t.standing_note_all(tests as u64),
    };
    let none = (causes.is_empty() && tests.is_some()).then(|| view! { <p>{t.standing_none()}</p> });
    let causes: Vec<_> = causes
        .into_iter()
        .map(|cause| view! { <Line cause state=state.clone() window=window.clone()/> })
        .collect();
    let more =
        (more > 0).then(|| view! { <p class="quiet-text">{t.standing_more(more as u64)}</p> });
    let retest_stations: Vec<_> = retest_stations
        .into_iter()
        .map(|station| view! { <Retests station state=state.clone() window=window.clone()/> })
        .collect();
    let units: Vec<_> = units.into_iter().map(|failed| view! { <Again failed/> }).collect();
    let units = (!units.is_empty()).then(|| {
        view! {
            <h3>{t.standing_units()}</h3>
            <ul class="changes">{units}</ul>
        }
    });
    view! {
        <section class="card" aria-labelledby="standing-title">
            <h2 id="standing-title">{t.standing_title()}</h2>
            <p class="figure-note">{note}</p>
            {none}
            <ul class="changes">{causes}{retest_stations}</ul>
            {more}
            {units}
        </section>
    }
}

#[component]
fn Line(cause: Cause, state: OverviewState, window: Option<(String, String)>) -> impl IntoView {
    let t = use_locale();
    let Cause { operation, code, dimension, value, here, elsewhere, q, seen, limit } = cause;
    let at = place(t, &dimension, &value);
    let mut narrowed = vec![("operation", operation.as_str())];
    // A code's page compares values itself; of failures of any code it shows those of the value.
    let title = match &code {
        Some(code) => {
            narrowed.push(("code", code));
            t.standing_code(isolated(code), at)
        }
        None => {
            narrowed.push((&dimension, &value));
            t.standing_any(at)
        }
    };
    let href = state.failures_href(&narrowed);
    let mut looked = vec![("operation", operation.as_str()), (&dimension, &value)];
    looked.extend(code.as_deref().map(|code| ("code", code)));
    let explore = slice_bar::explore(&state.slice, window.as_ref(), &looked);
    let share = |it: Proportion| number::percent(it.fraction());
    let detail = t.standing_detail(
        isolated(&operation),
        here.k,
        here.n,
        share(here),
        share(elsewhere),
        &seen.0,
        &seen.1,
    );
    let certain = t.standing_certain(format!("{q:.1e}"));
    let limit = limit.map(|limit| view! { <strong>{limit_change(t, &limit)}</strong> });
    view! {
        <li>
            <span class="badge bad">{t.standing_badge()}</span>
            <a href=href>{title}</a>
            <span class="quiet-text" title=certain>{detail}</span>
            {limit}
            <a href=explore>{t.explore_these()}</a>
        </li>
    }
}

/// A station that only retests.
#[component]
fn Retests(
    station: RetestStation,
    state: OverviewState,
    window: Option<(String, String)>,
) -> impl IntoView {
    let t = use_locale();
    let RetestStation { station, operation, units } = station;
    let slice = crate::slice::Slice {
        definition: domain::yields::Definition::Report,
        ..state.slice.clone()
    };
    let looked = [("operation", operation.as_str()), ("station", station.as_str())];
    let href = slice_bar::explore(&slice, window.as_ref(), &looked);
    view! {
        <li>
            <span class="badge muted">{t.standing_retest_badge()}</span>
            <a href=href>{t.standing_retest(isolated(&station), isolated(&operation))}</a>
            <span class="quiet-text">{t.standing_retest_detail(t.count_units(units))}</span>
        </li>
    }
}

/// A unit that fails again and again.
#[component]
fn Again(failed: FailedUnit) -> impl IntoView {
    let t = use_locale();
    let FailedUnit { serial, operation, failed } = failed;
    view! {
        <li>
            <a href=unit(&serial)><Name of=serial.clone()/></a>
            <span class="quiet-text">{t.standing_unit_detail(t.count_runs(failed), isolated(&operation))}</span>
        </li>
    }
}
