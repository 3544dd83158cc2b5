//! The message catalogue: every sentence that a person reads, in Fluent files under
//! `locales/<tag>/`, compiled into one method of [`Locale`] per message.
//!
//! **For:** pages, problem documents, rejects, warnings, remedies and the command line. A missing
//! message or a wrong argument does not compile. Only the messages that a program uses are linked
//! into it. `cargo xtask check` finds messages that nothing uses and sentences outside of the
//! catalogue.
//!
//! **Must never:** escape or produce markup. Callers escape as they do any other text; a sentence
//! with a link in it gives [`Part`]s.
//!
//! **To add a message:** write it into a file of `locales/en/`. `upload-title = Uploads` becomes
//! `locale.upload_title()`. A variable is anything that can be displayed; one that selects a
//! plural form is a `u64`. Several variables are named in the comment of the message, which fixes
//! the order of the arguments, whatever the order in a language is:
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

/// What `build.rs` generates is not held to the lints of code that people write.
#[allow(clippy::all, clippy::pedantic)]
mod generated {
    use super::*;

    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}
pub use generated::*;

impl Locale {
    /// The locale of a language tag: the exact one, else that of the same language.
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

/// A part of a sentence that holds something else than text, such as a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<V> {
    /// Text, not escaped.
    Text(Cow<'static, str>),
    /// What the caller passed.
    View(V),
}

/// A count with narrow no-break spaces between thousands.
///
/// ```
/// assert_eq!(messages::grouped(1_234_567), "1\u{202f}234\u{202f}567");
/// ```
#[must_use]
pub fn grouped(count: u64) -> String {
    grouped_digits(&count.to_string())
}

/// Digits with narrow no-break spaces between thousands.
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
