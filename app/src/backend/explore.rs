//! The runs that are explored.

use domain::frame::Frame;

use super::At;
use crate::explore::State;

/// The runs of a window, counted or not.
#[derive(Debug, Clone)]
pub struct Explored {
    /// The moment of the figures.
    pub as_of: At,
    /// The first of the site's days, and the day after the last; none: everything.
    pub window: Option<(String, String)>,
    /// The runs.
    pub runs: Result<Frame, TooManyRuns>,
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

/// There are more runs than are explored at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyRuns {
    /// As many would be.
    pub most: usize,
    /// The last so many days have no more than that; none: even today has.
    pub fits: Option<u16>,
}
