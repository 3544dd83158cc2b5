//! Approximate text widths for layout, the same on every platform.

/// Advance widths in thousandths of the font size for the printable ASCII characters of a typical
/// sans-serif font, from the space on: close to Helvetica's published metrics.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// Fallback fonts are wider.
const FALLBACK_SCALE: f64 = 1.16;

/// The maximum width of a text in pixels; a character outside ASCII counts as a full em, which CJK
/// needs and nothing common exceeds, and an isolating character as zero.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    let thousandths: u32 = text
        .chars()
        .filter(|c| !matches!(c, '\u{2066}'..='\u{2069}'))
        .map(|c| {
            let place = (c as usize).checked_sub(0x20);
            place.and_then(|place| WIDTHS.get(place)).map_or(1000, |w| u32::from(*w))
        })
        .sum();
    f64::from(thousandths) * size * FALLBACK_SCALE / 1000.0
}

/// Truncates a text with an ellipsis to a width in pixels.
pub(crate) fn fit(text: &str, size: f64, pixels: f64) -> String {
    if width(text, size) <= pixels {
        return text.to_owned();
    }
    let room = pixels - size;
    let mut used = 0.0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += width(c.encode_utf8(&mut [0; 4]), size);
            used <= room
        })
        .collect();
    format!("{}…", kept.trim_end())
}

/// Truncates a text to the width of the chart in pixels, and positions its center: at `middle`, or
/// beside it where the text would leave the chart.
pub(crate) fn centred(text: &str, size: f64, middle: i32, pixels: i32) -> (String, i32) {
    let text = fit(text, size, f64::from(pixels) - 4.0);
    let half = width(&text, size) as i32 / 2 + 2;
    (text, middle.min(pixels - half).max(half))
}

/// Wraps a text between words into lines of a width in pixels; a longer word is truncated.
pub(crate) fn wrap(text: &str, size: f64, pixels: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // A no-break space is part of a word, as in 20 000.
    for word in text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if width(line, size) + width(word, size) + size / 2.0 <= pixels => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(fit(word, size, pixels)),
        }
    }
    lines
}

/// Formats a count with narrow spaces between thousands.
pub(crate) fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{centred, count, fit, width, wrap};

    #[test]
    fn a_title_is_moved_into_the_chart() {
        assert_eq!(centred("Week", 13.0, 120, 240), ("Week".to_owned(), 120));
        let (title, middle) = centred("First-pass yield with interval", 13.0, 180, 240);
        let half = (width(&title, 13.0) / 2.0) as i32;
        assert!(title.ends_with('l') && middle < 180 && middle + half <= 240, "{middle}");
        assert!((118..=123).contains(&centred(&"x".repeat(99), 13.0, 180, 240).1));
    }

    #[test]
    fn lines_wrap_between_words() {
        assert_eq!(
            wrap("n = 1 204 units, first run", 12.0, 100.0),
            ["n = 1 204 units,", "first run"]
        );
        assert!(wrap(" ", 12.0, 100.0).is_empty());
        assert_eq!(wrap("of 20\u{202f}000 runs", 12.0, 60.0), ["of", "20\u{202f}000", "runs"]);
        assert_eq!(wrap("incomprehensibilities", 12.0, 60.0).len(), 1);
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
    }

    #[test]
    fn a_text_that_does_not_fit_is_truncated() {
        assert_eq!(fit("L6 board", 12.0, 100.0), "L6 board");
        let cut = fit("L10 node burn-in at full load", 12.0, 100.0);
        assert!(cut.ends_with('…') && width(&cut, 12.0) <= 100.0, "{cut}");
        assert_eq!(fit("燒機測試燒機測試燒機測試", 10.0, 45.0), "燒機測…");
    }
}
