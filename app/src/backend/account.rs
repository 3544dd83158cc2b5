//! A person's own log-ins.

use super::At;

/// What a person may see of themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The latest used first.
    pub sessions: Vec<Session>,
    /// How many there are; the list may be cut.
    pub sessions_total: u64,
}

/// Somewhere somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, which opens nothing.
    pub id: String,
    /// When they signed in.
    pub began: At,
    /// When it was last used.
    pub seen: At,
    /// What the browser calls itself.
    pub agent: Option<String>,
    /// Whether it is the one that asks.
    pub here: bool,
}
