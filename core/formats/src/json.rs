//! JSON values as producers really write them.

use std::fmt;

use domain::{CheckValue, Scalar};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

/// A number, a string or a boolean. A number in a string stays a string;
/// minus zero becomes zero, so that equal values have equal hashes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plain(pub(crate) Scalar);

/// One value, or a list of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlainOrMany(pub(crate) CheckValue);

/// An identifier or a name: text, or a number where a producer forgot the
/// quotation marks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text(pub(crate) String);

/// A whole number from 0, also when it is written `3.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count(pub(crate) u64);

macro_rules! deserialize {
    ($name:ident, $deserialize:ident) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.$deserialize(Seen(|seen| Self::see(seen)))
            }
        }
    };
}
deserialize!(Plain, deserialize_any);
deserialize!(PlainOrMany, deserialize_any);
deserialize!(Text, deserialize_any);
deserialize!(Count, deserialize_any);

/// What stood there.
enum Sight {
    Bool(bool),
    Whole(u64),
    Number(f64),
    Text(String),
    List(Vec<Plain>),
}

struct Seen<F>(F);

impl<'de, T, F: FnOnce(Sight) -> Result<T, &'static str>> Visitor<'de> for Seen<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a string or a boolean")
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<T, E> {
        (self.0)(Sight::Bool(truth)).map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        (self.0)(Sight::Whole(number)).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.visit_f64(number as f64)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        (self.0)(Sight::Number(number + 0.0)).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<T, E> {
        (self.0)(Sight::Text(text)).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<T, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        (self.0)(Sight::List(values)).map_err(A::Error::custom)
    }
}

impl Plain {
    fn see(seen: Sight) -> Result<Self, &'static str> {
        match seen {
            Sight::Bool(truth) => Ok(Self(Scalar::Bool(truth))),
            Sight::Whole(number) => Ok(Self(Scalar::Num(number as f64))),
            Sight::Number(number) => Ok(Self(Scalar::Num(number))),
            Sight::Text(text) => Ok(Self(Scalar::Text(text))),
            Sight::List(_) => Err("a list, expected a number, a string or a boolean"),
        }
    }
}

impl PlainOrMany {
    fn see(seen: Sight) -> Result<Self, &'static str> {
        match seen {
            Sight::List(values) => {
                Ok(Self(CheckValue::Many(values.into_iter().map(|Plain(value)| value).collect())))
            }
            one => Plain::see(one).map(|Plain(value)| Self(CheckValue::One(value))),
        }
    }
}

impl Text {
    fn see(seen: Sight) -> Result<Self, &'static str> {
        match seen {
            Sight::Text(text) => Ok(Self(text)),
            Sight::Whole(number) => Ok(Self(number.to_string())),
            Sight::Number(number) => Ok(Self(number.to_string())),
            Sight::Bool(_) | Sight::List(_) => Err("expected a string"),
        }
    }
}

impl Count {
    #[expect(clippy::needless_pass_by_value, reason = "the others consume it")]
    fn see(seen: Sight) -> Result<Self, &'static str> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match seen {
            Sight::Whole(number) => Ok(Self(number)),
            Sight::Number(number) if number.fract() == 0.0 && (0.0..=EXACT).contains(&number) => {
                Ok(Self(number as u64))
            }
            _ => Err("expected a whole number from 0"),
        }
    }
}

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Serialize for PlainOrMany {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// The text without the space around it, if there is any text.
pub(crate) fn trimmed(text: Option<String>) -> Option<String> {
    let text = text?;
    let trimmed = text.trim();
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
    use super::*;

    #[test]
    fn values_keep_their_types() {
        let read = |json| serde_json::from_str::<Plain>(json).map(|Plain(value)| value);
        assert_eq!(read("\"1200\"").unwrap(), Scalar::Text("1200".into()));
        assert_eq!(read("1200").unwrap(), Scalar::Num(1200.0));
        assert_eq!(read("true").unwrap(), Scalar::Bool(true));
        assert!(read("-0.0").is_ok_and(|zero| serde_json::to_string(&zero).unwrap() == "0.0"));
        assert!(read("1e400").is_err() && read("{}").is_err() && read("[1]").is_err());
    }

    #[test]
    fn a_count_may_be_written_as_a_float_but_not_be_one() {
        let read = |json| serde_json::from_str::<Count>(json).map(|Count(count)| count).ok();
        assert_eq!(read("3.0"), Some(3));
        assert_eq!(read("18446744073709551615"), Some(u64::MAX));
        for bad in ["3.5", "-1", "\"3\"", "1e300", "18446744073709551616"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_identifier_may_be_a_number() {
        let read = |json| serde_json::from_str::<Text>(json).map(|Text(text)| text).ok();
        assert_eq!(read("1652922000123").as_deref(), Some("1652922000123"));
        assert_eq!(read("\"a\"").as_deref(), Some("a"));
        assert_eq!(read("[]"), None);
    }
}
