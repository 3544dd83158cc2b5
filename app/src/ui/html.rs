//! Page fragments as HTML text, rendered by the same code on the server and in the browser.

use charts::{Markup, markup};

use super::figure::Room;

/// A link.
pub(crate) fn link(href: &str, text: &Markup) -> Markup {
    markup!("<a href=\"{}\">{}</a>", href, text)
}

/// Segmented control. Each choice has: whether it is selected, address, name, and tooltip.
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

/// The chart in every width of `room`.
pub(crate) fn drawings(draw: &dyn Fn(u32) -> Markup, room: Room) -> Markup {
    let each = |(width, class): &(u32, &str)| {
        markup!("<div class=\"drawing {}\">{}</div>", class, draw(*width))
    };
    room.widths().iter().map(each).collect()
}
