//! Plural categories of integers, by the Unicode CLDR plural rules (version 47, "Language Plural
//! Rules", cardinal numbers without a fraction).

use crate::Locale;

/// A plural category.
#[allow(dead_code)] // a language uses some of them
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plural {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

/// The category of a count in a language.
pub(crate) fn plural(locale: Locale, count: u64) -> Plural {
    let language = locale.tag().split('-').next().unwrap_or_default();
    match (language, count) {
        // Chinese, Japanese and Korean have one form.
        ("zh" | "ja" | "ko", _) => Plural::Other,
        // "1 000 000 de unidades".
        ("es", count) if count > 0 && count.is_multiple_of(1_000_000) => Plural::Many,
        (_, 1) => Plural::One,
        _ => Plural::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_has_a_singular() {
        assert_eq!(plural(Locale::En, 1), Plural::One);
        assert_eq!([0, 2, 1_000_000].map(|n| plural(Locale::En, n)), [Plural::Other; 3]);
    }
}
