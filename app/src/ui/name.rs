//! Names from the data: of units, stations, operations, codes. A name is escaped, its invisible
//! characters are written out, and it is isolated from the bidirectional text around it.

use charts::{Markup, markup};
pub(crate) use domain::visible::isolated;
use domain::visible::{self, Piece};
use leptos::prelude::*;

/// A name as an element.
#[component]
pub fn Name(
    /// The name, as it was sent.
    #[prop(into)]
    of: String,
) -> impl IntoView {
    view! { <bdi class="name" inner_html=inner(&of).into_string()></bdi> }
}

/// A name as HTML text.
pub(crate) fn name(of: &str) -> Markup {
    markup!("<bdi class=\"name\">{}</bdi>", inner(of))
}

/// Free text from the data. Line breaks are kept.
#[component]
pub fn Prose(
    /// The name, as it was sent.
    #[prop(into)]
    of: String,
) -> impl IntoView {
    let lines = of.replace("\r\n", "\n").replace('\t', " ");
    let lines: Vec<_> = lines.split('\n').map(|line| inner(line).into_string()).collect();
    view! { <bdi class="name" inner_html=lines.join("\n")></bdi> }
}

fn inner(of: &str) -> Markup {
    let piece = |piece| match piece {
        Piece::Plain(text) => Markup::text(&text),
        Piece::Written(code) => markup!("<span class=\"code-point\">{}</span>", code),
    };
    visible::pieces(of).into_iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_is_isolated_and_what_cannot_be_seen_stands_out() {
        assert_eq!(name("R&D"), "<bdi class=\"name\">R&amp;D</bdi>");
        assert_eq!(
            name("a\u{202e}<b>"),
            "<bdi class=\"name\">a<span class=\"code-point\">[U+202E]</span>&lt;b&gt;</bdi>"
        );
    }
}
