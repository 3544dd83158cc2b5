//! Choosing what was measured.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

use leptos::prelude::*;

use crate::backend::{Measurement, Measurements};
use crate::explore::State;
use crate::ui::number;

/// A form that asks for the page with another measurement, by operation. What else is looked
/// at stays, but for ranges of values.
#[component]
pub fn Chooser(
    /// What there is to choose from.
    measurements: Measurements,
    /// What is looked at.
    state: State,
) -> impl IntoView {
    let Measurements { all, cut } = measurements;
    if all.is_empty() {
        return view! { <p class="quiet-text">"No number has been measured yet."</p> }.into_any();
    }
    let chosen = state.measurement.as_deref();
    let groups: Vec<_> = all
        .chunk_by(|one, next| one.operation == next.operation)
        .map(|group| {
            let options: Vec<_> = group.iter().map(|it| option(it, chosen)).collect();
            let operation = group.first().map(|it| it.operation.clone());
            view! { <optgroup label=operation>{options}</optgroup> }
        })
        .collect();
    let beyond = chosen.filter(|name| cut && all.iter().all(|it| it.name != *name)).map(|name| {
        view! { <option value=name.to_owned() selected>{name.to_owned()}</option> }
    });
    let cut = cut.then(|| {
        let all = number::count(all.len() as u64);
        view! { <p class="quiet-text">{format!("The first {all} can be chosen from.")}</p> }
    });
    view! {
        // The page comes anew, and is to be where it was.
        <form class="inline measurement" action="/explore#measured-title">
            <span data-fields="" hidden inner_html=state.fields()></span>
            <label for="measurement">"Measurement"</label>
            <select id="measurement" name="measurement">
                <option value="">"none"</option>
                {beyond}
                {groups}
            </select>
            <button>"Show"</button>
        </form>
        {cut}
    }
    .into_any()
}

fn option(of: &Measurement, chosen: Option<&str>) -> impl IntoView + use<> {
    let Measurement { operation, name } = of;
    let text = name.strip_prefix(operation.as_str()).and_then(|rest| rest.strip_prefix(" / "));
    let text = text.unwrap_or(name).to_owned();
    let selected = chosen == Some(name.as_str());
    view! { <option value=name.clone() selected=selected>{text}</option> }
}
