//! Number formatting, identical on the server and in the browser.

use engine::proportion::{Method, Proportion, interval};
use messages::grouped_digits;
use wasm_bindgen::JsValue;

/// A fraction in percent with two decimals, or a dash for `None`. A no-break space keeps the
/// percent sign on the line of the number.
pub(crate) fn percent(fraction: Option<f64>) -> String {
    fraction.map_or_else(|| "–".to_owned(), |fraction| format!("{:.2}\u{a0}%", fraction * 100.0))
}

/// A difference of two fractions in percentage points, with its sign.
pub(crate) fn points(difference: f64) -> String {
    format!("{:+.2}\u{a0}pt", difference * 100.0).replace('-', "−")
}

/// A count with thin spaces between thousands.
pub(crate) fn count(value: u64) -> String {
    messages::grouped(value)
}

/// A number with all of its decimals, and thin spaces between thousands. Very small and large
/// numbers have an exponent, as `2.5e-8`.
pub(crate) fn value(value: f64) -> String {
    if value != 0.0 && !(1e-4..1e12).contains(&value.abs()) {
        return format!("{value:e}").replacen('-', "−", usize::from(value < 0.0));
    }
    let text = value.abs().to_string();
    let (whole, decimals) = text.split_at(text.find('.').unwrap_or(text.len()));
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{}{decimals}", grouped_digits(whole))
}

/// A p-value with the sign before it: `= 0.034`, `< 0.0001`.
pub(crate) fn p_value(p: f64) -> String {
    match p {
        p if p < 0.0001 => "<\u{a0}0.0001".to_owned(),
        p => format!("=\u{a0}{}", rounded(p, 2)),
    }
}

/// A number rounded to so many significant digits.
pub(crate) fn rounded(number: f64, digits: usize) -> String {
    let text = format!("{:.*e}", digits.saturating_sub(1), number);
    value(parsed(&text).unwrap_or(number))
}

/// Parses a finite decimal number with an optional sign, point and exponent.
pub(crate) fn parsed(text: &str) -> Option<f64> {
    let is_part = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    if text.is_empty() || !text.bytes().all(is_part) {
        return None;
    }
    // The parser of the browser saves the 12 kB of tables of Rust's parser.
    let number: Option<f64> = match cfg!(target_arch = "wasm32") {
        true => f64::try_from(&JsValue::from_str(text)).ok(),
        false => text.parse().ok(),
    };
    number.filter(|number| number.is_finite())
}

/// A proportion with its 95 % Wilson interval, for charts; `None` if n = 0.
pub(crate) fn drawn(yielded: Proportion) -> Option<charts::Figure> {
    let ends = interval(yielded.k, yielded.n, Method::Wilson, 0.95)?;
    Some(charts::Figure { value: yielded.fraction()?, low: ends.low, high: ends.high })
}

/// A level of confidence in whole percent.
pub(crate) fn level(level: f64) -> String {
    format!("{:.0}\u{a0}%", level * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(value(-1_234.056), "−1\u{202f}234.056");
        assert_eq!(value(0.35), "0.35");
        assert_eq!(
            [0.0, 0.0001, 1e11].map(value),
            ["0", "0.0001", "100\u{202f}000\u{202f}000\u{202f}000"]
        );
    }

    #[test]
    fn a_number_is_rounded_to_significant_digits() {
        assert_eq!(
            [1.23456, 0.0, -98_765.4].map(|x| rounded(x, 3)),
            ["1.23", "0", "−98\u{202f}800"]
        );
    }

    #[test]
    fn very_small_and_large_numbers_have_an_exponent() {
        assert_eq!([0.000000025, -0.00002, 3e12].map(value), ["2.5e-8", "−2e-5", "3e12"]);
    }

    #[test]
    fn only_a_decimal_number_is_parsed() {
        assert_eq!(parsed("-0.35"), Some(-0.35));
        assert_eq!(parsed("1e3"), Some(1000.0));
        for none in ["", " 1", "0x10", "NaN", "inf", "Infinity", "1.2.3", "e", "-", "1e", "1e999"] {
            assert_eq!(parsed(none), None, "{none}");
        }
    }

    #[test]
    fn no_figure_is_a_dash_and_never_zero() {
        assert_eq!(percent(None), "–");
        assert_eq!(percent(Some(0.98765)), "98.77\u{a0}%");
    }
}
