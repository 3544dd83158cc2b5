//! Why there is nothing, and what to do.

use leptos::prelude::*;

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

/// How the first results come in.
#[component]
pub fn FirstResults() -> impl IntoView {
    view! {
        <Empty title="No results have arrived yet".to_owned()>
            <p>"Figures appear with the first upload. Drop a file on "<a href="/uploads">"Uploads"</a>", or let a station post what it already writes:"</p>
            <pre><code>
    "curl --data-binary @results.jsonl \\
    -H 'Authorization: Bearer YOUR_TOKEN' \\
    'https://THIS_HOST/ingest/v1/ocptv?unit=SERIAL'"
            </code></pre>
            <p>"Your administrator can give you a token. The answer says what was accepted, and why any line was rejected."</p>
        </Empty>
    }
}
