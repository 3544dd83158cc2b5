//! From the text of a line to a type, or to a sentence of our own that names the field.
//!
//! What the JSON library says is for programmers (`invalid type: string "0", expected
//! f64`). It is translated here, once, with the path of the field and the column.

use serde::Deserialize;
use serde_json::{Deserializer, Error, Value};

use crate::json;
use crate::reject::EN;
use crate::wording::{Quoted, SENTENCE, clip};
use crate::{Reject, RejectCode};

/// Reads a line of JSON. The error is a sentence without its subject, the line.
pub(crate) fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Reject> {
    serde_json::from_str(text).map_err(|error| {
        if error.is_eof() {
            RejectCode::CutLine.because(EN.reject_object_cut())
        } else if error.is_data() {
            data(&error, text, &path_of::<T>(text))
        } else {
            // Every field is looked into, also those that the type passes by.
            syntax(&error, text, &path_of::<Value>(text))
        }
    })
}

/// The path of the field that cannot be read, empty for the object itself.
fn path_of<'a, T: Deserialize<'a>>(text: &'a str) -> String {
    let mut json = Deserializer::from_str(text);
    let read: Result<T, _> = serde_path_to_error::deserialize(&mut json);
    let path = read.map_or_else(|error| error.path().to_string(), |_| String::new());
    // A point stands for the object itself, a question mark for a name that is none.
    let known = path.trim_end_matches(['?', '.']);
    clip(known, SENTENCE / 2)
}

/// What the library says, without the place.
fn said(error: &Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").and_then(|at| text.get(..at)).unwrap_or(&text).to_owned()
}

/// About a value that is JSON and not what the field takes.
fn data(error: &Error, text: &str, path: &str) -> Reject {
    let said = said(error);
    let column = error.column();
    let field = match path.is_empty() {
        true => EN.field_the_object().to_owned(),
        false => format!("`{path}`"),
    };
    let in_quotes = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    let (code, sentence) = if let Some(rest) = said.strip_prefix("unknown field `") {
        let (name, expected) = rest.rsplit_once("`, expected ").unwrap_or((rest, "none"));
        let parent = path.rfind('.').and_then(|at| path.get(..at)).unwrap_or_default();
        let sentence = clip(&EN.field_unknown(Quoted(name), expected), SENTENCE);
        return RejectCode::UnknownField.because(match parent.is_empty() {
            true => EN.reject_at_column(sentence, column),
            false => EN.reject_in_path(sentence, parent, column),
        });
    } else if said.starts_with("missing field `") {
        let name = in_quotes(&said);
        let whole = if path.is_empty() { name } else { format!("{path}.{name}") };
        return RejectCode::MissingField.because(EN.field_missing(whole));
    } else if said.starts_with("duplicate field `") {
        (RejectCode::InvalidField, EN.field_twice(in_quotes(&said)))
    } else if let Some((found, wanted)) = said
        .strip_prefix("invalid type: ")
        .or_else(|| said.strip_prefix("invalid value: "))
        .and_then(|rest| rest.rsplit_once(", expected "))
    {
        let written = word_at(text, column.saturating_sub(1));
        let found = found_as(found, written);
        (RejectCode::InvalidField, EN.field_wrong_type(field, found, wanted_as(wanted)))
    } else {
        // Of an element of a list, whose index the sentence begins with.
        let (index, rest) = match said.starts_with('[') {
            true => said.split_once(' ').unwrap_or(("", &said)),
            false => ("", said.as_str()),
        };
        let (code, why) = json::parse_error(rest);
        let field = if index.is_empty() { field } else { format!("`{path}{index}`") };
        (code, EN.field_other(field, why))
    };
    // Cut before the column, which so survives a long field name.
    code.because(EN.reject_at_column(clip(&sentence, SENTENCE), column))
}

/// What stands there; a number as it is written, for the library has rounded it.
fn found_as(found: &str, written: &str) -> String {
    let quoted = found.split_once('`').and_then(|(_, rest)| rest.strip_suffix('`'));
    let text = found.strip_prefix("string \"").and_then(|rest| rest.strip_suffix('"'));
    match (text, quoted) {
        (Some(text), _) => EN.found_text(Quoted(text)),
        (_, Some(value @ ("true" | "false"))) => Quoted(value).to_string(),
        (_, Some(_)) => EN.found_number(Quoted(written)),
        _ if found.starts_with("map") => EN.found_object().to_owned(),
        _ if found.starts_with("sequence") => EN.found_list().to_owned(),
        _ => "`null`".to_owned(),
    }
}

fn wanted_as(wanted: &str) -> &'static str {
    match wanted {
        "a string" | "a borrowed string" | "string" => EN.wanted_text(),
        "f64" => EN.wanted_number(),
        "u32" => EN.wanted_u32(),
        "u64" => EN.wanted_u64(),
        "a sequence" => EN.wanted_list(),
        "a boolean" => EN.wanted_boolean(),
        _ => EN.wanted_object(),
    }
}

/// About a line that is not JSON.
fn syntax(error: &Error, text: &str, path: &str) -> Reject {
    let at = error.column().saturating_sub(1);
    let word = word_at(text, at);
    let field = match path.is_empty() {
        true => EN.reject_syntax_it().to_owned(),
        false => format!("`{path}`"),
    };
    let (code, why) = match said(error).as_str() {
        "number out of range" => {
            (RejectCode::NumberTooLarge, EN.json_too_large(field, Quoted(word)))
        }
        "lone leading surrogate in hex escape" | "unexpected end of hex escape" => {
            (RejectCode::InvalidCharacter, EN.json_surrogate(field))
        }
        said => (RejectCode::Syntax, syntax_why(said, text, at, &field)),
    };
    let sentence = EN.reject_syntax(clip(&why, SENTENCE));
    code.because(EN.reject_at_column(sentence, error.column()))
}

/// What the syntax error is at a byte of the text; `said` is the library's text.
fn syntax_why(said: &str, text: &str, at: usize, field: &str) -> String {
    if let Some(why) = odd_number(text, at, field) {
        return why;
    }
    let word = word_at(text, at);
    match said {
        "key must be a string" => EN.json_key().to_owned(),
        "trailing comma" => EN.json_trailing_comma().to_owned(),
        "trailing characters" => EN.json_trailing().to_owned(),
        "expected `:`" => EN.json_colon().to_owned(),
        "expected `,` or `}`" | "expected `,` or `]`" => EN.json_comma_missing().to_owned(),
        "invalid escape" => EN.json_escape(field),
        said if said.starts_with("control character") => EN.json_control(field),
        _ => match word.trim_start_matches(['-', '+']).to_ascii_lowercase().as_str() {
            "nan" | "inf" | "infinity" => EN.json_no_such_number(field, Quoted(word)),
            "none" | "undefined" | "nil" => EN.json_null(field, Quoted(word)),
            "true" | "false" => EN.json_small_letters(field, Quoted(word)),
            bare if bare.starts_with('0') && bare.len() > 1 => {
                EN.json_leading_zero(field, Quoted(word))
            }
            _ if text.as_bytes().get(at) == Some(&b'\'') => EN.json_quotes(field),
            _ => EN.json_no_value(field),
        },
    }
}

/// What to write for a number as other languages write it, with the byte in it.
fn odd_number(text: &str, at: usize, field: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let within = |at: usize| {
        let byte = bytes.get(at)?;
        (byte.is_ascii_alphanumeric() || b"+-._,".contains(byte)).then_some(at)
    };
    let at = within(at).or_else(|| within(at.checked_sub(1)?))?;
    let start = (0..at).rev().map_while(within).last().unwrap_or(at);
    let end = (at..bytes.len()).map_while(within).last()? + 1;
    let literal = text.get(start..end)?.trim_end_matches(',');
    let sign_free = literal.strip_prefix(['-', '+']).unwrap_or(literal);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let hex = sign_free.strip_prefix("0x").or_else(|| sign_free.strip_prefix("0X"));
    let found = Quoted(literal);
    Some(if hex.is_some_and(|hex| hex.bytes().all(|it| it.is_ascii_hexdigit())) {
        EN.json_hexadecimal(field, found)
    } else if sign_free.contains('_') && sign_free.split('_').all(digits) {
        EN.json_underscore(field, found)
    } else if let Some((whole, decimals)) = sign_free.split_once(',') {
        if !digits(whole) || !digits(decimals) {
            return None;
        }
        EN.json_comma(field, found)
    } else if sign_free.strip_prefix('.').is_some_and(digits) {
        EN.json_digit_before(field, found)
    } else if sign_free.strip_suffix('.').is_some_and(digits) {
        EN.json_digit_after(field, found)
    } else if literal.starts_with('+') && sign_free.starts_with(|it: char| it.is_ascii_digit()) {
        EN.json_plus(field, found)
    } else {
        return None;
    })
}

/// The word or number that has the byte in it.
fn word_at(text: &str, at: usize) -> &str {
    let within = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-._".contains(byte);
    let (before, after) = text.as_bytes().split_at_checked(at).unwrap_or((text.as_bytes(), &[]));
    let start = before.len() - before.iter().rev().take_while(|byte| within(byte)).count();
    let end = before.len() + after.iter().take_while(|byte| within(byte)).count();
    text.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Outer {
        name: String,
        inner: Option<Vec<Inner>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Inner {
        low: Option<crate::json::Number>,
        loops: Option<u32>,
    }

    #[track_caller]
    fn why(text: &str) -> String {
        let why = parse::<Outer>(text).unwrap_err().why;
        why.split(" (column ").next().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_sentence_names_the_field_and_the_column() {
        let end = parse::<Outer>(r#"{"name":3}"#).unwrap_err().why;
        assert!(end.ends_with(" (column 9)"), "{end}");
        for (text, sentence) in [
            (r#"{"name":3}"#, "`name` is the number `3`, but must be a string, in quotation marks"),
            (
                r#"{"name":12345678901234567890123}"#,
                "`name` is the number `12345678901234567890123`, but must be a string, in quotation marks",
            ),
            (r#"{"name":{}}"#, "`name` is an object, but must be a string, in quotation marks"),
            (r#"{"nam":3}"#, "unknown field `nam`, expected `name` or `inner`"),
            (
                r#"{"name":"x","inner":[{},{"high":3}]}"#,
                "unknown field `high`, expected `low` or `loops` (in inner[1], column 31)",
            ),
            (
                r#"{"name":"x","inner":[{"low":"0"}]}"#,
                "`inner[0].low` is the string `0`, but must be a number, without quotation marks",
            ),
            (
                r#"{"name":"x","inner":[{"low":1e400}]}"#,
                "`inner[0].low` is the number `1e400`, which is too large",
            ),
            (
                r#"{"name":"x","inner":[{"loops":-1}]}"#,
                "`inner[0].loops` is the number `-1`, but must be a whole number from 0 to 4294967295",
            ),
            (r#"{"name":"x","inner":3}"#, "`inner` is the number `3`, but must be an array"),
            (r#"{"name":"x","name":"y"}"#, "`name` is given twice"),
            (r#"{}"#, "`name` is missing"),
        ] {
            assert_eq!(why(text), sentence, "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_named_as_it_is_written() {
        for (text, sentence) in [
            (
                r#"{"name":"x","inner":[{"low":NaN}]}"#,
                "is not JSON: `inner[0].low` is `NaN`, which JSON does not have: leave the field out",
            ),
            (
                r#"{"name":"x","inner":[{"low":-Infinity}]}"#,
                "is not JSON: `inner[0].low` is `-Infinity`, which JSON does not have: leave the field out",
            ),
            (
                r#"{"inner":[nan]}"#,
                "is not JSON: `inner[0]` is `nan`, which JSON does not have: leave the field out",
            ),
            (
                r#"{"name":007}"#,
                "is not JSON: `name` is `007`, and JSON has no number that begins with 0: write it in quotation marks",
            ),
            (
                r#"{"inner":[{"low":+5}]}"#,
                "is not JSON: `inner[0].low` is `+5`, and JSON has no plus sign before a number: leave it out",
            ),
            (
                r#"{"inner":[{"low":.5,"loops":1}]}"#,
                "is not JSON: `inner[0].low` is `.5`, and JSON has a digit before the point: write a 0 there",
            ),
            (
                r#"{"inner":[{"low":5.}]}"#,
                "is not JSON: `inner[0].low` is `5.`, and JSON has a digit behind the point: write a 0 there, or leave the point out",
            ),
            (
                r#"{"inner":[{"low":0x1F}]}"#,
                "is not JSON: `inner[0]` is `0x1F`, and JSON has no hexadecimal numbers: write it in decimals, or in quotation marks",
            ),
            (
                r#"{"inner":[{"low":1_000}]}"#,
                "is not JSON: `inner[0]` is `1_000`, and JSON has no `_` in numbers: leave it out",
            ),
            (
                r#"{"inner":[{"low":1,5}]}"#,
                "is not JSON: `inner[0]` is `1,5`, and JSON writes a decimal point: write a point for the comma",
            ),
            (r#"{"name":None}"#, "is not JSON: `name` is `None`, which is `null` in JSON"),
            (
                r#"{"name":True}"#,
                "is not JSON: `name` is `True`, which JSON writes in small letters",
            ),
            (r#"{"name":'x'}"#, "is not JSON: `name` must be in double quotation marks"),
            (r#"{name:1}"#, "is not JSON: the name of a field must be in quotation marks"),
            (r#"{"name":"x",}"#, "is not JSON: there is a comma before a closing bracket"),
            (r#"{"name":"x"} y"#, "is not JSON: there is text after the object"),
            (
                r#"{"name":"\ud800"}"#,
                "is not JSON: `name` holds half of a pair of surrogates (`\\ud800` to `\\udfff`), which is no character",
            ),
            (
                "{\"name\":\"a\tb\"}",
                "is not JSON: `name` holds a control character that is not escaped, such as a tab",
            ),
            (r#"{"name":"x""#, "is not JSON: the object does not end on its line"),
        ] {
            assert_eq!(why(text), sentence.replace("\\\\u", "\\u"), "{text}");
        }
    }
}
