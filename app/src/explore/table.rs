//! HTML as text: what is replaced in the browser is made the same way on the server.

use charts::escape;

use crate::ui::sheet::Sheet;

/// A table in its frame, whose columns the reader may sort by, and whose rows lead on.
pub(super) fn table(label: &str, sheet: &Sheet, links: &[String]) -> String {
    let label = escape(label);
    let mut html = format!(
        "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\"><table><thead><tr>"
    );
    for (place, head) in sheet.heads.iter().enumerate() {
        let class = if place > 0 { " class=\"num\"" } else { "" };
        html.push_str(&format!("<th scope=\"col\"{class} data-sorts=\"\">{head}</th>"));
    }
    html.push_str("</tr></thead><tbody>");
    for (row, href) in sheet.rows.iter().zip(links) {
        html.push_str("<tr>");
        for (place, cell) in row.iter().enumerate() {
            let text = cell.read();
            html.push_str(&match place {
                0 => format!("<th scope=\"row\">{}</th>", link(href, &text)),
                _ => format!("<td class=\"num\" data-value=\"{}\">{text}</td>", cell.kept()),
            });
        }
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table></div>");
    html
}

/// Links to a chart as files. Only a browser makes pixels: that link is shown once the page
/// is alive.
pub(super) fn files(name: &str, asked: &str) -> String {
    let mut html = "<p class=\"files\"><span class=\"quiet-text\">Take away</span>".to_owned();
    for (text, from, to, more) in [
        ("CSV", "csv", "csv", ""),
        ("SVG", "svg", "svg", ""),
        ("PNG", "svg", "png", " data-png=\"\" hidden"),
    ] {
        let href = escape(&format!("/explore/{name}.{from}?{asked}"));
        html.push_str(&format!(" <a href=\"{href}\" download=\"{name}.{to}\"{more}>{text}</a>"));
    }
    html + "</p>"
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
