//! A person's own log-ins.

use leptos::prelude::*;
use leptos_meta::Title;

use super::frame::{Page, Section};
use crate::backend::{Account as Own, Session};
use crate::ui::query::RequestAddress;
use crate::ui::table::{Column, Table};
use crate::ui::time;

/// Sessions to end, and another password.
#[component]
pub fn Account() -> impl IntoView {
    let told = RequestAddress::current().parameter("password");
    view! {
        <Title text="Your account"/>
        <Page
            section=Section::Account
            load=|backend| async move { backend.account().await }
            show=move |account| view! { <Shown account told/> }.into_any()
        />
    }
}

#[component]
fn Shown(account: Own, told: Option<String>) -> impl IntoView {
    let message = match told.as_deref() {
        Some("changed") => {
            Some(("done", "The password is changed, and every other session is ended."))
        }
        Some("wrong") => {
            Some(("error", "The current password is not that one. Nothing was changed."))
        }
        Some("unfit") => {
            Some(("error", "The new password must have 12 to 256 characters. Nothing was changed."))
        }
        Some("common") => Some((
            "error",
            "The new password is too easy to guess: choose a longer or less common one. Nothing was changed.",
        )),
        _ => None,
    };
    let message = message.map(|(class, text)| view! { <p class=class role="status">{text}</p> });
    let sessions: Vec<_> =
        account.sessions.into_iter().map(|session| view! { <Row session/> }).collect();
    let columns = vec![
        Column::text("Browser"),
        Column::text("Last used"),
        Column::text("Signed in"),
        Column::unnamed("End it"),
    ];
    view! {
        <h1>"Your account"</h1>
        {message}
        <section class="card" aria-labelledby="sessions-title">
            <h2 id="sessions-title">"Where are you signed in?"</h2>
            <Table label="Sessions" columns class="stacks brief">{sessions}</Table>
            <form method="post" action="/account/sign-out">
                <button>"Sign out everywhere"</button>
            </form>
        </section>
        <section class="card" aria-labelledby="password-title">
            <h2 id="password-title">"Change your password"</h2>
            <form class="stack" method="post" action="/account/password">
                <label for="current">"Current password"</label>
                <input id="current" name="current" type="password" autocomplete="current-password" required/>
                <label for="new">"New password, 12 characters or more"</label>
                <input id="new" name="new" type="password" autocomplete="new-password" minlength="12" maxlength="256" required/>
                <p class="quiet-text">"Every other session of yours ends when it is changed."</p>
                <button class="primary">"Change password"</button>
            </form>
        </section>
    }
}

#[component]
fn Row(session: Session) -> impl IntoView {
    let Session { id, began, seen, agent, here } = session;
    let agent = agent.map_or_else(|| "unknown".to_owned(), |agent| browser(&agent));
    let end = match here {
        true => view! { <span class="quiet-text">"this one"</span> }.into_any(),
        false => view! {
            <form method="post" action=format!("/account/sessions/{id}")>
                <button class="quiet">"End it"</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <tr>
            <th scope="row">{agent}</th>
            <td data-label="Last used">{time::at(&seen)}</td>
            <td data-label="Signed in">{time::at(&began)}</td>
            <td>{end}</td>
        </tr>
    }
}

/// The browser and the system, where what it calls itself says so.
fn browser(agent: &str) -> String {
    let one_of = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    // Each calls itself all that came before it: the newest names go first.
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
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(program), None) => program.to_owned(),
        (None, _) => agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn a_browser_is_called_by_its_own_name() {
        let edge =
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0";
        assert_eq!(browser(edge), "Edge on Windows");
        assert_eq!(browser("curl/8.0"), "curl/8.0");
    }
}
