//! The message catalogue: every text of the user interface, in Fluent files under `locales/<tag>/`,
//! compiled into one method of [`Locale`] per message.
//!
//! **Purpose:** pages, problem documents, rejects, warnings, remedies and the command line. A
//! missing message or a wrong argument does not compile. Only the messages that a program uses are
//! linked into it. `cargo xtask check` finds unused messages, and texts outside of the catalogue.
//!
//! **Invariants:** it never escapes or produces markup. Callers escape messages like any other
//! text; a message with a link in it returns [`Part`]s.
//!
//! **To add a message:** write it into a file of `locales/en/`. `upload-title = Uploads` becomes
//! `locale.upload_title()`. A variable is any displayable value; one that selects a plural form is
//! a `u64`. If there are several variables, the comment of the message lists them, which fixes the
//! order of the arguments independently of the word order in a language:
//!
//! ```text
//! # $low and $high: characters
//! password-length = must have { $low } to { $high } characters
//! # $link (View): to the list of uploads
//! upload-hint = See { $link } for the result.
//! ```
//!
//! **To add a language:** a folder `locales/<BCP 47 tag>/`, and its plural rule in `plural.rs`
//! if it is not there. A message without a translation falls back to English.

mod plural;

use std::borrow::Cow;

use plural::{Plural, plural};

/// The generated code is exempt from lints.
#[allow(clippy::all, clippy::pedantic)]
mod generated {
    use super::*;

    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}
pub use generated::*;

impl Locale {
    /// The locale of a language tag: the exact one, else one of the same language.
    ///
    /// ```
    /// use messages::Locale;
    /// assert_eq!(Locale::from_tag("en-GB"), Some(Locale::En));
    /// assert_eq!(Locale::from_tag("tlh"), None);
    /// ```
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let exact = Self::ALL.iter().find(|locale| locale.tag().eq_ignore_ascii_case(tag));
        let same = || Self::ALL.iter().find(|locale| language(locale.tag()) == language(tag));
        exact.or_else(same).copied()
    }
}

impl Locale {
    /// The language that a browser prefers, by its `Accept-Language` header (RFC 9110, 12.5.4):
    /// of the ranges in order of weight the first that the catalogue has, by [`Locale::from_tag`].
    /// English where there is none.
    ///
    /// ```
    /// use messages::Locale;
    /// assert_eq!(Locale::negotiate("fr-CH, en;q=0.8, *;q=0.1"), Locale::En);
    /// ```
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Self {
        negotiate(accept_language, Self::from_tag).unwrap_or_default()
    }
}

/// The most ranges of a header that are read.
const MAX_RANGES: usize = 32;

/// The first of the accepted ranges, by descending weight, that `find` knows. `*` stands for any
/// language and selects none.
fn negotiate<L>(accept_language: &str, find: impl Fn(&str) -> Option<L>) -> Option<L> {
    let mut ranges: Vec<(u16, &str)> = accept_language
        .split(',')
        .take(MAX_RANGES)
        .filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().filter(|tag| !tag.is_empty())?;
            let weight = match parts.find_map(|it| it.strip_prefix("q=")) {
                Some(text) => parse_weight(text)?,
                None => 1000,
            };
            (weight > 0).then_some((weight, tag))
        })
        .collect();
    // Stable: ranges of one weight stay in their order.
    ranges.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    ranges.into_iter().find_map(|(_, tag)| find(tag))
}

/// A weight of 0 to 1 in thousandths, with three decimals at most.
fn parse_weight(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let is_weight = matches!(whole, "0" | "1")
        && decimals.len() <= 3
        && decimals.bytes().all(|byte| byte.is_ascii_digit());
    let thousandths: u16 = format!("{whole}{decimals:0<3}").parse().ok()?;
    (is_weight && thousandths <= 1000).then_some(thousandths)
}

/// A part of a message that contains something other than text, such as a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<V> {
    /// Unescaped text.
    Text(Cow<'static, str>),
    /// The argument of the caller.
    View(V),
}

/// Formats a count with narrow no-break spaces between thousands.
///
/// ```
/// assert_eq!(messages::grouped(1_234_567), "1\u{202f}234\u{202f}567");
/// ```
#[must_use]
pub fn grouped(count: u64) -> String {
    grouped_digits(&count.to_string())
}

/// Formats digits with narrow no-break spaces between thousands.
#[must_use]
pub fn grouped_digits(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A catalogue of languages that exist in this test only.
    fn find(tag: &str) -> Option<&'static str> {
        ["en", "es", "zh-CN", "zh-TW"].into_iter().find(|it| it.eq_ignore_ascii_case(tag))
    }

    #[test]
    fn the_browser_gets_the_first_language_of_the_catalogue_by_weight() {
        for (header, language) in [
            ("zh-TW,zh;q=0.9,en;q=0.8", Some("zh-TW")),
            ("en;q=0.5, es", Some("es")),
            ("zh-cn;q=0.8, es;q=0.8", Some("zh-CN")),
            ("fr, de;q=0.9, ES;q=0.123", Some("es")),
            ("es;q=0, en;q=0.001", Some("en")),
            ("es;q=2, en;q=x, zh-TW;q=0.2222", None),
            ("*", None),
            ("", None),
            (",;,q=1", None),
        ] {
            assert_eq!(negotiate(header, find), language, "{header}");
        }
        let long = "fr,".repeat(MAX_RANGES) + "es";
        assert_eq!(negotiate(&long, find), None, "a header has a bounded effect");
    }
}
