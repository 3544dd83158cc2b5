//! Shapes that components show, whatever page they are on.

use domain::Timestamp;

/// A moment, as clocks at the site show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The moment.
    pub moment: Timestamp,
    /// To the minute, on the site's clocks.
    pub local: String,
}

/// What the maker of a part publishes about a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// The code as people call it: `XID 79`.
    pub code: String,
    /// Its name there: `GSP_RPC_TIMEOUT`.
    pub name: &'static str,
    /// What it means.
    pub says: &'static str,
    /// What is advised, in sentences.
    pub advice: Option<String>,
}
