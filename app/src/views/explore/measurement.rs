//! The choice of a measurement.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

use domain::frame::Column;
use leptos::prelude::*;

use crate::backend::{Measurement, Measurements};
use crate::explore::State;
use crate::ui::locale::use_locale;
use crate::ui::name::isolated;
use crate::ui::query::{in_tenant, measured_parameter};

/// Two forms: one searches measurements by a part of their names, where there are more than one
/// list has; the other loads the page with another measurement. The rest of the state is kept,
/// without ranges of values.
#[component]
pub fn Chooser(
    /// The measurements that are listed.
    measurements: Measurements,
    /// The state of the page.
    state: State,
) -> impl IntoView {
    let t = use_locale();
    let Measurements { listed, found, search, any } = measurements;
    if !any {
        return view! { <p class="quiet-text">{t.measurement_nothing()}</p> }.into_any();
    }
    let chosen = state.measurement.as_deref();
    let cut = found > listed.len() as u64;
    let note = match (search.is_empty(), cut) {
        (true, false) => None,
        (true, true) => Some(t.measurement_cut(listed.len() as u64, found)),
        (false, true) => Some(t.measurement_found_cut(listed.len() as u64, found, &search)),
        (false, false) => Some(t.measurement_found(found, &search)),
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
                <span data-fields=Column::Measured.as_str() hidden inner_html=state.fields(Column::Measured).into_string()></span>
                {chosen}
                <label for="measurement-search">{t.measurement_search()}</label>
                <input id="measurement-search" name="q" type="search" value=search autocomplete="off" spellcheck="false"/>
                <button>{t.measurement_search_submit()}</button>
                {searching.then(|| view! { <a href=format!("{all}#measured-title")>{t.measurement_search_all()}</a> })}
            </form>
        }
    });
    view! {
        {chosen.map(|name| {
            let href = measured_parameter(name);
            view! { <p><a href=href>{t.measurement_parameter()}</a></p> }
        })}
        {searched}
        {note}
        // The page is loaded again, scrolled to the form.
        <form class="inline measurement" action=in_tenant("/explore#measured-title")>
            <span data-fields=Column::Measured.as_str() hidden inner_html=state.fields(Column::Measured).into_string()></span>
            <label for="measurement">{t.measurement_label()}</label>
            <select id="measurement" name="measurement">
                <option value="">{t.measurement_none()}</option>
                {beyond}
                {groups}
            </select>
            <button>{t.measurement_show()}</button>
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
