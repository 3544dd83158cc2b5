//! Hit targets for pointer and keyboard: a transparent rectangle over a mark, with a tooltip and an
//! optional link.

use std::fmt::Write as _;

use crate::ink::Palette;
use crate::markup::Markup;

/// The maximum number of focusable targets: tabbing through more is no help; the table beside the
/// chart is the alternative.
const MAX_FOCUSABLE: usize = 60;

/// Whether this number of targets may be focusable.
pub(crate) fn are_focusable(targets: usize) -> bool {
    targets < MAX_FOCUSABLE
}

/// A hit target.
pub(crate) struct Target<'a> {
    /// Left, top, width and height in pixels.
    pub(crate) area: (i32, i32, i32, i32),
    /// The tooltip and accessible name.
    pub(crate) title: &'a str,
    /// The link.
    pub(crate) href: Option<&'a str>,
    /// Whether it is focusable without a link.
    pub(crate) focus: bool,
}

impl Target<'_> {
    /// Writes the target over `inner`. A link does not contain the marks below it: its name
    /// includes all of their text, which may be truncated in the drawing. In a file nothing is
    /// focusable, and page-relative links are omitted.
    pub(crate) fn write(&self, out: &mut String, palette: Palette, inner: &str) {
        let (x, y, width, height) = self.area;
        let place = format!(
            "x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"transparent\""
        );
        let title = Markup::text(self.title);
        // Writing to a String cannot fail.
        let _ = match (palette, self.href) {
            (Palette::Fixed, _) => {
                writeln!(out, "{inner}<rect {place}><title>{title}</title></rect>")
            }
            (Palette::Page, Some(href)) => writeln!(
                out,
                "{inner}<a href=\"{}\" aria-label=\"{title}\"><title>{title}</title><rect class=\"hit\" {place}/></a>",
                Markup::text(href)
            ),
            (Palette::Page, None) if self.focus => writeln!(
                out,
                "{inner}<rect class=\"hit\" {place} tabindex=\"0\" role=\"img\" aria-label=\"{title}\"><title>{title}</title></rect>"
            ),
            (Palette::Page, None) => {
                writeln!(out, "{inner}<rect class=\"hit\" {place}><title>{title}</title></rect>")
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(palette: Palette, href: Option<&str>, focus: bool) -> String {
        let mut out = String::new();
        Target { area: (1, 2, 30, 40), title: "a < b", href, focus }.write(&mut out, palette, "");
        out
    }

    #[test]
    fn a_link_is_escaped_and_takes_the_focus_by_itself() {
        let link = written(Palette::Page, Some("/runs?a=1&b=\"2\""), true);
        assert!(
            link.starts_with("<a href=\"/runs?a=1&amp;b=&quot;2&quot;\" aria-label=\"a &lt; b\">")
        );
        assert!(!link.contains("tabindex"));
    }

    #[test]
    fn a_file_has_titles_and_no_links() {
        let file = written(Palette::Fixed, Some("/runs"), true);
        assert!(file.contains("<title>a &lt; b</title>"));
        assert!(!file.contains("href") && !file.contains("tabindex") && !file.contains("class"));
    }

    #[test]
    fn only_focusable_targets_take_the_focus() {
        assert!(written(Palette::Page, None, true).contains("tabindex=\"0\" role=\"img\""));
        assert!(!written(Palette::Page, None, false).contains("tabindex"));
    }
}
