//! Parts of pages as text: what is replaced in the browser is made the same way on the server.

use charts::{Markup, markup};

use super::figure::Room;

/// A link that says what it does.
pub(crate) fn link(href: &str, text: &Markup) -> Markup {
    markup!("<a href=\"{}\">{}</a>", href, text)
}

/// A switch: what is chosen, each with its address, its name and what that means.
pub(crate) fn segment(label: &str, choices: &[(bool, String, &str, &str)]) -> Markup {
    let choice = |(chosen, href, name, title): &(bool, String, &str, &str)| {
        let current = if *chosen { markup!(" aria-current=\"true\"") } else { Markup::default() };
        let title = match title.is_empty() {
            true => Markup::default(),
            false => markup!(" title=\"{}\"", title),
        };
        markup!("<a href=\"{}\"{}{}>{}</a>", href, title, current, name)
    };
    let choices: Markup = choices.iter().map(choice).collect();
    markup!("<nav class=\"segment\" aria-label=\"{}\">{}</nav>", label, choices)
}

/// The drawing in each width that it may be seen in.
pub(crate) fn drawings(draw: &dyn Fn(u32) -> Markup, room: Room) -> Markup {
    let each = |(width, class): &(u32, &str)| {
        markup!("<div class=\"drawing {}\">{}</div>", class, draw(*width))
    };
    room.widths().iter().map(each).collect()
}
