//! The runs that are explored.

use domain::frame::Frame;

use super::At;

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

/// There are more runs than are explored at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyRuns {
    /// As many would be.
    pub most: usize,
    /// The last so many days have no more than that; none: even today has.
    pub fits: Option<u16>,
}
