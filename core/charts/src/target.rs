//! What the pointer and the keyboard find: a transparent rectangle over a mark, which says
//! what it is of and may lead somewhere.

use std::fmt::Write as _;

use crate::ink::Palette;
use crate::markup::Markup;

/// Where more take the focus than this, walking through them is no help: the table beside
/// the chart is read instead.
const MOST_IN_FOCUS: usize = 60;

/// Whether so many targets may each take the focus.
pub(crate) fn few(targets: usize) -> bool {
    targets < MOST_IN_FOCUS
}

/// A rectangle with what it says.
pub(crate) struct Target<'a> {
    /// Left, top, width and height in pixels.
    pub(crate) area: (i32, i32, i32, i32),
    /// What is shown on hovering and read aloud.
    pub(crate) title: &'a str,
    /// Where it leads.
    pub(crate) href: Option<&'a str>,
    /// Whether the keyboard stops here though it leads nowhere.
    pub(crate) focus: bool,
}

impl Target<'_> {
    /// Writes it, over `inner`. A link does not hold what it is over: its name says all of
    /// that, and what is drawn may be cut. In a file nothing takes the focus, and
    /// links relative to a page lead nowhere.
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
    fn a_file_has_titles_and_nothing_that_leads_away() {
        let file = written(Palette::Fixed, Some("/runs"), true);
        assert!(file.contains("<title>a &lt; b</title>"));
        assert!(!file.contains("href") && !file.contains("tabindex") && !file.contains("class"));
    }

    #[test]
    fn only_what_is_to_take_the_focus_does() {
        assert!(written(Palette::Page, None, true).contains("tabindex=\"0\" role=\"img\""));
        assert!(!written(Palette::Page, None, false).contains("tabindex"));
    }
}
