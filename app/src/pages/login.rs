//! The log-in page: a plain form.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::query::RequestAddress;

/// Asks for address and password. Says the same whichever of them is wrong.
#[component]
pub fn Login() -> impl IntoView {
    let request = RequestAddress::current();
    let failed = request.parameter("failed").is_some();
    let wait = request.parameter("wait").is_some().then(|| {
        view! {
            <p class="error" role="alert">
                "Too many attempts to sign in failed. Wait a few minutes, then try again."
            </p>
        }
    });
    let error = failed.then(|| {
        view! {
            <p class="error" id="login-error" role="alert">
                "That e-mail and password do not match. Check both, or ask your administrator for a new password."
            </p>
        }
    });
    view! {
        <Title text="Sign in"/>
        <main id="main" class="login">
            <p class="brand"><span class="brand-mark" aria-hidden="true"></span>"Firstpass"</p>
            <h1>"Sign in"</h1>
            {error}
            {wait}
            // To this very address, which says where to go on.
            <form method="post">
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
