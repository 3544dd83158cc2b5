//! Morphs a drawing in the page into another, line by line: charts write one line for each
//! part, and what is equal is neither parsed, nor laid out, nor painted again.
//!
//! While a range is dragged about a quarter of the lines change, mostly in one number. A keyed
//! list of nodes would build and compare all of them on each animation frame.

use std::borrow::Cow;

use web_sys::{Element, HtmlCollection};

/// How to change one element of a line.
#[derive(Debug, PartialEq, Eq)]
enum Change<'a> {
    Attribute(&'a str, Cow<'a, str>),
    /// The text of an element that holds no others.
    Text(Cow<'a, str>),
}

/// Morphs the drawing in `host`, made of the markup `before`, into `after`, and returns the
/// markup that it has then: `after`, but with the old links where `keep_links`, since nobody can
/// follow one during a drag. None where the drawings differ in structure.
pub(super) fn morph_svg(
    host: &Element,
    before: &str,
    after: &str,
    keep_links: bool,
) -> Option<String> {
    let parts = host.first_element_child()?.children();
    let lines = pair_lines(before, after)?;
    // The first line and the last are the drawing itself.
    if parts.length() as usize + 2 != lines {
        return None;
    }
    let mut shown = String::with_capacity(after.len());
    for (line, (old, new)) in before.lines().zip(after.lines()).enumerate() {
        let is_kept = is_kept(old, new, keep_links);
        if !is_kept {
            let part = parts.item(u32::try_from(line).ok()?.checked_sub(1)?)?;
            if sync_element(&part, old, new).is_none() {
                part.set_outer_html(new);
            }
        }
        shown.push_str(if is_kept { old } else { new });
        shown.push('\n');
    }
    Some(shown)
}

/// How many lines both have; none where they are not of the same drawing.
fn pair_lines(before: &str, after: &str) -> Option<usize> {
    let lines = before.lines().count();
    let is_same = lines == after.lines().count() && before.lines().next() == after.lines().next();
    (is_same && lines >= 2).then_some(lines)
}

fn is_kept(old: &str, new: &str, keep_links: bool) -> bool {
    old == new || (keep_links && old.starts_with("<a ") && new.starts_with("<a "))
}

/// Sets attributes and texts of a line's element and of those in it. None where they are not
/// those of the old line: a tooltip takes the title that it shows.
fn sync_element(part: &Element, old: &str, new: &str) -> Option<()> {
    let inner = (count_elements(new) > 1).then(|| part.get_elements_by_tag_name("*"));
    let count = 1 + inner.as_ref().map_or(0, HtmlCollection::length);
    if count as usize != count_elements(new) {
        return None;
    }
    diff_line(old, new, |place, change| {
        let element = match place.checked_sub(1) {
            None => Cow::Borrowed(part),
            Some(place) => Cow::Owned(inner.as_ref()?.item(place)?),
        };
        match change {
            Change::Attribute(name, value) => element.set_attribute(name, &value).ok(),
            Change::Text(_) if element.first_element_child().is_some() => None,
            Change::Text(text) => {
                element.set_text_content(Some(&text));
                Some(())
            }
        }
    })
}

fn count_elements(line: &str) -> usize {
    line.split('<').skip(1).filter(|tag| !tag.starts_with('/')).count()
}

/// Calls `change` with the place of an element in the line and what changes of it. None where
/// the lines differ in elements or in the names of attributes, or where `change` fails: then
/// some changes may have been made.
fn diff_line<'a>(
    old: &'a str,
    new: &'a str,
    mut change: impl FnMut(u32, Change<'a>) -> Option<()>,
) -> Option<()> {
    let (mut olds, mut news) = (old.split('<'), new.split('<'));
    if olds.clone().count() != news.clone().count() || olds.next() != news.next() {
        return None;
    }
    let mut next_place = 0;
    for (old, new) in olds.zip(news) {
        if new.starts_with('/') {
            // A text behind an element is not one that can be set.
            (old == new).then_some(())?;
            continue;
        }
        let place = next_place;
        next_place += 1;
        if old == new {
            continue;
        }
        let ((old, old_text), (new, new_text)) = (old.split_once('>')?, new.split_once('>')?);
        // Names and values alternate.
        let (olds, news) = (old.split('"'), new.split('"'));
        if !olds.clone().step_by(2).eq(news.clone().step_by(2)) {
            return None;
        }
        let mut name = "";
        for (index, (old, new)) in olds.zip(news).enumerate() {
            match index % 2 {
                0 => name = new.rsplit(' ').next()?.trim_end_matches('='),
                _ if old != new => change(place, Change::Attribute(name, unescape_html(new)))?,
                _ => {}
            }
        }
        if old_text != new_text {
            change(place, Change::Text(unescape_html(new_text)))?;
        }
    }
    Some(())
}

/// Undoes the escaping of [`charts::markup!`].
fn unescape_html(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    entities.into_iter().fold(text.to_owned(), |text, (name, c)| text.replace(name, c)).into()
}

#[cfg(test)]
mod tests {
    use charts::markup;

    use super::*;

    fn diff<'a>(old: &'a str, new: &'a str) -> Option<Vec<(u32, Change<'a>)>> {
        let mut changes = Vec::new();
        diff_line(old, new, |place, change| {
            changes.push((place, change));
            Some(())
        })?;
        Some(changes)
    }

    #[test]
    fn only_values_that_differ_are_set() {
        let changes = diff(
            "<a href=\"?a\" class=\"m\"><rect x=\"1\" y=\"2\"/><title>one</title></a>",
            "<a href=\"?b\" class=\"m\"><rect x=\"1\" y=\"3\"/><title>two</title></a>",
        );
        let expected = vec![
            (0, Change::Attribute("href", "?b".into())),
            (1, Change::Attribute("y", "3".into())),
            (2, Change::Text("two".into())),
        ];
        assert_eq!(changes, Some(expected));
        assert_eq!(diff("<g/>", "<g/>"), Some(vec![]));
    }

    #[test]
    fn a_line_of_other_elements_or_attributes_is_not_synced() {
        for other in [
            "<line x=\"1\"/>",
            "<rect y=\"1\"/>",
            "<rect x=\"1\" y=\"1\"/>",
            "<rect x=\"1\"/><g/>",
            "",
        ] {
            assert_eq!(diff("<rect x=\"1\"/>", other), None, "{other}");
        }
        assert_eq!(diff("<a><b>1</b>2</a>", "<a><b>1</b>3</a>"), None, "a text behind an element");
    }

    #[test]
    fn values_are_set_unescaped() {
        let text = "<b> & \"c\" &lt;";
        let old = markup!("<text x=\"{}\">{}</text>", "", "");
        let new = markup!("<text x=\"{}\">{}</text>", text, text);
        let expected =
            vec![(0, Change::Attribute("x", text.into())), (0, Change::Text(text.into()))];
        assert_eq!(diff(&old, &new), Some(expected));
    }

    #[test]
    fn drawings_of_the_same_first_line_and_length_are_paired_and_links_may_be_kept() {
        assert_eq!(pair_lines("<svg>\n<g/>\n</svg>", "<svg>\n<b/>\n</svg>"), Some(3));
        assert_eq!(pair_lines("<svg>\n<g/>\n</svg>", "<svg a=\"\">\n<g/>\n</svg>"), None);
        assert_eq!(pair_lines("<svg>\n</svg>", "<svg>\n<g/>\n</svg>"), None);
        assert_eq!(pair_lines("<p></p>", "<p></p>"), None);
        assert!(is_kept("<a href=\"1\">", "<a href=\"2\">", true));
        assert!(!is_kept("<a href=\"1\">", "<a href=\"2\">", false));
        assert!(!is_kept("<rect/>", "<a href=\"2\">", true), "another kind of part");
    }

    #[test]
    fn elements_are_counted_without_their_ends() {
        assert_eq!(count_elements("<a href=\"\"><rect/><title>x</title></a>"), 3);
    }
}
