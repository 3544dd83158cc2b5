//! HTML as text: what is replaced in the browser is made the same way on the server.

use charts::escape;

/// A cell of a table.
pub(super) enum Cell {
    /// What the row is of, and where that leads.
    Name(String, String),
    /// What is read, and the number that rows are put in order by.
    Number(String, String),
}

/// A table in its frame, whose columns the reader may sort by.
pub(super) fn table(label: &str, heads: &[&str], rows: Vec<Vec<Cell>>) -> String {
    let label = escape(label);
    let mut html = format!(
        "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\"><table><thead><tr>"
    );
    for (place, head) in heads.iter().enumerate() {
        let class = if place > 0 { " class=\"num\"" } else { "" };
        html.push_str(&format!("<th scope=\"col\"{class} data-sorts=\"\">{head}</th>"));
    }
    html.push_str("</tr></thead><tbody>");
    for row in rows {
        html.push_str("<tr>");
        for cell in row {
            match cell {
                Cell::Name(text, href) => {
                    html.push_str("<th scope=\"row\">");
                    html.push_str(&link(&href, &text));
                    html.push_str("</th>");
                }
                Cell::Number(text, value) => {
                    html.push_str(&format!("<td class=\"num\" data-value=\"{value}\">{text}</td>"));
                }
            }
        }
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table></div>");
    html
}

/// A link that says what it does.
pub(super) fn link(href: &str, text: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escape(href), escape(text))
}

/// A link that looks like a button.
pub(super) fn button(href: &str, text: &str) -> String {
    format!("<a class=\"button\" href=\"{}\">{}</a>", escape(href), escape(text))
}

/// A switch: what is chosen, each with its address, its name and what that means.
pub(super) fn segment(label: &str, choices: &[(bool, String, &str, &str)]) -> String {
    let mut html = format!("<nav class=\"segment\" aria-label=\"{label}\">");
    for (chosen, href, name, title) in choices {
        let current = if *chosen { " aria-current=\"true\"" } else { "" };
        let title = if title.is_empty() { String::new() } else { format!(" title=\"{title}\"") };
        html.push_str(&format!("<a href=\"{}\"{title}{current}>{name}</a>", escape(href)));
    }
    html.push_str("</nav>");
    html
}
