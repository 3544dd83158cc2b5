//! The HTML document shell of every page.

use charts::markup;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};

use crate::ui::locale::use_locale;
use crate::ui::query::RequestAddress;
use crate::views::not_found::NotFound;
use crate::views::{Bundle, find};

/// The assets that the document loads.
#[derive(Debug, Clone)]
pub struct Site {
    /// The folder of the assets, such as `/pkg/0123456789abcdef`; `None` if this build has no
    /// WASM.
    pub assets: Option<String>,
    /// The bundle of this page.
    pub bundle: Bundle,
}

/// The document.
pub fn shell(site: Site) -> impl IntoView {
    let styles = site.assets.as_ref().map(|assets| {
        view! {
            <link rel="stylesheet" href=format!("{assets}/firstpass.css")/>
            <link rel="icon" type="image/svg+xml" href=format!("{assets}/favicon.svg")/>
        }
    });
    let bundle = site.bundle;
    let scripts = site.assets.filter(|_| bundle != Bundle::None);
    let scripts = scripts.map(|assets| view! { <Loader assets bundle/> });
    view! {
        <!DOCTYPE html>
        <html lang=use_locale().tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                {styles}
                {scripts}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Loads the bundle and hydrates the islands. Loads the workbench bundle if the page contains
/// an island. The page is complete without the bundle (progressive enhancement), so a failed
/// download is a console warning. An error of the program itself stays uncaught and is reported.
///
/// Replaces Leptos' `HydrationScripts`, which writes the CSP nonce into `crossorigin`, where it
/// has no effect, and drops the promise of the download, so that a failure is an uncaught error.
/// Islands are not nested here.
#[component]
fn Loader(assets: String, bundle: Bundle) -> impl IntoView {
    let file = |bundle: Bundle, ending: &str| format!("{assets}/{}.{ending}", bundle.file());
    let (js, wasm) = (file(bundle, "js"), file(bundle, "wasm"));
    let (expected, workbench) = (bundle.file(), Bundle::Workbench.file());
    let script = format!(
        "const islands = document.querySelectorAll(\"leptos-island\");\
         const url = {assets:?} + (islands.length ? \"/{workbench}\" : \"/{expected}\");\
         import(url + \".js\").then((program) => program.default({{ module_or_path: url + \".wasm\" }}).then(() => program))\
         .then((program) => {{ program.hydrate(); for (const island of islands) program[island.dataset.component](island); }},\
         (error) => console.warn(\"The page works without its script, which could not be loaded:\", error));"
    );
    let nonce = use_nonce();
    view! {
        <link rel="modulepreload" href=js nonce=nonce.clone()/>
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin=""/>
        <script type="module" nonce=nonce>{script}</script>
    }
}

/// Renders the view at the address of the request.
#[component]
fn App() -> impl IntoView {
    provide_meta_context();
    // Before the view, whose own title overrides this one. The result is inserted unescaped.
    let title = view! {
        <Title formatter=|text: String| markup!("{} · Firstpass", text).into_string() text=use_locale().brand()/>
    };
    let content = match find(RequestAddress::current().path()) {
        Some(view) => (view.render)(),
        None => view! { <NotFound/> }.into_any(),
    };
    view! {
        {title}
        {content}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use leptos::nonce::Nonce;

    use super::*;

    #[test]
    fn the_nonce_stands_where_it_is_checked_and_a_failed_download_is_caught() {
        let html = Owner::new().with(|| {
            provide_context(Nonce::from_value(Arc::<str>::from("n0nce")));
            view! { <Loader assets="/pkg/1".to_owned() bundle=Bundle::Workbench/> }.to_html()
        });
        assert_eq!(html.matches("n0nce").count(), 2, "{html}");
        assert_eq!(html.matches("nonce=\"n0nce\"").count(), 2, "{html}");
        assert!(html.contains("href=\"/pkg/1/workbench.js\""), "{html}");
        assert!(html.contains("(error) => console.warn("), "{html}");
    }
}
