//! Choosing what was measured.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

use leptos::prelude::*;

use crate::backend::{Measurement, Measurements};
use crate::explore::State;
use crate::ui::name::isolated;
use crate::ui::number;
use crate::ui::query::in_tenant;

/// Two forms: one searches measurements by a part of their names, where they are more than one
/// list has; the other asks for the page with another measurement. What else is looked at stays,
/// but for ranges of values.
#[component]
pub fn Chooser(
    /// What there is to choose from.
    measurements: Measurements,
    /// What is looked at.
    state: State,
) -> impl IntoView {
    let Measurements { listed, found, search, any } = measurements;
    if !any {
        return view! { <p class="quiet-text">"No number has been measured yet."</p> }.into_any();
    }
    let chosen = state.measurement.as_deref();
    let cut = found > listed.len() as u64;
    let note = match (search.is_empty(), cut) {
        (true, false) => None,
        (true, true) => Some(format!(
            "The first {} of {} measurements are listed; search for the others by a part of their names.",
            number::count(listed.len() as u64),
            number::count(found)
        )),
        (false, true) => Some(format!(
            "The first {} of {} that have “{search}” in their names are listed; search for a longer part.",
            number::count(listed.len() as u64),
            number::count(found)
        )),
        (false, false) => Some(format!(
            "{} “{search}” in {}.",
            match found {
                0 => "No measurement has".to_owned(),
                found => format!("{} with", number::of(found, "measurement", "measurements")),
            },
            if found == 1 { "its name" } else { "their names" }
        )),
    };
    let note = note.map(|note| view! { <p class="quiet-text">{note}</p> });
    let groups: Vec<_> = listed
        .chunk_by(|one, next| one.operation == next.operation)
        .map(|group| {
            let options: Vec<_> = group.iter().map(|it| option(it, chosen)).collect();
            let operation = group.first().map(|it| isolated(&it.operation));
            view! { <optgroup label=operation>{options}</optgroup> }
        })
        .collect();
    // What is chosen stays in the list, also where the search does not find it.
    let beyond = chosen.filter(|name| listed.iter().all(|it| it.name != *name)).map(|name| {
        view! { <option value=name.to_owned() selected>{isolated(name)}</option> }
    });
    let all = state.with(|_| ());
    let searching = !search.is_empty();
    let searched = (cut || searching).then(|| {
        let chosen = chosen.map(|name| {
            view! { <input type="hidden" name="measurement" value=name.to_owned()/> }
        });
        view! {
            <form class="inline measurement" role="search" action=in_tenant("/explore#measured-title")>
                <span data-fields="" hidden inner_html=state.fields().into_string()></span>
                {chosen}
                <label for="measurement-search">"Part of the name"</label>
                <input id="measurement-search" name="q" type="search" value=search autocomplete="off" spellcheck="false"/>
                <button>"Search measurements"</button>
                {searching.then(|| view! { <a href=format!("{all}#measured-title")>"List all"</a> })}
            </form>
        }
    });
    view! {
        {searched}
        {note}
        // The page comes anew, and is to be where it was.
        <form class="inline measurement" action=in_tenant("/explore#measured-title")>
            <span data-fields="" hidden inner_html=state.fields().into_string()></span>
            <label for="measurement">"Measurement"</label>
            <select id="measurement" name="measurement">
                <option value="">"none"</option>
                {beyond}
                {groups}
            </select>
            <button>"Show"</button>
        </form>
    }
    .into_any()
}

fn option(of: &Measurement, chosen: Option<&str>) -> impl IntoView + use<> {
    let Measurement { operation, name } = of;
    let text = name.strip_prefix(operation.as_str()).and_then(|rest| rest.strip_prefix(" / "));
    let text = isolated(text.unwrap_or(name));
    let selected = chosen == Some(name.as_str());
    view! { <option value=name.clone() selected=selected>{text}</option> }
}
