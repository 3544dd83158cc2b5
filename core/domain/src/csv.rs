//! CSV by RFC 4180, with protection against formula injection in spreadsheets (decision 29).

/// The byte order mark. Without it, a spreadsheet reads the file in the computer's 8-bit encoding.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Formats one record with its line ending.
///
/// A field is quoted if it contains a separator of any spreadsheet, a quote or a line break, or
/// begins or ends with white space. A field that a spreadsheet would evaluate as a formula is
/// escaped with a leading apostrophe (formula injection: names and codes are free text of the test
/// author). Numbers are never escaped.
///
/// ```
/// let fields = ["L6, board", "0.5", "-1", "=cmd", "x;=1"].map(str::to_owned);
/// assert_eq!(domain::csv::line(fields), "\"L6, board\",0.5,-1,'=cmd,\"x;=1\"\r\n");
/// ```
#[must_use]
pub fn line(fields: impl IntoIterator<Item = String>) -> String {
    let fields: Vec<_> = fields.into_iter().map(|text| quoted(escaped(text))).collect();
    fields.join(",") + "\r\n"
}

fn quoted(field: String) -> String {
    let is_special = |c: char| matches!(c, '"' | ',' | ';' | '\t' | '\n' | '\r');
    match field.contains(is_special) || field.trim() != field {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field,
    }
}

/// Escapes a formula. Leading apostrophes and white space are skipped in the check, so the escape
/// is reversible: a reader restores every text by removing the first apostrophe of an escaped
/// field.
fn escaped(field: String) -> String {
    let begins_blank = field.starts_with(['\t', '\r', '\n']);
    let rest = field.trim_start_matches(|c: char| c == '\'' || c.is_whitespace());
    let is_formula = rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    match (begins_blank || is_formula) && !is_number(&field) {
        true => format!("'{field}"),
        false => field,
    }
}

/// Whether the text is a decimal number with an optional sign, decimal point and exponent. `inf`
/// and `nan`, which Rust parses as numbers, are names to a spreadsheet.
fn is_number(text: &str) -> bool {
    let unsigned = |text: &str| text.strip_prefix(['-', '+']).unwrap_or(text).to_owned();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let mantissa = unsigned(mantissa);
    let (integer, decimals) = mantissa.split_once('.').unwrap_or((&mantissa, "0"));
    digits(integer) && digits(decimals) && digits(&unsigned(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(field: &str) -> String {
        line([field.to_owned()]).trim_end_matches("\r\n").to_owned()
    }

    #[test]
    fn a_field_with_a_separator_of_any_spreadsheet_is_quoted() {
        for (field, expected) in [
            ("x;=1+1", "\"x;=1+1\""),
            ("a\tb", "\"a\tb\""),
            ("a\nb", "\"a\nb\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            (" padded", "\" padded\""),
            ("padded\u{a0}", "\"padded\u{a0}\""),
            ("'=cmd;=2", "\"''=cmd;=2\""),
            ("plain name", "plain name"),
            ("", ""),
        ] {
            assert_eq!(written(field), expected);
        }
    }

    #[test]
    fn formulas_are_escaped_and_numbers_are_not() {
        for formula in [
            "=1+1",
            "@sum",
            "-12V rail",
            "+5V",
            "-inf",
            "+nan",
            "-infinity",
            "-1+1",
            "- 1",
            "+",
            "-",
            "-1e",
            "-.5",
            "-0x10",
            "＝1",
            " =1",
            "'=1",
            "\t1",
            "\r1",
            "'-5",
        ] {
            let field = written(formula);
            let inner = field.trim_matches('"');
            assert_eq!(inner.strip_prefix('\''), Some(formula), "{field}");
        }
        for number in ["-1", "+5", "0.5", "-0.25", "1e-7", "-2.5E+10", "00042", "2E10"] {
            assert_eq!(written(number), number);
        }
        assert_eq!(written("1-2"), "1-2");
        assert_eq!(written("it's"), "it's");
    }
}
