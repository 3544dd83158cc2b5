//! A button and the dialog that it opens, without a script: the popover API of the browser opens
//! it, and Escape or a click outside closes it. A browser without popovers shows it inline.

use leptos::prelude::*;

use super::locale::use_locale;

/// A button that opens a dialog.
#[component]
pub fn Dialog(
    /// The element id of the dialog, unique on the page.
    id: String,
    /// The label of the button.
    opener: &'static str,
    /// The subject of the action, for the accessible name of the button.
    #[prop(optional, into)]
    about: Option<String>,
    /// The class of the button.
    #[prop(optional)]
    class: &'static str,
    /// The title of the dialog.
    title: String,
    /// The content, usually a form.
    children: Children,
) -> impl IntoView {
    let t = use_locale();
    let label = about.map(|about| t.dialog_opener_about(opener, about));
    let heading = format!("{id}-title");
    let (target, hides, labelled) = (id.clone(), id.clone(), heading.clone());
    view! {
        <button type="button" class=class aria-label=label popovertarget=target>{opener}</button>
        <dialog id=id class="dialog" popover="auto" aria-labelledby=labelled>
            <div class="dialog-head">
                <h2 id=heading>{title}</h2>
                <button type="button" class="quiet" popovertarget=hides popovertargetaction="hide">{t.dialog_close()}</button>
            </div>
            {children()}
        </dialog>
    }
}
