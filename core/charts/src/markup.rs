//! HTML and SVG with automatic escaping.

use std::fmt::{self, Write as _};
use std::ops::Deref;

/// HTML or SVG. Outside of this crate only [`markup!`](crate::markup!) creates it, which escapes
/// every argument of its template except markup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markup(String);

impl Markup {
    /// A text between tags.
    #[must_use]
    pub fn text(text: &str) -> Self {
        crate::markup!("{}", text)
    }

    /// Appends more markup.
    pub fn push(&mut self, more: &Self) {
        self.0.push_str(&more.0);
    }

    /// The HTML or SVG text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    /// Markup that is already escaped.
    pub(crate) fn trusted(markup: String) -> Self {
        Self(markup)
    }

    /// Implements [`markup!`](crate::markup!), whose arguments are [`Escaped`].
    #[doc(hidden)]
    #[must_use]
    pub fn formatted(template: fmt::Arguments<'_>) -> Self {
        Self(template.to_string())
    }
}

impl Deref for Markup {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<&str> for Markup {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl FromIterator<Self> for Markup {
    fn from_iter<I: IntoIterator<Item = Self>>(parts: I) -> Self {
        let mut all = Self::default();
        parts.into_iter().for_each(|part| all.push(&part));
        all
    }
}

/// Creates markup from a template. Its `{}` take texts, numbers and markup. Texts are escaped, also
/// for attributes in double quotes. A name inside the braces does not compile, since it would not
/// be escaped.
///
/// ```
/// let name = "<b> & \"c\"";
/// let link = charts::markup!("<a href=\"{}\">{}</a>", "?a=1&b=2", name);
/// let item = charts::markup!("<li>{} {}</li>", 1_u64, link);
/// assert_eq!(item, "<li>1 <a href=\"?a=1&amp;b=2\">&lt;b&gt; &amp; &quot;c&quot;</a></li>");
/// ```
///
/// ```compile_fail
/// let name = "<b>";
/// charts::markup!("<i>{name}</i>");
/// ```
#[macro_export]
macro_rules! markup {
    ($template:literal $(, $value:expr)* $(,)?) => {
        // A template from a macro cannot capture names.
        $crate::Markup::formatted(::std::format_args!(
            ::std::concat!($template)
            $(, $crate::Escaped(&$value))*
        ))
    };
}

/// A value that is escaped when it is formatted.
#[doc(hidden)]
#[derive(Debug)]
pub struct Escaped<'a, T: ?Sized>(pub &'a T);

impl<T: Value + ?Sized> fmt::Display for Escaped<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write(f)
    }
}

/// An argument of a markup template.
pub trait Value {
    /// Writes the value, escaped.
    ///
    /// # Errors
    /// Errors of the writer.
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

impl Value for str {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self;
        while let Some(at) = rest.find(is_escaped) {
            let (plain, from) = rest.split_at(at);
            f.write_str(plain)?;
            let mut chars = from.chars();
            match chars.next() {
                Some('&') => f.write_str("&amp;")?,
                Some('<') => f.write_str("&lt;")?,
                Some('>') => f.write_str("&gt;")?,
                Some('"') => f.write_str("&quot;")?,
                Some('\t' | '\n' | '\r') => f.write_char(' ')?,
                // XML 1.0 cannot represent it.
                Some(_) => f.write_char('\u{fffd}')?,
                None => {}
            }
            rest = chars.as_str();
        }
        f.write_str(rest)
    }
}

fn is_escaped(c: char) -> bool {
    matches!(c, '&' | '<' | '>' | '"' | '\u{fffe}' | '\u{ffff}') || c.is_control()
}

impl Value for String {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().write(f)
    }
}

impl Value for Markup {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<T: Value + ?Sized> Value for &T {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).write(f)
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl Value for $number {
            fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        })*
    };
}
numbers!(i32, u32, u64, usize);

#[cfg(test)]
mod tests {
    use super::Markup;

    #[test]
    fn characters_that_xml_cannot_represent_are_replaced() {
        let text = "\u{1b}\u{0}\u{85}\u{fffe}\u{ffff}|a\tb\nc|\u{202e}é🙂";
        let expected = "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}|a b c|\u{202e}é🙂";
        assert_eq!(Markup::text(text), expected);
    }
}
