//! The log-in page: a plain form without scripts.

use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use crate::ui::locale::use_locale;
use crate::ui::query::RequestAddress;
use crate::views::{Access, Bundle, Load, View};

/// The registry's entry.
pub const VIEW: View = View {
    id: "login",
    title: Locale::login_title,
    question: None,
    path: "/login",
    access: Access::Anyone,
    parameters: &["next", "failed", "wait"],
    load: Load::Free,
    bundle: Bundle::None,
    navigation: None,
    embeddable: false,
    agent_tool: None,
    render: || view! { <Login/> }.into_any(),
};

/// Asks for e-mail address and password. The error does not reveal which of them is wrong.
#[component]
pub fn Login() -> impl IntoView {
    let t = use_locale();
    let request = RequestAddress::current();
    let failed = request.parameter("failed").is_some();
    let wait = request.parameter("wait").is_some().then(|| {
        view! {
            <p class="error" role="alert">{t.login_wait()}</p>
        }
    });
    let error = failed.then(|| {
        view! {
            <p class="error" id="login-error" role="alert">{t.login_failed()}</p>
        }
    });
    view! {
        <Title text=t.login_title()/>
        <main id="main" class="login">
            <p class="brand"><span class="brand-mark" aria-hidden="true"></span>{t.brand()}</p>
            <h1>{t.login_title()}</h1>
            {error}
            {wait}
            // To the current address, whose query has the redirect target.
            <form method="post">
                <label for="email">{t.login_email()}</label>
                <input
                    id="email" name="email" type="email" autocomplete="username" required autofocus
                    aria-describedby=failed.then_some("login-error")
                />
                <label for="password">{t.login_password()}</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required/>
                <button class="primary">{t.login_submit()}</button>
            </form>
        </main>
    }
}
