//! Characters in identifiers that nobody sees, or that look like another: with one of
//! them in it, a serial number that reads the same is another unit.

use unicode_security::confusable_detection::skeleton;

use crate::reject::EN;

/// Whether nothing is shown for a character, or nothing but a change of direction:
/// controls, zero widths, marks and overrides of direction, tags, variation selectors,
/// fillers. Unicode's `Default_Ignorable_Code_Point` and `Cc`, without the letters.
pub(crate) fn is_invisible(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Cuts off what surrounds a text: space and invisible characters, such as the group
/// separator of a bar code or a byte order mark. U+0000 stays, to be replaced and told of.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|char: char| char != '\0' && (char.is_whitespace() || is_invisible(char)))
}

/// The first character of an identifier that a reader would not see or would take for
/// another, and what it is.
pub(crate) fn unusual(text: &str) -> Option<(char, &'static str)> {
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_control()) {
        return None;
    }
    let latin = text.chars().any(|char| char.is_ascii_alphanumeric());
    text.chars().find_map(|char| {
        let what = match char {
            '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => EN.character_direction(),
            // A replacement character stands for U+0000 and has a warning of its own.
            _ if char.is_control() => EN.character_control(),
            _ if is_invisible(char) => EN.character_invisible(),
            ' ' => return None,
            _ if char.is_whitespace() => EN.character_space(),
            '\u{2d7}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => {
                EN.character_hyphen()
            }
            '\u{ff01}'..='\u{ff5e}' => EN.character_wide(),
            '\u{1d400}'..='\u{1d7ff}' => EN.character_mathematical(),
            '\u{2160}'..='\u{217f}' => EN.character_roman(),
            '\u{300}'..='\u{36f}' => EN.character_combining(),
            _ if latin && looks_like_ascii(char) => EN.character_look_alike(),
            _ => return None,
        };
        Some((char, what))
    })
}

/// Whether a letter or digit of another script looks like one of ASCII, by the confusables of
/// Unicode Technical Standard 39.
fn looks_like_ascii(char: char) -> bool {
    if char.is_ascii() || !char.is_alphanumeric() {
        return false;
    }
    let mut text = [0; 4];
    let mut skeleton = skeleton(char.encode_utf8(&mut text)).peekable();
    skeleton.peek().is_some() && skeleton.all(|char| char.is_ascii_alphanumeric())
}

/// A text with its unusual characters written out: `B8-001<U+200B>`.
pub(crate) fn spelled_out(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len() + 8);
    let latin = text.chars().any(|char| char.is_ascii_alphanumeric());
    for char in text.chars() {
        let alike = latin && looks_like_ascii(char);
        if alike || unusual(char.encode_utf8(&mut [0; 4])).is_some() {
            spelled.push_str(&format!("<U+{:04X}>", u32::from(char)));
        } else {
            spelled.push(char);
        }
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_or_looks_like_another_is_found() {
        for (text, char) in [
            ("B8-0\u{200b}01", '\u{200b}'),
            ("B8\u{feff}-001", '\u{feff}'),
            ("B8\u{1d}001", '\u{1d}'),
            ("B8\u{2011}001", '\u{2011}'),
            ("B8\u{a0}001", '\u{a0}'),
            ("\u{ff22}8-001", '\u{ff22}'),
            ("B8-00\u{399}", '\u{399}'),
            ("C10-\u{202e}gnp.1", '\u{202e}'),
            ("\u{2067}x", '\u{2067}'),
            ("S\u{430}1", '\u{430}'),
            ("e\u{301}-1", '\u{301}'),
            ("\u{1d400}1", '\u{1d400}'),
            ("Mk \u{2161}", '\u{2161}'),
            ("B8\u{2d7}1", '\u{2d7}'),
            ("AB\u{421}1", '\u{421}'),
            ("P\u{585}1", '\u{585}'),
            ("\u{13aa}1", '\u{13aa}'),
            ("x\u{131}1", '\u{131}'),
        ] {
            assert_eq!(unusual(text).map(|(char, _)| char), Some(char), "{text:?}");
        }
        for text in ["B8-001", "L10 burn-in", "站点-3", "Ω short", "é /?#%", "Стенд", "אבג-7", "🔧"]
        {
            assert_eq!(unusual(text), None, "{text}");
        }
        assert_eq!(spelled_out("B8\u{2011}1\u{399}"), "B8<U+2011>1<U+0399>");
    }

    #[test]
    fn what_surrounds_a_text_is_cut_off_unless_it_is_seen() {
        assert_eq!(trim("\u{feff} B8-001\u{1d}\u{200b}\u{a0}"), "B8-001");
        assert_eq!(trim("\u{2011}a\u{0}"), "\u{2011}a\u{0}");
        assert_eq!(trim("\u{200b}\u{feff}"), "");
    }
}
