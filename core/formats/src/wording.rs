//! Sentences about data that comes from outside: short, on one line, and
//! without a megabyte of what was sent.

use std::fmt;

/// At most this many characters of a sentence that quotes the data.
const SENTENCE: usize = 300;
/// At most this many characters of a quotation.
const QUOTATION: usize = 60;

/// What was sent, in backticks.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", clip(self.0, QUOTATION))
    }
}

/// The sentence of a JSON error, with the column instead of "line 1".
pub(crate) fn json_error(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "is not JSON: the object does not end on its line".to_owned();
    }
    let text = error.to_string();
    let said = text.rfind(" at line ").and_then(|at| text.get(..at)).unwrap_or(&text);
    let not_json = if error.is_syntax() { "is not JSON: " } else { "" };
    // Cut from the middle, so that the column survives a long field name.
    format!("{not_json}{} (column {})", clip(said, SENTENCE), error.column())
}

fn clip(text: &str, limit: usize) -> String {
    let shown = |char: char| if char.is_control() { '\u{fffd}' } else { char };
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
        assert_eq!(Quoted("a\nb").to_string(), "`a\u{fffd}b`");
        assert_eq!(Quoted(&"é".repeat(61)).to_string(), format!("`{}…`", "é".repeat(60)));
        assert_eq!(Quoted(&"é".repeat(60)).to_string(), format!("`{}`", "é".repeat(60)));
    }

    #[test]
    fn a_json_error_names_the_column() {
        let error = serde_json::from_str::<serde_json::Value>(r#"{"a":1e400}"#).unwrap_err();
        assert_eq!(json_error(&error), "is not JSON: number out of range (column 10)");
        let error = serde_json::from_str::<serde_json::Value>(r#"{"a":"#).unwrap_err();
        assert_eq!(json_error(&error), "is not JSON: the object does not end on its line");
    }
}
