//! Filter bar: period, definition, key and filters. Choices apply at once and are stored in the
//! address.

use leptos::prelude::*;

use super::query::{href, href_with};
use crate::backend::{FailureKey, FailuresQuery, Period};
use crate::choices::{DAYS, DEFINITIONS};
use crate::ui::label;
use crate::ui::locale::use_locale;
use crate::ui::name::{Name, isolated};
use crate::ui::query::in_tenant;

/// The bar above the figures.
#[component]
pub fn Bar(
    /// The state of the page.
    query: FailuresQuery,
    /// The shown days: initial values of the form for another period.
    window: Option<(String, String)>,
) -> impl IntoView {
    let t = use_locale();
    let days: Vec<_> = DAYS
        .into_iter()
        .map(|days| {
            let period = days.map_or(Period::Everything, Period::Last);
            let current = (period == query.period).then_some("true");
            let address = href_with(&query, |query| query.period = period);
            view! { <a href=address aria-current=current>{label::period(t, days)}</a> }
        })
        .collect();
    let definitions: Vec<_> = DEFINITIONS
        .into_iter()
        .map(|definition| {
            let current = (definition == query.definition).then_some("true");
            let address = href_with(&query, |query| query.definition = definition);
            let title = label::definition_meaning(t, definition);
            let name = label::definition(t, definition);
            view! { <a href=address title=title aria-current=current>{name}</a> }
        })
        .collect();
    let keys = [
        (FailureKey::Code, t.failure_by_code()),
        (FailureKey::Step, t.failure_by_step()),
        (FailureKey::Component, t.failure_by_component()),
    ];
    let keys: Vec<_> = keys
        .into_iter()
        .map(|(by, name)| {
            let current = (by == query.by).then_some("true");
            let address = href_with(&query, |query| query.by = by);
            view! { <a href=address aria-current=current>{name}</a> }
        })
        .collect();
    view! {
        <div class="choices-bar">
            <nav class="segment" aria-label=t.period_label()>{days}</nav>
            <nav class="segment" aria-label=t.definition_label()>{definitions}</nav>
            <nav class="segment" aria-label=t.failure_by()>{keys}</nav>
            <Days query=query.clone() window/>
        </div>
        <Chips query/>
    }
}

/// A form for the first and the last day. Hidden fields carry the rest of the state.
#[component]
fn Days(query: FailuresQuery, window: Option<(String, String)>) -> impl IntoView {
    let t = use_locale();
    let without_days = href_with(&query, |query| query.period = Period::Last(28));
    let rest = without_days.split_once('?').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
    let kept: Vec<_> = crate::ui::query::pairs(&rest)
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    let (from, to) = window.unzip();
    view! {
        <form class="inline" action=in_tenant("/failures")>
            {kept}
            <label for="from">{t.failure_from()}</label>
            <input id="from" name="from" type="date" required value=from/>
            <label for="to">{t.failure_to()}</label>
            <input id="to" name="to" type="date" required value=to/>
            <button>{t.failure_apply()}</button>
        </form>
    }
}

/// The filters, each with a link that removes it.
#[component]
fn Chips(query: FailuresQuery) -> impl IntoView {
    let t = use_locale();
    if query.filters.is_empty() {
        return ().into_any();
    }
    let chips: Vec<_> = query
        .filters
        .iter()
        .enumerate()
        .map(|(position, (dimension, value))| {
            let mut without = query.clone();
            without.filters.remove(position);
            let title = t.failure_remove_filter(dimension, isolated(value));
            view! {
                <li><a class="chip" href=href(&without) title=title>
                    {dimension.clone()}" "<Name of=value.clone()/>" ×"
                </a></li>
            }
        })
        .collect();
    view! { <ul class="chips" aria-label=t.failure_filters()>{chips}</ul> }.into_any()
}
