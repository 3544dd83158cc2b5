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
