//! Brings a drawing on the page up to date line by line: charts write a line for each part,
//! and what stays as it was is neither read, nor laid out, nor painted again.

use std::borrow::Cow;

use web_sys::{Element, HtmlCollection};

/// Makes the drawing in `host`, which was made of `before`, that of `after`, and gives what it
/// shows then: `after`, but for links that are `left` as they are, since nobody can follow one
/// while a hand draws. None where it is another drawing altogether.
pub(super) fn patch(host: &Element, before: &str, after: &str, left: bool) -> Option<String> {
    let lines = before.lines().count();
    let alike = lines == after.lines().count() && before.lines().next() == after.lines().next();
    // The first line and the last are the drawing itself.
    let parts = host.first_element_child()?.children();
    if !alike || parts.length() as usize + 2 != lines {
        return None;
    }
    let mut shown = String::with_capacity(after.len());
    for (line, (old, new)) in before.lines().zip(after.lines()).enumerate() {
        let stays = old == new || (left && new.starts_with("<a "));
        if !stays {
            // There are fewer than 2³² of them.
            let part = parts.item(line as u32 - 1)?;
            if change(&part, old, new).is_none() {
                part.set_outer_html(new);
            }
        }
        shown.push_str(if stays { old } else { new });
        shown.push('\n');
    }
    Some(shown)
}

/// Gives a part, and what it holds, the attributes and texts of `new`. None where it holds
/// other elements than it did, or than the line said: a tip takes the title that it shows.
fn change(part: &Element, old: &str, new: &str) -> Option<()> {
    let holds_more = new.matches('<').count() > 2;
    let inner = holds_more.then(|| part.get_elements_by_tag_name("*"));
    let many = inner.as_ref().map_or(0, HtmlCollection::length);
    let element = |place| match place {
        0 => Some(Cow::Borrowed(part)),
        place => inner.as_ref()?.item(place - 1).map(Cow::Owned),
    };
    change_each(1 + many, element, old, new)
}

/// The same of what a part holds, which is text alone, or elements whose texts are in those
/// that hold no others.
pub(super) fn change_inside(part: &Element, old: &str, new: &str) -> Option<()> {
    if !old.contains('<') && !new.contains('<') {
        part.set_text_content(Some(&plain(new)));
        return Some(());
    }
    let inner = part.get_elements_by_tag_name("*");
    change_each(inner.length(), |place| inner.item(place).map(Cow::Owned), old, new)
}

fn change_each<'a>(
    many: u32,
    element: impl Fn(u32) -> Option<Cow<'a, Element>>,
    old: &str,
    new: &str,
) -> Option<()> {
    let (mut olds, mut news) = (old.split('<'), new.split('<'));
    let begins = news.clone().skip(1).filter(|tag| !tag.starts_with('/')).count();
    if olds.clone().count() != news.clone().count()
        || begins != many as usize
        || olds.next() != news.next()
    {
        return None;
    }
    let mut place = 0;
    for (old, new) in olds.zip(news) {
        if new.starts_with('/') {
            match old == new {
                true => continue,
                false => return None,
            }
        }
        let here = place;
        place += 1;
        if old == new {
            continue;
        }
        let ((old, text_before), (new, text)) = (old.split_once('>')?, new.split_once('>')?);
        // What is no name is a value: they take turns.
        let (olds, news) = (old.split('"'), new.split('"'));
        if !olds.clone().step_by(2).eq(news.clone().step_by(2)) {
            return None;
        }
        let element = element(here)?;
        let mut name = "";
        for (at, (old, new)) in olds.zip(news).enumerate() {
            match at % 2 {
                0 => name = new.rsplit(' ').next()?.trim_end_matches('='),
                _ if old != new => element.set_attribute(name, &plain(new)).ok()?,
                _ => {}
            }
        }
        if text_before != text {
            if element.first_element_child().is_some() {
                return None;
            }
            element.set_text_content(Some(&plain(text)));
        }
    }
    Some(())
}

/// A text as it was before [`charts::markup!`] escaped it.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    signs.into_iter().fold(text.to_owned(), |text, (name, sign)| text.replace(name, sign)).into()
}
