//! Data of the Explore page.

use engine::explore::Explorer;

use super::At;
use crate::explore::State;

/// The runs of a window, counted or not.
#[derive(Debug, Clone)]
pub struct Explored {
    /// The time as of which the figures hold.
    pub as_of: At,
    /// The first site day and the day after the last; `None` for all data.
    pub window: Option<(String, String)>,
    /// The requested measurement, if one of that name exists.
    pub measured: Option<String>,
    /// Names of attributes of recent runs.
    pub attributes: Vec<String>,
    /// The runs.
    pub runs: Runs,
}

/// A measurement that has numeric values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measurement {
    /// Its operation.
    pub operation: String,
    /// `operation / step / name [unit]`; without brackets if it has no unit.
    pub name: String,
}

/// The measurements to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measurements {
    /// The first matches of the search, by operation, step and name.
    pub listed: Vec<Measurement>,
    /// The number of matches.
    pub found: u64,
    /// The search text: a part of the name, ignoring case. Empty matches all.
    pub search: String,
    /// Whether the partner has any measurement.
    pub any: bool,
}

/// A saved view: a named slice, visible to everybody at a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The saved state.
    pub state: State,
    /// The author.
    pub by: String,
    /// Time of saving.
    pub at: At,
}

/// Runs in the requested state, at the granularity that their number allows.
#[derive(Debug, Clone)]
pub enum Runs {
    /// One by one.
    Each(Box<Explorer>),
    /// Aggregated into cells of equal attributes, because there are too many single runs.
    Cells(Box<Explorer>, TooMany),
    /// Too many runs, and too many cells.
    TooMany(TooMany),
}

/// The number of runs exceeds the limit for single runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// The limit.
    pub most: usize,
    /// The longest period in days whose runs are within the limit; `None` if even today exceeds it.
    pub fits: Option<u16>,
}
