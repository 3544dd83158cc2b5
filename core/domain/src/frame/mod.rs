//! Columnar, dictionary-encoded runs: the browser loads a frame once and computes every chart from
//! it.
//!
//! A [`Builder`] writes a frame run by run. [`Frame::read`] validates it once. After that, every
//! value is at the offset in the header, every code is in its dictionary, and columns are slices of
//! the received bytes (zero copy).
//!
//! # Layout, version 1
//! Little-endian. Every part begins at a multiple of 8 bytes and is padded with zeros.
//!
//! | at | bytes | what |
//! |---|---|---|
//! | 0 | 8 | `fpframe` and a zero |
//! | 8 | 2 | version |
//! | 10 | 2 | number of columns |
//! | 12 | 4 | number of rows |
//! | 16 | 8 | length of the frame in bytes |
//! | 24 | 1 | the column that rows are sorted by: its codes ascend; 0: none |
//! | 25 | 7 | zeros |
//! | 32 | 40 each | the columns |
//!
//! Each column has an entry:
//!
//! | at | bytes | what |
//! |---|---|---|
//! | 0 | 1 | the column: its index in [`Column`] plus 1; an unknown one is skipped |
//! | 1 | 1 | bytes of a value: 1, 2 or 4; of `started` any number up to 8 |
//! | 2 | 2 | zeros |
//! | 4 | 4 | entries of its dictionary |
//! | 8 | 8 | offset of its values |
//! | 16 | 8 | offset of its dictionary |
//! | 24 | 8 | length of its dictionary in bytes |
//! | 32 | 8 | `started`: the second since 1970 that deltas start from |
//!
//! The encoding of values depends on the kind of column ([`Column::kind`]):
//! * **words**: codes of a dictionary of texts in ascending byte order; the code after the
//!   last means "none", so codes sort as the keys of a response do. The dictionary is the end
//!   offset of each text (4 bytes each), then the texts.
//! * **day**: codes into ascending days since 1970 (4 bytes each), negative before.
//! * **standing**: codes of the distinct [`CountingClass`]s (8 bytes each). A factory has a few
//!   hundred of them, so counting under a definition is decided once for each of them.
//! * **bins**: codes of ascending finite lower bin edges (8 bytes each). The first bin also
//!   holds smaller values, the last has no upper edge; the code after the last means
//!   "no value".
//! * **numbers**: the values; the greatest number of the width means "none".
//! * **started**: deltas in seconds to the row before, in as many bytes as the whole span needs
//!   and modulo these; in byte planes (all lowest bytes first, then all next ones), which
//!   compress better.
//!
//! # Cells
//! A row represents one run, or as many runs as its weight, which are identical in every column.
//! Runs are hardly ever identical in the columns of [`Column::PER_RUN`], so a frame of cells omits
//! these, which also distinguishes it.

mod build;
mod codes;
mod read;
mod standing;
#[cfg(test)]
mod tests;

pub use build::{Builder, Run, TooManyRows};
pub use codes::Codes;
pub use read::{Frame, Malformed, Texts};
pub use standing::CountingClass;

use crate::dimension::{FRAMED, columns};
use crate::words::words;

/// The media type of a frame.
pub const MEDIA_TYPE: &str = "application/vnd.firstpass.frame";

const MAGIC: [u8; 8] = *b"fpframe\0";
/// The version of the layout that is written and read.
pub const VERSION: u16 = 1;
const HEADER: usize = 32;
const ENTRY: usize = 40;

words! {
    /// A column of a frame. The order is fixed: frames number columns from 1.
    pub enum Column {
        /// The day in site time.
        Day = "day",
        /// The counting class.
        CountingClass = "standing",
        /// The operation.
        Operation = "operation",
        /// The product.
        Product = "product",
        /// The revision of the product.
        Revision = "revision",
        /// The level of the build.
        Level = "level",
        /// The station.
        Station = "station",
        /// The fixture.
        Fixture = "fixture",
        /// The operator.
        Operator = "operator",
        /// The test software's version.
        Software = "software",
        /// The failure code.
        Code = "code",
        /// Whole seconds from start to end.
        Duration = "duration",
        /// The second in which it started.
        Started = "started",
        /// The number of runs that the row represents; one where the column is absent.
        Weight = "weight",
        /// The value of the requested measurement.
        Measured = "measured",
        /// The slot of the fixture.
        Slot = "slot",
        /// The value of the requested attribute.
        Attribute = "attribute",
    }
}

/// The encoding of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Codes of texts, or "none".
    Words,
    /// Codes of days.
    Day,
    /// Codes of counting classes.
    CountingClass,
    /// Integers, or "none".
    Number,
    /// Codes of bins, or "no value".
    Bins,
    /// Times.
    Started,
}

impl Column {
    /// The categorical columns, in the order of [`Run::words`]: those of the dimensions, then the
    /// requested attribute.
    pub const WORDS: [Self; FRAMED + 1] = {
        let mut words = [Self::Attribute; FRAMED + 1];
        let framed: [Self; FRAMED] = columns(false);
        let mut at = 0;
        while at < FRAMED {
            words[at] = framed[at];
            at += 1;
        }
        words
    };

    /// Columns that identify single runs, which cells of many runs omit.
    pub const PER_RUN: [Self; 7] = [
        Self::Revision,
        Self::Level,
        Self::Slot,
        Self::Operator,
        Self::Duration,
        Self::Started,
        Self::Measured,
    ];

    /// The columns that a frame with only these columns omits, in their order. The counting class,
    /// the weight, and the requested measurement and attribute are always included.
    #[must_use]
    pub fn all_but(columns: &[Self]) -> Vec<Self> {
        let always = [Self::CountingClass, Self::Weight, Self::Measured, Self::Attribute];
        let lacks = |column: &Self| !always.contains(column) && !columns.contains(column);
        Self::ALL.iter().copied().filter(lacks).collect()
    }

    /// The encoding of the column.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Day => Kind::Day,
            Self::CountingClass => Kind::CountingClass,
            Self::Duration | Self::Weight => Kind::Number,
            Self::Started => Kind::Started,
            Self::Measured => Kind::Bins,
            _ => Kind::Words,
        }
    }

    const fn id(self) -> u8 {
        self as u8 + 1
    }

    fn from_id(id: u8) -> Option<Self> {
        Self::ALL.get(usize::from(id).checked_sub(1)?).copied()
    }
}

#[cfg(target_endian = "big")]
compile_error!("frames are read in place, and are little-endian");
