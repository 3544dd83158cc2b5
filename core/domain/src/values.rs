//! Numbers in their order, as they are sent to the browser.
//!
//! Little-endian: `fpvalues` (8 bytes), the version (4 bytes), how many there are (4 bytes), and
//! the numbers (8 bytes each, IEEE 754). All are finite.

use std::fmt;

/// The media type.
pub const MEDIA_TYPE: &str = "application/vnd.firstpass.values";
/// The layout that is written and read.
const VERSION: u32 = 1;
const MAGIC: &[u8; 8] = b"fpvalues";
const HEADER: usize = 16;

/// Why bytes are no values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("these bytes are no values")
    }
}

impl std::error::Error for Malformed {}

/// Writes values; those that are not finite are left out.
#[must_use]
pub fn encode(values: &[f64]) -> Vec<u8> {
    let finite = || values.iter().filter(|value| value.is_finite());
    let count = u32::try_from(finite().count()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(HEADER + values.len() * 8);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&count.to_le_bytes());
    for value in finite().take(count as usize) {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes
}

/// Reads values.
///
/// # Errors
/// For other bytes, another version, a length that is not that of so many values, or a value
/// that is not finite.
pub fn decode(bytes: &[u8]) -> Result<Vec<f64>, Malformed> {
    let (head, rest) = bytes.split_at_checked(HEADER).ok_or(Malformed)?;
    let number = |at: usize| {
        let bytes = head.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u32::from_le_bytes).ok_or(Malformed)
    };
    let count = number(12)? as usize;
    if !head.starts_with(MAGIC) || number(8)? != VERSION || rest.len() != count * 8 {
        return Err(Malformed);
    }
    let values = rest.chunks_exact(8).map(|bytes| {
        let value = bytes.try_into().map(f64::from_le_bytes).map_err(|_| Malformed)?;
        if value.is_finite() { Ok(value) } else { Err(Malformed) }
    });
    values.collect()
}

#[cfg(test)]
mod tests {
    use super::{Malformed, decode, encode};

    #[test]
    fn values_come_back_to_the_last_bit() {
        let values = [0.1, -0.0, 1e300, f64::MIN_POSITIVE, 42.0];
        let back = decode(&encode(&values)).unwrap();
        assert!(back.iter().zip(&values).all(|(one, other)| one.to_bits() == other.to_bits()));
        assert_eq!(back.len(), 5);
        assert_eq!(decode(&encode(&[])), Ok(vec![]));
        assert_eq!(decode(&encode(&[f64::NAN, 1.0, f64::INFINITY])), Ok(vec![1.0]));
    }

    #[test]
    fn other_bytes_are_refused() {
        let good = encode(&[1.0, 2.0]);
        for wrong in [&good[..good.len() - 1], &good[1..], b"", &good[..16]] {
            assert_eq!(decode(wrong), Err(Malformed));
        }
        let mut longer = good.clone();
        longer.push(0);
        assert_eq!(decode(&longer), Err(Malformed));
        let mut infinite = good;
        infinite[16..24].copy_from_slice(&f64::INFINITY.to_le_bytes());
        assert_eq!(decode(&infinite), Err(Malformed));
    }
}
