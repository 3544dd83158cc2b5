//! The log-in page: a plain form.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Asks for address and password. Says the same whichever of them is wrong.
#[component]
pub fn Login() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let failed = query.get("failed").is_some();
    let action = match query.get("next") {
        Some(next) => format!("/login?next={}", encode(&next)),
        None => "/login".to_owned(),
    };
    let error = failed.then(|| {
        view! {
            <p class="error" id="login-error" role="alert">
                "That address and password do not belong together. Check both, or ask your partner-admin for a new password."
            </p>
        }
    });
    view! {
        <Title text="Sign in"/>
        <main id="main" class="login">
            <p class="brand"><span class="brand-mark" aria-hidden="true"></span>"Firstpass"</p>
            <h1>"Sign in"</h1>
            {error}
            <form method="post" action=action>
                <label for="email">"E-mail"</label>
                <input
                    id="email" name="email" type="email" autocomplete="username" required autofocus
                    aria-describedby=failed.then_some("login-error")
                />
                <label for="password">"Password"</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required/>
                <button class="primary">"Sign in"</button>
            </form>
        </main>
    }
}

/// The path as the value of a query parameter.
fn encode(path: &str) -> String {
    let mut encoded = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
