//! Unsigned integers in columns of the least width.

/// The values of a column in the order of its rows.
#[derive(Clone, Copy, Debug)]
pub enum Codes<'a> {
    /// One byte each.
    U8(&'a [u8]),
    /// Two.
    U16(&'a [u16]),
    /// Four.
    U32(&'a [u32]),
}

/// Runs the same code for each width of codes: `each_width!(codes, column => …)`.
#[macro_export]
macro_rules! each_width {
    ($codes:expr, $column:ident => $body:expr) => {
        match $codes {
            $crate::frame::Codes::U8($column) => $body,
            $crate::frame::Codes::U16($column) => $body,
            $crate::frame::Codes::U32($column) => $body,
        }
    };
}

impl Codes<'_> {
    /// The number of rows.
    #[must_use]
    pub const fn len(self) -> usize {
        match self {
            Self::U8(values) => values.len(),
            Self::U16(values) => values.len(),
            Self::U32(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The code of a row.
    #[inline] // so that it is optimized in the crate that counts
    #[must_use]
    pub fn get(self, row: usize) -> Option<u32> {
        match self {
            Self::U8(values) => values.get(row).copied().map(u32::from),
            Self::U16(values) => values.get(row).copied().map(u32::from),
            Self::U32(values) => values.get(row).copied(),
        }
    }

    /// Iterates over all codes.
    pub fn iter(self) -> impl Iterator<Item = u32> {
        (0..self.len()).filter_map(move |row| self.get(row))
    }

    /// The greatest number of this width, which encodes "none" in a column of numbers.
    #[must_use]
    pub const fn none(self) -> u32 {
        match self {
            Self::U8(_) => u8::MAX as u32,
            Self::U16(_) => u16::MAX as u32,
            Self::U32(_) => u32::MAX,
        }
    }

    /// The greatest code; zero if empty. A fold, which vectorizes.
    pub(super) fn greatest(self) -> u32 {
        match self {
            Self::U8(values) => values.iter().fold(0, |most, value| most.max(*value)).into(),
            Self::U16(values) => values.iter().fold(0, |most, value| most.max(*value)).into(),
            Self::U32(values) => values.iter().fold(0, |most, value| most.max(*value)),
        }
    }
}

/// A growing list of numbers, which is widened when a number needs it.
#[derive(Debug)]
pub(super) enum Narrow {
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
}

impl Narrow {
    pub(super) const fn new() -> Self {
        Self::U8(Vec::new())
    }

    pub(super) fn push(&mut self, value: u32) {
        match self {
            Self::U8(values) => match u8::try_from(value) {
                Ok(value) => return values.push(value),
                Err(_) => *self = Self::U16(values.iter().copied().map(u16::from).collect()),
            },
            Self::U16(values) => match u16::try_from(value) {
                Ok(value) => return values.push(value),
                Err(_) => *self = Self::U32(values.iter().copied().map(u32::from).collect()),
            },
            Self::U32(values) => return values.push(value),
        }
        self.push(value);
    }

    pub(super) fn codes(&self) -> Codes<'_> {
        match self {
            Self::U8(values) => Codes::U8(values),
            Self::U16(values) => Codes::U16(values),
            Self::U32(values) => Codes::U32(values),
        }
    }
}
