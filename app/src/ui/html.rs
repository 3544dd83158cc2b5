//! Parts of pages as text: what is replaced in the browser is made the same way on the server.

use charts::escape;

use super::figure::Room;

/// A link that says what it does.
pub(crate) fn link(href: &str, text: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escape(href), escape(text))
}

/// A link that looks like a button.
pub(crate) fn button(href: &str, text: &str) -> String {
    format!("<a class=\"button\" href=\"{}\">{}</a>", escape(href), escape(text))
}

/// A switch: what is chosen, each with its address, its name and what that means.
pub(crate) fn segment(label: &str, choices: &[(bool, String, &str, &str)]) -> String {
    let mut html = format!("<nav class=\"segment\" aria-label=\"{label}\">");
    for (chosen, href, name, title) in choices {
        let current = if *chosen { " aria-current=\"true\"" } else { "" };
        let title = if title.is_empty() { String::new() } else { format!(" title=\"{title}\"") };
        html.push_str(&format!("<a href=\"{}\"{title}{current}>{name}</a>", escape(href)));
    }
    html.push_str("</nav>");
    html
}

/// The drawing in each width that it may be seen in.
pub(crate) fn drawings(draw: &dyn Fn(u32) -> String, room: Room) -> String {
    let each = |(width, class): &(u32, &str)| {
        format!("<div class=\"drawing {class}\">{}</div>", draw(*width))
    };
    room.widths().iter().map(each).collect()
}
