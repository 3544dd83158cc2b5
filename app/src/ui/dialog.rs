//! A button and the dialog that it opens. The browser does all of it: no script, and Escape
//! or a click beside it closes it. A browser that knows no popovers shows it in its place.

use leptos::prelude::*;

use super::locale::use_locale;

/// A button that opens a dialog.
#[component]
pub fn Dialog(
    /// Of the dialog: one on its page.
    id: String,
    /// What stands on the button.
    opener: &'static str,
    /// What the button is about, for whoever does not see where it stands.
    #[prop(optional, into)]
    about: Option<String>,
    /// The class of the button.
    #[prop(optional)]
    class: &'static str,
    /// What is asked.
    title: String,
    /// What is in it; mostly a form.
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
