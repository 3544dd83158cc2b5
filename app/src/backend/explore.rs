//! The runs that are explored.

use engine::explore::Explorer;

use super::At;
use crate::explore::State;

/// The runs of a window, counted or not.
#[derive(Debug, Clone)]
pub struct Explored {
    /// The moment of the figures.
    pub as_of: At,
    /// The first of the site's days, and the day after the last; none: everything.
    pub window: Option<(String, String)>,
    /// The measurement that was asked for, where there is one of that name.
    pub measured: Option<String>,
    /// The runs.
    pub runs: Runs,
}

/// Something of which there are numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measurement {
    /// In which operation.
    pub operation: String,
    /// `operation / step / name [unit]`; no brackets where it has no unit.
    pub name: String,
}

/// What there is to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measurements {
    /// By operation, step and name: the first of those that the search finds.
    pub listed: Vec<Measurement>,
    /// How many it finds.
    pub found: u64,
    /// A part of their names, in any case; empty: all are found.
    pub search: String,
    /// Whether there is any measurement at all.
    pub any: bool,
}

/// A slice with a name, for everybody of a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it shows.
    pub state: State,
    /// Who saved it.
    pub by: String,
    /// When.
    pub at: At,
}

/// Runs as they are explored, in the state that was asked for.
#[derive(Debug, Clone)]
pub enum Runs {
    /// One by one.
    Each(Box<Explorer>),
    /// Those that are alike together, for there are too many to be explored one by one.
    Cells(Box<Explorer>, TooMany),
    /// Too many even so.
    TooMany(TooMany),
}

/// There are more runs than are explored one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// As many would be.
    pub most: usize,
    /// The last so many days have no more than that; none: even today has.
    pub fits: Option<u16>,
}
