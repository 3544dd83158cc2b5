//! The table and the files of a chart.

use charts::{Markup, markup};
use messages::Locale;

use crate::ui::html::link;
use crate::ui::query::in_tenant;
use crate::ui::sheet::{Cell, Sheet};

/// A sortable table; the first cell of a row is a link.
pub(super) fn table(label: &str, sheet: &Sheet, links: &[Option<String>]) -> Markup {
    let number = |place: usize| match place {
        0 => Markup::default(),
        _ => markup!(" class=\"num\""),
    };
    let head = |(place, head): (usize, &&str)| {
        markup!("<th scope=\"col\"{} data-sorts=\"\">{}</th>", number(place), head)
    };
    let heads: Markup = sheet.heads.iter().enumerate().map(head).collect();
    let rows: Markup = sheet
        .rows
        .iter()
        .zip(links)
        .map(|(row, href)| {
            let cell = |(place, cell): (usize, &Cell)| match place {
                0 => {
                    let name = cell.markup();
                    let name = match href {
                        Some(href) => link(href, &name),
                        None => name,
                    };
                    markup!("<th scope=\"row\">{}</th>", name)
                }
                _ => markup!(
                    "<td class=\"num\" data-value=\"{}\">{}</td>",
                    cell.kept(),
                    cell.markup()
                ),
            };
            let cells: Markup = row.iter().enumerate().map(cell).collect();
            markup!("<tr>{}</tr>", cells)
        })
        .collect();
    markup!(
        "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        label,
        heads,
        rows
    )
}

/// Links to the files of a chart. The browser makes the PNG, so its link is hidden until the page
/// is enhanced.
pub(super) fn files(t: Locale, name: &str, query: &str) -> Markup {
    let file = |(text, from, to, is_picture): (&str, &str, &str, bool)| {
        let href = in_tenant(&format!("/explore/{name}.{from}?{query}"));
        let picture = match is_picture {
            true => markup!(" data-png=\"\" hidden"),
            false => Markup::default(),
        };
        let to = format!("{name}.{to}");
        markup!(" <a href=\"{}\" download=\"{}\"{}>{}</a>", href, to, picture, text)
    };
    let files =
        [("CSV", "csv", "csv", false), ("SVG", "svg", "svg", false), ("PNG", "svg", "png", true)];
    let files: Markup = files.into_iter().map(file).collect();
    markup!(
        "<p class=\"files\"><span class=\"quiet-text\">{}</span>{} <span aria-live=\"polite\" data-png-status=\"\"></span></p>",
        t.figure_download(),
        files
    )
}
