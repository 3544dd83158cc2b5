//! Sentences about data that comes from outside: short, on one line, and
//! without a megabyte of what was sent.

use std::fmt;

use crate::characters::is_invisible;

/// At most this many characters of a sentence that quotes the data.
pub(crate) const SENTENCE: usize = 300;
/// At most this many characters of a quotation.
const QUOTATION: usize = 60;

/// What was sent, in backticks.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", clip(self.0, QUOTATION))
    }
}

/// At most so many characters of a text, with what cannot be seen shown as U+FFFD.
pub(crate) fn clip(text: &str, limit: usize) -> String {
    let shown = |char: char| if is_invisible(char) { '\u{fffd}' } else { char };
    let mut clipped: String = text.chars().take(limit).map(shown).collect();
    if clipped.len() < text.len() && text.chars().nth(limit).is_some() {
        clipped.push('…');
    }
    clipped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_is_one_short_line() {
        assert_eq!(Quoted("a\nb\u{202e}").to_string(), "`a\u{fffd}b\u{fffd}`");
        assert_eq!(Quoted(&"é".repeat(61)).to_string(), format!("`{}…`", "é".repeat(60)));
        assert_eq!(Quoted(&"é".repeat(60)).to_string(), format!("`{}`", "é".repeat(60)));
    }
}
