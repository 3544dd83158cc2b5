//! First-run experience: the content of a page of a partner without data.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

use leptos::prelude::*;

use crate::backend::{SiteAddress, Viewer};
use crate::ui::empty::Empty;
use crate::ui::locale::{sentence, use_locale};
use crate::ui::query::in_tenant;
use crate::views::uploads::send::SendCard;

/// Explains how to send the first results: from this page, or from a station.
#[component]
pub fn FirstResults(
    /// Whether the page already has the upload form.
    #[prop(optional)]
    has_form: bool,
) -> impl IntoView {
    let SiteAddress(site) =
        use_context().unwrap_or_else(|| SiteAddress("https://THIS-HOST".to_owned()));
    let partner = use_context::<Viewer>().and_then(|viewer| viewer.partner);
    let slug = partner.map_or_else(|| "PARTNER".to_owned(), |partner| partner.slug);
    let post = format!(
        "curl --data-binary @results.jsonl \\\n  -H \"Authorization: Bearer $FIRSTPASS_TOKEN\" \\\n  \"{site}/ingest/v1/ocptv?unit=SERIAL\""
    );
    let token = format!("firstpass token add --tenant {slug} --scope ingest");
    let t = use_locale();
    let code = |name: &'static str| view! { <code>{name}</code> }.into_any();
    let uploads = view! { <a href=in_tenant("/uploads")>{t.uploads_title()}</a> }.into_any();
    view! {
        <Empty title=t.first_title().to_owned()>
            <p>{t.first_hint()}</p>
        </Empty>
        {(!has_form).then(|| view! { <SendCard/> })}
        <section class="card" aria-labelledby="station-title">
            <h2 id="station-title">{t.first_station()}</h2>
            <ol class="steps">
                <li>
                    <p>{t.first_token()}</p>
                    <pre tabindex="0"><code>{token}</code></pre>
                </li>
                <li>
                    <p>{sentence(t.first_post(code("ocptv"), code("firstpass")))}</p>
                    <pre tabindex="0"><code>{post}</code></pre>
                </li>
                <li><p>{sentence(t.first_answer(uploads))}</p></li>
            </ol>
        </section>
    }
}
