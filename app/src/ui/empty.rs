//! Why there is nothing, and what to do.

use leptos::prelude::*;

use crate::backend::{SiteAddress, Viewer};
use crate::ui::query::in_tenant;
use crate::views::uploads::send::SendCard;

/// Stands where something would be.
#[component]
pub fn Empty(
    /// Why there is nothing.
    title: String,
    /// What to do.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="empty">
            <h2>{title}</h2>
            {children()}
        </section>
    }
}

/// How the first results come in: from this page, or from a station.
#[component]
pub fn FirstResults(
    /// Whether the form for files stands on the page already.
    #[prop(optional)]
    form_stands: bool,
) -> impl IntoView {
    let SiteAddress(site) =
        use_context().unwrap_or_else(|| SiteAddress("https://THIS-HOST".to_owned()));
    let partner = use_context::<Viewer>().and_then(|viewer| viewer.partner);
    let slug = partner.map_or_else(|| "PARTNER".to_owned(), |partner| partner.slug);
    let post = format!(
        "curl --data-binary @results.jsonl \\\n  -H \"Authorization: Bearer $FIRSTPASS_TOKEN\" \\\n  \"{site}/ingest/v1/ocptv?unit=SERIAL\""
    );
    let token = format!("firstpass token add --tenant {slug} --scope ingest");
    view! {
        <Empty title="No results have arrived yet".to_owned()>
            <p>"Figures appear with the first file. Send one here, or let a test station post what it writes already."</p>
        </Empty>
        {(!form_stands).then(|| view! { <SendCard/> })}
        <section class="card" aria-labelledby="station-title">
            <h2 id="station-title">"From a test station"</h2>
            <ol class="steps">
                <li>
                    <p>"Whoever runs the server makes a token for the station. It is shown once:"</p>
                    <pre tabindex="0"><code>{token}</code></pre>
                </li>
                <li>
                    <p>"The station posts a file. "<code>"ocptv"</code>" is what OCP Test & Validation programs write, "<code>"firstpass"</code>" our own lines of JSON:"</p>
                    <pre tabindex="0"><code>{post}</code></pre>
                </li>
                <li>
                    <p>"The answer says what was taken, and why any line was not. The same stands on "<a href=in_tenant("/uploads")>"Uploads"</a>"."</p>
                </li>
            </ol>
        </section>
    }
}
