//! Display of names from the data: invisible characters, and letters of other scripts that look
//! like ASCII ones beside them, are written out, and right-to-left text is isolated, so that it does
//! not reorder the text around it.
//!
//! For display only. Addresses, files and the API use every name as it was sent.

/// The maximum number of combining marks on one character; more of them overlap the lines above and
/// below.
const MAX_MARKS: usize = 4;

/// Each character of a text, and whether it must be written out.
fn inspect(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut marks = 0;
    let latin = text.bytes().any(|byte| byte.is_ascii_alphanumeric());
    text.chars().map(move |c| {
        marks = if is_combining(c) { marks + 1 } else { 0 };
        (c, is_invisible(c) || marks > MAX_MARKS || latin && is_look_alike(c))
    })
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Literal text.
    Plain(String),
    /// A character that is written out, such as `[U+202E]`.
    Written(String),
}

/// Splits the text into pieces.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (c, is_written) in inspect(text) {
        match (is_written, pieces.last_mut()) {
            (true, _) => pieces.push(Piece::Written(written(c))),
            (false, Some(Piece::Plain(plain))) => plain.push(c),
            (false, _) => pieces.push(Piece::Plain(c.to_string())),
        }
    }
    pieces
}

/// The text with every invisible character written out.
///
/// ```
/// assert_eq!(domain::visible::escape_invisible("NW-1\u{200b}"), "NW-1[U+200B]");
/// ```
#[must_use]
pub fn escape_invisible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (c, is_written) in inspect(text) {
        match is_written {
            true => shown.push_str(&written(c)),
            false => shown.push(c),
        }
    }
    shown
}

/// The same, for a text within another one: isolated if it may contain right-to-left text.
///
/// ```
/// assert_eq!(domain::visible::isolated("NW-1"), "NW-1");
/// assert_eq!(domain::visible::isolated("עברית 1"), "\u{2068}עברית 1\u{2069}");
/// ```
#[must_use]
pub fn isolated(text: &str) -> String {
    let shown = escape_invisible(text);
    match shown.chars().any(is_right_to_left) {
        true => format!("\u{2068}{shown}\u{2069}"),
        false => shown,
    }
}

fn written(c: char) -> String {
    format!("[U+{:04X}]", u32::from(c))
}

/// Control and format characters (including bidirectional ones), spaces that look like a space or
/// are invisible, the non-breaking hyphen, and noncharacters.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{1680}'
            | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200f}'
            | '\u{2011}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Letters and digits that look like those of ASCII in most typefaces: Greek and Cyrillic ones,
/// wide forms, mathematical letters. Written out beside ASCII ones only: a word of another
/// script is what it looks like. (The warning at the upload knows all confusables of Unicode; no
/// browser loads that table.)
fn is_look_alike(c: char) -> bool {
    const LETTERS: &str = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧνοАВЕЅІЈКМНОРСТХаеорсухѕіј";
    matches!(c,
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}'
        | '\u{1d400}'..='\u{1d7ff}')
        || LETTERS.contains(c)
}

/// Combining marks of the scripts in which they are stacked.
fn is_combining(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{6d6}'..='\u{6dc}'
        | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{3099}' | '\u{309a}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// The blocks of right-to-left scripts.
fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_written_out() {
        for c in [
            '\u{0}',
            '\u{1b}',
            '\t',
            '\n',
            '\u{7f}',
            '\u{85}',
            '\u{a0}',
            '\u{ad}',
            '\u{200b}',
            '\u{200f}',
            '\u{2011}',
            '\u{2028}',
            '\u{2800}',
            '\u{202e}',
            '\u{2060}',
            '\u{2067}',
            '\u{2069}',
            '\u{feff}',
            '\u{fffe}',
            '\u{ffff}',
            '\u{1fffe}',
            '\u{10ffff}',
            '\u{e0041}',
        ] {
            let expected = format!("a[U+{:04X}]b", u32::from(c));
            assert_eq!(escape_invisible(&format!("a{c}b")), expected);
        }
        for plain in ["A 1-_.", "é", "燒機\u{3000}1", "🙂", "עברית", "[U+202E]", "Ω"] {
            assert_eq!(escape_invisible(plain), plain);
        }
        assert_eq!(
            pieces("a\u{200b}\u{200b}bc"),
            [
                Piece::Plain("a".into()),
                Piece::Written("[U+200B]".into()),
                Piece::Written("[U+200B]".into()),
                Piece::Plain("bc".into()),
            ]
        );
    }

    #[test]
    fn look_alikes_of_ascii_letters_beside_such_are_written_out() {
        assert_eq!(escape_invisible("B8-00\u{399}"), "B8-00[U+0399]");
        assert_eq!(escape_invisible("\u{ff22}8"), "[U+FF22]8");
        assert_eq!(escape_invisible("S\u{430}1"), "S[U+0430]1");
        for plain in ["Стенд", "ΑΒΓ", "站点（3）", "Ω short"] {
            assert_eq!(escape_invisible(plain), plain);
        }
    }

    #[test]
    fn combining_marks_are_limited() {
        assert_eq!(escape_invisible("e\u{301}\u{323}"), "e\u{301}\u{323}");
        let pile = format!("e{}x", "\u{301}".repeat(60));
        let shown = escape_invisible(&pile);
        assert_eq!(shown.matches('\u{301}').count(), MAX_MARKS);
        assert_eq!(shown.matches("[U+0301]").count(), 60 - MAX_MARKS);
    }

    #[test]
    fn every_bidirectional_isolate_is_closed() {
        for text in ["\u{2067}x", "עברית\u{202e}", "\u{2069}\u{2069}ع"] {
            let shown = isolated(text);
            let count = |c| shown.matches(c).count();
            assert_eq!(count('\u{2068}'), count('\u{2069}'), "{shown}");
            assert!(!shown.contains(['\u{2067}', '\u{202e}']));
        }
    }
}
