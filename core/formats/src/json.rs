//! JSON values as producers really write them. Numbers and identifiers are read from
//! their digits as they are written, so that none is rounded on the way.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use domain::{CheckValue, Scalar};
use serde::de::{Deserialize, Deserializer, Error};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::RejectCode;
use crate::characters;
use crate::reject::EN;
use crate::wording::Quoted;

/// A number. Minus zero becomes zero, so that equal values have equal hashes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number {
    /// The nearest double, which is what is kept.
    pub(crate) value: f64,
    /// The whole number that was written, where no double is equal to it. Comparisons
    /// use it: two serial numbers that round to one double are still two.
    pub(crate) whole: Option<i128>,
}

/// A number, a string or a boolean. A number in a string stays a string.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plain {
    pub(crate) value: Scalar,
    /// As [`Number::whole`].
    pub(crate) whole: Option<i128>,
    /// Whether digits of a number are lost: see [`is_rounded`].
    pub(crate) rounded: bool,
}

/// One value, or a list of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PlainOrMany {
    One(Plain),
    Many(Vec<Plain>),
}

/// A name or a version: text, or a number as it is written where a producer forgot the
/// quotation marks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text(pub(crate) String);

/// What something is known by, such as a serial number: text, or a whole number of any
/// length with all its digits. `12.0` and `1e3` are neither: a program that lost the
/// quotation marks has most likely lost digits or leading zeros as well.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Identifier(pub(crate) String);

/// What `metadata` says: the unit's serial number, and members that are texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Metadata {
    /// `unit_serial`, or why it cannot be one.
    pub(crate) unit_serial: Option<Result<String, String>>,
    /// The other members that are texts, by name.
    pub(crate) texts: BTreeMap<String, String>,
}

/// Texts by name, in the order in which they are written; a value of `null` is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attributes(pub(crate) Vec<(String, String)>);

/// A whole number from 0, also when it is written `3.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count(pub(crate) u64);

/// The whole numbers up to here are doubles, each of them.
const EXACT: f64 = 9_007_199_254_740_992.0;

macro_rules! from_raw {
    ($($name:ident)+) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = <&RawValue>::deserialize(deserializer)?;
                Self::read(raw.get()).map_err(D::Error::custom)
            }
        }
    )+};
}
from_raw!(Number Plain PlainOrMany Text Identifier Metadata Count);

/// What a JSON text is, for a sentence.
fn found(raw: &str) -> String {
    match raw.as_bytes().first() {
        Some(b'"') => match string(raw) {
            Ok(text) => EN.found_text(Quoted(&text)),
            Err(_) => EN.found_a_text().to_owned(),
        },
        Some(b'{') => EN.found_object().to_owned(),
        Some(b'[') => EN.found_list().to_owned(),
        Some(b't' | b'f' | b'n') => Quoted(raw).to_string(),
        _ => EN.found_number(Quoted(raw)),
    }
}

/// The sentence about a value of the wrong type, without its subject.
fn wrong(raw: &str, wanted: &str) -> String {
    EN.field_is_wrong_type(found(raw), wanted)
}

fn string(raw: &str) -> Result<String, String> {
    serde_json::from_str(raw)
        .map_err(|_| coded(RejectCode::InvalidCharacter, EN.field_is_surrogate()))
}

/// Puts a code before a sentence: the JSON library passes on nothing but text.
fn coded(code: RejectCode, why: &str) -> String {
    format!("{}{CODE_END}{why}", code.as_str())
}

/// Separates a code from its sentence; no JSON text holds it unescaped.
const CODE_END: char = '\u{1}';

/// The code and the sentence of an error that the types of this file gave to the library; a
/// sentence without a code is about an invalid field.
pub(crate) fn parse_error(said: &str) -> (RejectCode, &str) {
    said.split_once(CODE_END)
        .and_then(|(code, why)| Some((RejectCode::from_name(code)?, why)))
        .unwrap_or((RejectCode::InvalidField, said))
}

fn is_number(raw: &str) -> bool {
    matches!(raw.as_bytes().first(), Some(b'-' | b'0'..=b'9'))
}

/// Whether the literal of a number is that of a whole one.
fn is_whole(raw: &str) -> bool {
    is_number(raw) && raw.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit())
}

/// Whether a literal is a whole number that no double is equal to, or is nearer to zero than
/// doubles are with all their digits. That decimals are rounded is what people expect.
fn is_rounded(raw: &str, value: f64) -> bool {
    if is_whole(raw) {
        return value.abs() >= EXACT && format!("{value:.0}") != raw;
    }
    let digits = raw.split(['e', 'E']).next().unwrap_or_default();
    value.abs() < f64::MIN_POSITIVE && digits.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
}

impl Number {
    fn read(raw: &str) -> Result<Self, String> {
        if !is_number(raw) {
            return Err(wrong(raw, EN.wanted_number()));
        }
        let value: f64 = serde_json::from_str(raw)
            .map_err(|_| coded(RejectCode::NumberTooLarge, &EN.field_is_too_large(Quoted(raw))))?;
        let value = value + 0.0;
        let rounded = value.abs() >= EXACT && is_whole(raw);
        let whole = if rounded { raw.parse().ok() } else { None };
        Ok(Self { value, whole: whole.filter(|whole| *whole != value as i128) })
    }

    /// How two numbers compare, as they were written.
    pub(crate) fn order(self, other: Self) -> Option<Ordering> {
        // Rounding never changes the order of two numbers, it only makes them equal.
        match self.value.partial_cmp(&other.value) {
            Some(Ordering::Equal) if self.whole.is_some() || other.whole.is_some() => {
                let exact = |number: Self| number.whole.unwrap_or(number.value as i128);
                Some(exact(self).cmp(&exact(other)))
            }
            order => order,
        }
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self { value: value + 0.0, whole: None }
    }
}

impl Plain {
    fn read(raw: &str) -> Result<Self, String> {
        let value = match raw.as_bytes().first() {
            Some(b'"') => Scalar::Text(string(raw)?),
            Some(b't') => Scalar::Bool(true),
            Some(b'f') => Scalar::Bool(false),
            _ if is_number(raw) => {
                let Number { value, whole } = Number::read(raw)?;
                let rounded = is_rounded(raw, value);
                return Ok(Self { value: Scalar::Num(value), whole, rounded });
            }
            _ => return Err(wrong(raw, EN.wanted_plain())),
        };
        Ok(value.into())
    }
}

impl From<Scalar> for Plain {
    fn from(value: Scalar) -> Self {
        Self { value, whole: None, rounded: false }
    }
}

impl PlainOrMany {
    fn read(raw: &str) -> Result<Self, String> {
        if !raw.starts_with('[') {
            return Plain::read(raw).map(Self::One);
        }
        let many: Vec<&RawValue> =
            serde_json::from_str(raw).map_err(|_| wrong(raw, EN.wanted_plain_list()))?;
        let read = |(at, one): (usize, &&RawValue)| {
            Plain::read(one.get()).map_err(|why| format!("[{at}] {why}"))
        };
        many.iter().enumerate().map(read).collect::<Result<_, _>>().map(Self::Many)
    }
}

impl From<PlainOrMany> for CheckValue {
    fn from(value: PlainOrMany) -> Self {
        match value {
            PlainOrMany::One(one) => Self::One(one.value),
            PlainOrMany::Many(many) => Self::Many(many.into_iter().map(|one| one.value).collect()),
        }
    }
}

impl From<CheckValue> for PlainOrMany {
    fn from(value: CheckValue) -> Self {
        match value {
            CheckValue::One(one) => Self::One(one.into()),
            CheckValue::Many(many) => Self::Many(many.into_iter().map(Plain::from).collect()),
        }
    }
}

impl Text {
    fn read(raw: &str) -> Result<Self, String> {
        match raw.as_bytes().first() {
            Some(b'"') => string(raw).map(Self),
            _ if is_number(raw) => Ok(Self(raw.to_owned())),
            _ => Err(wrong(raw, EN.wanted_string())),
        }
    }
}

impl Identifier {
    fn read(raw: &str) -> Result<Self, String> {
        match raw.as_bytes().first() {
            Some(b'"') => string(raw).map(Self),
            _ if is_whole(raw) => Ok(Self(raw.to_owned())),
            _ if is_number(raw) => {
                let why = EN.field_is_no_identifier(Quoted(raw));
                Err(coded(RejectCode::NumberAsIdentifier, &why))
            }
            _ => Err(wrong(raw, EN.wanted_string())),
        }
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Identifier {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Metadata {
    fn read(raw: &str) -> Result<Self, String> {
        // Anything may stand there; only an object can have the field.
        let fields: BTreeMap<Key, &RawValue> = serde_json::from_str(raw).unwrap_or_default();
        let serial =
            fields.get(b"unit_serial".as_slice()).map(|raw| raw.get()).filter(|raw| *raw != "null");
        let read = |raw| Identifier::read(raw).map(|Identifier(serial)| serial);
        let unit_serial = serial.map(read);
        let text = |(Key(name), raw): (Key, &RawValue)| {
            let is_other = name != b"unit_serial" && raw.get().starts_with('"');
            let name = is_other.then(|| String::from_utf8(name).ok()).flatten()?;
            Some((name, string(raw.get()).ok()?))
        };
        let texts = fields.into_iter().filter_map(text).collect();
        Ok(Self { unit_serial, texts })
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> serde::de::Visitor<'de> for Texts {
            type Value = Attributes;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Attributes, A::Error> {
                let mut texts = Vec::new();
                while let Some((name, text)) = map.next_entry::<String, Option<String>>()? {
                    texts.extend(text.map(|text| (name, text)));
                }
                Ok(Attributes(texts))
            }
        }
        deserializer.deserialize_map(Texts)
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, text)| (name, text)))
    }
}

/// The name of a field, read as bytes: half of a pair of surrogates in one is no reason to
/// pass the others by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key(Vec<u8>);

impl std::borrow::Borrow<[u8]> for Key {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl serde::de::Visitor<'_> for Bytes {
            type Value = Key;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a name")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Key, E> {
                Ok(Key(bytes.to_owned()))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Key, E> {
                self.visit_bytes(text.as_bytes())
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

impl Count {
    fn read(raw: &str) -> Result<Self, String> {
        let whole = if is_whole(raw) { raw.parse().ok() } else { None };
        let float = || match Number::read(raw) {
            Ok(Number { value, .. })
                if value.fract() == 0.0 && (0.0..=EXACT).contains(&value) && !is_whole(raw) =>
            {
                Some(value as u64)
            }
            _ => None,
        };
        whole.or_else(float).map(Self).ok_or_else(|| wrong(raw, "a whole number from 0"))
    }
}

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl Serialize for PlainOrMany {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(one) => one.serialize(serializer),
            Self::Many(many) => many.serialize(serializer),
        }
    }
}

/// The text without the space and the invisible characters around it, if there is any text.
pub(crate) fn trimmed(text: Option<String>) -> Option<String> {
    let text = text?;
    let trimmed = characters::trim(&text);
    if trimmed.is_empty() {
        None
    } else if trimmed.len() == text.len() {
        Some(text)
    } else {
        Some(trimmed.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
        serde_json::from_str(json).ok()
    }

    #[test]
    fn values_keep_their_types() {
        let value = |json| read::<Plain>(json).map(|plain| plain.value);
        assert_eq!(value("\"1200\""), Some(Scalar::Text("1200".into())));
        assert_eq!(value("1200"), Some(Scalar::Num(1200.0)));
        assert_eq!(value("true"), Some(Scalar::Bool(true)));
        assert!(value("-0.0").is_some_and(|zero| serde_json::to_string(&zero).unwrap() == "0.0"));
        for none in ["1e400", "{}", "[1]", "null"] {
            assert_eq!(value(none), None, "{none}");
        }
    }

    #[test]
    fn a_count_may_be_written_as_a_float_but_not_be_one() {
        let count = |json| read::<Count>(json).map(|Count(count)| count);
        assert_eq!(count("3.0"), Some(3));
        assert_eq!(count("18446744073709551615"), Some(u64::MAX));
        for bad in ["3.5", "-1", "\"3\"", "1e300", "18446744073709551616", "-1.0"] {
            assert_eq!(count(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_bad_name_in_metadata_leaves_the_others() {
        let of = |json| read::<Metadata>(json).and_then(|it| it.unit_serial);
        assert_eq!(of(r#"{"\ud800":1,"unit_serial":"U1"}"#), Some(Ok("U1".into())));
        assert_eq!(of("[]"), None);
    }

    #[test]
    fn an_identifier_is_a_text_or_a_whole_number_and_a_name_any_number_as_written() {
        let identifier = |json| read::<Identifier>(json).map(|Identifier(text)| text);
        let text = |json| read::<Text>(json).map(|Text(text)| text);
        assert_eq!(identifier("\"a\"").as_deref(), Some("a"));
        for not in ["12.0", "1e3", "-0.5", "true", "[]", "{}"] {
            assert_eq!(identifier(not), None, "{not}");
        }
        assert_eq!(text("1.40").as_deref(), Some("1.40"));
        assert_eq!(text("[]"), None);
    }

    #[test]
    fn whole_numbers_that_round_to_one_double_are_still_two() {
        let number = |json| read::<Number>(json).unwrap();
        let (one, other) = (number("9007199254740993"), number("9007199254740992"));
        assert_eq!(one.value, other.value);
        assert_eq!(one.order(other), Some(Ordering::Greater));
        assert_eq!(other.order(one), Some(Ordering::Less));
        assert_eq!(one.order(one), Some(Ordering::Equal));
        let (one, other) = (number("-89520000000011000013"), number("-89520000000011000014"));
        assert_eq!(one.order(other), Some(Ordering::Greater));
        assert_eq!(number("1e30").order(number("1e30")), Some(Ordering::Equal));
    }

    proptest! {
        #[test]
        fn every_digit_of_a_whole_number_is_kept(literal in "-?(0|[1-9][0-9]{0,60})") {
            let Identifier(identifier) = serde_json::from_str(&literal).unwrap();
            prop_assert_eq!(&identifier, &literal);
            let Text(text) = serde_json::from_str(&literal).unwrap();
            prop_assert_eq!(&text, &literal);
        }

        #[test]
        fn numbers_compare_as_they_are_written(one in any::<i128>(), near in -3..4_i128) {
            let other = one.saturating_add(near);
            let number = |whole: i128| read::<Number>(&whole.to_string()).unwrap();
            prop_assert_eq!(number(one).order(number(other)), Some(one.cmp(&other)));
        }
    }
}
