//! The account page: a person's own sessions and password.

use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use crate::backend::{Account as Own, Session};
use crate::ui::locale::use_locale;
use crate::ui::query::RequestAddress;
use crate::ui::table::{Column, Table};
use crate::ui::time;
use crate::views::frame::{Page, Section};
use crate::views::{Access, Bundle, Load, View};

/// The registry's entry.
pub const VIEW: View = View {
    id: "account",
    title: Locale::account_title,
    question: Some(Locale::account_sessions_question),
    path: "/account",
    access: Access::SignedIn,
    parameters: &["password"],
    load: Load::Light,
    bundle: Bundle::Base,
    navigation: None,
    embeddable: false,
    agent_tool: None,
    render: || view! { <Account/> }.into_any(),
};

/// The account page: lists sessions and changes the password.
#[component]
pub fn Account() -> impl IntoView {
    let password_result = RequestAddress::current().parameter("password");
    view! {
        <Title text=use_locale().account_title()/>
        <Page
            section=Section::Account
            load=|backend| async move { backend.account().await }
            show=move |account| view! { <Content account password_result/> }.into_any()
        />
    }
}

#[component]
fn Content(account: Own, password_result: Option<String>) -> impl IntoView {
    let t = use_locale();
    let message = match password_result.as_deref() {
        Some("changed") => Some(("done", t.account_password_changed())),
        Some("wrong") => Some(("error", t.account_password_wrong())),
        Some("unfit") => Some(("error", t.account_password_length())),
        Some("common") => Some(("error", t.account_password_common())),
        _ => None,
    };
    let message = message.map(|(class, text)| view! { <p class=class role="status">{text}</p> });
    let listed = account.sessions.len() as u64;
    let cut = (listed < account.sessions_total).then(|| {
        let (listed, total) = (listed, account.sessions_total);
        view! { <p class="quiet-text">{t.account_sessions_cut(listed, total)}</p> }
    });
    let sessions: Vec<_> =
        account.sessions.into_iter().map(|session| view! { <Row session/> }).collect();
    let languages: Vec<_> = Locale::ALL
        .iter()
        .map(|locale| {
            let tag = locale.tag();
            let selected = account.language.as_deref() == Some(tag);
            view! { <option value=tag lang=tag selected=selected>{locale.language_name()}</option> }
        })
        .collect();
    let columns = vec![
        Column::text(t.account_browser()),
        Column::text(t.account_last_used()),
        Column::text(t.account_signed_in()),
        Column::unnamed(t.account_end_session()),
    ];
    view! {
        <h1>{t.account_title()}</h1>
        {message}
        <section class="card" aria-labelledby="sessions-title">
            <h2 id="sessions-title">{t.account_sessions_question()}</h2>
            <Table label=t.account_sessions() columns class="stacks brief">{sessions}</Table>
            {cut}
            <form method="post" action="/account/sign-out">
                <button>{t.account_sign_out_everywhere()}</button>
            </form>
        </section>
        <section class="card" aria-labelledby="language-title">
            <h2 id="language-title">{t.account_language()}</h2>
            <form class="inline" method="post" action="/account/language">
                <label for="language">{t.account_language_of_pages()}</label>
                <select id="language" name="language">
                    <option value="">{t.account_language_browser()}</option>
                    {languages}
                </select>
                <button>{t.account_language_submit()}</button>
            </form>
        </section>
        <section class="card" aria-labelledby="password-title">
            <h2 id="password-title">{t.account_change_password()}</h2>
            <form class="stack" method="post" action="/account/password">
                <label for="current">{t.account_current_password()}</label>
                <input id="current" name="current" type="password" autocomplete="current-password" required/>
                <label for="new">{t.account_new_password()}</label>
                <input id="new" name="new" type="password" autocomplete="new-password" minlength="12" maxlength="256" required/>
                <p class="quiet-text">{t.account_password_hint()}</p>
                <button class="primary">{t.account_password_submit()}</button>
            </form>
        </section>
    }
}

#[component]
fn Row(session: Session) -> impl IntoView {
    let t = use_locale();
    let Session { id, began, seen, agent, here } = session;
    let agent =
        agent.map_or_else(|| t.account_browser_unknown().to_owned(), |agent| browser(t, &agent));
    let end = match here {
        true => view! { <span class="quiet-text">{t.account_this_session()}</span> }.into_any(),
        false => view! {
            <form method="post" action=format!("/account/sessions/{id}")>
                <button class="quiet">{t.account_end_session()}</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <tr>
            <th scope="row">{agent}</th>
            <td data-label=t.account_last_used()>{time::at(&seen)}</td>
            <td data-label=t.account_signed_in()>{time::at(&began)}</td>
            <td>{end}</td>
        </tr>
    }
}

/// Browser and operating system, parsed from the User-Agent header.
fn browser(t: Locale, agent: &str) -> String {
    let one_of = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    // User agents contain the names of older browsers: the newest names are checked first.
    let program = one_of(&[
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = one_of(&[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => t.account_browser_on(program, system),
        (Some(program), None) => program.to_owned(),
        (None, _) => agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use messages::Locale;

    use super::browser;

    #[test]
    fn a_browser_is_called_by_its_own_name() {
        let edge =
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0";
        assert_eq!(browser(Locale::En, edge), "Edge on Windows");
        assert_eq!(browser(Locale::En, "curl/8.0"), "curl/8.0");
    }
}
