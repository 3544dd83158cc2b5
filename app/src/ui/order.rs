//! Natural sort order of names that contain numbers: L6 before L10.

use std::cmp::Ordering;

/// Compares runs of digits as numbers, and everything else by characters.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (x, rest_left) = piece(left);
        let (y, rest_right) = piece(right);
        let order = match (number(x), number(y)) {
            (Some(x), Some(y)) => x.cmp(&y),
            _ => x.cmp(y),
        };
        if order != Ordering::Equal || x.is_empty() {
            // "L6" and "L06" are different names.
            return order.then_with(|| a.cmp(b));
        }
        (left, right) = (rest_left, rest_right);
    }
}

/// The leading run of digits or of anything else, and what follows it.
fn piece(text: &str) -> (&str, &str) {
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(text.len());
    text.split_at(end)
}

/// The numeric value as length and digits, which cannot overflow.
fn number(piece: &str) -> Option<(usize, &str)> {
    let digits = piece.trim_start_matches('0');
    piece.starts_with(|c: char| c.is_ascii_digit()).then_some((digits.len(), digits))
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn numbers_count_as_numbers() {
        let mut names = vec!["L11 rack", "L6 board", "AOI", "L10 node", "L6", "L06", "", "ICT 2"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["", "AOI", "ICT 2", "L06", "L6", "L6 board", "L10 node", "L11 rack"]);
    }
}
