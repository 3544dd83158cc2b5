//! The table beside a chart, as text.

use charts::escape;

use crate::ui::html::link;
use crate::ui::sheet::Sheet;

/// A table in its frame, whose columns the reader may sort by, and whose rows lead on.
pub(super) fn table(label: &str, sheet: &Sheet, links: &[Option<String>]) -> String {
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
                0 => {
                    let name = match href {
                        Some(href) => link(href, &text),
                        None => escape(&text),
                    };
                    format!("<th scope=\"row\">{name}</th>")
                }
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
