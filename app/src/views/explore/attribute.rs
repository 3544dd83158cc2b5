//! The choice of an attribute.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

use domain::dimension::AttributeName;
use domain::frame::Column;
use leptos::prelude::*;

use crate::explore::State;
use crate::ui::locale::use_locale;
use crate::ui::query::in_tenant;

/// A form that loads the page with another attribute, or with none. The rest of the state is kept,
/// without filters by the attribute. Recent attributes are suggested; any other can be typed.
#[component]
pub fn AttributeChooser(
    /// Names of attributes of recent runs.
    attributes: Vec<String>,
    /// The state of the page.
    state: State,
) -> impl IntoView {
    let t = use_locale();
    let chosen = state.attribute.as_ref().map(|name| name.as_str().to_owned());
    let hint = match (&chosen, attributes.is_empty()) {
        (Some(_), _) => None,
        (None, true) => Some(t.attribute_nothing()),
        (None, false) => Some(t.explore_choose_attribute()),
    };
    let options: Vec<_> =
        attributes.into_iter().map(|name| view! { <option value=name></option> }).collect();
    view! {
        // The page is loaded again, scrolled to the form.
        <form class="inline measurement" action=in_tenant("/explore#attribute-title")>
            <span
                data-fields=Column::Attribute.as_str()
                hidden
                inner_html=state.fields(Column::Attribute).into_string()
            ></span>
            <label for="attribute">{t.column_attribute()}</label>
            <input
                id="attribute"
                name="attribute"
                list="attributes"
                value=chosen
                maxlength=AttributeName::MAX_BYTES
                autocomplete="off"
                spellcheck="false"
            />
            <datalist id="attributes">{options}</datalist>
            <button>{t.measurement_show()}</button>
        </form>
        {hint.map(|hint| view! { <p class="quiet-text">{hint}</p> })}
    }
}
