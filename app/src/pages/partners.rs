//! Our own people choose a partner before they see anything of one.

use leptos::prelude::*;

use crate::backend::Partner;

/// The choice of a partner.
#[component]
pub fn Partners(
    /// Those to choose from.
    partners: Vec<Partner>,
) -> impl IntoView {
    let none = partners.is_empty();
    let choices: Vec<_> = partners
        .into_iter()
        .map(|Partner { slug, name, .. }| {
            view! {
                <li>
                    <form method="post" action="/partner">
                        <input type="hidden" name="tenant" value=slug.clone()/>
                        <button class="choice"><strong>{name}</strong><span>{slug}</span></button>
                    </form>
                </li>
            }
        })
        .collect();
    view! {
        <h1>"Which partner?"</h1>
        <p>"Every view of a partner's data is recorded under your name."</p>
        {none.then(|| view! { <p>"There is no partner yet: "<code>"firstpass tenant add"</code>" makes one."</p> })}
        <ul class="choices">{choices}</ul>
    }
}
