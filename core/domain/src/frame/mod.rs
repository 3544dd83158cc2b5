//! Runs as columns: what the browser is sent once and then asks everything of.
//!
//! A frame is written by a [`Builder`], run after run, and read by [`Frame::read`], which
//! checks all of it once; afterwards every value is where the header says and every code
//! has its word, and columns are slices of the very bytes that came.
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
//! | 24 | 1 | the column that rows are laid out by: its codes ascend; 0: none |
//! | 25 | 7 | zeros |
//! | 32 | 40 each | the columns |
//!
//! and of a column
//!
//! | at | bytes | what |
//! |---|---|---|
//! | 0 | 1 | which, its place in [`Column`] and 1; one that is not known is passed over |
//! | 1 | 1 | bytes of a value: 1, 2 or 4; of `started` any number up to 8 |
//! | 2 | 2 | zeros |
//! | 4 | 4 | words in its dictionary |
//! | 8 | 8 | where its values are |
//! | 16 | 8 | where its dictionary is |
//! | 24 | 8 | bytes of its dictionary |
//! | 32 | 8 | `started`: the second, since 1970, that times are counted from |
//!
//! Values are by kind of column ([`Column::kind`]):
//! * **words**: codes into a dictionary of texts that ascends by bytes; the code behind the
//!   last says that there is none, so that codes order as the keys of an answer do. The
//!   dictionary is where each text ends (4 bytes each), and the texts.
//! * **day**: codes into ascending days since 1970 (4 bytes each), negative before.
//! * **standing**: codes into the distinct [`Standing`]s (8 bytes each). A factory has few
//!   hundred of them, so what a run counts as under a definition is decided once for each.
//! * **bins**: codes into ascending finite numbers at which bins begin (8 bytes each). The
//!   first bin also holds what is below it, the last has no end; the code behind the last
//!   says that there is no value.
//! * **numbers**: themselves; the greatest that the width holds says that there is none.
//! * **started**: seconds since the row before, of as many bytes as the whole span needs and
//!   modulo these; all lowest bytes first, then all next ones, for the packer's sake.
//!
//! # Cells
//! A row stands for one run, or for as many as its weight says that are alike in every
//! column. Runs hardly ever are in the columns of [`Column::OF_ONE`]: a frame of cells lacks
//! these, and so says what it is.

mod build;
mod codes;
mod read;
mod standing;
#[cfg(test)]
mod tests;

pub use build::{Builder, Run, TooManyRows};
pub use codes::Codes;
pub use read::{Frame, Malformed, Texts};
pub use standing::Standing;

use crate::dimension::{FRAMED, columns};
use crate::words::words;

/// The media type of a frame.
pub const MEDIA_TYPE: &str = "application/vnd.firstpass.frame";

const MAGIC: [u8; 8] = *b"fpframe\0";
/// The layout that is written and read.
pub const VERSION: u16 = 1;
const HEADER: usize = 32;
const ENTRY: usize = 40;

words! {
    /// What may be known of a run. A value keeps its place: frames number them from 1.
    pub enum Column {
        /// The site's day.
        Day = "day",
        /// What it counts as.
        Standing = "standing",
        /// The operation.
        Operation = "operation",
        /// The product.
        Product = "product",
        /// Its revision.
        Revision = "revision",
        /// The level of the build.
        Level = "level",
        /// The station.
        Station = "station",
        /// The fixture.
        Fixture = "fixture",
        /// Who ran it.
        Operator = "operator",
        /// The test software's version.
        Software = "software",
        /// The failure code.
        Code = "code",
        /// Whole seconds from start to end.
        Duration = "duration",
        /// The second in which it started.
        Started = "started",
        /// How many runs the row stands for; one where the column is not there.
        Weight = "weight",
        /// The value of one measurement that was asked for.
        Measured = "measured",
        /// In which slot of the fixture.
        Slot = "slot",
        /// The value of one attribute that was asked for.
        Attribute = "attribute",
    }
}

/// How the values of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Codes of texts, or of none.
    Words,
    /// Codes of days.
    Day,
    /// Codes of standings.
    Standing,
    /// Whole numbers, or none.
    Number,
    /// Codes of bins, or of no value.
    Bins,
    /// Times.
    Started,
}

impl Column {
    /// The columns of words, in the order of [`Run::words`]: those of the dimensions, and last
    /// the attribute that was asked for.
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

    /// What tells a run from the others, so that cells of many do not know it.
    pub const OF_ONE: [Self; 7] = [
        Self::Revision,
        Self::Level,
        Self::Slot,
        Self::Operator,
        Self::Duration,
        Self::Started,
        Self::Measured,
    ];

    /// What a frame lacks that has only these columns, in their order. It always says what its
    /// rows count as and how many runs they are, and the measurement and attribute that are asked for.
    #[must_use]
    pub fn all_but(columns: &[Self]) -> Vec<Self> {
        let always = [Self::Standing, Self::Weight, Self::Measured, Self::Attribute];
        let lacks = |column: &Self| !always.contains(column) && !columns.contains(column);
        Self::ALL.iter().copied().filter(lacks).collect()
    }

    /// How its values are written.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Day => Kind::Day,
            Self::Standing => Kind::Standing,
            Self::Duration | Self::Weight => Kind::Number,
            Self::Started => Kind::Started,
            Self::Measured => Kind::Bins,
            _ => Kind::Words,
        }
    }

    const fn id(self) -> u8 {
        self as u8 + 1
    }

    fn of_id(id: u8) -> Option<Self> {
        Self::ALL.get(usize::from(id).checked_sub(1)?).copied()
    }
}

#[cfg(target_endian = "big")]
compile_error!("frames are read in place, and are little-endian");
